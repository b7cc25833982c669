//! News of views, to every process on this database.

use super::read_id;
use crate::error::StoreError;
use crate::store::Store;
use model::id::ViewId;
use sqlx::PgConnection;
use sqlx::postgres::{PgListener, PgPoolOptions};
use std::collections::HashMap;
use std::fmt::Display;

/// Where revisions are told.
const CHANNEL: &str = "crowfoot_views";

/// Tells a view's revision, as soon as the transaction is committed.
pub(super) async fn tell(
    connection: &mut PgConnection,
    view: &ViewId,
    revision: i64,
) -> Result<(), StoreError> {
    tell_all(connection, [(view.as_str(), revision)]).await
}

/// The same of several views.
pub(super) async fn tell_all(
    connection: &mut PgConnection,
    revisions: impl IntoIterator<Item = (impl Display, i64)>,
) -> Result<(), StoreError> {
    let news = revisions.into_iter();
    let news: Vec<String> = news.map(|(view, it)| format!("{view} {it}")).collect();
    if news.is_empty() {
        return Ok(());
    }
    sqlx::query_scalar!(
        r#"select count(*) as "count!"
        from unnest($2::text[]) as news, lateral pg_notify($1, news)"#,
        CHANNEL,
        &news
    )
    .fetch_one(connection)
    .await?;
    Ok(())
}

/// Hears of every change of every view.
pub struct ViewFeed {
    listener: PgListener,
}

impl ViewFeed {
    /// Waits for the next change: a view and its revision, the largest number for one that was
    /// deleted. None when the connection was lost and is there again: what happened between is not
    /// known.
    ///
    /// # Errors
    /// When the database does not answer; then a new feed has to be asked for.
    pub async fn next(&mut self) -> Result<Option<(ViewId, u64)>, StoreError> {
        loop {
            let Some(news) = self.listener.try_recv().await? else {
                return Ok(None);
            };
            // Others may write into the channel; what is not ours means nothing.
            let read = news.payload().split_once(' ').and_then(|(view, revision)| {
                let revision = revision.parse::<u64>().ok()?;
                Some((read_id(view).ok()?, revision))
            });
            if read.is_some() {
                return Ok(read);
            }
        }
    }
}

impl Store {
    /// A connection of its own, on which changes of views are heard.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn view_feed(&self) -> Result<ViewFeed, StoreError> {
        let options = (*self.pool.connect_options()).clone();
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .acquire_timeout(self.pool.options().get_acquire_timeout())
            .connect_lazy_with(options);
        let mut listener = PgListener::connect_with(&pool).await?;
        listener.listen(CHANNEL).await?;
        Ok(ViewFeed { listener })
    }

    /// The present revisions of views; one that is not there has none.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn view_revisions(
        &self,
        views: &[ViewId],
    ) -> Result<HashMap<ViewId, u64>, StoreError> {
        let ids: Vec<String> = views.iter().map(ToString::to_string).collect();
        sqlx::query!(
            "select id, revision from diagram_views where id = any($1)",
            &ids
        )
        .fetch_all(&self.pool)
        .await?
        .into_iter()
        .map(|row| Ok((read_id(&row.id)?, super::count(row.revision))))
        .collect()
    }
}
