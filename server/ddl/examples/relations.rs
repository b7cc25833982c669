//! Measures proposed relations against the foreign keys that real schemas declare:
//! `cargo run --release -p ddl --example relations -- CORPUS [--json] [--misses [NAME]]`.

// A program for people who work on this.
#![allow(clippy::print_stdout)]

use ddl::{ReadOptions, read, read_postgres_with};
use model::provider::Provider;
use model::relation::measure::{Miss, Score, by_evidence, compare, stripped};
use model::relation::{Evidence, Hints, Options, Proposal, propose};
use model::schema::Schema;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

/// The schemas: a name, the dialect, the files (or a list of them) and the search path.
const CORPUS: &[(&str, Provider, &str, &str)] = &[
    (
        "azimutt",
        Provider::PostgreSql,
        "azimutt.postgres.sql",
        "public",
    ),
    (
        "chinook",
        Provider::PostgreSql,
        "chinook.postgres.sql",
        "public",
    ),
    (
        "chinook (SQLite)",
        Provider::Sqlite,
        "chinook.sqlite.sql",
        "main",
    ),
    (
        "liam",
        Provider::PostgreSql,
        "liam-supabase.postgres.sql",
        "public",
    ),
    (
        "mastodon",
        Provider::PostgreSql,
        "mastodon.postgres.sql",
        "public",
    ),
    (
        "musicbrainz",
        Provider::PostgreSql,
        "musicbrainz/LOAD_ORDER.txt",
        "musicbrainz,public",
    ),
    (
        "northwind",
        Provider::PostgreSql,
        "northwind.postgres.schema.sql",
        "public",
    ),
    ("orangehrm", Provider::MySql, "orangehrm.mysql.sql", "main"),
    (
        "pagila",
        Provider::PostgreSql,
        "pagila.postgres.schema.sql",
        "public",
    ),
    (
        "pubs",
        Provider::SqlServer,
        "pubs.sqlserver.schema.sql",
        "dbo",
    ),
    ("job", Provider::PostgreSql, "job/schema.sql", "public"),
    ("mediawiki", Provider::MySql, "mediawiki.mysql.sql", "main"),
    ("wordpress", Provider::MySql, "wordpress.mysql.sql", "main"),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let corpus = arguments.next().ok_or("which folder is the corpus?")?;
    let flags: Vec<String> = arguments.collect();
    let misses = flags.iter().any(|flag| flag == "--misses");
    let only = flags.iter().find(|flag| !flag.starts_with('-'));
    let mut total = Score::default();
    let mut halves = [Score::default(), Score::default()];
    let mut scores = Vec::new();
    let mut kinds: BTreeMap<Evidence, (u64, u64)> = BTreeMap::new();
    for (name, provider, files, path) in CORPUS {
        if only.is_some_and(|only| !name.starts_with(only.as_str())) {
            continue;
        }
        let truth = schema(Path::new(&corpus), *provider, files, path)?;
        let bare = stripped(&truth);
        let begun = Instant::now();
        let proposals = propose(&bare, &Hints::default(), Options::default());
        let took = begun.elapsed();
        let (score, missed) = compare(&truth, &proposals, &|_| true);
        println!(
            "{name:<18} declared {:>4} proposed {:>4} right {:>4}  P {:.3} R {:.3} D {:.3}  {took:?}",
            score.declared,
            score.proposed,
            score.right,
            score.precision(),
            score.recall(),
            score.right_on_declared()
        );
        if misses {
            print_misses(&proposals, &missed, score.declared == 0);
        }
        if score.declared == 0 {
            continue;
        }
        for (kind, (all, right)) in by_evidence(&proposals, &missed) {
            let count = kinds.entry(kind).or_default();
            count.0 += all;
            count.1 += right;
        }
        for (half, sum) in halves.iter_mut().enumerate() {
            let own = compare(&truth, &proposals, &|end| {
                hash(&end.table.to_string()) % 2 == half
            });
            *sum = sum.plus(own.0);
        }
        total = total.plus(score);
        scores.push(score);
    }
    for (name, score) in [("all", total), ("half A", halves[0]), ("half B", halves[1])] {
        println!(
            "{name:<18} declared {:>4} proposed {:>4} right {:>4}  P {:.3} R {:.3} D {:.3}",
            score.declared,
            score.proposed,
            score.right,
            score.precision(),
            score.recall(),
            score.right_on_declared()
        );
    }
    let mean =
        |of: &dyn Fn(&Score) -> f64| scores.iter().map(of).sum::<f64>() / scores.len() as f64;
    println!(
        "macro P {:.3} R {:.3} D {:.3}",
        mean(&Score::precision),
        mean(&Score::recall),
        mean(&Score::right_on_declared)
    );
    for (kind, (all, right)) in kinds {
        println!("  {kind:?}: {right} of {all}");
    }
    Ok(())
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

fn schema(
    corpus: &Path,
    provider: Provider,
    files: &str,
    path: &str,
) -> Result<Schema, Box<dyn std::error::Error>> {
    let text = |file: &Path| -> Result<String, Box<dyn std::error::Error>> {
        Ok(ddl::decode(&std::fs::read(file)?)?)
    };
    let first = corpus.join(files);
    let mut texts = vec![text(&first)?];
    if files.ends_with(".txt") {
        let folder = first.parent().unwrap_or(corpus).to_owned();
        let list = texts.remove(0);
        for file in list.lines().map(str::trim).filter(|line| !line.is_empty()) {
            texts.push(text(&folder.join(file))?);
        }
    }
    let texts = texts.iter().map(String::as_str);
    let import = if provider == Provider::PostgreSql {
        let search_path = path.split(',').map(str::to_owned).collect();
        read_postgres_with(texts, &ReadOptions { search_path })?
    } else {
        read(provider, texts)?
    };
    Ok(import.schema)
}

/// Which half a table belongs to, the same on each machine.
fn hash(text: &str) -> usize {
    text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    }) as usize
        >> 7
}
