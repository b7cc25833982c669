//! The use cases. Each method of [`Services`](services::Services) begins by asking whether whoever
//! asks may do it, then checks what was given, and leaves the rest to the store, the DDL reader,
//! the diagram engine or a live database.
//!
//! Failures are logged once, here, under the request's id; what leaves is an answer that names no
//! internals. There is no HTTP and no SQL in this crate.

mod access;
mod account;
mod audit;
mod catalog;
mod changes;
mod clock;
pub mod config;
mod connection;
mod cron;
mod database;
mod dataset;
mod diagram;
pub mod error;
mod export;
mod findings;
pub mod fingerprint;
mod group;
mod import;
mod job;
mod limiter;
mod make;
mod markdown;
mod metadata;
mod password;
mod person;
mod profile;
mod refresh;
mod relation;
pub mod sample;
mod schedule;
pub mod seal;
mod search;
pub mod services;
pub mod setup_code;
pub mod show;
mod source;
mod table;
pub mod tally;
mod token;
pub mod user;
mod view;
pub mod worker;
