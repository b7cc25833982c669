//! A structure as the arrays that `UNNEST` takes: one per column of a table of the catalog.

use model::schema::{Index, QualifiedName, Schema, Table};
use serde_json::Value;
use std::collections::HashMap;

/// The ids of the schema's tables by name. Where a name stands twice the first counts; storing
/// such a schema fails anyway.
pub(crate) fn places<'a>(schema: &'a Schema, ids: &[i64]) -> HashMap<&'a QualifiedName, i64> {
    let mut places = HashMap::with_capacity(ids.len());
    for (table, id) in schema.tables.iter().zip(ids) {
        places.entry(&table.name).or_insert(*id);
    }
    places
}

fn json_list(texts: &[String]) -> Value {
    texts.iter().map(String::as_str).collect()
}

fn small(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// Rows of `tables`.
#[derive(Default)]
pub(crate) struct TableRows<'a> {
    pub(crate) ids: &'a [i64],
    pub(crate) schemas: Vec<&'a str>,
    pub(crate) names: Vec<&'a str>,
    pub(crate) kinds: Vec<&'static str>,
    pub(crate) comments: Vec<Option<&'a str>>,
    pub(crate) partition_keys: Vec<Option<&'a str>>,
    pub(crate) parent_ids: Vec<Option<i64>>,
    pub(crate) parent_schemas: Vec<Option<&'a str>>,
    pub(crate) parent_names: Vec<Option<&'a str>>,
    pub(crate) bounds: Vec<Option<&'a str>>,
    pub(crate) inherits: Vec<Option<Value>>,
    pub(crate) definitions: Vec<Option<&'a str>>,
    pub(crate) column_counts: Vec<i32>,
    pub(crate) references_out: Vec<i32>,
    pub(crate) references_in: Vec<i32>,
    pub(crate) partition_counts: Vec<i32>,
}

impl<'a> TableRows<'a> {
    pub(crate) fn new(schema: &'a Schema, ids: &'a [i64]) -> Self {
        let places = places(schema, ids);
        let mut references_in: HashMap<i64, i32> = HashMap::new();
        let mut partition_counts: HashMap<i64, i32> = HashMap::new();
        for table in &schema.tables {
            for key in table.foreign_keys.iter().filter(|key| !key.inherited) {
                if let Some(target) = places.get(&key.target) {
                    *references_in.entry(*target).or_default() += 1;
                }
            }
            if let Some(parent) = parent_of(table).and_then(|parent| places.get(parent)) {
                *partition_counts.entry(*parent).or_default() += 1;
            }
        }
        let mut rows = Self {
            ids,
            ..Self::default()
        };
        for (table, id) in schema.tables.iter().zip(ids) {
            let parent = parent_of(table);
            let declared = table.foreign_keys.iter().filter(|key| !key.inherited);
            rows.schemas.push(&table.name.schema);
            rows.names.push(&table.name.name);
            rows.kinds.push(table.kind.as_str());
            rows.comments.push(table.comment.as_deref());
            rows.partition_keys.push(table.partition_key.as_deref());
            rows.parent_ids
                .push(parent.and_then(|parent| places.get(parent).copied()));
            rows.parent_schemas
                .push(parent.map(|parent| parent.schema.as_str()));
            rows.parent_names
                .push(parent.map(|parent| parent.name.as_str()));
            rows.bounds.push(
                table
                    .partition_of
                    .as_ref()
                    .map(|partition| partition.bounds.as_str()),
            );
            rows.inherits.push(inherits(table));
            rows.definitions.push(table.definition.as_deref());
            rows.column_counts.push(small(table.columns.len()));
            rows.references_out.push(small(declared.count()));
            rows.references_in
                .push(references_in.get(id).copied().unwrap_or_default());
            rows.partition_counts
                .push(partition_counts.get(id).copied().unwrap_or_default());
        }
        rows
    }
}

fn parent_of(table: &Table) -> Option<&QualifiedName> {
    table
        .partition_of
        .as_ref()
        .map(|partition| &partition.parent)
}

fn inherits(table: &Table) -> Option<Value> {
    if table.inherits.is_empty() {
        return None;
    }
    let parents = table.inherits.iter();
    Some(
        parents
            .map(|parent| serde_json::json!({ "schema": parent.schema, "name": parent.name }))
            .collect(),
    )
}

/// Rows of `columns`.
#[derive(Default)]
pub(crate) struct ColumnRows<'a> {
    pub(crate) table_ids: Vec<i64>,
    pub(crate) names: Vec<&'a str>,
    pub(crate) positions: Vec<i32>,
    pub(crate) data_types: Vec<&'a str>,
    pub(crate) nullable: Vec<bool>,
    pub(crate) primary_key: Vec<bool>,
    pub(crate) unique: Vec<bool>,
    pub(crate) indexed: Vec<bool>,
    pub(crate) defaults: Vec<Option<&'a str>>,
    pub(crate) generated: Vec<Option<&'a str>>,
    pub(crate) identities: Vec<Option<&'a str>>,
    pub(crate) collations: Vec<Option<&'a str>>,
    pub(crate) comments: Vec<Option<&'a str>>,
}

impl<'a> ColumnRows<'a> {
    pub(crate) fn new(schema: &'a Schema, ids: &[i64]) -> Self {
        let mut rows = Self::default();
        for (table, id) in schema.tables.iter().zip(ids) {
            for (place, column) in table.columns.iter().enumerate() {
                rows.table_ids.push(*id);
                rows.names.push(&column.name);
                rows.positions.push(small(place + 1));
                rows.data_types.push(&column.data_type);
                rows.nullable.push(column.nullable);
                rows.primary_key.push(is_primary_key(table, &column.name));
                rows.unique.push(is_unique(table, &column.name));
                rows.indexed.push(is_indexed(table, &column.name));
                rows.defaults.push(column.default.as_deref());
                rows.generated.push(column.generated.as_deref());
                rows.identities.push(column.identity.as_deref());
                rows.collations.push(column.collation.as_deref());
                rows.comments.push(column.comment.as_deref());
            }
        }
        rows
    }
}

fn is_primary_key(table: &Table, column: &str) -> bool {
    table
        .primary_key
        .as_ref()
        .is_some_and(|key| key.columns.iter().any(|name| name == column))
}

/// Whether a key or a unique index of all rows is on the column alone.
fn is_unique(table: &Table, column: &str) -> bool {
    let alone = |columns: &[String]| matches!(columns, [only] if only == column);
    table
        .primary_key
        .iter()
        .chain(&table.unique_keys)
        .any(|key| alone(&key.columns))
        || table.indexes.iter().any(|index| {
            index.unique
                && index.predicate.is_none()
                && index.parts.len() == 1
                && leads(index, column)
        })
}

/// Whether an index starts with the column.
fn is_indexed(table: &Table, column: &str) -> bool {
    let leads_key = |columns: &[String]| columns.first().is_some_and(|name| name == column);
    table
        .primary_key
        .iter()
        .chain(&table.unique_keys)
        .any(|key| leads_key(&key.columns))
        || table.indexes.iter().any(|index| leads(index, column))
}

fn leads(index: &Index, column: &str) -> bool {
    index
        .parts
        .first()
        .and_then(|part| part.column.as_deref())
        .is_some_and(|name| name == column)
}

/// Rows of `foreign_keys`.
#[derive(Default)]
pub(crate) struct ForeignKeyRows<'a> {
    pub(crate) table_ids: Vec<i64>,
    pub(crate) names: Vec<&'a str>,
    pub(crate) columns: Vec<Value>,
    pub(crate) target_schemas: Vec<&'a str>,
    pub(crate) target_names: Vec<&'a str>,
    pub(crate) target_ids: Vec<Option<i64>>,
    pub(crate) target_columns: Vec<Value>,
    pub(crate) on_delete: Vec<&'static str>,
    pub(crate) on_update: Vec<&'static str>,
    pub(crate) deferrable: Vec<bool>,
    pub(crate) inherited: Vec<bool>,
}

impl<'a> ForeignKeyRows<'a> {
    pub(crate) fn new(
        schema: &'a Schema,
        ids: &[i64],
        places: &HashMap<&QualifiedName, i64>,
    ) -> Self {
        let mut rows = Self::default();
        for (table, id) in schema.tables.iter().zip(ids) {
            for key in &table.foreign_keys {
                rows.table_ids.push(*id);
                rows.names.push(&key.name);
                rows.columns.push(json_list(&key.columns));
                rows.target_schemas.push(&key.target.schema);
                rows.target_names.push(&key.target.name);
                rows.target_ids.push(places.get(&key.target).copied());
                rows.target_columns.push(json_list(&key.target_columns));
                rows.on_delete.push(key.on_delete.as_sql());
                rows.on_update.push(key.on_update.as_sql());
                rows.deferrable.push(key.deferrable);
                rows.inherited.push(key.inherited);
            }
        }
        rows
    }
}

/// Rows of `table_indexes`.
#[derive(Default)]
pub(crate) struct IndexRows<'a> {
    pub(crate) table_ids: Vec<i64>,
    pub(crate) names: Vec<&'a str>,
    pub(crate) methods: Vec<&'a str>,
    pub(crate) unique: Vec<bool>,
    pub(crate) parts: Vec<Value>,
    pub(crate) include: Vec<Value>,
    pub(crate) predicates: Vec<Option<&'a str>>,
    pub(crate) constraints: Vec<Option<&'static str>>,
}

impl<'a> IndexRows<'a> {
    pub(crate) fn new(schema: &'a Schema, ids: &[i64]) -> Result<Self, serde_json::Error> {
        let mut rows = Self::default();
        for (table, id) in schema.tables.iter().zip(ids) {
            for index in &table.indexes {
                rows.table_ids.push(*id);
                rows.names.push(&index.name);
                rows.methods.push(&index.method);
                rows.unique.push(index.unique);
                rows.parts.push(serde_json::to_value(&index.parts)?);
                rows.include.push(json_list(&index.include));
                rows.predicates.push(index.predicate.as_deref());
                rows.constraints
                    .push(index.constraint.map(|kind| kind.as_str()));
            }
        }
        Ok(rows)
    }
}

/// Rows of `table_constraints`.
#[derive(Default)]
pub(crate) struct ConstraintRows<'a> {
    pub(crate) table_ids: Vec<i64>,
    pub(crate) names: Vec<&'a str>,
    pub(crate) kinds: Vec<&'static str>,
    pub(crate) columns: Vec<Value>,
    pub(crate) definitions: Vec<String>,
}

impl<'a> ConstraintRows<'a> {
    pub(crate) fn new(schema: &'a Schema, ids: &[i64]) -> Self {
        let mut rows = Self::default();
        for (table, id) in schema.tables.iter().zip(ids) {
            let primary = table.primary_key.iter().map(|key| ("primary_key", key));
            let unique = table.unique_keys.iter().map(|key| ("unique", key));
            for (kind, key) in primary.chain(unique) {
                let definition = format!("({})", key.columns.join(", "));
                rows.push(*id, kind, &key.name, &key.columns, definition);
            }
            for check in &table.checks {
                rows.push(*id, "check", &check.name, &[], check.expression.clone());
            }
            for exclusion in &table.exclusions {
                let definition = exclusion.definition.clone();
                rows.push(*id, "exclusion", &exclusion.name, &[], definition);
            }
        }
        rows
    }

    fn push(
        &mut self,
        table_id: i64,
        kind: &'static str,
        name: &'a str,
        columns: &[String],
        definition: String,
    ) {
        self.table_ids.push(table_id);
        self.names.push(name);
        self.kinds.push(kind);
        self.columns.push(json_list(columns));
        self.definitions.push(definition);
    }
}

/// Rows of `table_triggers`.
#[derive(Default)]
pub(crate) struct TriggerRows<'a> {
    pub(crate) table_ids: Vec<Option<i64>>,
    pub(crate) schemas: Vec<&'a str>,
    pub(crate) tables: Vec<&'a str>,
    pub(crate) names: Vec<&'a str>,
    pub(crate) definitions: Vec<&'a str>,
}

impl<'a> TriggerRows<'a> {
    pub(crate) fn new(schema: &'a Schema, places: &HashMap<&QualifiedName, i64>) -> Self {
        let mut rows = Self::default();
        for trigger in &schema.triggers {
            rows.table_ids.push(places.get(&trigger.table).copied());
            rows.schemas.push(&trigger.table.schema);
            rows.tables.push(&trigger.table.name);
            rows.names.push(&trigger.name);
            rows.definitions.push(&trigger.definition);
        }
        rows
    }
}

/// Rows of `enum_types`.
#[derive(Default)]
pub(crate) struct EnumRows<'a> {
    pub(crate) schemas: Vec<&'a str>,
    pub(crate) names: Vec<&'a str>,
    pub(crate) labels: Vec<Value>,
    pub(crate) comments: Vec<Option<&'a str>>,
}

impl<'a> EnumRows<'a> {
    pub(crate) fn new(schema: &'a Schema) -> Self {
        let mut rows = Self::default();
        for item in &schema.enums {
            rows.schemas.push(&item.name.schema);
            rows.names.push(&item.name.name);
            rows.labels.push(json_list(&item.values));
            rows.comments.push(item.comment.as_deref());
        }
        rows
    }
}

/// Rows of `domains`.
#[derive(Default)]
pub(crate) struct DomainRows<'a> {
    pub(crate) schemas: Vec<&'a str>,
    pub(crate) names: Vec<&'a str>,
    pub(crate) data_types: Vec<&'a str>,
    pub(crate) nullable: Vec<bool>,
    pub(crate) defaults: Vec<Option<&'a str>>,
    pub(crate) checks: Vec<Value>,
    pub(crate) comments: Vec<Option<&'a str>>,
}

impl<'a> DomainRows<'a> {
    pub(crate) fn new(schema: &'a Schema) -> Result<Self, serde_json::Error> {
        let mut rows = Self::default();
        for domain in &schema.domains {
            rows.schemas.push(&domain.name.schema);
            rows.names.push(&domain.name.name);
            rows.data_types.push(&domain.data_type);
            rows.nullable.push(domain.nullable);
            rows.defaults.push(domain.default.as_deref());
            rows.checks.push(serde_json::to_value(&domain.checks)?);
            rows.comments.push(domain.comment.as_deref());
        }
        Ok(rows)
    }
}

/// Rows of `sequences`.
#[derive(Default)]
pub(crate) struct SequenceRows<'a> {
    pub(crate) schemas: Vec<&'a str>,
    pub(crate) names: Vec<&'a str>,
    pub(crate) owner_schemas: Vec<Option<&'a str>>,
    pub(crate) owner_tables: Vec<Option<&'a str>>,
    pub(crate) owner_columns: Vec<Option<&'a str>>,
}

impl<'a> SequenceRows<'a> {
    pub(crate) fn new(schema: &'a Schema) -> Self {
        let mut rows = Self::default();
        for sequence in &schema.sequences {
            let owner = sequence.owned_by.as_ref();
            rows.schemas.push(&sequence.name.schema);
            rows.names.push(&sequence.name.name);
            rows.owner_schemas
                .push(owner.map(|(table, _)| table.schema.as_str()));
            rows.owner_tables
                .push(owner.map(|(table, _)| table.name.as_str()));
            rows.owner_columns
                .push(owner.map(|(_, column)| column.as_str()));
        }
        rows
    }
}

/// Rows of `routines`.
#[derive(Default)]
pub(crate) struct RoutineRows<'a> {
    pub(crate) schemas: Vec<&'a str>,
    pub(crate) names: Vec<&'a str>,
    pub(crate) arguments: Vec<&'a str>,
}

impl<'a> RoutineRows<'a> {
    pub(crate) fn new(schema: &'a Schema) -> Self {
        let mut rows = Self::default();
        for routine in &schema.routines {
            rows.schemas.push(&routine.name.schema);
            rows.names.push(&routine.name.name);
            rows.arguments.push(&routine.arguments);
        }
        rows
    }
}
