//! Sizes and estimates of rows.

use super::connection::{Cells as _, Reading};
use crate::error::ConnectError;
use crate::introspection::{IndexFacts, TableFacts, Unreadable};
use model::schema::{Table, TableKind};
use std::collections::HashMap;

/// Sizes are found by going through the whole file, which is not done to a larger one.
const MEASURED_MAX_BYTES: u64 = 1 << 30;

const SIZES: &str = "
    SELECT name AS name, sum(pgsize) AS bytes FROM dbstat WHERE aggregate = TRUE GROUP BY name";

const HAS_ESTIMATES: &str = "
    SELECT 1 AS found FROM main.sqlite_schema WHERE type = 'table' AND name = 'sqlite_stat1'";

/// The first number of each text is the number of rows.
const ESTIMATES: &str = "
    SELECT tbl AS name, max(CAST(stat AS INTEGER)) AS row_estimate
    FROM main.sqlite_stat1 WHERE stat IS NOT NULL GROUP BY tbl";

/// What is known of sizes.
pub(super) struct Sizes {
    pub(super) tables: Vec<TableFacts>,
    pub(super) indexes: Vec<IndexFacts>,
}

/// Reads the sizes of tables and indexes, and the estimates that `ANALYZE` left.
pub(super) async fn read(
    reading: &mut Reading,
    tables: &[Table],
    unreadable: &mut Vec<Unreadable>,
) -> Result<Sizes, ConnectError> {
    let mut bytes = HashMap::new();
    if reading.bytes() <= MEASURED_MAX_BYTES {
        match reading.fetch(SIZES).await {
            Ok(rows) => {
                for row in &rows {
                    bytes.insert(row.text("name")?, row.number("bytes")?.unwrap_or_default());
                }
            }
            Err(ConnectError::Statement(_) | ConnectError::TooSlow(_)) => {
                unreadable.push(sizes_unreadable("they could not be measured in time"));
            }
            Err(error) => return Err(error),
        }
    } else {
        unreadable.push(sizes_unreadable("the file is too large to be measured"));
    }
    let mut estimates = HashMap::new();
    if !reading.fetch(HAS_ESTIMATES).await?.is_empty() {
        for row in &reading.fetch(ESTIMATES).await? {
            if let Some(estimate) = row.number("row_estimate")? {
                estimates.insert(row.text("name")?, estimate);
            }
        }
    }
    let mut sizes = Sizes {
        tables: Vec::new(),
        indexes: Vec::new(),
    };
    for table in tables.iter().filter(|one| one.kind == TableKind::Table) {
        let mut index_bytes = 0;
        for index in &table.indexes {
            if let Some(size_bytes) = bytes.get(&index.name).copied() {
                index_bytes += size_bytes;
                sizes.indexes.push(IndexFacts {
                    table: table.name.clone(),
                    index: index.name.clone(),
                    size_bytes,
                });
            }
        }
        let size_bytes = bytes.get(&table.name.name).copied();
        sizes.tables.push(TableFacts {
            table: table.name.clone(),
            owner: None,
            row_estimate: estimates.get(&table.name.name).copied(),
            size_bytes,
            index_bytes: size_bytes.map(|_| index_bytes),
        });
    }
    Ok(sizes)
}

fn sizes_unreadable(reason: &str) -> Unreadable {
    Unreadable {
        what: "sizes of tables".to_owned(),
        reason: reason.to_owned(),
    }
}
