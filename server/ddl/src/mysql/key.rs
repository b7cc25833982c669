//! Keys and constraints of a table, named as the server names them.

use super::constraint::{Body, CheckDef, Element, ForeignKeyDef, KeyDef, KeyKind};
use super::name::same;
use super::{Reader, stored_name};
use crate::catalog::{CheckRow, ForeignKeyRow, IndexRow, Relation, RelationId, Target};
use crate::cursor::{Fault, Read};
use model::schema::{Check, ConstraintKind, ForeignKey, Index, IndexPart};
use std::collections::HashSet;

/// How many keys and constraints of one statement are taken. No server has room for as many
/// indexes; the limit keeps the time of comparing them short.
const MOST_ELEMENTS: usize = 1_000;

/// A key that waits for its name.
struct Waiting {
    at: usize,
    if_not_exists: bool,
    key: KeyDef,
    /// Whether the server makes it for a foreign key.
    generated: bool,
}

/// Whether a key begins with the whole columns of another, in order.
fn begins_with(parts: &[IndexPart], columns: &[IndexPart]) -> bool {
    parts.len() >= columns.len()
        && parts
            .iter()
            .zip(columns)
            .all(|(part, column)| part.column.is_some() && part.text == column.text)
}

/// The number behind a generated name, where it is one.
fn number_of(name: &str, table: &str, label: &str) -> Option<u64> {
    let rest = name.get(table.len()..)?;
    let begins = name.get(..table.len())? == table;
    rest.strip_prefix(label)?.parse().ok().filter(|_| begins)
}

/// The next of the numbered names `t_ibfk_1`, `t_chk_1`.
fn next_numbered<'a>(taken: impl Iterator<Item = &'a str>, table: &str, label: &str) -> String {
    let last = taken
        .filter_map(|name| number_of(name, table, label))
        .max()
        .unwrap_or(0);
    format!("{table}{label}{}", last.saturating_add(1))
}

/// A generated name after its table got a new one; others stay.
pub(crate) fn renamed(name: &str, old: &str, new: &str) -> Option<String> {
    ["_ibfk_", "_chk_"].iter().find_map(|label| {
        let number = number_of(name, old, label)?;
        Some(format!("{new}{label}{number}"))
    })
}

/// The name of an index that was given none: that of its first column, with a number if taken.
fn index_name(relation: &Relation, parts: &[IndexPart]) -> String {
    let first = parts.first().and_then(|part| part.column.as_deref());
    let base = first.unwrap_or("functional_index");
    let rows = relation.indexes.iter();
    let mut taken: HashSet<String> = rows.map(|row| row.index.name.to_lowercase()).collect();
    taken.insert("primary".to_owned());
    let folded = base.to_lowercase();
    if !taken.contains(&folded) {
        return base.to_owned();
    }
    let free = (2_u64..).find(|number| !taken.contains(&format!("{folded}_{number}")));
    format!("{base}_{}", free.unwrap_or_default())
}

impl Reader<'_> {
    /// Adds keys and constraints to a table, all those of one statement at once: an index that a
    /// foreign key needs is not made if the statement itself brings a better one.
    pub(crate) fn add_elements(&mut self, id: RelationId, elements: Vec<Element>) {
        let mut waiting: Vec<Waiting> = Vec::new();
        for (count, element) in elements.into_iter().enumerate() {
            let at = element.at;
            if count >= MOST_ELEMENTS {
                let message = "No table may have as many keys; the rest was not read.".to_owned();
                self.part_problem(at, Fault { at, message });
                break;
            }
            if let Err(fault) = self.add_element(id, element, &mut waiting) {
                self.part_problem(at, fault);
            }
        }
        let needed = self.needed(id, &waiting);
        if let Some(relation) = self.catalog.relation_mut(id) {
            let mut kept = needed.iter();
            let rows = &mut relation.indexes;
            rows.retain(|_| kept.next().copied().unwrap_or(true));
            let new: Vec<bool> = kept.copied().collect();
            for (this, _) in waiting.into_iter().zip(new).filter(|(_, needed)| *needed) {
                let at = this.at;
                if let Err(fault) = self.add_key(id, this) {
                    self.part_problem(at, fault);
                }
            }
        }
    }

    /// Which of a table's indexes and of those that wait are needed: one that the server makes
    /// for a foreign key gives way to any that begins with its columns, and to a later one of
    /// its own making.
    fn needed(&self, id: RelationId, waiting: &[Waiting]) -> Vec<bool> {
        let rows = self.catalog.relation(id).map(|relation| &relation.indexes);
        let all: Vec<(&[IndexPart], bool)> = rows
            .into_iter()
            .flatten()
            .map(|row| (&row.index.parts[..], self.generated.contains(&row.id)))
            .chain(
                waiting
                    .iter()
                    .map(|one| (&one.key.parts[..], one.generated)),
            )
            .collect();
        let mut needed = vec![true; all.len()];
        // Those that were there before are settled among each other.
        let settled = all.len() - waiting.len();
        for (at, (parts, generated)) in all.iter().enumerate().skip(settled) {
            for (before, (earlier, earlier_generated)) in all.iter().enumerate().take(at) {
                if needed.get(before) != Some(&true) {
                    continue;
                }
                let out = if *generated
                    && begins_with(earlier, parts)
                    && !(*earlier_generated && earlier.len() == parts.len())
                {
                    at
                } else if *earlier_generated && begins_with(parts, earlier) {
                    before
                } else {
                    continue;
                };
                if let Some(flag) = needed.get_mut(out) {
                    *flag = false;
                }
                if out == at {
                    break;
                }
            }
        }
        needed
    }

    fn add_element(
        &mut self,
        id: RelationId,
        element: Element,
        waiting: &mut Vec<Waiting>,
    ) -> Read<()> {
        let Element {
            at,
            if_not_exists,
            body,
        } = element;
        match body {
            Body::Key(mut key) => {
                for part in &mut key.parts {
                    if let Some(column) = &part.column {
                        let stored = self.stored_column(id, column, at)?;
                        let rest = part.text.split_off(super::name::quoted(column).len());
                        part.text = super::name::quoted(&stored) + &rest;
                        part.column = Some(stored);
                    }
                }
                waiting.push(Waiting {
                    at,
                    if_not_exists,
                    key,
                    generated: false,
                });
            }
            Body::ForeignKey(mut key) => {
                for column in &mut key.columns {
                    *column = self.stored_column(id, column, at)?;
                }
                let index = KeyDef {
                    name: key.name.clone().or_else(|| key.index.clone()),
                    kind: KeyKind::Plain,
                    method: "btree".to_owned(),
                    parts: key
                        .columns
                        .iter()
                        .map(|column| IndexPart {
                            column: Some(column.clone()),
                            text: super::name::quoted(column),
                        })
                        .collect(),
                };
                self.add_foreign_key(id, key, at, if_not_exists)?;
                waiting.push(Waiting {
                    at,
                    if_not_exists,
                    key: index,
                    generated: true,
                });
            }
            Body::Check(check) => self.add_check(id, check, at, if_not_exists)?,
            Body::Period => self.tally.pass("PERIOD FOR"),
        }
        Ok(())
    }

    /// The stored name of a column that has to be there.
    pub(crate) fn stored_column(&self, id: RelationId, column: &str, at: usize) -> Read<String> {
        let relation = self.catalog.relation(id);
        let found = relation.and_then(|relation| stored_name(relation, column));
        found.ok_or_else(|| Fault {
            at,
            message: match relation {
                Some(relation) => format!("{} has no column “{column}”.", relation.name),
                None => format!("There is no column “{column}”."),
            },
        })
    }

    fn add_key(&mut self, id: RelationId, waiting: Waiting) -> Read<()> {
        let row = self.catalog.next_row();
        let Some(relation) = self.catalog.relation_mut(id) else {
            return Ok(());
        };
        let Waiting {
            at,
            if_not_exists,
            key,
            generated,
        } = waiting;
        let constraint = match key.kind {
            KeyKind::Primary => Some(ConstraintKind::PrimaryKey),
            KeyKind::Unique => Some(ConstraintKind::Unique),
            KeyKind::Plain => None,
        };
        let name = match (key.kind, key.name) {
            (KeyKind::Primary, _) => "PRIMARY".to_owned(),
            (_, Some(name)) => name,
            (_, None) => index_name(relation, &key.parts),
        };
        if relation
            .indexes
            .iter()
            .any(|row| same(&row.index.name, &name))
        {
            if if_not_exists {
                self.tally.pass("An index that exists");
                return Ok(());
            }
            let message = match key.kind {
                KeyKind::Primary => format!("{} has a primary key already.", relation.name),
                _ => format!("{} has an index “{name}” already.", relation.name),
            };
            return Err(Fault { at, message });
        }
        if key.kind == KeyKind::Primary {
            for part in &key.parts {
                if let Some(row) = part
                    .column
                    .as_deref()
                    .and_then(|name| relation.column_mut(name))
                {
                    row.column.nullable = false;
                }
            }
        }
        relation.indexes.push(IndexRow {
            id: row,
            parent: None,
            index: Index {
                name,
                method: key.method,
                unique: constraint.is_some(),
                parts: key.parts,
                include: Vec::new(),
                predicate: None,
                constraint,
            },
            exclusion: None,
            labels: Vec::new(),
        });
        if generated {
            self.generated.insert(row);
        }
        Ok(())
    }

    fn add_foreign_key(
        &mut self,
        id: RelationId,
        def: ForeignKeyDef,
        at: usize,
        if_not_exists: bool,
    ) -> Read<()> {
        if self
            .options
            .get(&id)
            .is_some_and(|options| !options.keeps_foreign_keys())
        {
            // The index is made all the same.
            self.tally.pass("FOREIGN KEY of an engine without them");
            return Ok(());
        }
        let row = self.catalog.next_row();
        let place = self.place(at);
        let Some(relation) = self.catalog.relation(id) else {
            return Ok(());
        };
        let taken = || {
            relation
                .foreign_keys
                .iter()
                .map(|row| row.key.name.as_str())
        };
        // MariaDB and MySQL before 8.0.16 name the constraint as its index where only that has
        // a name; later ones number it.
        let name = def
            .name
            .or(def.index)
            .unwrap_or_else(|| next_numbered(taken(), &relation.name.name, "_ibfk_"));
        if relation.has_constraint(&name) {
            let same_kind = taken().any(|other| other == name);
            if same_kind && if_not_exists {
                self.tally.pass("A foreign key that exists");
                return Ok(());
            }
            if same_kind {
                let message = format!("{} has a constraint “{name}” already.", relation.name);
                return Err(Fault { at, message });
            }
        }
        // An unqualified target is in the table's own database, whichever is in use.
        let own = &relation.name.schema;
        let schema = match &def.target.schema {
            Some(schema) => schema.clone(),
            None if own == crate::catalog::TEMPORARY => self.full_name(&def.target).schema,
            None => own.clone(),
        };
        let target = model::schema::QualifiedName::new(schema, def.target.name.clone());
        let key = ForeignKey {
            name,
            columns: def.columns,
            target: target.clone(),
            target_columns: def.target_columns,
            on_delete: def.on_delete,
            on_update: def.on_update,
            deferrable: false,
            inherited: false,
        };
        // Dumps drop and create tables in any order with the checks off; so keys keep names
        // until the end.
        let target = Target::Named {
            schema: Some(target.schema),
            name: target.name,
            path: Vec::new(),
        };
        if let Some(relation) = self.catalog.relation_mut(id) {
            relation.foreign_keys.push(ForeignKeyRow {
                id: row,
                parent: None,
                key,
                target,
                place,
            });
        }
        Ok(())
    }

    fn add_check(
        &mut self,
        id: RelationId,
        def: CheckDef,
        at: usize,
        if_not_exists: bool,
    ) -> Read<()> {
        let Some(relation) = self.catalog.relation_mut(id) else {
            return Ok(());
        };
        let taken = || relation.checks.iter().map(|row| row.check.name.as_str());
        // As MySQL names it; MariaDB has CONSTRAINT_1, and the column's name for its own.
        let name = match def.name {
            None => next_numbered(taken(), &relation.name.name, "_chk_"),
            Some(name) if !taken().any(|other| same(other, &name)) => name,
            Some(_) if if_not_exists => {
                self.tally.pass("A check that exists");
                return Ok(());
            }
            Some(name) => {
                let message = format!("{} has a constraint “{name}” already.", relation.name);
                return Err(Fault { at, message });
            }
        };
        relation.checks.push(CheckRow {
            check: Check {
                name,
                expression: def.expression,
            },
            no_inherit: false,
            local: true,
            parents: 0,
        });
        Ok(())
    }
}
