//! What a diagram of a schema shows, as the server makes it from its catalog.

use diagram::graph::{ColumnRow, Graph, Link, NodeKind, TableNode};
use model::schema::{ForeignKey, QualifiedName, Schema, Table, TableKind};
use std::collections::BTreeMap;

/// The tables by schema and name, partitions left out, and the keys between them.
pub(crate) fn graph_of(schema: &Schema) -> Graph {
    let mut tables: Vec<&Table> = schema
        .tables
        .iter()
        .filter(|table| table.kind != TableKind::Partition)
        .collect();
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    let place_of: BTreeMap<&QualifiedName, usize> = tables
        .iter()
        .enumerate()
        .map(|(place, table)| (&table.name, place))
        .collect();
    let mut graph = Graph {
        tables: tables.iter().map(|table| node_of(table)).collect(),
        links: Vec::new(),
    };
    // In the order of the source.
    for table in &schema.tables {
        for key in table.foreign_keys.iter().filter(|key| !key.inherited) {
            let ends = (place_of.get(&table.name), place_of.get(&key.target));
            if let (Some(&from), Some(&to)) = ends
                && let Some(parent) = tables.get(to)
            {
                graph.links.push(link_of(key, (from, table), (to, parent)));
            }
        }
    }
    for link in &graph.links {
        let Some(table) = graph.tables.get_mut(link.from as usize) else {
            continue;
        };
        for column in &link.from_columns {
            if let Some(column) = table.columns.get_mut(usize::from(*column)) {
                column.foreign_key = true;
            }
        }
    }
    graph
}

fn node_of(table: &Table) -> TableNode {
    TableNode {
        schema: table.name.schema.clone(),
        name: table.name.name.clone(),
        kind: match table.kind {
            TableKind::Table => NodeKind::Table,
            TableKind::Partition => NodeKind::Partition,
            TableKind::View => NodeKind::View,
            TableKind::MaterializedView => NodeKind::MaterializedView,
            TableKind::ForeignTable => NodeKind::ForeignTable,
        },
        column_count: u32::try_from(table.columns.len()).unwrap_or(u32::MAX),
        columns: table
            .columns
            .iter()
            .map(|column| ColumnRow {
                name: column.name.clone(),
                data_type: column.data_type.clone(),
                primary_key: in_primary_key(table, &column.name),
                foreign_key: false,
                nullable: column.nullable,
                unique: is_unique(table, &column.name),
                used: false,
            })
            .collect(),
        ..TableNode::default()
    }
}

fn link_of(
    key: &ForeignKey,
    (from, child): (usize, &Table),
    (to, parent): (usize, &Table),
) -> Link {
    let is_whole_key = child.primary_key.as_ref().is_some_and(|primary| {
        primary
            .columns
            .iter()
            .all(|name| key.columns.contains(name))
    });
    let number = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
    Link {
        from: number(from),
        from_columns: places_of(&key.columns, child),
        to: number(to),
        to_columns: places_of(&key.target_columns, parent),
        name: key.name.clone(),
        optional: key
            .columns
            .iter()
            .filter_map(|name| child.column(name))
            .any(|column| column.nullable),
        unique: is_whole_key || key.columns.iter().any(|name| is_unique(child, name)),
        declared: true,
        accepted_by: None,
    }
}

fn places_of(names: &[String], table: &Table) -> Vec<u16> {
    names
        .iter()
        .filter_map(|name| table.columns.iter().position(|column| column.name == *name))
        .filter_map(|place| u16::try_from(place).ok())
        .collect()
}

fn in_primary_key(table: &Table, column: &str) -> bool {
    table
        .primary_key
        .as_ref()
        .is_some_and(|key| key.columns.iter().any(|name| name == column))
}

fn is_unique(table: &Table, column: &str) -> bool {
    let keys = table.primary_key.iter().chain(&table.unique_keys);
    keys.map(|key| key.columns.as_slice())
        .any(|columns| matches!(columns, [only] if only == column))
        || table.indexes.iter().any(|index| {
            index.unique
                && index.predicate.is_none()
                && matches!(index.parts.as_slice(), [part] if part.column.as_deref() == Some(column))
        })
}
