//! Who may see and edit which database: decided here, for every service method alike.
//!
//! The role comes first and says the same whatever database is named, so that being forbidden
//! tells nothing about what is there. What one may not see does not exist: not found, never
//! forbidden.

use crate::audit::Entry;
use crate::database::database_not_found;
use crate::error::OrAnswer as _;
use crate::services::Services;
use async_trait::async_trait;
use contract::access::{Access, PeopleAndGroups};
use contract::context::{Actor, Ctx};
use contract::error::AppError;
use model::access::{AccessRules, DatabaseAccess, Grantee};
use model::account::{Permission, Role};
use model::id::{DatabaseId, GroupId, UserId};
use serde_json::json;
use store::access::Scope;

impl Services {
    /// Whose view of the catalog the request has. Authorizes nothing.
    pub(crate) fn scope(&self, ctx: &Ctx) -> Scope {
        match &ctx.actor {
            Actor::System => Scope::All,
            Actor::User(user) if user.role == Role::Admin => Scope::All,
            Actor::User(user) => Scope::Person(user.id),
            // Nobody has this id, and nobody gets as far as a list.
            Actor::Anonymous => Scope::Person(UserId(0)),
        }
    }

    /// Lets the request go on if it may read this database, and answers what it may do with it.
    ///
    /// # Errors
    /// Not found where it may not.
    pub(crate) async fn readable(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
    ) -> Result<DatabaseAccess, AppError> {
        ctx.authorize(Permission::CatalogRead)?;
        self.access_at_least(ctx, id, DatabaseAccess::Read).await
    }

    /// Lets the request go on if it may change what the catalog holds of this database.
    ///
    /// # Errors
    /// Forbidden by role, or for a database that may only be read; not found for one that may not
    /// be seen.
    pub(crate) async fn editable(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
    ) -> Result<DatabaseAccess, AppError> {
        ctx.authorize(Permission::CatalogWrite)?;
        self.access_at_least(ctx, id, DatabaseAccess::Edit).await
    }

    /// Lets the request go on if it may decide who else may see and edit this database.
    ///
    /// # Errors
    /// As [`Services::editable`].
    pub(crate) async fn ownable(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
    ) -> Result<DatabaseAccess, AppError> {
        ctx.authorize(Permission::CatalogWrite)?;
        self.access_at_least(ctx, id, DatabaseAccess::Own).await
    }

    /// What the request may do with a database, its role included.
    pub(crate) async fn access_to(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
    ) -> Result<DatabaseAccess, AppError> {
        let Scope::Person(person) = self.scope(ctx) else {
            return Ok(DatabaseAccess::Own);
        };
        let given = self
            .store
            .database_access(id, person)
            .await
            .or_answer(ctx)?;
        Ok(match ctx.authorize(Permission::CatalogWrite) {
            Ok(()) => given,
            Err(_) => given.min(DatabaseAccess::Read),
        })
    }

    async fn access_at_least(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        needed: DatabaseAccess,
    ) -> Result<DatabaseAccess, AppError> {
        match self.access_to(ctx, id).await? {
            access if access >= needed => Ok(access),
            DatabaseAccess::None => Err(database_not_found()),
            _ => Err(AppError::forbidden()),
        }
    }

    /// Who may see and edit a database.
    pub(crate) async fn access_rules(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
    ) -> Result<AccessRules, AppError> {
        self.ownable(ctx, id).await?;
        self.store
            .access_rules(id)
            .await
            .or_answer(ctx)?
            .ok_or_else(database_not_found)
    }

    /// Sets what people have who are not named.
    pub(crate) async fn everybody_set(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        access: DatabaseAccess,
    ) -> Result<(), AppError> {
        self.ownable(ctx, id).await?;
        if access == DatabaseAccess::Own {
            return Err(AppError::invalid_field(
                "access",
                "A database has one owner. Choose no access, to read, or to edit.",
            ));
        }
        let rules = self.access_rules(ctx, id).await?;
        if rules.everybody == access {
            return Ok(());
        }
        let change = json!({ "everybody": {
            "before": rules.everybody.as_str(), "after": access.as_str(),
        } });
        let audit = Entry::new("UPDATE", "database_access")
            .of(id, &rules.database_name)
            .with(change)
            .by(ctx);
        let done = self.store.everybody_access_set(id, access, &audit).await;
        match done.or_answer(ctx)? {
            true => Ok(()),
            false => Err(database_not_found()),
        }
    }

    /// Gives somebody a right by name, or takes it away.
    pub(crate) async fn grant(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        grantee: Grantee,
        access: DatabaseAccess,
    ) -> Result<(), AppError> {
        self.ownable(ctx, id).await?;
        if access == DatabaseAccess::Own {
            return Err(AppError::invalid_field(
                "access",
                "A database has one owner. Choose to read or to edit.",
            ));
        }
        let rules = self.access_rules(ctx, id).await?;
        let before = rules.grants.iter().find(|grant| grant.grantee == grantee);
        let name = before
            .map(|grant| grant.name.clone())
            .or_else(|| match grantee {
                Grantee::Person(id) => rules
                    .people
                    .iter()
                    .find(|person| person.id == id)
                    .map(|person| person.display_name().to_owned()),
                Grantee::Group(id) => rules
                    .groups
                    .iter()
                    .find(|group| group.id == id)
                    .map(|group| group.name.clone()),
            });
        let Some(name) = name else {
            return Err(AppError::invalid_field(
                "grantee",
                "There is no such person or group (any more).",
            ));
        };
        let before = before.map_or(DatabaseAccess::None, |grant| grant.access);
        if before == access {
            return Ok(());
        }
        let change = json!({ "grant": {
            "to": name, "before": before.as_str(), "after": access.as_str(),
        } });
        let audit = Entry::new("UPDATE", "database_access")
            .of(id, &rules.database_name)
            .with(change)
            .by(ctx);
        let done = self
            .store
            .database_grant_set(id, grantee, access, &audit)
            .await;
        match done.or_answer(ctx)? {
            true => Ok(()),
            false => Err(AppError::conflict(
                "Nothing was changed: the person or group is gone, or there are 500 rights \
                 already; give one to a group instead.",
            )),
        }
    }

    /// Gives a database another owner.
    pub(crate) async fn owner_set(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        owner: UserId,
    ) -> Result<(), AppError> {
        self.ownable(ctx, id).await?;
        let rules = self.access_rules(ctx, id).await?;
        let unknown = || AppError::invalid_field("owner", "There is no such person (any more).");
        let after = rules
            .people
            .iter()
            .find(|person| person.id == owner)
            .ok_or_else(unknown)?;
        if rules
            .owner
            .as_ref()
            .is_some_and(|before| before.id == owner)
        {
            return Ok(());
        }
        let change = json!({ "owner": {
            "before": rules.owner.as_ref().map(|owner| owner.username.clone()),
            "after": after.username,
        } });
        let audit = Entry::new("UPDATE", "database_access")
            .of(id, &rules.database_name)
            .with(change)
            .by(ctx);
        let before = rules.owner.map(|owner| owner.id);
        let done = self
            .store
            .database_owner_set(id, owner, before, &audit)
            .await;
        match done.or_answer(ctx)? {
            true => Ok(()),
            false => Err(unknown()),
        }
    }
}

#[async_trait]
impl Access for Services {
    async fn access_fetch(&self, ctx: &Ctx, id: &DatabaseId) -> Result<AccessRules, AppError> {
        self.access_rules(ctx, id).await
    }

    async fn access_set(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        everybody: DatabaseAccess,
    ) -> Result<(), AppError> {
        self.everybody_set(ctx, id, everybody).await
    }

    async fn grant_set(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        grantee: Grantee,
        access: DatabaseAccess,
    ) -> Result<(), AppError> {
        self.grant(ctx, id, grantee, access).await
    }

    async fn database_owner_set(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        owner: UserId,
    ) -> Result<(), AppError> {
        self.owner_set(ctx, id, owner).await
    }

    async fn group_list(&self, ctx: &Ctx) -> Result<PeopleAndGroups, AppError> {
        self.groups(ctx).await
    }

    async fn group_create(&self, ctx: &Ctx, name: &str) -> Result<GroupId, AppError> {
        self.group_make(ctx, name).await
    }

    async fn group_delete(&self, ctx: &Ctx, id: GroupId) -> Result<(), AppError> {
        self.group_remove(ctx, id).await
    }

    async fn group_member_set(
        &self,
        ctx: &Ctx,
        id: GroupId,
        person: UserId,
        is_member: bool,
    ) -> Result<(), AppError> {
        self.group_member(ctx, id, person, is_member).await
    }
}
