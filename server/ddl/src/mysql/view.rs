//! Views, and tables made from a query.

use super::Reader;
use super::name;
use super::query::{Output, Scope, infer};
use super::table::own_row;
use crate::catalog::Relation;
use crate::cursor::{Cursor, Fault, Read};
use model::schema::{Column, QualifiedName, TableKind};

/// How a view comes to be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ViewKind {
    /// Whether one of its name may be there already.
    pub(crate) replace: bool,
    /// Whether one of its name has to be there already.
    pub(crate) alter: bool,
}

fn column(output: Output) -> Column {
    Column {
        name: output.name,
        data_type: output.data_type.unwrap_or_default(),
        nullable: !output.required,
        ..Column::default()
    }
}

impl Reader<'_> {
    /// Reads what follows `VIEW`; `whole` is all of the statement.
    pub(crate) fn create_view(
        &mut self,
        mut cursor: Cursor<'_>,
        whole: &Cursor<'_>,
        kind: ViewKind,
    ) -> Read<()> {
        let if_not_exists = cursor.accept_all(&["IF", "NOT", "EXISTS"]);
        let written = name::qualified(&mut cursor)?;
        let name = self.full_name(&written);
        let fault = |message: String| Fault {
            at: written.at,
            message,
        };
        let existing = self.catalog.relation_id(&name);
        let view = existing
            .and_then(|id| self.catalog.relation(id))
            .is_some_and(Relation::is_view);
        if kind.alter && !view {
            return Err(fault(format!("There is no view {name} before this.")));
        }
        let taken = self.catalog.holder(&name).is_some();
        if taken && !(view && (kind.replace || kind.alter)) {
            if if_not_exists {
                self.tally.pass("CREATE VIEW of one that exists");
                return Ok(());
            }
            return Err(fault(format!("{name} exists already.")));
        }
        let names = if cursor.is_symbol(b'(') {
            name::names(&mut cursor)?
        } else {
            Vec::new()
        };
        cursor.expect("AS")?;
        let query = without_check_option(&cursor);
        if query.done() {
            return cursor.expected("a query");
        }
        let columns = self.query_columns(&query, &names, &name, whole.offset());
        let definition = Some(query.rest_text().to_owned());
        let rows = columns.into_iter().map(column).map(own_row).collect();
        match existing.and_then(|id| self.catalog.relation_mut(id)) {
            Some(old) => {
                old.columns = rows;
                old.definition = definition;
            }
            None => {
                let mut relation = Relation::new(name, TableKind::View);
                relation.columns = rows;
                relation.definition = definition;
                self.catalog.add_relation(relation);
            }
        }
        self.tally.read();
        Ok(())
    }

    /// The columns of a query, named by a list where there is one.
    fn query_columns(
        &mut self,
        query: &Cursor<'_>,
        names: &[String],
        relation: &QualifiedName,
        start: usize,
    ) -> Vec<Output> {
        let look_up = |name: &crate::cursor::Name| {
            let id = self.find(name)?;
            let found = self.catalog.relation(id)?;
            let outputs = found.columns.iter().map(|row| Output {
                name: row.column.name.clone(),
                data_type: Some(row.column.data_type.clone()).filter(|text| !text.is_empty()),
                required: !row.column.nullable,
            });
            Some(outputs.collect())
        };
        let found = infer(query, &Scope::new(&look_up));
        let mut columns = found.columns;
        for (at, name) in names.iter().enumerate() {
            match columns.get_mut(at) {
                Some(column) => column.name.clone_from(name),
                None => columns.push(Output {
                    name: name.clone(),
                    data_type: None,
                    required: false,
                }),
            }
        }
        if !found.complete && names.len() < columns.len().max(1) {
            let message = format!(
                "The columns of {relation} could not all be told from its query; some may be missing."
            );
            self.part_problem(start, Fault { at: start, message });
        }
        columns
    }

    /// Adds the columns of a query to the table that it fills. What it selects under the name of
    /// a column that the table declares fills that column, which then stands at its place among
    /// the selected ones.
    pub(crate) fn fill_from_query(
        &mut self,
        mut query: Cursor<'_>,
        relation: &mut Relation,
        at: usize,
    ) {
        if !query.accept("IGNORE") {
            query.accept("REPLACE");
        }
        query.accept("AS");
        let outputs = self.query_columns(&query.rest(), &[], &relation.name, at);
        let mut filled = Vec::new();
        for output in outputs {
            let declared = super::stored_name(relation, &output.name);
            let rows = &mut relation.columns;
            let place = rows
                .iter()
                .position(|row| declared.as_ref() == Some(&row.column.name));
            filled.push(match place {
                Some(place) => rows.remove(place),
                None => own_row(column(output)),
            });
        }
        relation.columns.append(&mut filled);
        let message = format!(
            "{} is made from a query; its columns and types were read from that as far as possible.",
            relation.name
        );
        self.part_problem(at, Fault { at, message });
    }
}

/// A query without `WITH … CHECK OPTION`.
fn without_check_option<'a>(cursor: &Cursor<'a>) -> Cursor<'a> {
    let rest = cursor.rest();
    let tokens = rest.tokens();
    let ends = |words: &[&str]| {
        tokens.len().checked_sub(words.len()).filter(|begin| {
            words
                .iter()
                .enumerate()
                .all(|(at, word)| rest.token_is(tokens.get(begin + at).copied(), word))
        })
    };
    let cut = ends(&["WITH", "LOCAL", "CHECK", "OPTION"])
        .or_else(|| ends(&["WITH", "CASCADED", "CHECK", "OPTION"]))
        .or_else(|| ends(&["WITH", "CHECK", "OPTION"]))
        .unwrap_or(tokens.len());
    Cursor::new(rest.source, tokens.get(..cut).unwrap_or_default())
}
