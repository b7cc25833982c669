//! Finding databases, tables and columns by name.

use crate::error::OrAnswer as _;
use crate::services::Services;
use contract::context::Ctx;
use contract::error::AppError;
use model::account::Permission;
use model::catalog::SearchHit;

/// What follows in a text is not searched for. Nobody types that much.
const TEXT_MAX_CHARS: usize = 200;
/// At most so many hits.
const HITS_MAX: u32 = 50;

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
        let text = read_search_text(text);
        if text.is_empty() {
            return Ok(Vec::new());
        }
        self.store
            .search(&text, limit.clamp(1, HITS_MAX))
            .await
            .or_answer(ctx)
    }
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
