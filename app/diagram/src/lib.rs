//! The diagram engine: from tables and links to a picture, in plain Rust. It lays out, routes,
//! culls, finds what is under the pointer and says what to draw; a renderer (a canvas in the
//! browser, the SVG writer here) offers the primitives.
//!
//! This crate does no IO, reads no clock and knows no browser, so that the server and the browser
//! compute the same picture from the same graph, and tests need neither. Equal input gives equal
//! output. Nothing in it panics.

pub mod area;
pub mod arrange;
pub mod community;
pub mod courses;
pub mod detail;
pub mod drawn;
pub mod find;
pub mod fold;
pub mod geometry;
pub mod glide;
pub mod graph;
pub mod index;
pub mod join;
mod lanes;
pub mod late;
pub mod layout;
pub mod marks;
pub mod measure;
pub mod memo;
pub mod minimap;
pub mod outline;
pub mod overlay;
pub mod paint;
pub mod painter;
pub mod path;
pub mod quality;
pub mod route;
pub mod sample;
pub mod scene;
pub mod snap;
pub mod svg;
pub mod theme;
mod total;
pub mod undo;
