//! Signing in, one's own sessions and one's own password.

use crate::audit::Entry;
use crate::error::OrAnswer as _;
use crate::limiter;
use crate::password::{Verdict, password_check};
use crate::person::{read_email, read_full_name, username_of};
use crate::services::Services;
use crate::token::{is_token, session_token, token_hash};
use crate::user::name_taken;
use async_trait::async_trait;
use contract::account::{Accounts, Secret, SessionGrant, SetupRequest};
use contract::context::{Actor, Ctx};
use contract::error::AppError;
use model::account::{CurrentUser, Permission, Role};
use serde_json::json;
use store::accounts::{FIRST_ADMIN_CONSTRAINT, NewUser};
use store::sessions::NewSession;

#[async_trait]
impl Accounts for Services {
    // Whether there is anybody yet is for everybody to know: the login page leads to the setup.
    async fn setup_needed(&self, ctx: &Ctx) -> Result<bool, AppError> {
        Ok(!self.store.account_exists().await.or_answer(ctx)?)
    }

    // Nobody can be signed in yet; the code takes the place of an authorization.
    async fn setup(&self, ctx: &Ctx, request: SetupRequest) -> Result<SessionGrant, AppError> {
        if !self.setup_needed(ctx).await? {
            return Err(set_up_already());
        }
        let right = self
            .config
            .setup_code
            .as_ref()
            .is_some_and(|code| code.matches(request.code.reveal()));
        if !right {
            tracing::warn!(request.id = %ctx.request_id, "setup tried with a wrong code");
            return Err(AppError::invalid_field(
                "code",
                "This is not the code that the server printed when it started.",
            ));
        }
        let user = self
            .first_admin(ctx, &request.email, &request.full_name, request.password)
            .await?
            .ok_or_else(set_up_already)?;
        let ctx = &ctx_of(ctx, &user);
        self.session_begin(ctx, user).await
    }

    // Open to everybody; the limiter takes the place of an authorization.
    async fn login(
        &self,
        ctx: &Ctx,
        name: &str,
        password: Secret,
    ) -> Result<SessionGrant, AppError> {
        let name = name.trim();
        if !limiter::may_be_a_login(name) {
            return Err(login_failed());
        }
        let account = self.store.user_by_login(name).await.or_answer(ctx)?;
        let known = account.as_ref().map(|account| account.user.clone());
        let id = known.as_ref().map(|user| user.id);
        let attempt = self.attempt_begin(ctx, name, id).await?;
        // Somebody without a password, or who may not sign in, is checked like nobody at all.
        let stored = account
            .as_ref()
            .filter(|account| account.is_active)
            .and_then(|account| account.password_hash.clone());
        let verdict = self
            .hasher
            .verify(password.clone(), stored)
            .await
            .or_answer(ctx)?;
        let (Some(account), Verdict::Right | Verdict::RightButDated) = (account, verdict) else {
            self.attempt_failed(ctx, attempt).await?;
            tracing::info!(request.id = %ctx.request_id, "login failed");
            // A name that is nobody's may be a password in the wrong field; it is not kept.
            let failed = match &known {
                Some(user) => Entry::new("LOGIN", "user").of(user.id, &user.username),
                None => Entry::new("LOGIN", "user"),
            };
            self.audit(ctx, failed.failed()).await;
            return Err(login_failed());
        };
        let user = account.user;
        if verdict == Verdict::RightButDated {
            let hash = self.hasher.hash(password).await.or_answer(ctx)?;
            self.store
                .password_hash_set(user.id, &hash)
                .await
                .or_answer(ctx)?;
        }
        self.attempt_succeeded(ctx, attempt).await?;
        let ctx = &ctx_of(ctx, &user);
        self.audit(ctx, Entry::new("LOGIN", "user").of(user.id, &user.username))
            .await;
        self.session_begin(ctx, user).await
    }

    // Whoever holds the token may end its session, however long it has expired.
    async fn logout(&self, ctx: &Ctx, token: Secret) -> Result<(), AppError> {
        let hash = token_hash(&token);
        let limits = &self.config.session;
        let owner = self.store.session_fetch(&hash, limits).await;
        let owner = owner.or_answer(ctx)?;
        self.store.session_delete(&hash).await.or_answer(ctx)?;
        if let Some(user) = owner {
            let ctx = &ctx_of(ctx, &user);
            self.audit(
                ctx,
                Entry::new("LOGOUT", "user").of(user.id, &user.username),
            )
            .await;
        }
        Ok(())
    }

    async fn logout_everywhere(&self, ctx: &Ctx) -> Result<(), AppError> {
        let user = oneself(ctx)?;
        self.store
            .sessions_delete_for_user(user.id, None)
            .await
            .or_answer(ctx)?;
        self.audit(
            ctx,
            Entry::new("LOGOUT", "user")
                .of(user.id, &user.username)
                .with(json!({ "everywhere": true })),
        )
        .await;
        Ok(())
    }

    // The token is the authorization.
    async fn session_user(&self, token: Secret) -> Result<Option<CurrentUser>, AppError> {
        if !is_token(&token) {
            return Ok(None);
        }
        // Whatever goes wrong here happens before a request has a context.
        let ctx = Ctx::system("session");
        self.store
            .session_fetch(&token_hash(&token), &self.config.session)
            .await
            .or_answer(&ctx)
    }

    async fn password_change(
        &self,
        ctx: &Ctx,
        current: Secret,
        new: Secret,
    ) -> Result<SessionGrant, AppError> {
        let user = oneself(ctx)?.clone();
        password_check("new", &new, &user.email)?;
        // Whoever finds a screen unlocked must not get to guess without end.
        let attempt = self.attempt_begin(ctx, &user.email, Some(user.id)).await?;
        let stored = self
            .store
            .user_by_login(&user.email)
            .await
            .or_answer(ctx)?
            .filter(|account| account.is_active)
            .and_then(|account| account.password_hash);
        let verdict = self
            .hasher
            .verify(current.clone(), stored)
            .await
            .or_answer(ctx)?;
        if verdict == Verdict::Wrong {
            self.attempt_failed(ctx, attempt).await?;
            let failed = Entry::new("UPDATE", "user").of(user.id, &user.username);
            self.audit(ctx, failed.failed()).await;
            return Err(AppError::invalid_field(
                "current",
                "This is not your current password.",
            ));
        }
        if current == new {
            return Err(AppError::invalid_field(
                "new",
                "The new password is the current one; choose another.",
            ));
        }
        self.attempt_succeeded(ctx, attempt).await?;
        let hash = self.hasher.hash(new).await.or_answer(ctx)?;
        // Every session ends, this one too; it goes on under a new token.
        self.password_store(ctx, user.id, &hash).await?;
        tracing::info!(request.id = %ctx.request_id, user.id = %user.id, "password changed");
        self.audit(
            ctx,
            Entry::new("UPDATE", "user")
                .of(user.id, &user.username)
                .with(json!({ "changed": "password" })),
        )
        .await;
        self.session_begin(ctx, user).await
    }
}

impl Services {
    /// Makes the first administrator from the operator's settings. Answers whether there was a
    /// need to.
    ///
    /// # Errors
    /// Invalid for an address or a password that is not accepted.
    pub async fn first_admin_ensure(
        &self,
        ctx: &Ctx,
        email: &str,
        password: Secret,
    ) -> Result<bool, AppError> {
        operator_only(ctx)?;
        if !self.setup_needed(ctx).await? {
            return Ok(false);
        }
        let made = self.first_admin(ctx, email, "", password).await?;
        Ok(made.is_some())
    }

    /// Makes the first administrator; none when there is somebody already.
    async fn first_admin(
        &self,
        ctx: &Ctx,
        email: &str,
        full_name: &str,
        password: Secret,
    ) -> Result<Option<CurrentUser>, AppError> {
        let email = read_email(email)?;
        let full_name = read_full_name(full_name)?;
        password_check("password", &password, &email)?;
        let password_hash = self.hasher.hash(password).await.or_answer(ctx)?;
        let person = NewUser {
            username: username_of(&email),
            email,
            full_name,
            role: Role::Admin,
            password_hash: Some(password_hash),
            is_active: true,
        };
        let audit = Entry::new("CREATE", "user").by(ctx);
        match self.store.first_admin_create(&person, &audit).await {
            Err(error) if error.constraint() == Some(FIRST_ADMIN_CONSTRAINT) => Ok(None),
            Err(error) if error.is_unique_violation() => Err(name_taken()),
            made => {
                let user = made.or_answer(ctx)?;
                tracing::info!(request.id = %ctx.request_id, user.id = %user.id, "set up");
                Ok(Some(user))
            }
        }
    }

    /// Begins a session.
    async fn session_begin(&self, ctx: &Ctx, user: CurrentUser) -> Result<SessionGrant, AppError> {
        let token = session_token().or_answer(ctx)?;
        let limits = self.config.session;
        self.store
            .session_create(
                &NewSession {
                    token_hash: token_hash(&token),
                    user_id: user.id,
                    ip_address: ctx.ip_address,
                    user_agent: ctx.user_agent.clone(),
                },
                &limits,
            )
            .await
            .or_answer(ctx)?;
        Ok(SessionGrant {
            user,
            token,
            max_age_seconds: i64::try_from(limits.absolute.as_secs()).unwrap_or(i64::MAX),
        })
    }
}

/// Settings of the process are for whoever runs it, not for any role of a person.
fn operator_only(ctx: &Ctx) -> Result<(), AppError> {
    match ctx.actor {
        Actor::System => Ok(()),
        Actor::User(_) => Err(AppError::forbidden()),
        Actor::Anonymous => Err(AppError::unauthenticated()),
    }
}

/// The request of somebody who has just proved who they are.
fn ctx_of(ctx: &Ctx, user: &CurrentUser) -> Ctx {
    Ctx {
        actor: Actor::User(user.clone()),
        ..ctx.clone()
    }
}

fn set_up_already() -> AppError {
    AppError::conflict("Crowfoot has been set up already; please sign in.")
}

fn login_failed() -> AppError {
    AppError::invalid("The name or the password is wrong.")
}

/// The person whose own account this is about. The operator at the command line has none.
fn oneself(ctx: &Ctx) -> Result<&CurrentUser, AppError> {
    ctx.authorize(Permission::OwnAccount)?;
    ctx.user().ok_or_else(AppError::unauthenticated)
}
