//! Live PostgreSQL databases, where `CROWFOOT_TEST_DATABASE_URL` names a server.

// Helpers of tests are outside of what the lints take for tests.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr
)]

mod failures;
mod old_server;
mod profile;
mod reading;
mod round_trip;
mod statements;
mod support;
