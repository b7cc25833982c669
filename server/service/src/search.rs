//! Searching the catalog.

use crate::error::OrAnswer as _;
use crate::services::Services;
use contract::context::Ctx;
use contract::error::AppError;
use model::account::Permission;
use model::catalog::SearchHit;
use model::search::{SearchQuery, SearchResults};

/// What follows in a text is not searched for. Nobody types that much.
const TEXT_MAX_CHARS: usize = 200;
/// At most so many hits at once.
const HITS_MAX: u32 = 50;
/// Of what a search finds so many are put in order, for all pages together.
const RANKED_MAX: u32 = 200;

impl Services {
    /// What fits the text, the best first. Pages of the product are not among it; those who offer
    /// them know them.
    pub(crate) async fn hits(
        &self,
        ctx: &Ctx,
        text: &str,
        limit: u32,
    ) -> Result<Vec<SearchHit>, AppError> {
        ctx.authorize(Permission::CatalogRead)?;
        let found = self
            .store
            .search(&read_query(text), self.scope(ctx), limit.clamp(1, HITS_MAX))
            .await
            .or_answer(ctx)?;
        Ok(found.finds.into_iter().map(|find| find.hit).collect())
    }

    /// A page of what fits the text, with what it is narrowed by.
    pub(crate) async fn results(
        &self,
        ctx: &Ctx,
        text: &str,
        page: u32,
        limit: u32,
    ) -> Result<SearchResults, AppError> {
        ctx.authorize(Permission::CatalogRead)?;
        let query = read_query(text);
        let found = self
            .store
            .search(&query, self.scope(ctx), RANKED_MAX)
            .await
            .or_answer(ctx)?;
        let limit = limit.clamp(1, HITS_MAX);
        let total = u32::try_from(found.finds.len()).unwrap_or(RANKED_MAX);
        let pages = total.div_ceil(limit);
        let page = page.clamp(1, pages.max(1));
        let before = usize::try_from((page - 1) * limit).unwrap_or(usize::MAX);
        let room = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(SearchResults {
            query,
            hits: found.finds.into_iter().skip(before).take(room).collect(),
            total,
            more: found.more,
            similar: found.similar,
            corrected: found.corrected,
            page,
            pages,
            facets: found.facets,
        })
    }
}

fn read_query(text: &str) -> SearchQuery {
    // Any text is a search.
    text.parse().unwrap_or_default()
}

/// Trims and cuts what somebody looks for. PostgreSQL has no text with a zero byte.
pub(crate) fn read_search_text(text: &str) -> String {
    text.trim()
        .chars()
        .filter(|character| !character.is_control())
        .take(TEXT_MAX_CHARS)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_looked_for_is_trimmed_and_cut() {
        assert_eq!(read_search_text("  or\0ders \n"), "orders");
        assert_eq!(read_search_text(&"é".repeat(300)).chars().count(), 200);
    }
}
