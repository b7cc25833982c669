//! The services as traits: what pages, server functions and REST may ask for, and nothing of
//! how it is done. Views know only this crate, so that a change of SQL rebuilds no view and a
//! server function can be tested with a double.

pub mod access;
pub mod account;
pub mod catalog;
pub mod context;
pub mod embed;
pub mod error;
pub mod job;
pub mod metadata;
pub mod picture;
pub mod relation;
pub mod source;
pub mod view;
