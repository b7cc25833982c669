//! Views, and tables made from a query.

use super::Reader;
use super::select::{self, Output};
use crate::catalog::{ColumnRow, Relation, RelationId, TEMPORARY};
use crate::cursor::{Cursor, Fault, Read};
use crate::token::Kind;
use model::schema::{Column, QualifiedName, TableKind};
use std::collections::BTreeSet;

/// Which kind of view a statement creates.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ViewKind {
    pub(crate) materialized: bool,
    pub(crate) replace: bool,
    pub(crate) temporary: bool,
    pub(crate) recursive: bool,
}

/// Whether a SELECT makes a table: `SELECT … INTO t FROM …`.
pub(crate) fn selects_into(statement: &Cursor<'_>) -> bool {
    let mut cursor = statement.clone();
    while !cursor.done() && !cursor.is("FROM") {
        if cursor.is("INTO") {
            return true;
        }
        cursor.skip_group();
    }
    false
}

fn row(output: Output) -> ColumnRow {
    ColumnRow {
        column: Column {
            name: output.name,
            nullable: true,
            ..Column::default()
        },
        data_type: output.data_type,
        local: true,
        parents: 0,
    }
}

impl Reader<'_, '_> {
    /// Reads what follows `CREATE … VIEW`; `whole` is all of the statement.
    pub(crate) fn create_view(
        &mut self,
        mut cursor: Cursor<'_>,
        whole: &Cursor<'_>,
        kind: ViewKind,
    ) -> Read<()> {
        let if_not_exists = cursor.accept_all(&["IF", "NOT", "EXISTS"]);
        let written = cursor.qualified()?;
        let name = match kind.temporary {
            true => QualifiedName::new(TEMPORARY, written.name.clone()),
            false => self.new_name(&written),
        };
        let existing = self.catalog.holder(&name);
        let replaced = self
            .catalog
            .relation_id(&name)
            .filter(|id| kind.replace && self.is_plain_view(*id));
        if existing.is_some() && replaced.is_none() {
            if if_not_exists {
                self.tally.pass("CREATE VIEW of one that exists");
                return Ok(());
            }
            return Err(Fault {
                at: written.at,
                message: format!("{name} exists already."),
            });
        }
        let names = if cursor.is_symbol(b'(') {
            cursor.names()?
        } else {
            Vec::new()
        };
        skip_to_query(&mut cursor)?;
        let query = trim_query(cursor.rest(), kind.materialized);
        if query.done() {
            return cursor.expected("a query");
        }
        let own = (kind.recursive).then(|| (name.name.clone(), names.clone()));
        let columns = self.query_columns(&query, &names, &name, whole.offset(), own);
        let relation_kind = if kind.materialized {
            TableKind::MaterializedView
        } else {
            TableKind::View
        };
        let mut relation = Relation::new(name, relation_kind);
        relation.columns = columns;
        relation.definition = Some(query.rest_text().to_owned());
        relation.reads = self.relations_read(&query);
        match replaced.and_then(|id| self.catalog.relation_mut(id).map(|old| (id, old))) {
            Some((id, old)) => {
                old.definition = relation.definition;
                let comments: Vec<_> = old
                    .columns
                    .iter()
                    .map(|row| (row.column.name.clone(), row.column.comment.clone()))
                    .collect();
                old.columns = relation.columns;
                for (name, comment) in comments {
                    if let Some(row) = old.column_mut(&name) {
                        row.column.comment = comment;
                    }
                }
                relation.reads.remove(&id);
                old.reads = relation.reads;
            }
            None => {
                self.catalog.add_relation(relation);
            }
        }
        if kind.temporary {
            self.tally.pass("CREATE TEMPORARY VIEW");
        } else {
            self.tally.read();
        }
        Ok(())
    }

    fn is_plain_view(&self, id: RelationId) -> bool {
        self.catalog
            .relation(id)
            .is_some_and(|relation| relation.kind == TableKind::View)
    }

    /// The columns of a query, named by a list as far as that reaches.
    fn query_columns(
        &mut self,
        query: &Cursor<'_>,
        names: &[String],
        relation: &QualifiedName,
        start: usize,
        own: Option<(String, Vec<String>)>,
    ) -> Vec<ColumnRow> {
        let (catalog, path) = self.scope();
        let found = select::infer(query, catalog, path, own);
        let mut columns = found.columns;
        for (at, name) in names.iter().enumerate() {
            match columns.get_mut(at) {
                Some(column) => column.name.clone_from(name),
                None => columns.push(Output {
                    name: name.clone(),
                    data_type: None,
                }),
            }
        }
        if !found.complete && names.len() < columns.len().max(1) {
            let message = format!(
                "The columns of {relation} could not all be told from its query; some may be missing."
            );
            self.part_problem(start, Fault { at: start, message });
        }
        columns.into_iter().map(row).collect()
    }

    /// The relations that a query names after FROM or JOIN.
    fn relations_read(&self, query: &Cursor<'_>) -> BTreeSet<RelationId> {
        let mut read = BTreeSet::new();
        let mut cursor = query.clone();
        let mut follows = false;
        while let Some(token) = cursor.peek() {
            let name = matches!(token.kind, Kind::Word | Kind::Quoted | Kind::UnicodeQuoted);
            if follows && name && !cursor.is_any(&["ONLY", "LATERAL"]) {
                let place = cursor.place();
                match cursor.qualified() {
                    Ok(name) => {
                        read.extend(self.find(&name));
                        follows = false;
                    }
                    Err(_) => {
                        cursor.reset(place + 1);
                        follows = false;
                    }
                }
                continue;
            }
            follows = cursor.is_any(&["FROM", "JOIN"])
                || token.is_symbol(b',')
                || (follows && (token.is_symbol(b'(') || cursor.is_any(&["ONLY", "LATERAL"])));
            cursor.step();
        }
        read
    }

    /// Whether a table is made from a query: `AS SELECT`, after columns and options.
    pub(crate) fn is_from_query(&self, cursor: &Cursor<'_>) -> bool {
        let mut cursor = cursor.clone();
        if cursor.is_symbol(b'(') {
            cursor.skip_group();
        }
        while !cursor.done() {
            if cursor.is("AS") {
                return true;
            }
            if cursor.is_any(&["INHERITS", "PARTITION"]) {
                return false;
            }
            cursor.skip_group();
        }
        false
    }

    /// Reads `CREATE TABLE … AS`.
    pub(crate) fn create_from_query(
        &mut self,
        mut cursor: Cursor<'_>,
        mut relation: Relation,
        start: usize,
    ) -> Read<()> {
        let names = if cursor.is_symbol(b'(') {
            cursor.names()?
        } else {
            Vec::new()
        };
        skip_to_query(&mut cursor)?;
        let query = trim_query(cursor.rest(), true);
        if !query.is("EXECUTE") {
            relation.columns =
                self.query_columns(&query, &names, &relation.name.clone(), start, None);
        }
        let message = format!(
            "{} is made from a query; its columns and types were read from that as far as possible.",
            relation.name
        );
        self.catalog.add_relation(relation);
        self.part_problem(start, Fault { at: start, message });
        Ok(())
    }
}

fn skip_to_query(cursor: &mut Cursor<'_>) -> Read<()> {
    while !cursor.done() && !cursor.is("AS") {
        cursor.skip_group();
    }
    cursor.expect("AS")
}

/// A query without what may follow it.
fn trim_query<'a>(query: Cursor<'a>, data: bool) -> Cursor<'a> {
    let tokens = query.tokens();
    let ends = |words: &[&str]| {
        let Some(begin) = tokens.len().checked_sub(words.len()) else {
            return false;
        };
        words
            .iter()
            .enumerate()
            .all(|(at, word)| query.token_is(tokens.get(begin + at).copied(), word))
    };
    let endings: [&[&str]; 5] = match data {
        true => [&["WITH", "NO", "DATA"], &["WITH", "DATA"], &[], &[], &[]],
        false => [
            &["WITH", "LOCAL", "CHECK", "OPTION"],
            &["WITH", "CASCADED", "CHECK", "OPTION"],
            &["WITH", "CHECK", "OPTION"],
            &[],
            &[],
        ],
    };
    let cut = endings
        .iter()
        .find(|words| !words.is_empty() && ends(words));
    let length = tokens.len() - cut.map_or(0, |words| words.len());
    Cursor::new(query.source, tokens.get(..length).unwrap_or_default())
}
