//! `cargo xtask …`: everything that is done to Crowfoot rather than by it.
//!
//! Each command leaves its products below the target folder and changes nothing in the sources,
//! except `prepare` (`.sqlx`) and `bench` (`docs/benchmarks.md`).

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a tool for the terminal"
)]

mod bench;
mod browser;
mod check;
mod command;
mod compress;
mod css;
mod database;
mod fuzz;
mod interrupt;
mod mariadb;
mod npm;
mod postgres;
mod queries;
mod report;
mod run;
mod site;
mod test;
mod wasm;
mod workspace;

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "Builds, runs, checks and measures Crowfoot"
)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build everything and serve it, with a PostgreSQL of its own unless DATABASE_URL is set
    Run {
        /// Passed on to `crowfoot serve`
        #[arg(last = true)]
        serve: Vec<OsString>,
    },
    /// Build the one release binary, with the site inside
    Build,
    /// The fast part of `test`: formatting, clippy for server and browser, unit tests
    Check,
    /// Everything that CI runs; ends with the number of tests
    Test,
    /// Run the importer on changed scripts, looking for panics and hangs
    Fuzz {
        /// For how long, without building
        #[arg(long, default_value_t = fuzz::SECONDS)]
        seconds: u32,
    },
    /// Measure, and write docs/benchmarks.md
    Bench {
        /// Everything, if not given
        name: Option<bench::Bench>,
    },
    /// Renew .sqlx after a change of SQL or of a migration
    Prepare,
}

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("CROWFOOT_LOG")
                .unwrap_or_else(|_| "warn".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    match perform(Arguments::parse().task) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Does the task. False: it failed and has said so.
fn perform(task: Task) -> Result<bool> {
    let workspace = Workspace::load()?;
    match task {
        // Becomes the server, which handles signals itself.
        Task::Run { serve } => run::run(&workspace, &serve)?,
        Task::Build => {
            let sizes = site::build(&workspace)?;
            site::check_budget(&sizes)?;
        }
        Task::Check => return check::run(&workspace),
        Task::Test => return test::run(&workspace),
        Task::Fuzz { seconds } => {
            interrupt::watch()?;
            fuzz::run(&workspace, seconds, &mut report::Counts::default())?;
        }
        Task::Bench { name } => bench::run(&workspace, name)?,
        Task::Prepare => queries::prepare(&workspace)?,
    }
    Ok(true)
}
