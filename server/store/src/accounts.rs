//! People.

use crate::audit::{AuditEntry, audit_record_in_txn};
use crate::error::StoreError;
use crate::moment::timestamp;
use crate::store::Store;
use model::account::{CurrentUser, Role};
use model::id::UserId;
use model::time::Timestamp;
use sqlx::PgConnection;

/// The constraint that [`Store::first_admin_create`] names when somebody can sign in, or could, already.
pub const FIRST_ADMIN_CONSTRAINT: &str = "first_admin";

/// People are listed up to so many.
const USERS_MAX: i64 = 1_000;

/// Somebody to be added.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// The name to sign in with; unique whatever its case.
    pub username: String,
    /// The address to sign in with; unique whatever its case.
    pub email: String,
    /// The name to show.
    pub full_name: Option<String>,
    /// The password's hash; none for people who cannot sign in by password.
    pub password_hash: Option<String>,
    /// What they may do.
    pub role: Role,
    /// Whether the account may be used.
    pub is_active: bool,
}

/// What signing in needs to know. It holds the password's hash, so it does not print.
pub struct LoginUser {
    /// The person.
    pub user: CurrentUser,
    /// The password's hash, where there is one.
    pub password_hash: Option<String>,
    /// Whether the account may be used.
    pub is_active: bool,
}

/// A person in the list of people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserSummary {
    /// The person.
    pub user: CurrentUser,
    /// Whether the account may be used.
    pub is_active: bool,
    /// Since when they have an account.
    pub created_at: Timestamp,
    /// When they signed in last.
    pub last_login_at: Option<Timestamp>,
}

/// A row of `users` with what every use of it needs.
pub(crate) struct UserRow {
    pub(crate) id: i64,
    pub(crate) username: String,
    pub(crate) email: String,
    pub(crate) full_name: Option<String>,
    pub(crate) role: String,
}

impl TryFrom<UserRow> for CurrentUser {
    type Error = StoreError;

    fn try_from(row: UserRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: UserId(row.id),
            username: row.username,
            email: row.email,
            full_name: row.full_name,
            role: Role::from_word(&row.role).ok_or(StoreError::Unreadable { what: "role" })?,
        })
    }
}

impl Store {
    /// How many people there are, deactivated ones too.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn user_count(&self) -> Result<u64, StoreError> {
        let count = sqlx::query_scalar!(r#"select count(*) as "count!" from users"#)
            .fetch_one(&self.pool)
            .await?;
        Ok(count.unsigned_abs())
    }

    /// Whether anybody has, or had, a way to sign in. The people of the sample's history do not
    /// count: they never had one. Somebody whose account was closed does, so that closing all
    /// accounts does not open the first setup again.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn account_exists(&self) -> Result<bool, StoreError> {
        let exists = sqlx::query_scalar!(
            r#"
            select exists (
                select 1 from users where password_hash is not null or oauth_provider is not null
            ) as "taken!"
            "#
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(exists)
    }

    /// Makes the first administrator, whatever role `new` names. The audit entry gets the new
    /// person as its user and resource.
    ///
    /// # Errors
    /// Conflict with [`FIRST_ADMIN_CONSTRAINT`] when somebody can sign in, or could, already; of several
    /// callers at the same time one succeeds.
    pub async fn first_admin_create(
        &self,
        new: &NewUser,
        audit: &AuditEntry,
    ) -> Result<CurrentUser, StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query!("select pg_advisory_xact_lock(hashtextextended('first_admin', 0))")
            .execute(&mut *transaction)
            .await?;
        let taken = sqlx::query_scalar!(
            r#"
            select exists (
                select 1 from users where password_hash is not null or oauth_provider is not null
            ) as "taken!"
            "#
        )
        .fetch_one(&mut *transaction)
        .await?;
        if taken {
            return Err(StoreError::Conflict {
                constraint: FIRST_ADMIN_CONSTRAINT.to_owned(),
            });
        }
        let admin = NewUser {
            role: Role::Admin,
            is_active: true,
            ..new.clone()
        };
        let user = user_create_in_txn(&mut transaction, &admin).await?;
        audit_record_in_txn(&mut transaction, &audit.clone().about_user(&user)).await?;
        transaction.commit().await?;
        Ok(user)
    }

    /// Adds somebody.
    ///
    /// # Errors
    /// Conflict when the name (`users_username_…`) or the address (`users_email_…`) is taken.
    pub async fn user_create(&self, new: &NewUser) -> Result<CurrentUser, StoreError> {
        let mut connection = self.pool.acquire().await?;
        user_create_in_txn(&mut connection, new).await
    }

    /// Finds whoever signs in with that email address or username, in any case. Where one
    /// person's username is another's address, the address decides.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn user_by_login(&self, login: &str) -> Result<Option<LoginUser>, StoreError> {
        let row = sqlx::query!(
            r#"select id, username, email, full_name, role, password_hash, is_active
            from users
            where lower(email) = lower($1) or lower(username) = lower($1)
            order by (lower(email) = lower($1)) desc
            limit 1"#,
            login
        )
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| {
            Ok(LoginUser {
                user: CurrentUser::try_from(UserRow {
                    id: row.id,
                    username: row.username,
                    email: row.email,
                    full_name: row.full_name,
                    role: row.role,
                })?,
                password_hash: row.password_hash,
                is_active: row.is_active,
            })
        })
        .transpose()
    }

    /// The person of that id; none when there is none.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn user_fetch(&self, id: UserId) -> Result<Option<CurrentUser>, StoreError> {
        sqlx::query_as!(
            UserRow,
            "select id, username, email, full_name, role from users where id = $1",
            id.0
        )
        .fetch_optional(&self.pool)
        .await?
        .map(CurrentUser::try_from)
        .transpose()
    }

    /// Everybody by username, up to a thousand.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn user_list(&self) -> Result<Vec<UserSummary>, StoreError> {
        let rows = sqlx::query!(
            r#"select id, username, email, full_name, role, is_active, created_at, last_login_at
            from users
            order by lower(username), id
            limit $1"#,
            USERS_MAX
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(UserSummary {
                    user: CurrentUser::try_from(UserRow {
                        id: row.id,
                        username: row.username,
                        email: row.email,
                        full_name: row.full_name,
                        role: row.role,
                    })?,
                    is_active: row.is_active,
                    created_at: timestamp(row.created_at),
                    last_login_at: row.last_login_at.map(timestamp),
                })
            })
            .collect()
    }

    /// Stores the hash of a person's new password.
    ///
    /// # Errors
    /// Not found when there is no such person.
    pub async fn password_hash_set(&self, id: UserId, hash: &str) -> Result<(), StoreError> {
        let done = sqlx::query!(
            "update users set password_hash = $2 where id = $1",
            id.0,
            hash
        )
        .execute(&self.pool)
        .await?;
        one_user(done.rows_affected())
    }

    /// Changes what a person may do.
    ///
    /// # Errors
    /// Not found when there is no such person.
    pub async fn user_role_set(&self, id: UserId, role: Role) -> Result<(), StoreError> {
        let done = sqlx::query!(
            "update users set role = $2 where id = $1",
            id.0,
            role.as_str()
        )
        .execute(&self.pool)
        .await?;
        one_user(done.rows_affected())
    }

    /// Opens or closes a person's account. Closing it ends their sessions.
    ///
    /// # Errors
    /// Not found when there is no such person.
    pub async fn user_active_set(&self, id: UserId, is_active: bool) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        let done = sqlx::query!(
            "update users set is_active = $2 where id = $1",
            id.0,
            is_active
        )
        .execute(&mut *transaction)
        .await?;
        one_user(done.rows_affected())?;
        if !is_active {
            sqlx::query!("delete from sessions where user_id = $1", id.0)
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(())
    }
}

/// Adds somebody within the caller's transaction.
async fn user_create_in_txn(
    connection: &mut PgConnection,
    new: &NewUser,
) -> Result<CurrentUser, StoreError> {
    let row = sqlx::query_as!(
        UserRow,
        r#"insert into users (username, email, full_name, password_hash, role, is_active)
        values ($1, $2, $3, $4, $5, $6)
        returning id, username, email, full_name, role"#,
        new.username,
        new.email,
        new.full_name,
        new.password_hash,
        new.role.as_str(),
        new.is_active
    )
    .fetch_one(connection)
    .await?;
    row.try_into()
}

fn one_user(rows: u64) -> Result<(), StoreError> {
    if rows == 0 {
        return Err(StoreError::NotFound { what: "person" });
    }
    Ok(())
}
