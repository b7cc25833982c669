//! Who may see and edit which database, and the groups that rights are given to.

use crate::audit::{AuditEntry, audit_record_in_txn};
use crate::error::StoreError;
use crate::store::Store;
use model::access::{AccessRules, DatabaseAccess, DatabaseGrant, Grantee, Group, Person};
use model::id::{DatabaseId, GroupId, UserId};
use sqlx::PgConnection;

/// People and groups are listed up to so many.
const CHOICES_MAX: i64 = 1_000;
/// Rights of one database are listed, and given, up to so many.
const GRANTS_MAX: i64 = 500;

/// Whose view of the catalog a list is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Everything: an administrator's, and the server's own.
    All,
    /// What that person may see.
    Person(UserId),
}

impl Scope {
    /// The person as statements take it; null sees everything.
    pub(crate) fn person(self) -> Option<i64> {
        match self {
            Self::All => None,
            Self::Person(id) => Some(id.0),
        }
    }
}

/// A right as `database_access` counts it.
pub(crate) fn access_of(level: i32) -> DatabaseAccess {
    match level {
        i32::MIN..=0 => DatabaseAccess::None,
        1 => DatabaseAccess::Read,
        2 => DatabaseAccess::Edit,
        _ => DatabaseAccess::Own,
    }
}

impl Store {
    /// What a person may do with a database, whatever their role; nothing where it is not there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn database_access(
        &self,
        id: &DatabaseId,
        person: UserId,
    ) -> Result<DatabaseAccess, StoreError> {
        let level = sqlx::query_scalar!(
            r#"select database_access(d, $2) as "level!" from databases d where d.id = $1"#,
            id.as_str(),
            person.0
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(level.map_or(DatabaseAccess::None, access_of))
    }

    /// Ids of the databases that may be seen; none means all.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn databases_visible(&self, scope: Scope) -> Result<Option<Vec<String>>, StoreError> {
        let Some(person) = scope.person() else {
            return Ok(None);
        };
        let ids = sqlx::query_scalar!(
            "select d.id from databases d where database_access(d, $1) > 0",
            person
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(Some(ids))
    }

    /// The rules of a database, with the people and groups to choose from; none when it is not
    /// there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn access_rules(&self, id: &DatabaseId) -> Result<Option<AccessRules>, StoreError> {
        let row = sqlx::query!(
            r#"select d.name, d.everybody_access, u.id as "owner_id?", u.username as "username?",
                u.full_name
            from databases d left join users u on u.id = d.owner_user_id
            where d.id = $1"#,
            id.as_str()
        )
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let grants = sqlx::query!(
            r#"select g.user_id, g.group_id, g.access,
                coalesce(nullif(u.full_name, ''), u.username, s.name) as "name!"
            from database_grants g
                left join users u on u.id = g.user_id
                left join groups s on s.id = g.group_id
            where g.database_id = $1
            order by g.user_id is null, lower(coalesce(nullif(u.full_name, ''), u.username, s.name))
            limit $2"#,
            id.as_str(),
            GRANTS_MAX
        )
        .fetch_all(&self.pool)
        .await?;
        let groups = sqlx::query!(
            "select id, name from groups order by lower(name) limit $1",
            CHOICES_MAX
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(Some(AccessRules {
            database_id: id.clone(),
            database_name: row.name,
            owner: match (row.owner_id, row.username) {
                (Some(id), Some(username)) => Some(Person {
                    id: UserId(id),
                    username,
                    full_name: row.full_name,
                }),
                _ => None,
            },
            everybody: read_access(&row.everybody_access)?,
            grants: grants
                .into_iter()
                .map(|row| {
                    Ok(DatabaseGrant {
                        grantee: match (row.user_id, row.group_id) {
                            (Some(id), _) => Grantee::Person(UserId(id)),
                            (None, Some(id)) => Grantee::Group(GroupId(id)),
                            (None, None) => {
                                return Err(StoreError::Unreadable { what: "grantee" });
                            }
                        },
                        name: row.name,
                        access: read_access(&row.access)?,
                    })
                })
                .collect::<Result<_, StoreError>>()?,
            people: self.people().await?,
            groups: groups
                .into_iter()
                .map(|row| Group {
                    id: GroupId(row.id),
                    name: row.name,
                    members: Vec::new(),
                })
                .collect(),
        }))
    }

    /// Everybody with an account in use, by name, up to a thousand. The people of the sample's
    /// history have none.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn people(&self) -> Result<Vec<Person>, StoreError> {
        let rows = sqlx::query!(
            r#"select id, username, full_name from users
            where is_active
            order by lower(coalesce(nullif(full_name, ''), username)), id
            limit $1"#,
            CHOICES_MAX
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| Person {
                id: UserId(row.id),
                username: row.username,
                full_name: row.full_name,
            })
            .collect())
    }

    /// Sets what people have who are not named. False when the database is not there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn everybody_access_set(
        &self,
        id: &DatabaseId,
        access: DatabaseAccess,
        audit: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let done = sqlx::query!(
            "update databases set everybody_access = $2 where id = $1",
            id.as_str(),
            access.as_str()
        )
        .execute(&mut *transaction)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        audit_record_in_txn(&mut transaction, audit).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Gives a database another owner; the one before may go on editing it. False when the
    /// database or the person is not there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn database_owner_set(
        &self,
        id: &DatabaseId,
        owner: UserId,
        before: Option<UserId>,
        audit: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let done = sqlx::query!(
            r#"update databases set owner_user_id = u.id
            from users u where databases.id = $1 and u.id = $2 and u.is_active"#,
            id.as_str(),
            owner.0
        )
        .execute(&mut *transaction)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        if let Some(before) = before {
            let person = (Some(before.0), None);
            grant_upsert_in_txn(&mut transaction, id, person, DatabaseAccess::Edit).await?;
        }
        audit_record_in_txn(&mut transaction, audit).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Gives somebody a right by name, another one than they had, or none any more. False when
    /// the database or whom it is given to is not there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn database_grant_set(
        &self,
        id: &DatabaseId,
        grantee: Grantee,
        access: DatabaseAccess,
        audit: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let (person, group) = match grantee {
            Grantee::Person(id) => (Some(id.0), None),
            Grantee::Group(id) => (None, Some(id.0)),
        };
        let changed = if access == DatabaseAccess::None {
            sqlx::query!(
                r#"delete from database_grants
                where database_id = $1 and (user_id = $2 or group_id = $3)"#,
                id.as_str(),
                person,
                group
            )
            .execute(&mut *transaction)
            .await?
            .rows_affected()
        } else {
            grant_upsert_in_txn(&mut transaction, id, (person, group), access).await?
        };
        if changed == 0 {
            return Ok(false);
        }
        audit_record_in_txn(&mut transaction, audit).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

async fn grant_upsert_in_txn(
    connection: &mut PgConnection,
    id: &DatabaseId,
    (person, group): (Option<i64>, Option<i64>),
    access: DatabaseAccess,
) -> Result<u64, StoreError> {
    let updated = sqlx::query!(
        r#"update database_grants set access = $4
        where database_id = $1 and (user_id = $2 or group_id = $3)"#,
        id.as_str(),
        person,
        group,
        access.as_str()
    )
    .execute(&mut *connection)
    .await?;
    if updated.rows_affected() > 0 {
        return Ok(updated.rows_affected());
    }
    let inserted = sqlx::query!(
        r#"insert into database_grants (database_id, user_id, group_id, access)
        select d.id, $2, $3, $4
        from databases d
        where d.id = $1
            and ($2::bigint is null or exists (select 1 from users where id = $2 and is_active))
            and ($3::bigint is null or exists (select 1 from groups where id = $3))
            and (select count(*) from database_grants where database_id = $1) < $5
        on conflict do nothing"#,
        id.as_str(),
        person,
        group,
        access.as_str(),
        GRANTS_MAX
    )
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected())
}

fn read_access(word: &str) -> Result<DatabaseAccess, StoreError> {
    DatabaseAccess::from_word(word).ok_or(StoreError::Unreadable { what: "access" })
}
