//! What reading a script of DDL brought to light, for the person who gave it.

use serde::{Deserialize, Serialize};

/// The account of one import: what was read, what was passed over and what could not be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    /// Statements that became part of the schema.
    pub statements_read: u64,
    /// Statements that say nothing about the structure, by kind: `INSERT` 15,607 times.
    pub passed_over: Vec<PassedOver>,
    /// Statements, or parts of one, that could not be read, in the order of the file.
    pub problems: Vec<ImportProblem>,
    /// How many problems there were in all; `problems` holds the first 1,000.
    pub problems_total: u64,
}

/// Statements of one kind that hold no structure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassedOver {
    /// The leading words, in capitals: `INSERT`, `GRANT`, `CREATE FUNCTION`.
    pub kind: String,
    /// How often it stood in the script.
    pub count: u64,
}

/// Something that the importer could not read or could not place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportProblem {
    /// The line, from 1, on which the statement (or the part of it) begins.
    pub line: u64,
    /// The statement's beginning, on one line, at most 160 characters.
    pub excerpt: String,
    /// What is wrong, as a sentence.
    pub message: String,
}
