//! Groups of people, as administrators manage them.

use crate::audit::Entry;
use crate::error::OrAnswer as _;
use crate::services::Services;
use contract::access::PeopleAndGroups;
use contract::context::Ctx;
use contract::error::AppError;
use model::access::GROUP_NAME_MAX_CHARS;
use model::account::Permission;
use model::id::{GroupId, UserId};
use serde_json::json;
use store::groups::GROUP_NAME_KEY;

impl Services {
    /// Every group with its members, and everybody who could become one.
    pub(crate) async fn groups(&self, ctx: &Ctx) -> Result<PeopleAndGroups, AppError> {
        ctx.authorize(Permission::Administer)?;
        Ok(PeopleAndGroups {
            groups: self.store.group_list().await.or_answer(ctx)?,
            people: self.store.people().await.or_answer(ctx)?,
        })
    }

    /// Makes a group.
    pub(crate) async fn group_make(&self, ctx: &Ctx, name: &str) -> Result<GroupId, AppError> {
        ctx.authorize(Permission::Administer)?;
        let name = read_group_name(name)?;
        let audit = Entry::new("CREATE", "group").of("", &name).by(ctx);
        let made = self.store.group_create(&name, &audit).await;
        if let Err(error) = &made
            && error.constraint() == Some(GROUP_NAME_KEY)
        {
            return Err(AppError {
                field: Some("name".to_owned()),
                ..AppError::conflict("There is a group of that name already.")
            });
        }
        made.or_answer(ctx)
    }

    /// Removes a group with the rights that were given to it.
    pub(crate) async fn group_remove(&self, ctx: &Ctx, id: GroupId) -> Result<(), AppError> {
        ctx.authorize(Permission::Administer)?;
        let name = self.named_group(ctx, id).await?;
        let audit = Entry::new("DELETE", "group").of(id, &name).by(ctx);
        match self.store.group_delete(id, &audit).await.or_answer(ctx)? {
            true => Ok(()),
            false => Err(group_not_found()),
        }
    }

    /// Takes somebody into a group, or out of it.
    pub(crate) async fn group_member(
        &self,
        ctx: &Ctx,
        id: GroupId,
        person: UserId,
        is_member: bool,
    ) -> Result<(), AppError> {
        ctx.authorize(Permission::Administer)?;
        let name = self.named_group(ctx, id).await?;
        let user = self
            .store
            .user_fetch(person)
            .await
            .or_answer(ctx)?
            .ok_or_else(|| {
                AppError::invalid_field("person", "There is no such person (any more).")
            })?;
        let change = json!({ "member": {
            "who": user.username, "before": !is_member, "after": is_member,
        } });
        let audit = Entry::new("UPDATE", "group")
            .of(id, &name)
            .with(change)
            .by(ctx);
        // What was so already is no failure.
        self.store
            .group_member_set(id, person, is_member, &audit)
            .await
            .or_answer(ctx)
            .map(drop)
    }

    async fn named_group(&self, ctx: &Ctx, id: GroupId) -> Result<String, AppError> {
        self.store
            .group_name(id)
            .await
            .or_answer(ctx)?
            .ok_or_else(group_not_found)
    }
}

fn group_not_found() -> AppError {
    AppError::not_found("This group")
}

fn read_group_name(name: &str) -> Result<String, AppError> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err(AppError::invalid_field("name", "Give the group a name."));
    }
    if name.chars().count() > GROUP_NAME_MAX_CHARS || name.chars().any(char::is_control) {
        return Err(AppError::invalid_field(
            "name",
            format!(
                "A name has at most {GROUP_NAME_MAX_CHARS} characters, without control characters."
            ),
        ));
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_groups_name_is_tidied_and_bounded() {
        assert_eq!(read_group_name("  Data \n team ").unwrap(), "Data team");
        for bad in ["", "  ", "a\u{7}b", &"x".repeat(GROUP_NAME_MAX_CHARS + 1)] {
            assert_eq!(
                read_group_name(bad).unwrap_err().field.as_deref(),
                Some("name")
            );
        }
    }
}
