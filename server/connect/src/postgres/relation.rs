//! Tables, views and their columns.

use super::query;
use super::session::Session;
use crate::error::ConnectError;
use model::schema::{Column, PartitionOf, QualifiedName, Table, TableKind};
use sqlx::Row;
use sqlx::postgres::PgRow;
use std::collections::HashMap;

/// The first version that tells “never analysed” from “empty”.
const TELLS_NEVER_ANALYSED: i32 = 140_000;

/// Relations as they are put together, by the server's ids.
#[derive(Debug, Default)]
pub(super) struct Relations {
    pub(super) rows: Vec<Relation>,
    places: HashMap<i64, usize>,
}

/// A relation, with what the model does not keep.
#[derive(Debug)]
pub(super) struct Relation {
    pub(super) id: i64,
    pub(super) table: Table,
    pub(super) owner: Option<String>,
    pub(super) estimate: Option<i64>,
    /// Whether it has rows of its own: a partitioned table has none.
    pub(super) is_partitioned: bool,
    pub(super) parents: Vec<i64>,
    bounds: Option<String>,
    /// The columns' numbers in their order. They have gaps where columns were dropped.
    numbers: Vec<i16>,
}

impl Relation {
    /// The name of the column with that number.
    pub(super) fn column_name(&self, number: i16) -> Option<&str> {
        let place = self.numbers.binary_search(&number).ok()?;
        Some(&self.table.columns.get(place)?.name)
    }

    /// The names of columns, from a list of numbers as the server prints it: `1 3`.
    pub(super) fn column_names(&self, numbers: &str) -> Vec<String> {
        numbers
            .split_whitespace()
            .filter_map(|number| self.column_name(number.parse().ok()?))
            .map(str::to_owned)
            .collect()
    }
}

impl Relations {
    pub(super) fn get(&self, id: i64) -> Option<&Relation> {
        self.rows.get(*self.places.get(&id)?)
    }

    pub(super) fn get_mut(&mut self, id: i64) -> Option<&mut Relation> {
        self.rows.get_mut(*self.places.get(&id)?)
    }

    /// Reads relations and their columns.
    pub(super) async fn read(session: &mut Session) -> Result<Self, ConnectError> {
        let mut relations = Self::default();
        let tells = session.version_number() >= TELLS_NEVER_ANALYSED;
        session
            .each(query::RELATIONS, |row| {
                let relation = relation(row, tells)?;
                relations.places.insert(relation.id, relations.rows.len());
                relations.rows.push(relation);
                Ok(())
            })
            .await?;
        relations.name_parents();
        Ok(relations)
    }

    /// Reads the columns of all relations.
    pub(super) async fn read_columns(&mut self, session: &mut Session) -> Result<(), ConnectError> {
        session
            .each(query::COLUMNS, |row| {
                // A relation of an extension is not here, and its columns neither.
                if let Some(relation) = self.get_mut(row.try_get("table_id")?) {
                    relation.numbers.push(row.try_get("number")?);
                    let mut column = column(row)?;
                    if is_view(relation.table.kind) {
                        column.nullable = true;
                    }
                    relation.table.columns.push(column);
                }
                Ok(())
            })
            .await
    }

    /// Reads the queries behind views.
    pub(super) async fn read_definitions(
        &mut self,
        session: &mut Session,
    ) -> Result<(), ConnectError> {
        session
            .each(query::VIEWS, |row| {
                let definition: Option<String> = row.try_get("definition")?;
                if let Some(relation) = self.get_mut(row.try_get("id")?) {
                    relation.table.definition =
                        definition.map(|text| text.trim().trim_end_matches(';').to_owned());
                }
                Ok(())
            })
            .await
    }

    fn name_parents(&mut self) {
        for place in 0..self.rows.len() {
            let Some(relation) = self.rows.get(place) else {
                continue;
            };
            let parents: Vec<QualifiedName> = relation
                .parents
                .iter()
                .filter_map(|id| self.get(*id))
                .map(|parent| parent.table.name.clone())
                .collect();
            let Some(relation) = self.rows.get_mut(place) else {
                continue;
            };
            match relation.bounds.take() {
                None => relation.table.inherits = parents,
                Some(bounds) => match parents.into_iter().next() {
                    Some(parent) => {
                        relation.table.partition_of = Some(PartitionOf { parent, bounds });
                    }
                    // Its parent is where we may not read: all that is seen is a table.
                    None if relation.table.kind == TableKind::Partition => {
                        relation.table.kind = TableKind::Table;
                    }
                    None => {}
                },
            }
        }
    }
}

fn is_view(kind: TableKind) -> bool {
    matches!(kind, TableKind::View | TableKind::MaterializedView)
}

fn relation(row: &PgRow, tells_never_analysed: bool) -> Result<Relation, sqlx::Error> {
    let name = QualifiedName::new(
        row.try_get::<String, _>("schema_name")?,
        row.try_get::<String, _>("table_name")?,
    );
    let letter: String = row.try_get("kind")?;
    let is_partition: bool = row.try_get("is_partition")?;
    let kind = match letter.as_str() {
        _ if is_partition => TableKind::Partition,
        "v" => TableKind::View,
        "m" => TableKind::MaterializedView,
        "f" => TableKind::ForeignTable,
        _ => TableKind::Table,
    };
    let mut table = Table::new(name, kind);
    table.comment = row.try_get("comment")?;
    table.partition_key = row.try_get("partition_key")?;
    let estimate: f64 = row.try_get("estimate")?;
    let pages: i32 = row.try_get("pages")?;
    let known = match tells_never_analysed {
        true => estimate >= 0.0,
        false => estimate > 0.0 || pages > 0,
    };
    Ok(Relation {
        id: row.try_get("id")?,
        table,
        owner: row.try_get("owner")?,
        #[expect(clippy::cast_possible_truncation, reason = "a count of rows fits")]
        estimate: (known && letter != "v").then_some(estimate as i64),
        is_partitioned: letter == "p",
        parents: row.try_get("parents")?,
        bounds: row.try_get("bounds")?,
        numbers: Vec::new(),
    })
}

fn column(row: &PgRow) -> Result<Column, sqlx::Error> {
    let not_null: bool = row.try_get("not_null")?;
    let identity: String = row.try_get("identity")?;
    let generated: String = row.try_get("generated")?;
    let expression: Option<String> = row.try_get("expression")?;
    let (generated, default) = match generated.is_empty() {
        true => (None, expression),
        false => (expression, None),
    };
    Ok(Column {
        name: row.try_get("column_name")?,
        data_type: printed_type(row.try_get("data_type")?),
        nullable: !not_null,
        default,
        generated,
        identity: match identity.as_str() {
            "a" => Some("always".to_owned()),
            "d" => Some("by default".to_owned()),
            _ => None,
        },
        collation: row.try_get("collation_name")?,
        comment: row.try_get("comment")?,
    })
}

/// A type as a session with the usual search path would see it. Names of other schemas than
/// `public` keep theirs; a name that only begins so stands in quotes.
pub(super) fn printed_type(text: String) -> String {
    match text.strip_prefix("public.") {
        Some(bare) => bare.to_owned(),
        None => text,
    }
}
