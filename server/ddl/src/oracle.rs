//! x
pub(crate) mod types;
