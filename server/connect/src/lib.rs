//! Reading live databases, and making the few that we own.
//!
//! Everything here talks to a server that may be slow, foreign or gone, so every statement has a
//! time limit and every reading happens in a read-only transaction. What the answers mean to the
//! catalog is not decided here: this crate knows neither its tables nor its people.

pub mod admin;
mod dial;
pub mod error;
pub mod identifier;
pub mod introspection;
pub mod live;
pub mod make;
mod mysql;
pub mod postgres;
mod relay;
pub mod source;
mod sqlite;
pub mod statistics;
pub mod target;
