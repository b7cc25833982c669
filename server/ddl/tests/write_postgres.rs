//! What is written for PostgreSQL: read again it is the same schema, and a server takes it.
//!
//! The corpus lies beside the repository; where it is absent, its tests say so and pass. The
//! server is the one that `CROWFOOT_TEST_DATABASE_URL` names, spoken to with psql.

// Helpers of tests are outside of what the lints take for tests.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

use ddl::write::{Format, write};
use ddl::{ReadOptions, read_postgres_with};
use model::provider::Provider;
use model::schema::{QualifiedName, Schema, TableKind};
use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

const POSTGRES: Format = Format::Ddl(Provider::PostgreSql);

fn corpus() -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: there is no corpus at {}", path.display());
    None
}

/// What a round trip may change: the order of what has no order, and all that calls a routine,
/// since a routine's body is not known and such parts are written as comments. Gives how many
/// parts were taken out for that.
fn normalise(schema: &mut Schema, routines: &BTreeSet<String>) -> usize {
    let calls = |text: &str| {
        routines.iter().any(|routine| {
            text.match_indices(routine.as_str()).any(|(at, _)| {
                let before = text[..at].chars().next_back();
                let after = text[at + routine.len()..].trim_start_matches('"');
                before.is_none_or(|c| !c.is_alphanumeric() && c != '_')
                    && after.trim_start().starts_with('(')
            })
        })
    };
    let mut left = 0;
    let mut count = |before: usize, after: usize| left += before - after;
    let before = schema.tables.len();
    // Views upon views that are left out are left out too.
    loop {
        let gone: Vec<QualifiedName> = schema
            .tables
            .iter()
            .filter(|table| table.definition.as_deref().is_some_and(&calls))
            .map(|table| table.name.clone())
            .collect();
        if gone.is_empty() {
            break;
        }
        schema.tables.retain(|table| !gone.contains(&table.name));
        for table in &mut schema.tables {
            let reads = |definition: &String| {
                gone.iter().any(|name| {
                    definition
                        .split(|c: char| !c.is_alphanumeric() && c != '_')
                        .any(|word| word == name.name)
                })
            };
            if table.definition.as_ref().is_some_and(reads) {
                table.definition = routines.first().map(|routine| format!("{routine}()"));
            }
        }
    }
    schema
        .tables
        .retain(|table| table.kind != TableKind::ForeignTable);
    count(before, schema.tables.len());
    for table in &mut schema.tables {
        for column in &mut table.columns {
            if column.data_type.is_empty() && table.definition.is_none() {
                // A table made from a query; the text says that the type is not known.
                "text".clone_into(&mut column.data_type);
            }
            for text in [&mut column.default, &mut column.generated] {
                if text.as_deref().is_some_and(&calls) {
                    *text = None;
                    count(1, 0);
                }
            }
        }
        let before = table.checks.len();
        table.checks.retain(|check| !calls(&check.expression));
        count(before, table.checks.len());
        let before = table.indexes.len();
        table.indexes.retain(|index| {
            let parts = index.parts.iter().map(|part| part.text.as_str());
            !parts.chain(index.predicate.as_deref()).any(&calls)
        });
        count(before, table.indexes.len());
        table.checks.sort_by(|a, b| a.name.cmp(&b.name));
        table.unique_keys.sort_by(|a, b| a.name.cmp(&b.name));
        table.exclusions.sort_by(|a, b| a.name.cmp(&b.name));
        table.foreign_keys.sort_by(|a, b| a.name.cmp(&b.name));
        table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
    }
    for domain in &mut schema.domains {
        let before = domain.checks.len();
        domain.checks.retain(|check| !calls(&check.expression));
        count(before, domain.checks.len());
    }
    count(schema.triggers.len(), 0);
    schema.triggers.clear();
    schema.routines.clear();
    schema.tables.sort_by(|a, b| a.name.cmp(&b.name));
    schema.enums.sort_by(|a, b| a.name.cmp(&b.name));
    schema.domains.sort_by(|a, b| a.name.cmp(&b.name));
    schema.sequences.sort_by(|a, b| a.name.cmp(&b.name));
    left
}

/// Compares two schemas part by part, so that a failure names the part.
fn assert_equal(name: &str, expected: &Schema, found: &Schema) {
    let names = |schema: &Schema| -> BTreeSet<String> {
        schema.tables.iter().map(|t| t.name.to_string()).collect()
    };
    assert_eq!(names(expected), names(found), "{name}: relations");
    for (one, two) in expected.tables.iter().zip(&found.tables) {
        for (a, b) in one.columns.iter().zip(&two.columns) {
            assert_eq!(a, b, "{name}: {}", one.name);
        }
        assert_eq!(one.indexes, two.indexes, "{name}: {}", one.name);
        assert_eq!(one.foreign_keys, two.foreign_keys, "{name}: {}", one.name);
        assert_eq!(one, two, "{name}");
    }
    assert_eq!(expected.sequences, found.sequences, "{name}: sequences");
    assert_eq!(expected, found, "{name}");
}

struct Case<'a> {
    name: &'a str,
    search_path: &'a [&'a str],
    /// What the database has besides that no schema knows: types, collations.
    surroundings: &'a str,
    /// How many parts call a routine and so are comments.
    left_out: usize,
}

fn round_trip(case: &Case<'_>, files: &[String]) {
    let options = ReadOptions {
        search_path: case.search_path.iter().map(|s| (*s).to_owned()).collect(),
    };
    let read = |files: &[&str]| {
        read_postgres_with(files.iter().copied(), &options)
            .unwrap_or_else(|error| panic!("{}: {error}", case.name))
    };
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let mut expected = read(&files).schema;
    let written = write(&expected, Provider::PostgreSql, POSTGRES, None);
    let again = read(&[&written]);
    assert_eq!(again.report.problems, [], "{}", case.name);
    let mut found = again.schema;
    let routines = expected
        .routines
        .iter()
        .map(|routine| routine.name.name.clone())
        .collect();
    let left = normalise(&mut expected, &routines);
    normalise(&mut found, &routines);
    assert_equal(case.name, &expected, &found);
    assert_eq!(left, case.left_out, "{}: parts left out", case.name);
    load(case.name, case.surroundings, &written);
}

fn psql(url: &str, script: &str) -> Option<(bool, String)> {
    let child = Command::new("psql")
        .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url, "-f", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        println!("skipped: there is no psql");
        return None;
    };
    let mut stdin = child.stdin.take().expect("stdin");
    let script = script.to_owned();
    // A failing script is not read to its end.
    let feed = std::thread::spawn(move || drop(stdin.write_all(script.as_bytes())));
    let output = child.wait_with_output().expect("psql");
    drop(feed.join());
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    Some((output.status.success(), errors))
}

/// The server's address with another database in it.
fn url_of(server: &str, database: &str) -> String {
    let (address, query) = match server.split_once('?') {
        Some((address, query)) => (address, format!("?{query}")),
        None => (server, String::new()),
    };
    let start = address.find("://").map_or(0, |place| place + 3);
    let base = match address[start..].find('/') {
        Some(slash) => &address[..start + slash],
        None => address,
    };
    format!("{base}/{database}{query}")
}

/// Runs a script in a new database, which goes away whatever the outcome.
fn load(name: &str, surroundings: &str, script: &str) {
    let Ok(server) = std::env::var("CROWFOOT_TEST_DATABASE_URL") else {
        println!("skipped: CROWFOOT_TEST_DATABASE_URL is not set");
        return;
    };
    let word: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let database = format!("crowfoot_test_write_{word}_{}", std::process::id());
    let made = psql(
        &server,
        &format!("CREATE DATABASE {database} TEMPLATE template0;"),
    );
    let Some((made, errors)) = made else { return };
    assert!(made, "{errors}");
    let url = url_of(&server, &database);
    let before = psql(&url, surroundings);
    let outcome = psql(&url, script);
    psql(&server, &format!("DROP DATABASE {database} WITH (FORCE);"));
    let (before, errors) = before.expect("psql");
    assert!(before, "{name}, surroundings: {errors}");
    let (loaded, errors) = outcome.expect("psql");
    let errors: Vec<&str> = errors
        .lines()
        .filter(|line| !line.contains("NOTICE"))
        .collect();
    assert!(loaded, "{name}: {}", errors.join("\n"));
}

fn corpus_case(case: &Case<'_>, files: &[&str]) {
    let Some(corpus) = corpus() else { return };
    let texts: Vec<String> = files
        .iter()
        .map(|file| {
            let bytes = std::fs::read(corpus.join(file)).expect(file);
            ddl::decode(&bytes).expect(file)
        })
        .collect();
    round_trip(case, &texts);
}

fn plain(name: &'static str, left_out: usize) -> Case<'static> {
    Case {
        name,
        search_path: &["public"],
        surroundings: "",
        left_out,
    }
}

#[test]
fn chinook() {
    corpus_case(&plain("chinook", 0), &["chinook.postgres.sql"]);
}

#[test]
fn northwind() {
    corpus_case(&plain("northwind", 0), &["northwind.postgres.schema.sql"]);
}

#[test]
fn pagila() {
    corpus_case(&plain("pagila", 18), &["pagila.postgres.schema.sql"]);
}

#[test]
fn azimutt() {
    corpus_case(&plain("azimutt", 0), &["azimutt.postgres.sql"]);
}

#[test]
fn liam() {
    corpus_case(&plain("liam", 7), &["liam-supabase.postgres.sql"]);
}

#[test]
fn mastodon() {
    corpus_case(&plain("mastodon", 1), &["mastodon.postgres.sql"]);
}

#[test]
fn job() {
    corpus_case(&plain("job", 0), &["job/schema.sql", "job/fkindexes.sql"]);
}

#[test]
fn musicbrainz() {
    let Some(corpus) = corpus() else { return };
    let order = std::fs::read_to_string(corpus.join("musicbrainz/LOAD_ORDER.txt")).expect("order");
    let files: Vec<String> = order
        .split_whitespace()
        .map(|file| format!("musicbrainz/{file}"))
        .collect();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let case = Case {
        name: "musicbrainz",
        search_path: &["musicbrainz", "public"],
        surroundings: "CREATE SCHEMA musicbrainz;
            CREATE COLLATION musicbrainz.musicbrainz (provider = icu, locale = 'root');",
        left_out: 758,
    };
    corpus_case(&case, &files);
}

fn fixture(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/{name}.sql"));
    std::fs::read_to_string(path).expect(name)
}

#[test]
fn fixtures() {
    for (name, left_out) in [
        ("alter", 0),
        ("objects", 1),
        ("partitions", 8),
        ("tables", 1),
        ("odd_names", 0),
    ] {
        round_trip(&plain(name, left_out), &[fixture(name)]);
    }
}
