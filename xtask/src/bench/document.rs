//! docs/benchmarks.md: one section per bench, each replaced when it is measured anew.

use anyhow::{Context as _, Result};

use super::Bench;
use crate::command;
use crate::workspace::Workspace;

const HEAD: &str = "\
# Benchmarks

Measured by `cargo xtask bench` with the release binary; each section says which command prints it.
Compare figures of one run only: machines and what else they do differ.
";

/// One number and what it should be.
pub(crate) struct Figure {
    name: String,
    value: String,
    target: Option<String>,
    least: Option<String>,
}

impl Figure {
    pub(crate) fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
            target: None,
            least: None,
        }
    }

    /// The least that it may be.
    pub(crate) fn floor(mut self, least: impl Into<String>) -> Self {
        self.least = Some(least.into());
        self
    }

    /// The most that it may be.
    pub(crate) fn target(mut self, target: impl Into<String>) -> Self {
        self.target = Some(target.into());
        self
    }
}

/// Numbers that are read across: below the figures, one row for each thing measured.
pub(crate) struct Table {
    pub(crate) title: &'static str,
    pub(crate) head: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

impl Table {
    fn print(&self) {
        println!("\n  {}", self.title);
        let mut widths = Vec::new();
        for row in std::iter::once(&self.head).chain(&self.rows) {
            widths.resize(widths.len().max(row.len()), 0);
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = cell.chars().count().max(*width);
            }
        }
        for row in std::iter::once(&self.head).chain(&self.rows) {
            let cells: Vec<String> = row
                .iter()
                .zip(&widths)
                .enumerate()
                .map(|(at, (cell, &width))| {
                    if at == 0 {
                        format!("{cell:<width$}")
                    } else {
                        format!("{cell:>width$}")
                    }
                })
                .collect();
            println!("  {}", cells.join("  "));
        }
    }

    fn markdown(&self) -> String {
        let line = |row: &[String]| format!("| {} |\n", row.join(" | "));
        let rule: Vec<String> = (0..self.head.len())
            .map(|at| if at == 0 { "---" } else { "---:" }.to_owned())
            .collect();
        let mut text = format!("\n{}:\n\n{}{}", self.title, line(&self.head), line(&rule));
        for row in &self.rows {
            text.push_str(&line(row));
        }
        text
    }
}

/// What a bench found.
pub(crate) struct Section {
    pub(crate) title: &'static str,
    pub(crate) about: &'static str,
    pub(crate) figures: Vec<Figure>,
    pub(crate) tables: Vec<Table>,
}

impl Section {
    pub(crate) fn print(&self) {
        println!("\n{}", self.title);
        for figure in &self.figures {
            let bound = match (&figure.target, &figure.least) {
                (Some(target), _) => format!("  (at most {target})"),
                (None, Some(least)) => format!("  (at least {least})"),
                (None, None) => String::new(),
            };
            println!("  {:<36} {}{bound}", figure.name, figure.value);
        }
        for table in &self.tables {
            table.print();
        }
    }

    fn markdown(&self, command: &str, machine: &str) -> String {
        let mut text = format!(
            "## {}\n\n{}\n\n`{command}` on {machine}:\n\n| what | measured | at most |\n| --- | ---: | ---: |\n",
            self.title, self.about
        );
        for figure in &self.figures {
            let target = match (&figure.target, &figure.least) {
                (Some(target), _) => target.clone(),
                (None, Some(least)) => format!("at least {least}"),
                (None, None) => String::new(),
            };
            text.push_str(&format!(
                "| {} | {} | {target} |\n",
                figure.name, figure.value
            ));
        }
        for table in &self.tables {
            text.push_str(&table.markdown());
        }
        text
    }
}

/// Replaces the section of a bench, or adds it.
pub(crate) fn update(workspace: &Workspace, bench: &Bench, section: &Section) -> Result<()> {
    let path = workspace.root.join("docs/benchmarks.md");
    let old = std::fs::read_to_string(&path).unwrap_or_else(|_| HEAD.to_owned());
    let name = bench.name();
    let body = section.markdown(&format!("cargo xtask bench {name}"), &machine());
    let new = replace(&old, &name, &body);
    if let Some(dir) = path.parent() {
        std::fs::create_dir_all(dir)?;
    }
    std::fs::write(&path, new).with_context(|| format!("could not write {}", path.display()))
}

fn replace(document: &str, name: &str, body: &str) -> String {
    let (open, close) = (
        format!("<!-- bench: {name} -->\n"),
        format!("<!-- end: {name} -->\n"),
    );
    let marked = format!("{open}{body}{close}");
    let known = document.split_once(&open).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(&close)?;
        Some(format!("{before}{marked}{after}"))
    });
    known.unwrap_or_else(|| format!("{}\n\n{marked}", document.trim_end()))
}

fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let rustc =
        command::output(std::process::Command::new("rustc").arg("--version")).unwrap_or_default();
    let version = rustc.split_whitespace().nth(1).unwrap_or("?").to_owned();
    format!(
        "{cores} cores, {} {}, Rust {version}",
        std::env::consts::OS,
        std::env::consts::ARCH
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_replaced_and_the_rest_is_kept() {
        let once = replace("# Benchmarks\n", "a", "one\n");
        let twice = replace(&once, "b", "two\n");
        let again = replace(&twice, "a", "three\n");
        assert!(again.starts_with("# Benchmarks\n"));
        assert!(!again.contains("one"));
        assert!(again.find("three").unwrap() < again.find("two").unwrap());
        assert_eq!(replace(&again, "a", "three\n"), again);
    }
}
