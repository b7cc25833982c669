//! Verdicts as people give them and take them back.

use crate::audit::Entry;
use crate::clock::now;
use crate::database::database_not_found;
use crate::error::OrAnswer as _;
use crate::relation::PATIENCE;
use crate::services::Services;
use contract::context::Ctx;
use contract::error::AppError;
use model::id::{ColumnId, DatabaseId};
use model::relation::verdict::{
    Decided, NOTE_MAX_CHARS, NewRelation, RELATION_COLUMNS_MAX, Relation, RelationKey,
    RelationState, VERDICTS_MAX, Verdict,
};
use model::relation::{End, Target};
use model::schema::QualifiedName;
use model::time::Timestamp;
use serde_json::{Value, json};
use std::collections::HashMap;
use store::relations::{ColumnPlace, NewVerdict, VerdictScope, VerdictWritten};

/// What the trail tells of a verdict.
fn changes(relation: &Relation, before: Option<&str>, after: Option<&str>) -> Value {
    let mut changes = json!({ "verdict": { "before": before, "after": after } });
    let note = relation.decision.as_ref().and_then(|it| it.note.as_ref());
    if let Some(fields) = changes.as_object_mut() {
        for (name, value) in [
            ("relation", json!(relation.sentence())),
            ("confidence", json!(relation.confidence)),
            ("reason", json!(relation.reason)),
            ("note", json!(note)),
        ] {
            let is_after = after.is_some();
            let sides = if is_after {
                json!({ "before": null, "after": value })
            } else {
                json!({ "before": value, "after": null })
            };
            if !value.is_null() && value != "" {
                fields.insert(name.to_owned(), sides);
            }
        }
    }
    changes
}

/// Its name in the trail: both ends with their schemas.
fn trail_name(relation: &Relation) -> String {
    let ends: Vec<String> = relation.targets().iter().map(ToString::to_string).collect();
    format!("{} → {}", relation.from, ends.join(" | "))
}

/// A note, trimmed and of a length that is kept.
fn note(text: Option<String>) -> Result<Option<String>, AppError> {
    let text = text.map(|text| text.trim().replace('\0', ""));
    let text = text.filter(|text| !text.is_empty());
    if text
        .as_ref()
        .is_some_and(|text| text.chars().count() > NOTE_MAX_CHARS)
    {
        return Err(AppError::invalid_field(
            "note",
            format!("A note has at most {NOTE_MAX_CHARS} characters."),
        ));
    }
    Ok(text)
}

/// Says that somebody was faster.
fn decided_already(sentence: &str, accepted: bool, by: Option<&str>, at: Timestamp) -> String {
    let who = by.unwrap_or("Somebody");
    let what = if accepted { "accepted" } else { "rejected" };
    format!("{who} {what} this {}: {sentence}.", at.ago(now()))
}

/// The verdict on a relation that is proposed; none where its columns are gone.
fn verdict_on(
    relation: &Relation,
    places: &HashMap<ColumnId, ColumnPlace>,
    accepted: bool,
    note: Option<String>,
    among: Vec<ColumnId>,
) -> Option<NewVerdict> {
    let there = |id: &ColumnId| places.get(id).filter(|place| !place.gone);
    let child = there(relation.key.from().first()?)?.table_id;
    let parent = match relation.key.to().first() {
        Some(first) => Some(there(first)?.table_id),
        None => None,
    };
    let state = if accepted { "accepted" } else { "rejected" };
    let mut changes = changes(relation, None, Some(state));
    if let (Some(fields), Some(note)) = (changes.as_object_mut(), &note) {
        let after = json!({ "before": null, "after": note });
        fields.insert("note".to_owned(), after);
    }
    Some(NewVerdict {
        key: relation.key.clone(),
        child,
        parent,
        among,
        is_accepted: accepted,
        is_by_hand: false,
        confidence: relation.confidence,
        reason: relation.reason.clone(),
        name: trail_name(relation),
        changes,
        note,
    })
}

impl Services {
    /// Stores verdicts that were checked.
    async fn verdicts_store(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        verdicts: &[NewVerdict],
    ) -> Result<Vec<VerdictWritten>, AppError> {
        let audit = Entry::new("CREATE", "relation").by(ctx);
        let written = self.store.relation_verdicts_write(id, verdicts, &audit);
        written.await.or_answer(ctx)
    }

    /// Keeps what somebody says to proposals.
    pub(super) async fn verdicts_give(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        verdicts: Vec<Verdict>,
    ) -> Result<Decided, AppError> {
        self.editable(ctx, id).await?;
        if verdicts.is_empty() {
            return Err(AppError::invalid_field(
                "relation",
                "Check the relations that you mean.",
            ));
        }
        if verdicts.len() > VERDICTS_MAX {
            return Err(AppError::invalid_field(
                "relation",
                format!("At most {VERDICTS_MAX} relations are decided at once."),
            ));
        }
        let is_single = verdicts.len() == 1;
        let proposed = self.proposals(ctx, id, PATIENCE).await?;
        let open: HashMap<&RelationKey, &Relation> = proposed
            .relations
            .iter()
            .map(|relation| (&relation.key, relation))
            .collect();
        let known = self.store.relation_verdicts(id, VerdictScope::All);
        let known: HashMap<RelationKey, Relation> = known
            .await
            .or_answer(ctx)?
            .into_iter()
            .map(|verdict| (verdict.relation.key.clone(), verdict.relation))
            .collect();
        let named: Vec<(&QualifiedName, &str)> = verdicts
            .iter()
            .filter_map(|verdict| open.get(&verdict.key))
            .filter(|relation| relation.key.type_column().is_some())
            .flat_map(|relation| relation.targets())
            .filter_map(|end| Some((&end.table, end.columns.first()?.as_str())))
            .collect();
        let among = self.store.column_places_named(id, &named).await;
        let among: HashMap<(&QualifiedName, &str), ColumnId> = named
            .iter()
            .copied()
            .zip(among.or_answer(ctx)?)
            .filter_map(|(name, found)| Some((name, found?.0)))
            .collect();
        let ids: Vec<ColumnId> = verdicts
            .iter()
            .flat_map(|verdict| {
                let key = &verdict.key;
                let columns = key.from().iter().chain(key.to()).copied();
                columns.chain(key.type_column())
            })
            .collect();
        let places = self.store.column_places(id, &ids).await.or_answer(ctx)?;

        let mut outcome = Decided::default();
        let mut contradicted = false;
        let mut fresh: Vec<(NewVerdict, String)> = Vec::new();
        for verdict in verdicts {
            let said = note(verdict.note)?;
            if let Some(relation) = known.get(&verdict.key) {
                let accepted = relation.state == RelationState::Accepted;
                contradicted |= accepted != verdict.accepted;
                if let Some(decision) = &relation.decision {
                    let sentence = relation.sentence();
                    let by = decision.by.as_deref();
                    let told = decided_already(&sentence, accepted, by, decision.at);
                    outcome.refused.push(told);
                }
                continue;
            }
            let new = open.get(&verdict.key).and_then(|relation| {
                let among = match &relation.to {
                    Target::Key(_) => Vec::new(),
                    Target::Polymorphic { among: ends, .. } => ends
                        .iter()
                        .filter_map(|end| {
                            let column = end.columns.first()?.as_str();
                            among.get(&(&end.table, column)).copied()
                        })
                        .collect(),
                };
                let new = verdict_on(relation, &places, verdict.accepted, said, among)?;
                Some((new, relation.sentence()))
            });
            match new {
                Some(new) => fresh.push(new),
                None => {
                    contradicted = true;
                    outcome.refused.push(
                        "This relation is not proposed any more; its source may have changed. \
                         Reload the page."
                            .to_owned(),
                    );
                }
            }
        }
        let (fresh, sentences): (Vec<NewVerdict>, Vec<String>) = fresh.into_iter().unzip();
        let written = match fresh.as_slice() {
            [] => Vec::new(),
            fresh => self.verdicts_store(ctx, id, fresh).await?,
        };
        for ((written, verdict), sentence) in written.into_iter().zip(&fresh).zip(sentences) {
            match written {
                VerdictWritten::Stored(_) => outcome.stored += 1,
                VerdictWritten::Decided {
                    is_accepted,
                    by,
                    at,
                    ..
                } => {
                    contradicted |= is_accepted != verdict.is_accepted;
                    let told = decided_already(&sentence, is_accepted, by.as_deref(), at);
                    outcome.refused.push(told);
                }
                VerdictWritten::Gone => {
                    contradicted = true;
                    let gone = format!("Its columns are not there any more: {sentence}.");
                    outcome.refused.push(gone);
                }
            }
        }
        match outcome.refused.as_slice() {
            [told] if is_single && contradicted => Err(AppError::conflict(told.clone())),
            _ => Ok(outcome),
        }
    }

    /// Adds a relation that is not proposed, as accepted.
    pub(super) async fn relation_by_hand(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        new: NewRelation,
    ) -> Result<Relation, AppError> {
        self.editable(ctx, id).await?;
        if self.store.source_fetch(id).await.or_answer(ctx)?.is_none() {
            return Err(database_not_found());
        }
        let said = note(new.note)?;
        let count = new.from_columns.len();
        if count == 0 || count > RELATION_COLUMNS_MAX || new.to_columns.len() != count {
            return Err(AppError::invalid_field(
                "from",
                "Choose for each column that refers the one that it refers to.",
            ));
        }
        let mut ends = Vec::new();
        for (field, text, columns) in [
            ("from", &new.from_table, &new.from_columns),
            ("to", &new.to_table, &new.to_columns),
        ] {
            let choice = self.table_meant(ctx, id, text).await?;
            let (table, _) = choice
                .found
                .map_err(|reason| AppError::invalid_field(field, reason))?;
            // PostgreSQL refuses to be asked for such a name.
            if columns.iter().any(|name| name.contains('\0')) {
                let reason = format!("Table {table} has no column of this name.");
                return Err(AppError::invalid_field(field, reason));
            }
            let names: Vec<(&QualifiedName, &str)> =
                columns.iter().map(|name| (&table, name.as_str())).collect();
            let places = self.store.column_places_named(id, &names).await;
            let mut found = Vec::new();
            for (place, column) in places.or_answer(ctx)?.into_iter().zip(columns) {
                let missing = || {
                    let reason = format!("Table {table} has no column {column}.");
                    AppError::invalid_field(field, reason)
                };
                found.push(place.ok_or_else(missing)?);
            }
            ends.push((table, found));
        }
        let (Some((to, to_places)), Some((from, from_places))) = (ends.pop(), ends.pop()) else {
            return Err(AppError::internal());
        };
        let pairs: Vec<(ColumnId, ColumnId)> = from_places
            .iter()
            .zip(&to_places)
            .map(|((from, _), (to, _))| (*from, *to))
            .collect();
        if pairs.iter().all(|(from, to)| from == to) {
            return Err(AppError::invalid_field(
                "to",
                "A column does not refer to itself.",
            ));
        }
        let key = RelationKey::of_pairs(pairs).ok_or_else(|| {
            AppError::invalid_field("from", "Each column can be chosen once at each end.")
        })?;
        let (Some((_, child)), Some((_, parent))) = (from_places.first(), to_places.first()) else {
            return Err(AppError::internal());
        };
        let (child, parent) = (child.table_id, parent.table_id);
        let declared = self.store.declared_keys(&[child]).await.or_answer(ctx)?;
        if let Some(declared) = declared
            .iter()
            .find(|it| it.joins(&new.from_columns, parent, &new.to_columns))
        {
            return Err(AppError::conflict(format!(
                "The source declares this itself, as {}.",
                declared.name
            )));
        }
        let end = |table: QualifiedName, columns: Vec<String>| End::new(table, columns);
        let relation = Relation {
            key: key.clone(),
            state: RelationState::Proposed,
            from: end(from, new.from_columns),
            to: Target::Key(end(to, new.to_columns)),
            confidence: None,
            reason: String::new(),
            one_to_one: false,
            optional: false,
            warning: None,
            decision: None,
        };
        let places: HashMap<ColumnId, ColumnPlace> =
            from_places.into_iter().chain(to_places).collect();
        let verdict = verdict_on(&relation, &places, true, said, Vec::new());
        let mut verdict = verdict.ok_or_else(AppError::internal)?;
        verdict.is_by_hand = true;
        let sentence = relation.sentence();
        let written = self.verdicts_store(ctx, id, &[verdict]).await?.pop();
        match written {
            Some(VerdictWritten::Stored(number)) => {
                let stored = self.store.relation_verdicts(id, VerdictScope::One(number));
                let stored = stored.await.or_answer(ctx)?.pop();
                let stored = stored.ok_or_else(|| AppError::not_found("This relation"))?;
                Ok(stored.relation)
            }
            Some(VerdictWritten::Decided {
                is_accepted,
                by,
                at,
                ..
            }) => {
                let told = decided_already(&sentence, is_accepted, by.as_deref(), at);
                Err(AppError::conflict(told))
            }
            Some(VerdictWritten::Gone) | None => Err(AppError::conflict(
                "Its columns are not there any more. Reload the page.",
            )),
        }
    }

    /// Takes a verdict back.
    pub(super) async fn verdict_withdraw(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        verdict: i64,
    ) -> Result<Relation, AppError> {
        self.editable(ctx, id).await?;
        let missing = || AppError::not_found("This verdict");
        let stored = self.store.relation_verdicts(id, VerdictScope::One(verdict));
        let stored = stored.await.or_answer(ctx)?.pop().ok_or_else(missing)?;
        let relation = stored.relation;
        let before = Some(relation.state.as_str());
        let audit = Entry::new("DELETE", "relation")
            .of(verdict, &trail_name(&relation))
            .with(changes(&relation, before, None))
            .by(ctx);
        let gone = self.store.relation_verdict_withdraw(id, verdict, &audit);
        match gone.await.or_answer(ctx)? {
            true => Ok(relation),
            false => Err(missing()),
        }
    }
}
