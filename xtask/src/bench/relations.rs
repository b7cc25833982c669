//! Relations that are not declared, against those that are.

use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use super::document::{Figure, Section};
use super::seconds;
use crate::command;
use crate::workspace::Workspace;

/// What the example `relations` of the crate `ddl` prints.
#[derive(Deserialize)]
struct Report {
    schemas: Vec<Line>,
    total: Line,
    halves: Vec<Line>,
    large: Option<Large>,
}

#[derive(Deserialize)]
struct Line {
    name: String,
    declared: u64,
    proposed: u64,
    right: u64,
    precision: f64,
    recall: f64,
    right_on_declared: f64,
}

impl Line {
    fn value(&self) -> String {
        format!(
            "P {:.3}, R {:.3}, on declared {:.3} ({} right of {} proposed, {} declared)",
            self.precision,
            self.recall,
            self.right_on_declared,
            self.right,
            self.proposed,
            self.declared
        )
    }
}

#[derive(Deserialize)]
struct Large {
    tables: u64,
    columns: u64,
    seconds: f64,
}

pub(crate) fn measure(workspace: &Workspace) -> Result<Section> {
    let corpus = workspace.root.join("../shared/corpus");
    if !corpus.is_dir() {
        bail!("there is no corpus at {}", corpus.display());
    }
    command::run(workspace.cargo().args([
        "build",
        "--release",
        "-p",
        "ddl",
        "--example",
        "relations",
    ]))?;
    let example = workspace.target.join("release/examples/relations");
    let text = command::output(
        Command::new(&example)
            .arg(&corpus)
            .args(["--json", "--large"]),
    )?;
    let report: Report = serde_json::from_str(&text).context("the example printed no report")?;
    let total = &report.total;
    let mut figures = vec![
        Figure::new("precision, all keys together", share(total.precision)).floor("0.850"),
        Figure::new("recall, all keys together", share(total.recall)).floor("0.600"),
        Figure::new(
            "right on columns with a declared key",
            share(total.right_on_declared),
        )
        .floor("0.950"),
    ];
    let (declaring, bare): (Vec<&Line>, Vec<&Line>) =
        report.schemas.iter().partition(|it| it.declared > 0);
    figures.push(Figure::new(
        format!("mean of {} schemas", declaring.len()),
        format!(
            "P {:.3}, R {:.3}, on declared {:.3}",
            mean(&declaring, |it| it.precision),
            mean(&declaring, |it| it.recall),
            mean(&declaring, |it| it.right_on_declared)
        ),
    ));
    for line in report.halves.iter().chain(declaring) {
        figures.push(Figure::new(&line.name, line.value()));
    }
    for line in bare {
        let proposed = format!("{} proposed, none declared", line.proposed);
        figures.push(Figure::new(&line.name, proposed));
    }
    if let Some(large) = &report.large {
        let time = std::time::Duration::try_from_secs_f64(large.seconds)?;
        figures.push(
            Figure::new(
                format!("{} tables, {} columns", large.tables, large.columns),
                seconds(time),
            )
            .target("2 s"),
        );
    }
    Ok(Section {
        title: "Relations that are not declared",
        about: "Proposed for real schemas whose foreign keys, comments, checks and indexes that are not unique \
                were taken away, against the keys that they declare. P is the share of proposals that are \
                declared, R the share of declared keys that were proposed. A proposal that is right but not \
                declared counts as wrong in P; the share on columns that do have a declared key leaves those \
                out. The halves divide the tables by a hash of their names.",
        figures,
        tables: Vec::new(),
    })
}

fn share(value: f64) -> String {
    format!("{value:.3}")
}

#[expect(clippy::cast_precision_loss, reason = "a dozen schemas")]
fn mean(lines: &[&Line], of: impl Fn(&Line) -> f64) -> f64 {
    lines.iter().map(|it| of(it)).sum::<f64>() / lines.len().max(1) as f64
}
