//! What goes away.

use super::draft::{Draft, RelationId};
use super::expression;
use super::lexer::Rules;
use super::reading::Reading;
use crate::cursor::{Cursor, Read};
use model::schema::{ConstraintKind, TableKind};

impl Draft {
    /// Removes a relation with its indexes and triggers.
    pub(crate) fn remove(&mut self, id: RelationId) {
        if let Some(entry) = self.entries.get_mut(id).and_then(Option::take) {
            self.forget_name(id, &entry.table.name);
            self.triggers.retain(|(table, _)| *table != id);
        }
    }

    /// Removes the foreign keys that point at a relation.
    pub(crate) fn remove_pointing(&mut self, id: RelationId) {
        let Some(name) = self.table(id).map(|table| table.name.clone()) else {
            return;
        };
        for at in 0..self.entries.len() {
            let naming = self.naming;
            if let Some(entry) = self.entry_mut(at).filter(|_| at != id) {
                entry.keep_keys(|key| {
                    !(naming.same(&key.target.schema, &name.schema)
                        && naming.same(&key.target.name, &name.name))
                });
            }
        }
    }

    /// Removes all relations of a schema.
    pub(crate) fn remove_schema(&mut self, schema: &str) {
        let all: Vec<RelationId> = self
            .entries
            .iter()
            .enumerate()
            .filter(|(_, entry)| {
                entry
                    .as_ref()
                    .is_some_and(|entry| self.naming.same(&entry.table.name.schema, schema))
            })
            .map(|(id, _)| id)
            .collect();
        for id in all {
            self.remove(id);
        }
    }

    /// Removes an index of a table; whether there was one.
    pub(crate) fn remove_index(&mut self, id: RelationId, name: &str) -> bool {
        let naming = self.naming;
        let Some(table) = self.table_mut(id) else {
            return false;
        };
        let before = table.indexes.len();
        table
            .indexes
            .retain(|index| !naming.same(&index.name, name));
        table.indexes.len() < before
    }

    /// Removes a constraint of a table; whether there was one.
    pub(crate) fn remove_constraint(&mut self, id: RelationId, name: &str) -> bool {
        let found = self.has_constraint(id, name);
        let naming = self.naming;
        let same = |other: &str| naming.same(other, name);
        let Some(entry) = self.entry_mut(id) else {
            return false;
        };
        let defaults: Vec<String> = entry
            .defaults
            .iter()
            .filter(|(default, _)| same(default))
            .map(|(_, column)| column.clone())
            .collect();
        entry.defaults.retain(|(default, _)| !same(default));
        entry.keep_keys(|key| !same(&key.name));
        let table = &mut entry.table;
        let keys = table.unique_keys.iter().chain(&table.primary_key);
        let columns: Vec<String> = keys
            .filter(|key| same(&key.name))
            .flat_map(|key| key.columns.clone())
            .collect();
        table
            .indexes
            .retain(|index| index.constraint.is_none() || !same(&index.name));
        // An index that was there before the key stays after it.
        for index in &mut table.indexes {
            let parts = index.parts.iter().map(|part| part.column.as_ref());
            if index.constraint.is_some()
                && !columns.is_empty()
                && parts.eq(columns.iter().map(Some))
            {
                index.constraint = None;
            }
        }
        table.unique_keys.retain(|key| !same(&key.name));
        table.checks.retain(|check| !same(&check.name));
        table.primary_key.take_if(|key| same(&key.name));
        for column in defaults {
            if let Some(column) = self.column_mut(id, &column) {
                column.default = None;
            }
        }
        found
    }

    /// Removes a column with all that rests on it.
    pub(crate) fn remove_column(&mut self, id: RelationId, name: &str, rules: Rules) {
        let naming = self.naming;
        let same = |other: &String| naming.same(other, name);
        let Some(entry) = self.entry_mut(id) else {
            return;
        };
        entry.keep_keys(|key| !key.columns.iter().any(same));
        entry.defaults.retain(|(_, column)| !same(column));
        let table = &mut entry.table;
        table.columns.retain(|column| !same(&column.name));
        table.indexes.retain(|index| {
            !index.include.iter().any(same)
                && !index.parts.iter().any(|part| match &part.column {
                    Some(column) => same(column),
                    None => expression::mentions(&part.text, rules, naming, name),
                })
        });
        table
            .unique_keys
            .retain(|key| !key.columns.iter().any(same));
        table
            .primary_key
            .take_if(|key| key.columns.iter().any(same));
        table
            .checks
            .retain(|check| !expression::mentions(&check.expression, rules, naming, name));
    }

    /// Removes the primary key, or the unique key of some columns; whether there was one.
    pub(crate) fn remove_key(&mut self, id: RelationId, columns: Option<&[String]>) -> bool {
        let naming = self.naming;
        let Some(table) = self.table(id) else {
            return false;
        };
        let name = match columns {
            None => table.primary_key.as_ref().map(|key| key.name.clone()),
            Some(columns) => table
                .unique_keys
                .iter()
                .find(|key| {
                    key.columns.len() == columns.len()
                        && key
                            .columns
                            .iter()
                            .zip(columns)
                            .all(|(one, two)| naming.same(one, two))
                })
                .map(|key| key.name.clone()),
        };
        name.is_some_and(|name| self.remove_constraint(id, &name))
    }
}

impl super::draft::Entry {
    /// Keeps only some foreign keys.
    fn keep_keys(&mut self, keep: impl Fn(&model::schema::ForeignKey) -> bool) {
        let mut places = std::mem::take(&mut self.places).into_iter();
        let mut kept = Vec::new();
        self.table.foreign_keys.retain(|key| {
            let place = places.next();
            let keep = keep(key);
            if keep {
                kept.extend(place);
            }
            keep
        });
        self.places = kept;
    }
}

impl Reading<'_> {
    /// Reads what follows `DROP`; `lenient` where what is not there may be dropped.
    pub(crate) fn drop(&mut self, mut cursor: Cursor<'_>, lenient: bool) -> Read<()> {
        let whole = cursor.clone();
        if cursor.is_any(&["TABLE", "VIEW"]) || cursor.are(&["MATERIALIZED", "VIEW"]) {
            let view = !cursor.is("TABLE");
            cursor.accept("MATERIALIZED");
            cursor.step();
            let lenient = cursor.accept_all(&["IF", "EXISTS"]) || lenient;
            loop {
                let name = self.name(&mut cursor)?;
                match self.find(&name) {
                    Some(id) => {
                        let is_view = self.draft.table(id).is_some_and(|table| {
                            matches!(table.kind, TableKind::View | TableKind::MaterializedView)
                        });
                        if is_view != view {
                            return Err(cursor.fault(format!("“{name}” is of another kind.")));
                        }
                        if cursor.is("CASCADE") {
                            self.draft.remove_pointing(id);
                        }
                        self.draft.remove(id);
                    }
                    None if lenient => {}
                    None => {
                        self.relation(&name)?;
                    }
                }
                if !cursor.accept_symbol(b',') {
                    break;
                }
            }
            self.pass_drop(&whole);
            return Ok(());
        }
        if cursor.accept("INDEX") {
            let lenient = cursor.accept_all(&["IF", "EXISTS"]) || lenient;
            loop {
                self.drop_index(&mut cursor, lenient)?;
                if !cursor.accept_symbol(b',') {
                    break;
                }
            }
            self.pass_drop(&whole);
            return Ok(());
        }
        if cursor.accept("TRIGGER") {
            cursor.accept_all(&["IF", "EXISTS"]);
            let name = self.name(&mut cursor)?;
            let naming = self.grammar.naming;
            self.draft
                .triggers
                .retain(|(_, trigger)| !naming.same(&trigger.name, &name.name));
            self.pass_drop(&whole);
            return Ok(());
        }
        let routine = cursor.is_any(&["PROCEDURE", "PROC", "FUNCTION", "PACKAGE"]);
        let sequence = cursor.is("SEQUENCE");
        let domain = cursor.is("TYPE");
        if routine || sequence || domain {
            cursor.step();
            cursor.accept("BODY");
            cursor.accept_all(&["IF", "EXISTS"]);
            let name = self.name(&mut cursor)?;
            let full = self.new_name(&name);
            let key = |name: &model::schema::QualifiedName| {
                (
                    self.grammar.naming.key(&name.schema),
                    self.grammar.naming.key(&name.name),
                )
            };
            let full = key(&full);
            if routine {
                self.draft.routines.retain(|row| key(&row.name) != full);
            } else if sequence {
                self.draft.sequences.retain(|row| key(&row.name) != full);
            } else {
                self.draft.domains.retain(|row| key(&row.name) != full);
            }
        }
        self.pass_drop(&whole);
        Ok(())
    }

    fn pass_drop(&mut self, whole: &Cursor<'_>) {
        let word = whole
            .peek()
            .map(|token| whole.text_of(token).to_uppercase())
            .unwrap_or_default();
        self.tally.pass(format!("DROP {word}").trim_end());
    }

    /// Reads `a`, `t.a` or `a ON t`.
    fn drop_index(&mut self, cursor: &mut Cursor<'_>, lenient: bool) -> Read<()> {
        let naming = self.grammar.naming;
        let at = cursor.offset();
        let mut path = vec![naming.label(cursor)?];
        while cursor.accept_symbol(b'.') {
            path.push(naming.label(cursor)?);
        }
        let name = path.pop().unwrap_or_default();
        let home = if cursor.accept("ON") {
            let table = self.name(cursor)?;
            if cursor.accept("WITH") {
                cursor.group()?;
            }
            self.find(&table)
        } else if self.grammar.is(model::provider::Provider::SqlServer) {
            let table = path.pop().unwrap_or_default();
            self.draft.find(path.last().map(String::as_str), &table)
        } else {
            self.draft
                .index_home(path.last().map(String::as_str), &name)
        };
        let behind = home.is_some_and(|id| {
            self.draft.table(id).is_some_and(|table| {
                table.indexes.iter().any(|index| {
                    naming.same(&index.name, &name)
                        && matches!(
                            index.constraint,
                            Some(ConstraintKind::PrimaryKey | ConstraintKind::Unique)
                        )
                })
            })
        });
        let found = !behind && home.is_some_and(|id| self.draft.remove_index(id, &name));
        if found || lenient {
            return Ok(());
        }
        Err(crate::cursor::Fault {
            at,
            message: match behind {
                true => format!("The index “{name}” serves a constraint."),
                false => format!("The script has not created an index “{name}” before this."),
            },
        })
    }
}
