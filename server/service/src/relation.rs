//! Relations that no source declares: what is proposed, and what people say to it.

mod page;
pub(crate) mod proposals;
mod verdict;

use crate::error::OrAnswer as _;
use crate::services::Services;
use async_trait::async_trait;
use contract::context::Ctx;
use contract::error::{AppError, ErrorKind};
use contract::relation::Relations;
use model::catalog::RELATIONS_MAX;
use model::id::{DatabaseId, TableId};
use model::relation::verdict::{
    Adding, Decided, NewRelation, Relation, RelationKey, RelationPage, RelationQuery, TableChoice,
    Verdict,
};
use model::schema::QualifiedName;
use std::collections::HashSet;
use std::time::Duration;
use store::relations::VerdictScope;

/// So long somebody waits for proposals who asked for them.
pub(crate) const PATIENCE: Duration = Duration::from_secs(15);
/// So long a page waits that has other things to show.
const PATIENCE_BESIDE: Duration = Duration::from_millis(1_500);

impl Services {
    /// Relations of a table that no source declares, accepted or proposed, the surest first; and
    /// whether the proposals are still being worked out.
    pub(crate) async fn relations_of_table(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        table: TableId,
        name: &QualifiedName,
    ) -> Result<(Vec<Relation>, bool), AppError> {
        let verdicts = self.store.relation_verdicts(id, VerdictScope::Table(table));
        let verdicts = verdicts.await.or_answer(ctx)?;
        let decided: HashSet<RelationKey> = verdicts
            .iter()
            .map(|verdict| verdict.relation.key.clone())
            .collect();
        let mut relations: Vec<Relation> = verdicts
            .into_iter()
            .map(|verdict| verdict.relation)
            .filter(Relation::is_drawable)
            .collect();
        // A page of a table stands without them.
        let proposed = self.proposals(ctx, id, PATIENCE_BESIDE).await;
        let is_pending = matches!(&proposed, Err(error) if error.kind == ErrorKind::Unavailable);
        if let Ok(proposed) = proposed {
            let ours = proposed
                .relations
                .iter()
                .filter(|relation| relation.touches(name) && !decided.contains(&relation.key));
            relations.extend(ours.cloned());
        }
        relations.sort_by(|one, other| {
            let sure = |relation: &Relation| relation.confidence.unwrap_or(1.0);
            let order = one.state.cmp(&other.state).reverse();
            order.then(sure(other).total_cmp(&sure(one)))
        });
        relations.truncate(RELATIONS_MAX);
        Ok((relations, is_pending))
    }

    /// Relations of a database that a picture may show: those accepted, and, where asked for,
    /// those proposed.
    pub(crate) async fn relations_drawable(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        with_proposed: bool,
    ) -> Result<Vec<Relation>, AppError> {
        let scope = if with_proposed {
            VerdictScope::All
        } else {
            VerdictScope::Accepted
        };
        let verdicts = self
            .store
            .relation_verdicts(id, scope)
            .await
            .or_answer(ctx)?;
        let decided: HashSet<RelationKey> = verdicts
            .iter()
            .map(|verdict| verdict.relation.key.clone())
            .collect();
        let mut relations: Vec<Relation> = verdicts
            .into_iter()
            .map(|verdict| verdict.relation)
            .filter(Relation::is_drawable)
            .collect();
        if with_proposed {
            let proposed = self.proposals(ctx, id, PATIENCE).await?;
            let open = proposed.relations.iter();
            relations.extend(open.filter(|it| !decided.contains(&it.key)).cloned());
        }
        Ok(relations)
    }

    /// The table that somebody means.
    async fn table_meant(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        text: &str,
    ) -> Result<TableChoice, AppError> {
        let text = text.trim();
        let mut meant = match text {
            "" => Vec::new(),
            // Nothing in PostgreSQL is called so, and it refuses to be asked.
            text if text.contains('\0') => Vec::new(),
            text => self.store.tables_meant(id, text).await.or_answer(ctx)?,
        };
        let found = match (meant.pop(), meant.is_empty(), text) {
            (_, _, "") => Err("Name a table.".to_owned()),
            (None, ..) => Err(format!("Nothing is called {text}.")),
            (Some(only), true, _) => Ok(only),
            (Some(_), false, _) => Err(format!(
                "{text} is more than one table; write its schema too."
            )),
        };
        Ok(TableChoice {
            text: text.to_owned(),
            found,
        })
    }
}

#[async_trait]
impl Relations for Services {
    async fn relation_list(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        query: RelationQuery,
    ) -> Result<RelationPage, AppError> {
        self.readable(ctx, id).await?;
        let proposed = self.proposals(ctx, id, PATIENCE).await?;
        let verdicts = self.store.relation_verdicts(id, VerdictScope::All);
        let verdicts = verdicts.await.or_answer(ctx)?;
        let decided: HashSet<&RelationKey> = verdicts
            .iter()
            .map(|verdict| &verdict.relation.key)
            .collect();
        let open = proposed
            .relations
            .iter()
            .filter(|relation| !decided.contains(&relation.key));
        let all = verdicts.iter().map(|verdict| &verdict.relation).chain(open);
        let listed = page::page(all, &query)?;
        let adding = match &query.adding {
            Some((from, to)) => Some(Adding {
                from: self.table_meant(ctx, id, from).await?,
                to: self.table_meant(ctx, id, to).await?,
            }),
            None => None,
        };
        Ok(RelationPage {
            database_id: id.clone(),
            database_name: proposed.stamp.database_name.clone(),
            access: self.access_to(ctx, id).await?,
            rows: listed.rows,
            total: listed.total,
            next: listed.next,
            counts: listed.counts,
            schemas: listed.schemas,
            adding,
        })
    }

    async fn relation_decide(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        verdicts: Vec<Verdict>,
    ) -> Result<Decided, AppError> {
        self.verdicts_give(ctx, id, verdicts).await
    }

    async fn relation_add(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        new: NewRelation,
    ) -> Result<Relation, AppError> {
        self.relation_by_hand(ctx, id, new).await
    }

    async fn relation_withdraw(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        verdict: i64,
    ) -> Result<Relation, AppError> {
        self.verdict_withdraw(ctx, id, verdict).await
    }
}
