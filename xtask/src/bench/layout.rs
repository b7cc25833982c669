//! How schemas are laid out, by us and by two other programs.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use super::document::{Figure, Section, Table};
use super::harness::{Harness, SIZES};
use super::seconds;
use crate::command;
use crate::npm;
use crate::workspace::Workspace;

/// How long a layout may take, by the number of tables of the harness's schemas.
const LIMITS: [(usize, f64); 2] = [(1_000, 1.0), (5_000, 6.0)];

/// What the example `layout` of the crate `ddl` prints.
#[derive(Deserialize)]
struct Report {
    graphs: Vec<Line>,
    totals: Vec<Total>,
}

#[derive(Deserialize)]
struct Line {
    name: String,
    ours: Figures,
    others: Vec<Attempt>,
}

#[derive(Deserialize)]
struct Attempt {
    program: String,
    figures: Option<Figures>,
    failure: Option<String>,
}

#[derive(Deserialize)]
struct Total {
    program: String,
    of: String,
    graphs: u64,
    ours: Figures,
    theirs: Figures,
}

#[derive(Deserialize)]
struct Figures {
    tables: u64,
    links: u64,
    crossings: u64,
    through: u64,
    length: f64,
    area: f64,
    aspect: f64,
    overlaps: u64,
    straight_links: u64,
    straight_crossings: u64,
    straight_through: u64,
    seconds: f64,
}

impl Figures {
    fn crossings_per_link(&self) -> f64 {
        per(self.crossings, self.links)
    }

    /// In millions of square world units.
    fn area(&self) -> f64 {
        self.area / 1e6
    }

    #[expect(clippy::cast_precision_loss, reason = "a few thousand links")]
    fn length_per_link(&self) -> f64 {
        self.length / self.links.max(1) as f64
    }
}

#[expect(clippy::cast_precision_loss, reason = "a few million crossings")]
fn per(sum: u64, count: u64) -> f64 {
    sum as f64 / count.max(1) as f64
}

pub(crate) fn measure(workspace: &Workspace) -> Result<Section> {
    let report = run(workspace)?;
    let mut figures = Vec::new();
    for total in &report.totals {
        figures.extend(compare(total));
    }
    let overlaps: u64 = report.graphs.iter().map(|it| it.ours.overlaps).sum();
    figures.push(Figure::new("overlapping tables, ours", overlaps.to_string()).target("0"));
    for (tables, limit) in LIMITS {
        let name = format!("harness {tables}");
        if let Some(line) = report.graphs.iter().find(|it| it.name == name) {
            figures.push(
                Figure::new(
                    format!("{tables} tables, {} links, laid out in", line.ours.links),
                    seconds(Duration::try_from_secs_f64(line.ours.seconds)?),
                )
                .target(seconds(Duration::try_from_secs_f64(limit)?)),
            );
        }
    }
    for (what, worse) in [
        (
            "more crossings per link than another",
            behind(&report, Figures::crossings_per_link, 3),
        ),
        (
            "more area than another, in Mpx²",
            behind(&report, Figures::area, 2),
        ),
    ] {
        figures.push(Figure::new(what, worse));
    }
    Ok(Section {
        title: "Where the tables of a diagram stand",
        about: "The same boxes and links laid out by us, by dagre and by the layered method of ELK \
                (orthogonal links; both run from left to right with our gaps and, where they have one, \
                our aspect ratio; 60 seconds for each graph): as each program draws its links, and with \
                all links straight from middle to middle. Crossings are counted per pair of links, \
                \"through\" is a link that runs through a table that is not one of its ends, Mpx² are \
                millions of square units of a drawing at full size. Totals compare us with each program \
                over the graphs that it could lay out. Straight links run through more tables where tables \
                stand closer, so that figure is to be read beside the area; as drawn, ours go round. \
                Boxes show all columns up to 300 tables, beyond only those of keys, as the server does it.",
        figures,
        tables: tables(&report),
    })
}

fn run(workspace: &Workspace) -> Result<Report> {
    let dir = npm::install(workspace, "layout")?;
    command::run(workspace.cargo().args([
        "build",
        "--release",
        "-p",
        "ddl",
        "--example",
        "layout",
    ]))?;
    let mut rivals = std::ffi::OsString::from("--rivals=");
    rivals.push(dir.join("run.mjs"));
    let mut program = Command::new(workspace.target.join("release/examples/layout"));
    program.args(["--json", "--generated"]).arg(rivals);
    let corpus = workspace.root.join("../shared/corpus");
    if corpus.is_dir() {
        program.arg(&corpus);
    } else {
        println!(
            "without real schemas: there is no corpus at {}",
            corpus.display()
        );
    }
    let scratch = tempfile::tempdir()?;
    match Harness::find(workspace) {
        Some(harness) => {
            for size in SIZES {
                program.arg(harness.write_schema(size, scratch.path())?);
            }
        }
        None => println!("without the schemas of the harness: there is none beside the repository"),
    }
    println!("laying out; up to a minute for each graph and program");
    let text = command::output(&mut program)?;
    serde_json::from_str(&text).context("the example printed no report")
}

/// Ours against another program's, which is what ours may be at most.
fn compare(total: &Total) -> Vec<Figure> {
    let (ours, theirs) = (&total.ours, &total.theirs);
    let name = |what: &str| {
        format!(
            "{what}, {} ({}), against {}",
            total.of, total.graphs, total.program
        )
    };
    let better = ours.crossings_per_link() < theirs.crossings_per_link()
        && ours.through <= theirs.through
        && ours.area <= theirs.area;
    vec![
        Figure::new(
            name("crossings per link"),
            format!("{:.3}", ours.crossings_per_link()),
        )
        .target(format!("{:.3}", theirs.crossings_per_link())),
        Figure::new(name("links through tables"), ours.through.to_string())
            .target(theirs.through.to_string()),
        Figure::new(name("area"), format!("{:.1} Mpx²", ours.area()))
            .target(format!("{:.1} Mpx²", theirs.area())),
        Figure::new(
            name("better in all three"),
            if better { "yes" } else { "no" },
        ),
    ]
}

/// The graphs where another program has less of something, with both figures.
fn behind(report: &Report, of: impl Fn(&Figures) -> f64, digits: usize) -> String {
    let mut found = Vec::new();
    for line in &report.graphs {
        for attempt in &line.others {
            let Some(theirs) = &attempt.figures else {
                continue;
            };
            if of(theirs) < of(&line.ours) {
                found.push(format!(
                    "{} ({:.digits$}, {} {:.digits$})",
                    line.name,
                    of(&line.ours),
                    attempt.program,
                    of(theirs)
                ));
            }
        }
    }
    if found.is_empty() {
        "none".to_owned()
    } else {
        found.join(", ")
    }
}

fn tables(report: &Report) -> Vec<Table> {
    vec![
        table(
            report,
            "Each graph as drawn",
            &["crossings per link", "through tables", "Mpx²"],
            &[
                &|it| format!("{:.3}", it.crossings_per_link()),
                &|it| it.through.to_string(),
                &|it| format!("{:.2}", it.area()),
            ],
        ),
        table(
            report,
            "Length of a link in world units, width to height, and time",
            &["length", "width/height", "seconds"],
            &[
                &|it| format!("{:.0}", it.length_per_link()),
                &|it| format!("{:.2}", it.aspect),
                &|it| format!("{:.2}", it.seconds),
            ],
        ),
        table(
            report,
            "The same places with straight links from middle to middle",
            &["crossings per link", "through tables"],
            &[
                &|it| format!("{:.3}", per(it.straight_crossings, it.straight_links)),
                &|it| it.straight_through.to_string(),
            ],
        ),
    ]
}

/// A row for each graph, and for each measure a column for each program.
fn table(
    report: &Report,
    title: &'static str,
    measures: &[&str],
    texts: &[&dyn Fn(&Figures) -> String],
) -> Table {
    let programs: Vec<&str> = report
        .graphs
        .first()
        .map(|line| line.others.iter().map(|it| it.program.as_str()).collect())
        .unwrap_or_default();
    let mut head: Vec<String> = ["graph", "tables", "links"].map(str::to_owned).to_vec();
    for measure in measures {
        head.push(format!("{measure}: ours"));
        head.extend(programs.iter().map(|it| (*it).to_owned()));
    }
    let rows = report.graphs.iter().map(|line| {
        let mut row = vec![
            line.name.clone(),
            line.ours.tables.to_string(),
            line.ours.links.to_string(),
        ];
        for text in texts {
            row.push(text(&line.ours));
            row.extend(
                line.others
                    .iter()
                    .map(|it| match (&it.figures, &it.failure) {
                        (Some(figures), _) => text(figures),
                        (None, why) => why.clone().unwrap_or_default(),
                    }),
            );
        }
        row
    });
    Table {
        title,
        rows: rows.collect(),
        head,
    }
}
