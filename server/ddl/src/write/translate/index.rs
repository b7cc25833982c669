//! Indexes.

use super::table::serves_key;
use super::{Work, expression};
use model::provider::Provider;
use model::schema::{ConstraintKind, Index, IndexPart, Table};

impl Work<'_> {
    pub(super) fn index(&mut self, table: &Table, made: &mut Table, index: &Index) {
        if serves_key(index.constraint) {
            let mut index = index.clone();
            if index.constraint == Some(ConstraintKind::PrimaryKey) {
                index.name = made
                    .primary_key
                    .as_ref()
                    .map_or(index.name, |key| key.name.clone());
            }
            made.indexes.push(index);
            return;
        }
        if index.constraint.is_some() {
            // The exclusion constraint that it serves is noted.
            return;
        }
        let columns = self.speakable(table);
        let mut left: Option<&str> = None;
        // What an ordinary index is called; the order of rows on disk is not carried over.
        let plain = ["btree", "", "hash", "clustered", "nonclustered"];
        if !plain.contains(&index.method.as_str()) {
            left = Some("its method has no equal");
        }
        let mut parts = Vec::new();
        for part in &index.parts {
            match self.part(part, &columns) {
                Some(part) => parts.push(part),
                None => left = Some("one of its expressions has no equal"),
            }
        }
        let predicate = match (&index.predicate, self.target) {
            (None, _) => None,
            (Some(_), Provider::MySql | Provider::Oracle) => {
                left = Some("it has no partial indexes");
                None
            }
            (Some(predicate), _) => {
                let translated =
                    expression::translate(predicate, self.source, self.target, &columns);
                if translated.is_none() {
                    left = Some("its condition has no equal");
                }
                translated
            }
        };
        let name = made.name.clone();
        if let Some(reason) = left {
            let texts: Vec<&str> = index.parts.iter().map(|part| part.text.as_str()).collect();
            let unique = if index.unique { "UNIQUE " } else { "" };
            let condition = index
                .predicate
                .as_ref()
                .map(|predicate| format!(" WHERE {predicate}"))
                .unwrap_or_default();
            let words = format!(
                "An index that {} is not given, as {reason}: {unique}INDEX {} USING {} ({}){condition}",
                self.target,
                index.name,
                index.method,
                texts.join(", ")
            );
            self.out.note(&name, words);
            return;
        }
        let keeps = matches!(self.target, Provider::PostgreSql | Provider::SqlServer);
        if !keeps && !index.include.is_empty() {
            let words = format!(
                "The index {} includes {}.",
                index.name,
                index.include.join(", ")
            );
            self.out.note(&name, words);
        }
        made.indexes.push(Index {
            name: index.name.clone(),
            method: "btree".to_owned(),
            unique: index.unique,
            parts,
            include: match keeps {
                true => index.include.clone(),
                false => Vec::new(),
            },
            predicate,
            constraint: None,
        });
    }

    /// A part in the words of the target; of what follows a column only the order is kept.
    fn part(&self, part: &IndexPart, columns: &[String]) -> Option<IndexPart> {
        if let Some(column) = &part.column {
            let upper = part.text.to_ascii_uppercase();
            let order = if upper.split_whitespace().any(|word| word == "DESC") {
                " DESC"
            } else {
                ""
            };
            let name = expression::quoted(column, self.target, false);
            return Some(IndexPart {
                column: Some(column.clone()),
                text: format!("{name}{order}"),
            });
        }
        let expression = expression::translate(&part.text, self.source, self.target, columns)?;
        match self.target {
            // It indexes columns alone.
            Provider::SqlServer => None,
            _ => Some(IndexPart {
                column: None,
                text: format!("({expression})"),
            }),
        }
    }
}
