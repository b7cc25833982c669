//! People, as the operator and administrators manage them.

use crate::audit::Entry;
use crate::error::OrAnswer as _;
use crate::password::password_check;
use crate::person::{read_email, read_full_name, read_username, username_of};
use crate::services::Services;
use contract::account::Secret;
use contract::context::Ctx;
use contract::error::AppError;
use model::account::{CurrentUser, Permission, Role};
use model::id::UserId;
use serde_json::json;
use store::accounts::{NewUser, UserSummary};

/// A person to be made.
#[derive(Debug, Clone)]
pub struct UserRequest {
    /// The address to sign in with.
    pub email: String,
    /// The name to sign in with; without one, what stands before the `@`.
    pub username: Option<String>,
    /// The name to show; may be empty.
    pub full_name: String,
    /// What they may do.
    pub role: Role,
    /// The password.
    pub password: Secret,
}

impl Services {
    /// Everybody, by name.
    ///
    /// # Errors
    /// Forbidden to all but administrators and the operator, as everything in this module.
    pub async fn user_list(&self, ctx: &Ctx) -> Result<Vec<UserSummary>, AppError> {
        ctx.authorize(Permission::Administer)?;
        self.store.user_list().await.or_answer(ctx)
    }

    /// Makes a person.
    ///
    /// # Errors
    /// Invalid for an address, name or password that is not accepted; conflict when the address
    /// or the name is taken.
    pub async fn user_create(
        &self,
        ctx: &Ctx,
        request: UserRequest,
    ) -> Result<CurrentUser, AppError> {
        ctx.authorize(Permission::Administer)?;
        let email = read_email(&request.email)?;
        let username = match &request.username {
            Some(username) => read_username(username)?,
            None => username_of(&email),
        };
        let full_name = read_full_name(&request.full_name)?;
        password_check("password", &request.password, &email)?;
        let password_hash = self.hasher.hash(request.password).await.or_answer(ctx)?;
        let person = NewUser {
            username,
            email,
            full_name,
            role: request.role,
            password_hash: Some(password_hash),
            is_active: true,
        };
        let made = self.store.user_create(&person).await;
        let user = match made {
            Err(error) if error.is_unique_violation() => {
                return Err(name_taken());
            }
            made => made.or_answer(ctx)?,
        };
        let entry = Entry::new("CREATE", "user").of(user.id, &user.username);
        self.audit(ctx, entry.with(json!({ "role": user.role.as_str() })))
            .await;
        Ok(user)
    }

    /// Gives somebody another password and ends their sessions.
    ///
    /// # Errors
    /// Not found when there is nobody of that name; invalid for a password that is not accepted.
    pub async fn user_set_password(
        &self,
        ctx: &Ctx,
        name: &str,
        password: Secret,
    ) -> Result<(), AppError> {
        ctx.authorize(Permission::Administer)?;
        let user = self.user_named(ctx, name).await?;
        password_check("password", &password, &user.email)?;
        let hash = self.hasher.hash(password).await.or_answer(ctx)?;
        self.password_store(ctx, user.id, &hash).await?;
        let entry = Entry::new("UPDATE", "user").of(user.id, &user.username);
        self.audit(ctx, entry.with(json!({ "changed": "password" })))
            .await;
        Ok(())
    }

    /// Gives somebody another role.
    ///
    /// # Errors
    /// Not found when there is nobody of that name; conflict when nobody would be left to
    /// administer.
    pub async fn user_set_role(&self, ctx: &Ctx, name: &str, role: Role) -> Result<(), AppError> {
        ctx.authorize(Permission::Administer)?;
        let user = self.user_named(ctx, name).await?;
        if role != Role::Admin {
            self.another_administrator(ctx, &user).await?;
        }
        self.store
            .user_role_set(user.id, role)
            .await
            .or_answer(ctx)?;
        let entry = Entry::new("UPDATE", "user").of(user.id, &user.username);
        let change = json!({ "role": { "before": user.role.as_str(), "after": role.as_str() } });
        self.audit(ctx, entry.with(change)).await;
        Ok(())
    }

    /// Shuts somebody out and ends their sessions. What they did and wrote stays.
    ///
    /// # Errors
    /// Not found when there is nobody of that name; conflict when nobody would be left to
    /// administer.
    pub async fn user_deactivate(&self, ctx: &Ctx, name: &str) -> Result<(), AppError> {
        ctx.authorize(Permission::Administer)?;
        let user = self.user_named(ctx, name).await?;
        self.another_administrator(ctx, &user).await?;
        self.store
            .user_active_set(user.id, false)
            .await
            .or_answer(ctx)?;
        let entry = Entry::new("UPDATE", "user").of(user.id, &user.username);
        self.audit(ctx, entry.with(json!({ "active": false })))
            .await;
        Ok(())
    }

    /// Stores a new password's hash and ends every session of the person.
    pub(crate) async fn password_store(
        &self,
        ctx: &Ctx,
        id: UserId,
        hash: &str,
    ) -> Result<(), AppError> {
        self.store
            .password_hash_set(id, hash)
            .await
            .or_answer(ctx)?;
        self.store
            .sessions_delete_for_user(id, None)
            .await
            .or_answer(ctx)?;
        Ok(())
    }

    /// Makes sure that somebody else can administer too.
    async fn another_administrator(&self, ctx: &Ctx, user: &CurrentUser) -> Result<(), AppError> {
        let people = self.store.user_list().await.or_answer(ctx)?;
        let another = people.iter().any(|person| {
            person.is_active && person.user.role == Role::Admin && person.user.id != user.id
        });
        if another || user.role != Role::Admin {
            return Ok(());
        }
        Err(AppError::conflict(
            "This is the last administrator; make another one first.",
        ))
    }

    /// The person of that address or username.
    async fn user_named(&self, ctx: &Ctx, name: &str) -> Result<CurrentUser, AppError> {
        let account = self.store.user_by_login(name.trim()).await.or_answer(ctx)?;
        account
            .map(|account| account.user)
            .ok_or_else(|| AppError::not_found("This person"))
    }
}

/// The answer for a person whose address or username somebody has.
pub(crate) fn name_taken() -> AppError {
    AppError {
        field: Some("email".to_owned()),
        ..AppError::conflict("There is somebody with this address or username already.")
    }
}
