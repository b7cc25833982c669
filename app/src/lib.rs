//! The product's views: document shell, route table, pages and thin server functions.
//!
//! It reaches data only through the traits of `contract`, found in context, and compiles both
//! for the server (`ssr`) and for the browser (`hydrate`).
#![recursion_limit = "256"]
#![allow(
    unreachable_pub,
    reason = "a component is `pub` for its generated properties, wherever it stands"
)]

pub mod api;
pub mod app;
pub mod bootstrap;
pub mod canvas;
#[cfg(feature = "ssr")]
pub mod context;
#[cfg(feature = "ssr")]
pub mod document;
pub mod error;
pub mod pages;
pub mod parts;
pub mod query;
pub mod wire;
