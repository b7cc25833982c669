//! `cargo xtask bench [name]`: measures the release binary and writes docs/benchmarks.md.

mod diagram;
mod document;
mod harness;
mod http;
mod import;
mod introspection;
mod layout;
mod refresh;
mod relations;
mod schema;
mod search;
mod server;
mod startup;
mod table_page;

use std::time::Duration;

use anyhow::Result;
use clap::ValueEnum;

use crate::site;
use crate::workspace::Workspace;
use document::{Figure, Section};

/// What can be measured.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Bench {
    /// What the browser must load before the first page is interactive
    Bundle,
    /// Start to the first answered request, and memory at rest
    Startup,
    /// Importing a DDL of 1,000 tables
    Import,
    /// The table page in a catalog of 1,000 tables
    TablePage,
    /// Reading a live PostgreSQL of 10,000 tables, against the catalog queries alone in psql
    Introspection,
    /// Reading it again when nothing changed: time, and rows written
    Refresh,
    /// Searching a catalog of 10,000 tables
    Search,
    /// Relations that are not declared, against those that are
    Relations,
    /// Where the tables of a diagram stand, against dagre and ELK
    Layout,
    /// The diagram in a browser: drawing, moving, memory
    Diagram,
}

/// Measures one thing, or everything.
pub(crate) fn run(workspace: &Workspace, only: Option<Bench>) -> Result<()> {
    crate::interrupt::watch()?;
    // These alone need no finished program, and others may be given one.
    let sizes = match only {
        Some(Bench::Introspection | Bench::Relations | Bench::Layout) => Vec::new(),
        Some(bench) if bench != Bench::Bundle && server::named_binary()?.is_some() => Vec::new(),
        _ => site::build(workspace)?,
    };
    for bench in Bench::value_variants() {
        if only.is_some_and(|only| only != *bench) {
            continue;
        }
        let section = match bench {
            Bench::Bundle => bundle(&sizes),
            Bench::Startup => startup::measure(workspace)?,
            Bench::Import => import::measure(workspace)?,
            Bench::Introspection => introspection::measure(workspace)?,
            Bench::Refresh => refresh::measure(workspace)?,
            Bench::TablePage => table_page::measure(workspace)?,
            Bench::Search => search::measure(workspace)?,
            Bench::Relations => relations::measure(workspace)?,
            Bench::Layout => layout::measure(workspace)?,
            Bench::Diagram => diagram::measure(workspace)?,
        };
        section.print();
        document::update(workspace, bench, &section)?;
    }
    Ok(())
}

impl Bench {
    /// Its name on the command line.
    fn name(self) -> String {
        self.to_possible_value()
            .map(|value| value.get_name().to_owned())
            .unwrap_or_default()
    }
}

fn bundle(sizes: &[site::Size]) -> Section {
    let mut figures: Vec<Figure> = sizes
        .iter()
        .map(|size| {
            Figure::new(
                &size.part,
                format!(
                    "{:.1} KiB brotli ({:.1} KiB raw)",
                    site::kib(size.brotli),
                    site::kib(size.raw)
                ),
            )
        })
        .collect();
    figures.push(
        Figure::new(
            "together, for the first page",
            format!("{:.1} KiB brotli", site::kib(site::total(sizes))),
        )
        .target(format!("{:.0} KiB", site::kib(site::BUDGET))),
    );
    Section {
        title: "What the browser loads",
        about: "Before the first page is interactive: wasm, JavaScript and styles, as they are sent. \
                The page itself is readable before any of it has arrived. The parts after it are loaded \
                by the pages that need them.",
        figures,
        tables: Vec::new(),
    }
}

/// The value below which this share of the sorted samples lies.
fn percentile(sorted: &[Duration], share: f64) -> Duration {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a few hundred samples"
    )]
    let index = ((sorted.len() as f64 * share).ceil() as usize).saturating_sub(1);
    sorted.get(index).copied().unwrap_or_default()
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_samples() {
        let samples: Vec<Duration> = (1..=100).map(Duration::from_millis).collect();
        assert_eq!(percentile(&samples, 0.95), Duration::from_millis(95));
        assert_eq!(percentile(&samples, 0.5), Duration::from_millis(50));
        assert_eq!(percentile(&[], 0.5), Duration::ZERO);
    }
}
