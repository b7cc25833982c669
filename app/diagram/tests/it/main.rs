//! The engine as its callers use it.

// Helpers of tests may fail as loudly as tests do; clippy's own leave covers test functions only.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod arrange;
mod beside;
mod engine;
mod fixture;
mod notes;
mod overlay;
mod path;
mod recorder;
mod svg;
