//! Crowfoot's one binary: the server and its command line.

mod catalog_database;
mod command;
mod config;
mod cookie;
mod embed;
mod form;
#[cfg(test)]
mod harness;
mod health;
mod logging;
mod metrics;
mod middleware;
mod plain_page;
mod problem;
mod rest;
mod router;
mod secret_key;
mod site;
mod state;

use clap::Parser;
use command::Command;
use std::process::ExitCode;

/// A data catalog that draws: ER diagrams, tables and columns, what people query.
#[derive(Debug, Parser)]
#[command(name = "crowfoot", version, max_term_width = 100)]
struct Arguments {
    #[command(flatten)]
    flags: config::Flags,
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    let Arguments { flags, command } = Arguments::parse();
    match command::run(flags, command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            command::complain(&error);
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Arguments;
    use clap::CommandFactory as _;

    #[test]
    fn every_command_can_be_told_from_the_others() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn no_command_takes_the_name_of_a_flag_that_all_take() {
        for command in ["migrate", "sample", "doctor", "serve"] {
            use clap::Parser as _;
            let arguments = Arguments::try_parse_from(["crowfoot", command]);
            assert!(arguments.is_ok(), "{command}: {:?}", arguments.err());
        }
    }
}
