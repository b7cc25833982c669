//! `crowfoot import`

use crate::command::{CommandError, say, with_catalog};
use crate::config::Config;
use contract::catalog::Catalog as _;
use model::address::database_address;
use model::catalog::{ImportOutcome, ImportRequest, ScriptDialect};
use std::path::PathBuf;

/// Read DDL scripts into a new database of the catalog.
#[derive(Debug, clap::Args)]
pub(crate) struct Import {
    /// Scripts of DDL or DBML, read in this order into one schema.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The new database's name.
    #[arg(long)]
    name: String,
    /// postgresql, mysql, sqlite, sqlserver, oracle or dbml; told by the scripts' marks without it.
    #[arg(long, value_parser = read_dialect)]
    dialect: Option<ScriptDialect>,
}

impl Import {
    pub(crate) async fn run(self, config: &Config) -> Result<(), CommandError> {
        let mut scripts = Vec::with_capacity(self.files.len());
        for path in self.files {
            let bytes = std::fs::read(&path).map_err(|source| CommandError::File {
                path: path.clone(),
                source,
            })?;
            scripts.push(ddl::decode(&bytes).map_err(|error| CommandError::Text {
                path,
                message: error.to_string(),
            })?);
        }
        let request = ImportRequest {
            name: self.name,
            scripts,
            dialect: self.dialect,
        };
        let outcome = with_catalog(config, async |services, ctx| {
            Ok(services.script_import(&ctx, request).await?)
        })
        .await?;
        report(&outcome);
        Ok(())
    }
}

fn read_dialect(word: &str) -> Result<ScriptDialect, String> {
    ScriptDialect::from_word(word)
        .ok_or_else(|| "there are postgresql, mysql, sqlite, sqlserver, oracle and dbml".to_owned())
}

fn report(outcome: &ImportOutcome) {
    say(format_args!(
        "{}  {}",
        outcome.id,
        database_address(&outcome.id)
    ));
    let counts = outcome.counts;
    say(format_args!(
        "{}: {} tables, {} views, {} columns, {} foreign keys, {} indexes",
        outcome.name,
        counts.tables,
        counts.views,
        counts.columns,
        counts.foreign_keys,
        counts.indexes
    ));
    let passed_over: u64 = outcome.report.passed_over.iter().map(|one| one.count).sum();
    if passed_over > 0 {
        let kinds: Vec<String> = outcome
            .report
            .passed_over
            .iter()
            .map(|one| format!("{} {}", one.count, one.kind))
            .collect();
        say(format_args!(
            "passed over, as no part of the structure: {}",
            kinds.join(", ")
        ));
    }
    for problem in &outcome.report.problems {
        say(format_args!(
            "line {}: {}\n    {}",
            problem.line, problem.message, problem.excerpt
        ));
    }
}
