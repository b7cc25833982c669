//! Signing in and one's own account.

use crate::context::Ctx;
use crate::error::AppError;
use async_trait::async_trait;
use model::account::CurrentUser;
use std::fmt;

/// A text that never prints: a password, a session's token, a setup code.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a text into custody.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself. Each call is a place to review.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What makes the first administrator.
#[derive(Debug, Clone)]
pub struct SetupRequest {
    /// The one-time code that the server printed.
    pub code: Secret,
    /// The address to sign in with.
    pub email: String,
    /// The name to show.
    pub full_name: String,
    /// The password.
    pub password: Secret,
}

/// A session that has just begun.
#[derive(Debug, Clone)]
pub struct SessionGrant {
    /// Who is signed in now.
    pub user: CurrentUser,
    /// The token for the cookie. Only its hash is stored.
    pub token: Secret,
    /// Seconds until the session ends in any case.
    pub max_age_seconds: i64,
}

/// Use cases around people and sessions.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Whether there is no user yet, so that `/setup` is open.
    async fn setup_needed(&self, ctx: &Ctx) -> Result<bool, AppError>;

    /// Makes the first administrator and signs them in.
    ///
    /// # Errors
    /// Invalid for a wrong code, address or password; conflict when there is a user already.
    async fn setup(&self, ctx: &Ctx, request: SetupRequest) -> Result<SessionGrant, AppError>;

    /// Signs in by email address or username.
    ///
    /// # Errors
    /// Invalid for a wrong name or password (the answer does not tell which); too many after
    /// several failures.
    async fn login(
        &self,
        ctx: &Ctx,
        name: &str,
        password: Secret,
    ) -> Result<SessionGrant, AppError>;

    /// Ends the session of that token.
    async fn logout(&self, ctx: &Ctx, token: Secret) -> Result<(), AppError>;

    /// Ends every session of the person.
    async fn logout_everywhere(&self, ctx: &Ctx) -> Result<(), AppError>;

    /// Who the token belongs to; none when it is unknown or has expired.
    async fn session_user(&self, token: Secret) -> Result<Option<CurrentUser>, AppError>;

    /// Changes one's own password; every other session of the person ends, and this one gets a
    /// new token.
    ///
    /// # Errors
    /// Invalid for a wrong current or a weak new password.
    async fn password_change(
        &self,
        ctx: &Ctx,
        current: Secret,
        new: Secret,
    ) -> Result<SessionGrant, AppError>;
}
