//! Sessions, and what slows down somebody who guesses passwords.

use crate::accounts::UserRow;
use crate::error::StoreError;
use crate::store::Store;
use model::account::CurrentUser;
use model::id::UserId;
use std::net::IpAddr;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// Attempts are kept no longer than anybody looks back.
const ATTEMPTS_KEPT: Duration = DAY;

/// SHA-256 of a session's token.
pub type TokenHash = [u8; 32];

/// How long sessions last.
#[derive(Debug, Clone, Copy)]
pub struct SessionLimits {
    /// Without a request for so long, a session has ended.
    pub idle: Duration,
    /// After so long it has ended in any case.
    pub absolute: Duration,
}

impl Default for SessionLimits {
    fn default() -> Self {
        Self {
            idle: 7 * DAY,
            absolute: 30 * DAY,
        }
    }
}

/// A session to begin.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// The token's hash.
    pub token_hash: TokenHash,
    /// Whose it is.
    pub user_id: UserId,
    /// Where they are.
    pub ip_address: Option<IpAddr>,
    /// What their client calls itself.
    pub user_agent: Option<String>,
}

impl Store {
    /// Begins a session and notes that the person has signed in.
    ///
    /// # Errors
    /// When the database does not answer or there is no such person.
    pub async fn session_create(
        &self,
        new: &NewSession,
        limits: &SessionLimits,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            r#"with signed_in as (
                update users set last_login_at = now() where id = $2
            )
            insert into sessions (token_hash, user_id, expires_at, ip_address, user_agent)
            values ($1, $2, now() + make_interval(secs => $3), $4::text::inet, $5)"#,
            &new.token_hash[..],
            new.user_id.0,
            limits.absolute.as_secs_f64(),
            new.ip_address.map(|address| address.to_string()),
            new.user_agent
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Whose session it is; none when it is unknown or has ended, or the account is closed. That
    /// it was seen is noted at most once a minute.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn session_fetch(
        &self,
        token_hash: &TokenHash,
        limits: &SessionLimits,
    ) -> Result<Option<CurrentUser>, StoreError> {
        sqlx::query_as!(
            UserRow,
            r#"with live as (
                select s.token_hash, s.last_seen_at, u.id, u.username, u.email, u.full_name, u.role
                from sessions s join users u on u.id = s.user_id
                where s.token_hash = $1 and u.is_active and s.expires_at > now()
                    and s.last_seen_at > now() - make_interval(secs => $2)
            ), seen as (
                update sessions s set last_seen_at = now()
                from live
                where s.token_hash = live.token_hash
                    and live.last_seen_at < now() - interval '1 minute'
            )
            select id, username, email, full_name, role from live"#,
            &token_hash[..],
            limits.idle.as_secs_f64()
        )
        .fetch_optional(&self.pool)
        .await?
        .map(CurrentUser::try_from)
        .transpose()
    }

    /// Ends a session. It is no error when it has ended already.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn session_delete(&self, token_hash: &TokenHash) -> Result<(), StoreError> {
        sqlx::query!(
            "delete from sessions where token_hash = $1",
            &token_hash[..]
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Ends a person's sessions, all or all but one. Returns how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sessions_delete_for_user(
        &self,
        user_id: UserId,
        except: Option<&TokenHash>,
    ) -> Result<u64, StoreError> {
        let done = sqlx::query!(
            "delete from sessions where user_id = $1 and token_hash is distinct from $2",
            user_id.0,
            except.map(|hash| &hash[..]) as Option<&[u8]>
        )
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected())
    }

    /// Notes that somebody failed to sign in. The key names who tried: an account, an address.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn login_attempt_record(&self, key: &str) -> Result<(), StoreError> {
        sqlx::query!("insert into login_attempts (key) values ($1)", key)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// How often the key was noted within the window, a day at the most.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn login_attempts_recent(
        &self,
        key: &str,
        window: Duration,
    ) -> Result<u64, StoreError> {
        let count = sqlx::query_scalar!(
            r#"select count(*) as "count!" from login_attempts
            where key = $1 and created_at > now() - make_interval(secs => $2)"#,
            key,
            window.as_secs_f64()
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(count.unsigned_abs())
    }

    /// Forgets the key's attempts, once the right password was given.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn login_attempts_clear(&self, key: &str) -> Result<(), StoreError> {
        sqlx::query!("delete from login_attempts where key = $1", key)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Removes sessions that have ended and attempts that nobody looks back at. Returns how many
    /// rows went.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn expired_delete(&self, limits: &SessionLimits) -> Result<u64, StoreError> {
        let sessions = sqlx::query!(
            r#"delete from sessions
            where expires_at <= now() or last_seen_at <= now() - make_interval(secs => $1)"#,
            limits.idle.as_secs_f64()
        )
        .execute(&self.pool)
        .await?;
        let attempts = sqlx::query!(
            "delete from login_attempts where created_at <= now() - make_interval(secs => $1)",
            ATTEMPTS_KEPT.as_secs_f64()
        )
        .execute(&self.pool)
        .await?;
        Ok(sessions.rows_affected() + attempts.rows_affected())
    }
}
