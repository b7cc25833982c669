//! Relations that no source declares: what is proposed, and what people say to it.

use crate::context::Ctx;
use crate::error::AppError;
use async_trait::async_trait;
use model::id::DatabaseId;
use model::relation::verdict::{
    Decided, NewRelation, Relation, RelationPage, RelationQuery, Verdict,
};

/// Use cases around relations that are not declared.
///
/// A proposal is no link: nothing is drawn or counted as one before somebody accepts it, and what
/// somebody rejected is not proposed again.
#[async_trait]
pub trait Relations: Send + Sync {
    /// A page of what is proposed and what was decided, the surest first.
    ///
    /// # Errors
    /// Unavailable while the proposals of a large database are still being worked out.
    async fn relation_list(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        query: RelationQuery,
    ) -> Result<RelationPage, AppError>;

    /// Keeps what somebody says to proposals. What somebody else decided before stays as it is;
    /// the answer says who it was.
    ///
    /// # Errors
    /// Conflict when a single verdict was given and could not be stored; invalid for none or for
    /// too many.
    async fn relation_decide(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        verdicts: Vec<Verdict>,
    ) -> Result<Decided, AppError>;

    /// Adds a relation that is not proposed, as accepted. Types that do not go together are a
    /// warning in the answer.
    ///
    /// # Errors
    /// Invalid for columns that are not there; conflict when the source declares it, or somebody
    /// has decided about it already.
    async fn relation_add(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        new: NewRelation,
    ) -> Result<Relation, AppError>;

    /// Takes a verdict back, by its number, and answers with what it was about. What the rule
    /// still proposes is proposed again.
    ///
    /// # Errors
    /// Not found when there is no such verdict (any more).
    async fn relation_withdraw(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        verdict: i64,
    ) -> Result<Relation, AppError>;
}
