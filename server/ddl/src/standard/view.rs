//! `CREATE VIEW`, and tables that are made from a query.

use super::draft::{Entry, RelationId};
use super::query::named;
use super::reading::Reading;
use crate::cursor::{Cursor, Fault, Read};
use crate::fold;
use model::schema::{Column, QualifiedName, Table, TableKind};
use std::collections::HashSet;

/// The longest name of a view's column that is made from an expression, in bytes.
const LONGEST: usize = 512;

impl Reading<'_> {
    /// Reads what follows `CREATE … VIEW`; `replace` where one that exists may be replaced.
    pub(crate) fn create_view(
        &mut self,
        mut cursor: Cursor<'_>,
        replace: bool,
        materialized: bool,
        schema: Option<&str>,
    ) -> Read<()> {
        let start = cursor.offset();
        let if_not_exists = cursor.accept_all(&["IF", "NOT", "EXISTS"]);
        let mut name = self.name(&mut cursor)?;
        if let Some(schema) = schema {
            name.schema = Some(schema.to_owned());
        }
        let full = self.new_name(&name);
        let names = if cursor.is_symbol(b'(') {
            Some(self.view_names(&mut cursor)?)
        } else {
            None
        };
        while !cursor.done() && !cursor.is("AS") {
            cursor.skip_group();
        }
        cursor.expect("AS")?;
        let query = cursor.rest();
        if query.done() {
            return cursor.expected("a query");
        }
        let old = match self.draft.exact(&full) {
            Some(id) if replace => Some(id),
            _ => {
                if !self.is_new(&name, &full, if_not_exists, "VIEW")? {
                    return Ok(());
                }
                None
            }
        };
        let columns = named(self.outputs(&query), names);
        if columns.is_none() {
            let message = format!(
                "The columns of the view {full} cannot be told from its query; it was read \
                 without them."
            );
            self.part_problem(start, Fault { at: start, message });
        }
        let kind = if materialized {
            TableKind::MaterializedView
        } else {
            TableKind::View
        };
        let definition = query.rest_text().trim_end().to_owned();
        let id = match old {
            Some(id) => id,
            None => self
                .draft
                .add(Entry::new(Table::new(full, TableKind::View))),
        };
        if let Some(table) = self.draft.table_mut(id) {
            table.kind = kind;
            table.columns = distinct(columns.unwrap_or_default());
            table.definition = Some(definition);
        }
        self.tally.read();
        Ok(())
    }

    /// Reads `(a, b)` before a query; Oracle has constraints there too.
    fn view_names(&self, cursor: &mut Cursor<'_>) -> Read<Vec<String>> {
        let mut names = Vec::new();
        for mut part in cursor.group()?.split_commas() {
            if !super::constraint::begins_constraint(&part) {
                names.push(self.grammar.naming.label(&mut part)?);
            }
        }
        Ok(names)
    }

    /// Makes a table from a query, with a word about it.
    pub(crate) fn create_from_query(
        &mut self,
        full: QualifiedName,
        query: &Cursor<'_>,
        at: usize,
    ) -> RelationId {
        let columns = self.outputs(query);
        let message = format!(
            "{full} is made from a query; its columns and types were read from that as far as \
             possible."
        );
        self.part_problem(at, Fault { at, message });
        let mut table = Table::new(full, TableKind::Table);
        table.columns = distinct(columns.unwrap_or_default());
        self.draft.add(Entry::new(table))
    }
}

/// Columns with names that differ: a repeated one gets a number.
fn distinct(mut columns: Vec<Column>) -> Vec<Column> {
    let mut seen: HashSet<String> = HashSet::new();
    for column in &mut columns {
        let name = fold::clip(&column.name, LONGEST).to_owned();
        column.name.clone_from(&name);
        let mut number = 0_usize;
        while !seen.insert(column.name.to_lowercase()) {
            number += 1;
            column.name = format!("{name}:{number}");
        }
    }
    columns
}
