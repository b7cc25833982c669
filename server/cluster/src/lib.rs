//! The private PostgreSQL that Crowfoot runs for itself when no `DATABASE_URL` is given.
//!
//! [`Cluster::start`] finds the programs, makes the data folder the first time, repairs what an
//! unclean end left behind, starts the server on a private socket and returns when it answers.
//! Dropping the [`Cluster`] (or [`Cluster::stop`]) shuts it down.
//!
//! What does not belong here: SQL, pools, migrations. This crate hands out a URL and nothing more.
//! It is blocking and knows no async runtime; call it from `spawn_blocking`.
//!
//! What lies in the data folder:
//! ```text
//! crowfoot.lock        held while a Crowfoot uses the folder; names its process
//! postgres.password    the password of the role `crowfoot`, for our own eyes
//! postgres.location    only when `postgres/` had to be made elsewhere: where
//! postgres.log         what PostgreSQL says, and postgres.log.1, what it said before
//! postgres/data        PostgreSQL's own data folder
//! postgres/socket      the socket
//! ```

mod account;
mod binaries;
mod cluster;
mod config;
mod error;
mod home;
mod init;
mod join;
mod lock;
mod log;
mod postmaster;
mod settings;
mod socket;

pub use binaries::{Binaries, Version, find_binaries};
pub use cluster::Cluster;
pub use config::ClusterConfig;
pub use error::ClusterError;
pub use join::running_url;

/// The database that every new cluster has.
pub const DATABASE: &str = "crowfoot";

/// The role that owns everything in the cluster, a superuser.
pub const ROLE: &str = "crowfoot";
