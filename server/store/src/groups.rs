//! Groups of people that rights are given to.

use crate::audit::{AuditEntry, audit_record_in_txn};
use crate::error::StoreError;
use crate::store::Store;
use model::access::{Group, Person};
use model::id::{GroupId, UserId};

/// The constraint that refuses a second group of one name.
pub const GROUP_NAME_KEY: &str = "groups_name_lower_key";

/// Groups are listed, and made, up to so many.
const GROUPS_MAX: i64 = 1_000;
/// Members of all groups are listed up to so many.
const MEMBERS_MAX: i64 = 20_000;

impl Store {
    /// Every group by name, with its members.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn group_list(&self) -> Result<Vec<Group>, StoreError> {
        let groups = sqlx::query!(
            "select id, name from groups order by lower(name), id limit $1",
            GROUPS_MAX
        )
        .fetch_all(&self.pool)
        .await?;
        let members = sqlx::query!(
            r#"select m.group_id, u.id, u.username, u.full_name
            from group_members m join users u on u.id = m.user_id
            order by lower(coalesce(nullif(u.full_name, ''), u.username)), u.id
            limit $1"#,
            MEMBERS_MAX
        )
        .fetch_all(&self.pool)
        .await?;
        let mut groups: Vec<Group> = groups
            .into_iter()
            .map(|row| Group {
                id: GroupId(row.id),
                name: row.name,
                members: Vec::new(),
            })
            .collect();
        for row in members {
            if let Some(group) = groups.iter_mut().find(|group| group.id.0 == row.group_id) {
                group.members.push(Person {
                    id: UserId(row.id),
                    username: row.username,
                    full_name: row.full_name,
                });
            }
        }
        Ok(groups)
    }

    /// A group's name; none when it is not there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn group_name(&self, id: GroupId) -> Result<Option<String>, StoreError> {
        let name = sqlx::query_scalar!("select name from groups where id = $1", id.0)
            .fetch_optional(&self.pool)
            .await?;
        Ok(name)
    }

    /// Makes a group without members.
    ///
    /// # Errors
    /// Conflict with [`GROUP_NAME_KEY`] when there is one of that name.
    pub async fn group_create(
        &self,
        name: &str,
        audit: &AuditEntry,
    ) -> Result<GroupId, StoreError> {
        let mut transaction = self.begin().await?;
        let id = sqlx::query_scalar!("insert into groups (name) values ($1) returning id", name)
            .fetch_one(&mut *transaction)
            .await?;
        let audit = AuditEntry {
            resource_id: Some(id.to_string()),
            ..audit.clone()
        };
        audit_record_in_txn(&mut transaction, &audit).await?;
        transaction.commit().await?;
        Ok(GroupId(id))
    }

    /// Removes a group, and with it the rights that were given to it. False when it is not there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn group_delete(&self, id: GroupId, audit: &AuditEntry) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let done = sqlx::query!("delete from groups where id = $1", id.0)
            .execute(&mut *transaction)
            .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        audit_record_in_txn(&mut transaction, audit).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Takes somebody into a group, or out of it. False when nothing changed: the group or the
    /// person is not there, or it was so already.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn group_member_set(
        &self,
        id: GroupId,
        person: UserId,
        is_member: bool,
        audit: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let done = if is_member {
            sqlx::query!(
                r#"insert into group_members (group_id, user_id)
                select g.id, u.id from groups g, users u
                where g.id = $1 and u.id = $2 and u.is_active
                on conflict do nothing"#,
                id.0,
                person.0
            )
            .execute(&mut *transaction)
            .await?
        } else {
            sqlx::query!(
                "delete from group_members where group_id = $1 and user_id = $2",
                id.0,
                person.0
            )
            .execute(&mut *transaction)
            .await?
        };
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        audit_record_in_txn(&mut transaction, audit).await?;
        transaction.commit().await?;
        Ok(true)
    }
}
