//! Measures proposed relations against the foreign keys that real schemas declare:
//! `cargo run --release -p ddl --example relations -- FOLDER|SCRIPT… [--json] [--large] [--misses]
//! [--only=NAME]`. A folder is the corpus; a script is one schema of whichever dialect.

// A program for people who work on this.
#![allow(clippy::print_stdout)]

#[path = "../tests/support/relation_corpus.rs"]
mod relation_corpus;

use ddl::read;
use model::relation::measure::{Miss, Score, by_evidence, compare, stripped};
use model::relation::{End, Evidence, Hints, Options, Proposal, propose};
use model::schema::{Column, Key, QualifiedName, Schema, Table, TableKind};
use relation_corpus::{CORPUS, hash, of_corpus};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut flags = Vec::new();
    let mut inputs = Vec::new();
    for argument in std::env::args().skip(1) {
        if argument.starts_with("--") {
            flags.push(argument);
        } else {
            inputs.push(PathBuf::from(argument));
        }
    }
    let has = |name: &str| flags.iter().any(|flag| flag == name);
    let only = flags.iter().find_map(|flag| flag.strip_prefix("--only="));
    let mut schemas = Vec::new();
    for input in &inputs {
        if input.is_dir() {
            for (name, provider, files, path) in CORPUS {
                if only.is_none_or(|only| name.starts_with(only)) {
                    schemas.push((
                        (*name).to_owned(),
                        of_corpus(input, *provider, files, path)?,
                    ));
                }
            }
        } else {
            let name = input
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            match of_file(input) {
                Ok(schema) => schemas.push((name, schema)),
                Err(error) => println!("{name}: {error}"),
            }
        }
    }
    let mut lines = Vec::new();
    let mut total = Score::default();
    let mut halves = [Score::default(), Score::default()];
    let mut kinds: BTreeMap<Evidence, (u64, u64)> = BTreeMap::new();
    for (name, truth) in &schemas {
        let bare = stripped(truth);
        let begun = Instant::now();
        let proposals = propose(&bare, &Hints::default(), Options::default());
        let took = begun.elapsed();
        let (score, missed) = compare(truth, &proposals, &|_| true);
        if has("--misses") {
            print_misses(&proposals, &missed, score.declared == 0);
        }
        lines.push(Line::new(
            name,
            score,
            truth.tables.len(),
            took.as_secs_f64(),
        ));
        if score.declared == 0 {
            continue;
        }
        for (kind, (all, right)) in by_evidence(&proposals, &missed) {
            let count = kinds.entry(kind).or_default();
            count.0 += all;
            count.1 += right;
        }
        for (half, sum) in halves.iter_mut().enumerate() {
            let own = |end: &End| hash(&end.table.to_string()) % 2 == half;
            *sum = sum.plus(compare(truth, &proposals, &own).0);
        }
        total = total.plus(score);
    }
    let [first, second] = halves;
    let report = Report {
        schemas: lines,
        total: Line::new("all", total, 0, 0.0),
        halves: [
            Line::new("one half of the tables", first, 0, 0.0),
            Line::new("the other half", second, 0, 0.0),
        ],
        evidence: kinds
            .into_iter()
            .map(|(kind, (all, right))| (format!("{kind:?}"), all, right))
            .collect(),
        large: has("--large").then(large),
    };
    if has("--json") {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        report.print();
    }
    Ok(())
}

/// What a schema, or several, came to.
#[derive(Serialize)]
struct Line {
    name: String,
    tables: usize,
    declared: u64,
    proposed: u64,
    right: u64,
    precision: f64,
    recall: f64,
    right_on_declared: f64,
    seconds: f64,
}

impl Line {
    fn new(name: &str, score: Score, tables: usize, seconds: f64) -> Self {
        Self {
            name: name.to_owned(),
            tables,
            declared: score.declared,
            proposed: score.proposed,
            right: score.right,
            precision: score.precision(),
            recall: score.recall(),
            right_on_declared: score.right_on_declared(),
            seconds,
        }
    }

    fn print(&self) {
        println!(
            "{:<36} declared {:>4} proposed {:>4} right {:>4}  P {:.3} R {:.3} D {:.3}  {:.1} ms",
            self.name,
            self.declared,
            self.proposed,
            self.right,
            self.precision,
            self.recall,
            self.right_on_declared,
            self.seconds * 1000.0
        );
    }
}

/// All that was measured.
#[derive(Serialize)]
struct Report {
    schemas: Vec<Line>,
    total: Line,
    halves: [Line; 2],
    /// Each kind of evidence, how many proposals it gave and how many of them are declared.
    evidence: Vec<(String, u64, u64)>,
    /// The time for a schema of 10,000 tables.
    large: Option<Large>,
}

impl Report {
    fn print(&self) {
        for line in self.schemas.iter().chain([&self.total]).chain(&self.halves) {
            line.print();
        }
        let with_keys: Vec<&Line> = self.schemas.iter().filter(|it| it.declared > 0).collect();
        let mean = |of: &dyn Fn(&Line) -> f64| {
            with_keys.iter().map(|it| of(it)).sum::<f64>() / with_keys.len() as f64
        };
        println!(
            "mean of {} schemas: P {:.3} R {:.3} D {:.3}",
            with_keys.len(),
            mean(&|it| it.precision),
            mean(&|it| it.recall),
            mean(&|it| it.right_on_declared)
        );
        for (kind, all, right) in &self.evidence {
            println!("  {kind}: {right} of {all}");
        }
        if let Some(large) = &self.large {
            println!(
                "{} tables, {} columns: {} proposals in {:.2} s",
                large.tables, large.columns, large.proposed, large.seconds
            );
        }
    }
}

/// A schema made up to be large.
#[derive(Serialize)]
struct Large {
    tables: usize,
    columns: usize,
    proposed: usize,
    seconds: f64,
}

fn large() -> Large {
    const THINGS: [&str; 20] = [
        "orders",
        "customers",
        "invoices",
        "products",
        "payments",
        "shipments",
        "addresses",
        "accounts",
        "users",
        "roles",
        "items",
        "prices",
        "stores",
        "events",
        "tickets",
        "notes",
        "tags",
        "files",
        "reviews",
        "statuses",
    ];
    let thing = |at: usize| THINGS.get(at % THINGS.len()).copied().unwrap_or_default();
    let mut schema = Schema::default();
    for at in 0..10_000 {
        let name = format!("{}_{}_{}", thing(at / 400), thing(at / 20), thing(at));
        let name = QualifiedName::new(format!("area_{}", at / 8_000), name);
        let mut table = Table::new(name, TableKind::Table);
        let mut add = |name: String, data_type: &str| {
            table.columns.push(Column {
                name,
                data_type: data_type.to_owned(),
                ..Column::default()
            });
        };
        add("id".to_owned(), "bigint");
        for column in 1..8 {
            let (one, other) = (thing(at * 7 + column), thing(at + column * 3));
            let one = one.trim_end_matches('s');
            match column % 3 {
                0 => add(format!("{one}_{column}_id"), "bigint"),
                1 => add(format!("{other}_{one}_id"), "bigint"),
                _ => add(format!("{one}_id{column}"), "bigint"),
            }
        }
        add("status".to_owned(), "text");
        add("parent_id".to_owned(), "bigint");
        add("created_by".to_owned(), "bigint");
        add("created_at".to_owned(), "timestamp with time zone");
        table.primary_key = Some(Key {
            name: "key".to_owned(),
            columns: vec!["id".to_owned()],
        });
        schema.tables.push(table);
    }
    let columns = schema.tables.iter().map(|table| table.columns.len()).sum();
    let begun = Instant::now();
    let proposals = propose(&schema, &Hints::default(), Options::default());
    Large {
        tables: schema.tables.len(),
        columns,
        proposed: proposals.len(),
        seconds: begun.elapsed().as_secs_f64(),
    }
}

fn print_misses(proposals: &[Proposal], missed: &[Miss<'_>], all: bool) {
    for miss in missed {
        let declared = miss.declared.as_ref().map(ToString::to_string);
        let proposed = miss
            .proposed
            .map(|it| format!("{:.2} {}", it.confidence, it.reason));
        println!(
            "   {} declared {} proposed {}",
            miss.from,
            declared.unwrap_or_default(),
            proposed.unwrap_or_default()
        );
    }
    if all {
        for it in proposals {
            println!(
                "   {:?} {:.2} {}",
                it.from.to_string(),
                it.confidence,
                it.reason
            );
        }
    }
}

/// A script of whichever dialect.
fn of_file(path: &Path) -> Result<Schema, Box<dyn std::error::Error>> {
    let text = ddl::decode(&std::fs::read(path)?)?;
    let provider = ddl::detect(&[text.as_str()]).unwrap_or_default();
    Ok(read(provider, [text.as_str()])?.schema)
}
