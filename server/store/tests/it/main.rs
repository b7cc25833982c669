//! The store against a real PostgreSQL, a database per test.
//!
//! `CROWFOOT_TEST_DATABASE_URL` names a server on which databases may be created. Without it the
//! tests say that they are skipped.

// Helpers of tests may fail as loudly as tests do; clippy's own leave covers test functions only.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout
)]

mod accounts;
mod audit;
mod connect;
mod diagram;
mod fixture;
mod history;
mod jobs;
mod migrations;
mod partitions;
mod schema_write;
mod search;
mod search_more;
mod sessions;
mod statistics;
mod support;
mod tables;
