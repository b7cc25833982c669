//! What a close look at a table's rows found.

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What a look at a table's rows found, as the catalog keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TableProfile {
    /// When that was.
    pub taken_at: Timestamp,
    /// How many rows were read.
    pub rows: i64,
    /// Whether they were a part of all.
    pub sampled: bool,
    /// The columns in their order; those that could not be looked at are left out.
    pub columns: Vec<ColumnProfile>,
}

/// What a look at a column's values found, among the rows that were read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ColumnProfile {
    /// The column.
    pub column: String,
    /// What was found.
    pub values: ValueProfile,
}

/// Values of a column, counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ValueProfile {
    /// How many are null.
    pub nulls: i64,
    /// How many different values; none where the type has no order, such as JSON.
    pub distinct: Option<i64>,
    /// The smallest value as text, cut after 200 characters.
    pub min: Option<String>,
    /// The largest value as text, cut after 200 characters.
    pub max: Option<String>,
    /// The most common values with their number of rows, most common first; at most ten.
    pub top: Vec<(String, i64)>,
}
