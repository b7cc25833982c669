//! The whole of a database, from its parts.

use super::index::{self, IndexPlaces};
use super::relation::Relations;
use super::session::Session;
use super::{constraint, object, query};
use crate::error::ConnectError;
use crate::introspection::{IndexFacts, Introspection, TableFacts, Unreadable};
use crate::statistics::ColumnFacts;
use model::schema::{QualifiedName, Schema, TableKind};
use sqlx::Row;
use sqlx::postgres::types::Oid;
use std::collections::{HashMap, HashSet};

/// Reads everything that the login may see.
pub(super) async fn read(
    session: &mut Session,
    progress: &(dyn Fn(&str) + Send + Sync),
) -> Result<Introspection, ConnectError> {
    let mut unreadable = read_schemas(session).await?;
    progress("Reading tables and views");
    let mut relations = Relations::read(session).await?;
    progress("Reading columns");
    relations.read_columns(session).await?;
    progress("Reading constraints");
    let checks = constraint::read(session, &mut relations).await?;
    progress("Reading indexes");
    let indexes = index::read(session, &mut relations).await?;
    progress("Reading types, sequences, triggers and routines");
    let mut schema = Schema::default();
    object::read(session, &relations, checks, &mut schema).await?;

    // What may be refused by itself comes last; the rest is complete without it.
    progress("Reading the queries of views");
    session.run("SAVEPOINT part").await?;
    let read = relations.read_definitions(session).await;
    settle(session, "queries of views", read, &mut unreadable).await?;
    progress("Reading sizes");
    session.run("SAVEPOINT part").await?;
    let read = read_sizes(session).await;
    let sizes = settle(session, "sizes", read, &mut unreadable).await?;
    progress("Reading statistics of columns");
    session.run("SAVEPOINT part").await?;
    let read = session.statistics().await;
    let columns = settle(session, "statistics of columns", read, &mut unreadable).await?;

    let sizes = sizes.unwrap_or_default();
    let mut columns = columns.unwrap_or_default();
    keep_known(&relations, &mut columns);
    let (tables, indexes) = facts(&relations, &indexes, &sizes);
    schema.tables = relations.rows.into_iter().map(|row| row.table).collect();
    Ok(Introspection {
        server_version: session.server_version(),
        schema,
        tables,
        indexes,
        columns,
        unreadable,
    })
}

/// Chooses the schemas to be read, and tells which cannot be.
async fn read_schemas(session: &mut Session) -> Result<Vec<Unreadable>, ConnectError> {
    let mut readable: Vec<Oid> = Vec::new();
    let mut unreadable = Vec::new();
    for row in session.fetch_all(query::SCHEMAS).await? {
        if row.try_get("readable")? {
            readable.push(row.try_get("oid")?);
        } else {
            let name: String = row.try_get("schema_name")?;
            unreadable.push(Unreadable {
                what: format!("schema {name}"),
                reason: "The login lacks USAGE on it.".to_owned(),
            });
        }
    }
    session.read_schemas(readable);
    Ok(unreadable)
}

/// Takes what was read; what the server refused is noted, and undone so that the transaction
/// goes on. A lost connection is no such thing.
async fn settle<T>(
    session: &mut Session,
    what: &str,
    read: Result<T, ConnectError>,
    unreadable: &mut Vec<Unreadable>,
) -> Result<Option<T>, ConnectError> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(ConnectError::Lost(error)) => Err(ConnectError::Lost(error)),
        Err(refused) => {
            session.run("ROLLBACK TO SAVEPOINT part").await?;
            unreadable.push(Unreadable {
                what: what.to_owned(),
                reason: refused.reason(),
            });
            Ok(None)
        }
    }
}

/// Bytes on disk, by the server's ids.
async fn read_sizes(session: &mut Session) -> Result<HashMap<i64, i64>, ConnectError> {
    let mut sizes = HashMap::new();
    session
        .each(query::SIZES, |row| {
            // None where it was dropped meanwhile.
            if let Some(size) = row.try_get("size_bytes")? {
                sizes.insert(row.try_get("id")?, size);
            }
            Ok(())
        })
        .await?;
    Ok(sizes)
}

/// Leaves out statistics of what is not catalogued.
fn keep_known(relations: &Relations, columns: &mut Vec<ColumnFacts>) {
    let known: HashSet<&QualifiedName> = relations.rows.iter().map(|row| &row.table.name).collect();
    columns.retain(|facts| known.contains(&facts.table));
}

#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    rows: Option<i64>,
    bytes: Option<i64>,
    index_bytes: Option<i64>,
}

/// Sizes, owners and estimates. A partitioned table has those of its partitions together.
fn facts(
    relations: &Relations,
    indexes: &IndexPlaces,
    sizes: &HashMap<i64, i64>,
) -> (Vec<TableFacts>, Vec<IndexFacts>) {
    let mut sums: HashMap<i64, Sum> = HashMap::new();
    let mut index_facts = Vec::with_capacity(indexes.len());
    for (id, (table_id, name)) in indexes {
        if let (Some(size), Some(relation)) = (sizes.get(id), relations.get(*table_id)) {
            let sum = sums.entry(*table_id).or_default();
            sum.index_bytes = Some(sum.index_bytes.unwrap_or(0) + size);
            index_facts.push(IndexFacts {
                table: relation.table.name.clone(),
                index: name.clone(),
                size_bytes: *size,
            });
        }
    }
    index_facts.sort_by(|a, b| (&a.table, &a.index).cmp(&(&b.table, &b.index)));
    for relation in &relations.rows {
        let sum = sums.entry(relation.id).or_default();
        sum.rows = relation.estimate;
        sum.bytes = sizes.get(&relation.id).copied();
        if sum.bytes.is_some() && !relation.is_partitioned {
            sum.index_bytes = sum.index_bytes.or(Some(0));
        }
    }
    add_partitions(relations, &mut sums);
    let tables = relations
        .rows
        .iter()
        .map(|relation| {
            let sum = sums.get(&relation.id).copied().unwrap_or_default();
            TableFacts {
                table: relation.table.name.clone(),
                owner: relation.owner.clone(),
                row_estimate: sum.rows,
                size_bytes: sum.bytes,
                index_bytes: sum.index_bytes,
            }
        })
        .collect();
    (tables, index_facts)
}

/// Adds what each leaf has to all that it is a part of.
fn add_partitions(relations: &Relations, sums: &mut HashMap<i64, Sum>) {
    let mut added: HashMap<i64, Sum> = HashMap::new();
    let mut unknown: HashSet<i64> = HashSet::new();
    let leaves = relations
        .rows
        .iter()
        .filter(|relation| relation.table.kind == TableKind::Partition && !relation.is_partitioned);
    for leaf in leaves {
        let own = sums.get(&leaf.id).copied().unwrap_or_default();
        let mut parent = leaf.parents.first().and_then(|id| relations.get(*id));
        while let Some(above) = parent {
            let sum = added.entry(above.id).or_default();
            sum.bytes = add(sum.bytes, own.bytes);
            sum.index_bytes = add(sum.index_bytes, own.index_bytes);
            sum.rows = add(sum.rows, own.rows);
            if own.rows.is_none() {
                unknown.insert(above.id);
            }
            parent = match above.table.kind {
                TableKind::Partition => above.parents.first().and_then(|id| relations.get(*id)),
                _ => None,
            };
        }
    }
    for (id, sum) in added {
        let Some(own) = sums.get_mut(&id) else {
            continue;
        };
        own.bytes = sum.bytes;
        own.index_bytes = sum.index_bytes;
        // Of a few partitions alone no number would be true.
        own.rows = own.rows.or(sum.rows.filter(|_| !unknown.contains(&id)));
    }
}

fn add(sum: Option<i64>, more: Option<i64>) -> Option<i64> {
    match (sum, more) {
        (Some(sum), Some(more)) => Some(sum.saturating_add(more)),
        (sum, more) => sum.or(more),
    }
}
