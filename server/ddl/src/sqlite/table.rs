//! `CREATE TABLE` and `CREATE VIRTUAL TABLE`.

use super::{Reader, TEMPORARY};
use crate::cursor::{Cursor, Fault, Name, Read};
use crate::standard::constraint::{Body, Constraint};
use crate::standard::draft::{Entry, RelationId, key_parts};
use crate::standard::table::Items;
use model::schema::{
    Column, ConstraintKind, Index, IndexPart, Key, QualifiedName, Table, TableKind,
};
use std::collections::HashSet;

/// A key whose index comes after all others: its name, its columns and their order.
type Late = (Option<String>, Vec<String>, Vec<String>);

impl Reader<'_> {
    fn table_name(&self, name: &Name, temporary: bool) -> QualifiedName {
        match temporary {
            true => QualifiedName::new(TEMPORARY, name.name.clone()),
            false => self.reading.new_name(name),
        }
    }

    /// Reads what follows `CREATE [TEMP] TABLE`.
    pub(super) fn create_table(&mut self, mut cursor: Cursor<'_>, temporary: bool) -> Read<()> {
        let if_not_exists = cursor.accept_all(&["IF", "NOT", "EXISTS"]);
        let name = self.reading.name(&mut cursor)?;
        if name.name.to_lowercase().starts_with("sqlite_") {
            self.reading.tally.pass("CREATE TABLE of SQLite itself");
            return Ok(());
        }
        if self.keeps_virtual(&name.name) {
            self.reading.tally.pass("CREATE TABLE of a virtual table");
            return Ok(());
        }
        let full = self.table_name(&name, temporary);
        if !self.reading.is_new(&name, &full, if_not_exists, "TABLE")? {
            return Ok(());
        }
        if cursor.accept("AS") {
            let id = self
                .reading
                .create_from_query(full, &cursor.rest(), name.at);
            if let Some(table) = self.reading.draft.table_mut(id) {
                for column in &mut table.columns {
                    column.data_type = affinity(&column.data_type).to_owned();
                }
            }
            self.reading.tally.read();
            return Ok(());
        }
        let inside = cursor.group()?;
        let (mut without_rowid, mut strict) = (false, false);
        while !cursor.done() {
            if cursor.accept_all(&["WITHOUT", "ROWID"]) {
                without_rowid = true;
            } else if cursor.accept("STRICT") {
                strict = true;
            } else if !cursor.accept_symbol(b',') {
                return cursor.expected("WITHOUT ROWID, STRICT or the end of the table");
            }
        }
        let mut items = self.reading.items(&inside);
        if items.columns.is_empty() {
            return inside.expected("a column");
        }
        let table = Table::new(full, TableKind::Table);
        let id = self.reading.draft.add(Entry::new(table));
        let mut constraints = Vec::new();
        for column in &mut items.columns {
            constraints.append(&mut column.constraints);
        }
        constraints.append(&mut items.constraints);
        let columns = Items {
            columns: items.columns,
            ..Items::default()
        };
        self.reading.fill(id, columns);
        let mut late = None;
        for constraint in constraints {
            let at = constraint.at;
            let read = match constraint.body {
                Body::Key { .. } => self.key(id, constraint, without_rowid, strict, &mut late),
                _ => self.reading.add_constraint(id, constraint),
            };
            if let Err(fault) = read {
                self.reading.part_problem(at, fault);
            }
        }
        if let Some((name, columns, orders)) = late {
            self.autoindex(id, name, true, columns, &orders);
        }
        self.reading.tally.read();
        Ok(())
    }

    /// Adds a key as SQLite does: an integer that is the primary key is the row's own number and
    /// needs no index, and one index serves all keys of the same columns.
    fn key(
        &mut self,
        id: RelationId,
        constraint: Constraint,
        without_rowid: bool,
        strict: bool,
        late: &mut Option<Late>,
    ) -> Read<()> {
        let Constraint { name, at, body } = constraint;
        let Body::Key {
            primary,
            columns,
            orders,
            descending,
            ..
        } = body
        else {
            return Ok(());
        };
        let columns = self.reading.spelled(id, &columns, at)?;
        let draft = &mut self.reading.draft;
        if !primary {
            self.autoindex(id, name, false, columns, &orders);
            return Ok(());
        }
        if draft
            .table(id)
            .is_some_and(|table| table.primary_key.is_some())
            || late.is_some()
        {
            return Err(Fault {
                at,
                message: "The table has a primary key already.".to_owned(),
            });
        }
        let number = match columns.as_slice() {
            [only] if !descending => draft
                .column(id, only)
                .is_some_and(|column| column.data_type == "INTEGER"),
            _ => false,
        };
        if without_rowid || strict || number {
            for column in &columns {
                if let Some(column) = draft.column_mut(id, column) {
                    column.nullable = false;
                }
            }
        }
        if number && without_rowid {
            *late = Some((name, columns, orders));
        } else if number {
            let name = name.unwrap_or_else(|| draft.constraint_name(id, &[], "pkey"));
            draft.note_key(id, true, Key { name, columns });
        } else {
            self.autoindex(id, name, true, columns, &orders);
        }
        Ok(())
    }

    /// Adds a key with its index, unless another key of the same columns has one.
    fn autoindex(
        &mut self,
        id: RelationId,
        name: Option<String>,
        primary: bool,
        mut columns: Vec<String>,
        orders: &[String],
    ) {
        let draft = &mut self.reading.draft;
        let Some(table) = draft.table_mut(id) else {
            return;
        };
        let number = table.indexes.len() + 1;
        let parts = key_parts(&columns, orders);
        // The order of rows does not matter for that, but how texts are compared does.
        let collations: Vec<(String, String)> = table
            .columns
            .iter()
            .filter_map(|column| Some((column.name.clone(), column.collation.clone()?)))
            .collect();
        let compared = |part: &IndexPart| {
            let name = part.column.clone().unwrap_or_default();
            let after = part.text.strip_prefix(&name).unwrap_or_default();
            let after = after.strip_suffix(" DESC").unwrap_or(after);
            let own = collations.iter().find(|(column, _)| *column == name);
            let collation = match (after.strip_prefix(" COLLATE "), own) {
                (Some(given), _) => given.to_lowercase(),
                (None, Some((_, own))) => own.to_lowercase(),
                (None, None) => "binary".to_owned(),
            };
            (name, collation)
        };
        let made = format!("sqlite_autoindex_{}_{number}", table.name.name);
        let kind = match primary {
            true => ConstraintKind::PrimaryKey,
            false => ConstraintKind::Unique,
        };
        let same = table.indexes.iter_mut().find(|index| {
            index
                .parts
                .iter()
                .map(compared)
                .eq(parts.iter().map(compared))
        });
        let index_name = match same {
            Some(index) => {
                if primary {
                    index.constraint = Some(kind);
                }
                index.name.clone()
            }
            None => {
                let index = Index {
                    name: made.clone(),
                    method: "btree".to_owned(),
                    unique: true,
                    parts,
                    include: Vec::new(),
                    predicate: None,
                    constraint: Some(kind),
                };
                draft.add_index(id, index);
                made
            }
        };
        let mut seen = HashSet::new();
        columns.retain(|column| seen.insert(column.clone()));
        let key = Key {
            name: name.unwrap_or(index_name),
            columns,
        };
        draft.note_key(id, primary, key);
    }

    /// Reads what follows `CREATE VIRTUAL TABLE`: the module tells the columns, so those of
    /// full-text search and of R-trees are known, and others by their names as far as possible.
    pub(super) fn create_virtual(&mut self, mut cursor: Cursor<'_>) -> Read<()> {
        let if_not_exists = cursor.accept_all(&["IF", "NOT", "EXISTS"]);
        let name = self.reading.name(&mut cursor)?;
        let full = self.reading.new_name(&name);
        cursor.expect("USING")?;
        let module = self.reading.grammar.naming.label(&mut cursor)?;
        let arguments = match cursor.is_symbol(b'(') {
            true => cursor.group()?.split_commas(),
            false => Vec::new(),
        };
        cursor.end()?;
        if !self
            .reading
            .is_new(&name, &full, if_not_exists, "VIRTUAL TABLE")?
        {
            return Ok(());
        }
        let mut table = Table::new(full, TableKind::Table);
        for mut argument in arguments {
            // Options are `name=value`.
            let option = argument
                .tokens()
                .get(1)
                .is_some_and(|token| argument.text_of(*token) == "=");
            let Ok(name) = self.reading.grammar.naming.label(&mut argument) else {
                continue;
            };
            if option || table.columns.iter().any(|column| column.name == name) {
                continue;
            }
            let data_type = match module.to_lowercase().starts_with("fts") {
                true => "",
                false => argument.rest_text(),
            };
            table.columns.push(Column {
                name,
                data_type: data_type.to_owned(),
                nullable: true,
                ..Column::default()
            });
        }
        let known = ["fts3", "fts4", "fts5", "rtree", "rtree_i32"]
            .iter()
            .any(|word| module.eq_ignore_ascii_case(word));
        if !known {
            let message = format!(
                "{} is a virtual table of the module {module}, which alone knows its columns; \
                 they were read from its arguments as far as possible.",
                table.name
            );
            let at = name.at;
            self.reading.part_problem(at, Fault { at, message });
        }
        if known {
            self.virtuals.insert(table.name.name.to_lowercase());
        }
        self.reading.draft.add(Entry::new(table));
        self.reading.tally.read();
        Ok(())
    }

    /// Whether a virtual table keeps its data in a table of that name; a dump has it too.
    fn keeps_virtual(&self, name: &str) -> bool {
        const ENDS: [&str; 11] = [
            "config", "content", "data", "docsize", "idx", "node", "parent", "rowid", "segdir",
            "segments", "stat",
        ];
        let lower = name.to_lowercase();
        lower
            .rsplit_once('_')
            .is_some_and(|(table, end)| ENDS.contains(&end) && self.virtuals.contains(table))
    }
}

/// What SQLite declares for a column that a query made: the affinity of its type.
fn affinity(data_type: &str) -> &'static str {
    let upper = data_type.to_uppercase();
    let has = |word: &str| upper.contains(word);
    if has("INT") {
        "INT"
    } else if has("CHAR") || has("CLOB") || has("TEXT") {
        "TEXT"
    } else if upper.is_empty() || has("BLOB") || upper == "ANY" {
        ""
    } else if has("REAL") || has("FLOA") || has("DOUB") {
        "REAL"
    } else {
        "NUM"
    }
}
