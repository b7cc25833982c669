//! People as owners.

use crate::error::StoreError;
use crate::store::Store;
use model::access::Person;
use model::id::UserId;

impl Store {
    /// The active person with that address or name to sign in with, whatever its case.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn person_named(&self, text: &str) -> Result<Option<Person>, StoreError> {
        let row = sqlx::query!(
            r#"select id, username, full_name from users
            where is_active and (lower(email) = lower($1) or lower(username) = lower($1))
            order by lower(username) = lower($1) desc
            limit 1"#,
            text
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|row| Person {
            id: UserId(row.id),
            username: row.username,
            full_name: row.full_name,
        }))
    }
}
