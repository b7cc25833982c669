//! The catalog in PostgreSQL: migrations and SQL, one module per resource.
//!
//! Nothing here knows who asks or what they may do; that is decided above. Every statement is
//! checked against the migrations when the crate is compiled.

pub mod access;
pub mod accounts;
pub mod audit;
pub mod databases;
pub mod diagram;
pub mod error;
pub mod findings;
pub mod groups;
pub mod history;
pub mod jobs;
pub mod metadata;
mod moment;
pub mod partitions;
mod pattern;
pub mod profiles;
pub mod relations;
pub mod schedules;
mod schema_refresh;
pub mod schema_write;
pub mod script_refresh;
pub mod search;
pub mod sessions;
pub mod source_refresh;
pub mod sources;
pub mod statistics;
mod store;
pub mod tables;
pub mod versions;
pub mod views;

pub use error::StoreError;
pub use store::{PoolState, Store, StoreOptions};
