//! What is proposed for a database, worked out once for each state of it and kept in memory: it
//! follows from what is stored and is no fact, so it is not stored as one.

use crate::error::{Fault, OrAnswer as _};
use crate::services::Services;
use contract::context::Ctx;
use contract::error::AppError;
use model::id::{ColumnId, DatabaseId};
use model::relation::verdict::{Relation, RelationKey, RelationState};
use model::relation::{ColumnNote, Hints, Options, Proposal, Target, propose};
use model::schema::QualifiedName;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::relations::{ColumnPlace, RelationStamp, VerdictScope};

/// Proposals of so many databases are kept; those asked for the longest ago go first.
const DATABASES_MAX: usize = 8;
/// So many proposals of one database are kept, the surest.
const PROPOSALS_MAX: usize = 50_000;
/// From so many proposals on, those of before the last verdict are good enough while what it
/// teaches is worked out.
const MANY: usize = 1_000;

/// What is proposed for one state of a database.
#[derive(Debug)]
pub(crate) struct Proposed {
    /// Names the state.
    pub(crate) stamp: RelationStamp,
    /// The proposals, verdicts left out of account but for accepted ones.
    pub(crate) relations: Vec<Relation>,
}

/// The proposals that are kept. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct ProposalCache {
    kept: Arc<Mutex<Kept>>,
}

/// Those of some databases; the one asked for last stands last.
type Kept = Vec<(DatabaseId, Arc<Proposed>)>;

impl ProposalCache {
    /// What was proposed for the same structure and notes, perhaps before something else was accepted.
    fn get(&self, id: &DatabaseId, stamp: &RelationStamp) -> Option<Arc<Proposed>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(known, _)| known == id)?;
        let found = kept.remove(at);
        let proposed = found.1.clone();
        kept.push(found);
        let is_same = proposed.stamp.structure == stamp.structure
            && proposed.stamp.notes == stamp.notes
            && proposed.stamp.database_name == stamp.database_name;
        is_same.then_some(proposed)
    }

    fn put(&self, id: &DatabaseId, proposed: Arc<Proposed>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(known, _)| known != id);
        if kept.len() >= DATABASES_MAX {
            kept.remove(0);
        }
        kept.push((id.clone(), proposed));
    }
}

impl Services {
    /// What is proposed for a database. The caller has asked whether it may be read.
    ///
    /// # Errors
    /// Unavailable when it takes longer than `patience`; the work goes on, so that whoever asks
    /// again finds it done.
    pub(crate) async fn proposals(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        patience: Duration,
    ) -> Result<Arc<Proposed>, AppError> {
        let stamp = self.store.relation_stamp(id).await.or_answer(ctx)?;
        let stamp = stamp.ok_or_else(|| AppError::not_found("This database"))?;
        let known = self.proposals.get(id, &stamp);
        if let Some(known) = known.as_ref().filter(|known| known.stamp == stamp) {
            return Ok(known.clone());
        }
        let (services, own_ctx, own_id) = (self.clone(), ctx.clone(), id.clone());
        let work = tokio::spawn(async move { services.work_out(&own_ctx, &own_id).await });
        // Whoever decides about thousands does not wait after each for what that teaches the rule.
        if let Some(known) = known.filter(|known| known.relations.len() >= MANY) {
            return Ok(known);
        }
        match tokio::time::timeout(patience, work).await {
            Ok(done) => done.map_err(Fault::from).or_answer(ctx)?,
            Err(_) => Err(AppError::unavailable(
                "The relations of this database are still being worked out; \
                 please try again in a moment.",
            )),
        }
    }

    async fn work_out(&self, ctx: &Ctx, id: &DatabaseId) -> Result<Arc<Proposed>, AppError> {
        let turn = self.proposing.wait().await;
        // While we waited, more may have been decided, and somebody else may have worked it out.
        let stamp = self.store.relation_stamp(id).await.or_answer(ctx)?;
        let stamp = stamp.ok_or_else(|| AppError::not_found("This database"))?;
        let known = self.proposals.get(id, &stamp);
        if let Some(known) = known.filter(|known| known.stamp == stamp) {
            return Ok(known);
        }
        let schema = self.structure(ctx, id).await?;
        let accepted = self.store.relation_verdicts(id, VerdictScope::Accepted);
        let accepted = accepted
            .await
            .or_answer(ctx)?
            .into_iter()
            .filter_map(|verdict| match verdict.relation.to {
                Target::Key(to) => Some((verdict.relation.from, to)),
                Target::Polymorphic { .. } => None,
            })
            .collect();
        let notes = self.store.column_notes(id).await.or_answer(ctx)?;
        let hints = Hints {
            joins: Vec::new(),
            notes: notes
                .into_iter()
                .map(|(table, column, text)| ColumnNote {
                    table,
                    column,
                    text,
                })
                .collect(),
            accepted,
        };
        let proposals = tokio::task::spawn_blocking(move || {
            let proposals = propose(&schema, &hints, Options::default());
            drop(turn);
            proposals
        })
        .await
        .map_err(Fault::from)
        .or_answer(ctx)?;
        let relations = self.resolved(ctx, id, proposals).await?;
        let proposed = Arc::new(Proposed { stamp, relations });
        self.proposals.put(id, proposed.clone());
        Ok(proposed)
    }

    /// Proposals with the ids of their columns; those whose columns the catalog does not have
    /// fall out.
    async fn resolved(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        mut proposals: Vec<Proposal>,
    ) -> Result<Vec<Relation>, AppError> {
        if proposals.len() > PROPOSALS_MAX {
            proposals.sort_by(|one, other| other.confidence.total_cmp(&one.confidence));
            proposals.truncate(PROPOSALS_MAX);
        }
        let mut names: Vec<(&QualifiedName, &str)> =
            proposals.iter().flat_map(columns_of).collect();
        names.sort_unstable();
        names.dedup();
        let places = self.store.column_places_named(id, &names).await;
        let places: Places<'_> = names
            .iter()
            .copied()
            .zip(places.or_answer(ctx)?)
            .filter_map(|(name, place)| Some((name, place?)))
            .collect();
        Ok(proposals
            .iter()
            .filter_map(|proposal| relation_of(proposal, &places))
            .collect())
    }
}

type Places<'a> = HashMap<(&'a QualifiedName, &'a str), (ColumnId, ColumnPlace)>;

/// Every column that a proposal names.
fn columns_of(proposal: &Proposal) -> Vec<(&QualifiedName, &str)> {
    let mut ends = vec![&proposal.from];
    let mut columns = Vec::new();
    match &proposal.to {
        Target::Key(to) => ends.push(to),
        Target::Polymorphic { type_column, among } => {
            columns.push((&proposal.from.table, type_column.as_str()));
            ends.extend(among);
        }
    }
    for end in ends {
        columns.extend(end.columns.iter().map(|name| (&end.table, name.as_str())));
    }
    columns
}

fn relation_of(proposal: &Proposal, places: &Places<'_>) -> Option<Relation> {
    let id = |table, column| Some(places.get(&(table, column))?.0);
    let own = &proposal.from;
    let key = match &proposal.to {
        Target::Key(to) => {
            let pairs: Option<Vec<(ColumnId, ColumnId)>> = own
                .columns
                .iter()
                .zip(&to.columns)
                .map(|(from, key)| Some((id(&own.table, from)?, id(&to.table, key)?)))
                .collect();
            RelationKey::of_pairs(pairs?)?
        }
        Target::Polymorphic { type_column, .. } => {
            let row = id(&own.table, own.columns.first()?)?;
            RelationKey::of_pair(row, id(&own.table, type_column)?)
        }
    };
    Some(Relation {
        key,
        state: RelationState::Proposed,
        from: proposal.from.clone(),
        to: proposal.to.clone(),
        confidence: Some(proposal.confidence.clamp(0.0, 1.0)),
        reason: proposal.reason.clone(),
        one_to_one: proposal.one_to_one,
        optional: proposal.optional,
        warning: None,
        decision: None,
    })
}
