//! The vocabulary that every part of Crowfoot shares: ids, the structure of a database, what
//! pages show, who may do what. Data and small pure functions only; no input or output, no
//! clock, no randomness. It compiles for the browser and for the server.

pub mod access;
pub mod account;
pub mod address;
pub mod box_id;
pub mod catalog;
pub mod dataset;
pub mod diagram;
pub mod diff;
pub mod embed;
pub mod finding;
pub mod id;
pub mod import;
pub mod job;
pub mod metadata;
pub mod number;
pub mod profile;
pub mod provider;
pub mod relation;
pub mod saved_view;
pub mod schema;
pub mod script;
pub mod search;
pub mod semantic;
pub mod time;
pub mod view;
