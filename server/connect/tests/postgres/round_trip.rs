//! A database reads the same from its script and live.

use crate::support::{Database, with_database};
use ddl::read_postgres;
use model::schema::{Schema, TableKind};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Brings both into one order, and takes away what only one of them can know.
///
/// - The types and comments of a view's columns: a script does not tell the types.
/// - White space around the lines of definitions.
fn comparable(mut schema: Schema) -> Schema {
    for table in &mut schema.tables {
        table.unique_keys.sort_by(|a, b| a.name.cmp(&b.name));
        table.checks.sort_by(|a, b| a.name.cmp(&b.name));
        table.exclusions.sort_by(|a, b| a.name.cmp(&b.name));
        table.foreign_keys.sort_by(|a, b| a.name.cmp(&b.name));
        table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
        if matches!(table.kind, TableKind::View | TableKind::MaterializedView) {
            for column in &mut table.columns {
                column.data_type.clear();
                column.collation = None;
            }
        }
    }
    schema.tables.sort_by(|a, b| a.name.cmp(&b.name));
    schema.enums.sort_by(|a, b| a.name.cmp(&b.name));
    schema.domains.sort_by(|a, b| a.name.cmp(&b.name));
    for domain in &mut schema.domains {
        domain.checks.sort_by(|a, b| a.name.cmp(&b.name));
    }
    schema.sequences.sort_by(|a, b| a.name.cmp(&b.name));
    schema
        .triggers
        .sort_by(|a, b| (&a.table, &a.name).cmp(&(&b.table, &b.name)));
    schema
        .routines
        .sort_by(|a, b| (&a.name, &a.arguments).cmp(&(&b.name, &b.arguments)));
    schema
}

/// Without the texts that a script may write as it likes: the server prints them in its own words,
/// with casts, schemas and parentheses. That there is one, and where, is kept.
fn without_words(mut schema: Schema) -> Schema {
    let blank = |text: &mut Option<String>| {
        if let Some(text) = text {
            text.clear();
        }
    };
    for table in &mut schema.tables {
        for column in &mut table.columns {
            blank(&mut column.default);
            blank(&mut column.generated);
        }
        for check in &mut table.checks {
            check.expression.clear();
        }
        for exclusion in &mut table.exclusions {
            exclusion.definition.clear();
        }
        for index in &mut table.indexes {
            blank(&mut index.predicate);
            for part in &mut index.parts {
                part.text.clear();
            }
        }
        if let Some(part) = &mut table.partition_of {
            part.bounds.clear();
        }
        blank(&mut table.partition_key);
        blank(&mut table.definition);
    }
    for domain in &mut schema.domains {
        blank(&mut domain.default);
        for check in &mut domain.checks {
            check.expression.clear();
        }
    }
    for trigger in &mut schema.triggers {
        trigger.definition.clear();
    }
    for routine in &mut schema.routines {
        routine.arguments.clear();
    }
    schema
}

/// What differs, one line for each.
fn differences(script: &Schema, live: &Schema) -> Vec<String> {
    fn list<T: std::fmt::Debug + PartialEq>(
        what: &str,
        script: &[T],
        live: &[T],
        found: &mut Vec<String>,
    ) {
        for row in script.iter().filter(|row| !live.contains(row)) {
            found.push(format!("{what} script {row:?}"));
        }
        for row in live.iter().filter(|row| !script.contains(row)) {
            found.push(format!("{what} live   {row:?}"));
        }
        if found.is_empty() && script != live {
            found.push(format!("{what}: another order or number"));
        }
    }
    let mut found = Vec::new();
    list("enum", &script.enums, &live.enums, &mut found);
    list("domain", &script.domains, &live.domains, &mut found);
    list("sequence", &script.sequences, &live.sequences, &mut found);
    list("trigger", &script.triggers, &live.triggers, &mut found);
    list("routine", &script.routines, &live.routines, &mut found);
    for one in &script.tables {
        let Some(other) = live.tables.iter().find(|table| table.name == one.name) else {
            found.push(format!("{} is not live", one.name));
            continue;
        };
        let what = one.name.to_string();
        list(&what, &one.columns, &other.columns, &mut found);
        list(&what, &one.checks, &other.checks, &mut found);
        list(&what, &one.unique_keys, &other.unique_keys, &mut found);
        list(&what, &one.exclusions, &other.exclusions, &mut found);
        list(&what, &one.foreign_keys, &other.foreign_keys, &mut found);
        list(&what, &one.indexes, &other.indexes, &mut found);
        let (mut one, mut other) = (one.clone(), other.clone());
        for table in [&mut one, &mut other] {
            table.columns.clear();
            table.checks.clear();
            table.unique_keys.clear();
            table.exclusions.clear();
            table.foreign_keys.clear();
            table.indexes.clear();
        }
        list(&what, &[one], &[other], &mut found);
    }
    for other in &live.tables {
        if !script.tables.iter().any(|table| table.name == other.name) {
            found.push(format!("{} is not in the script", other.name));
        }
    }
    found
}

#[tokio::test]
async fn a_script_and_its_database_read_the_same() {
    with_database(async |database: Database| {
        let script = include_str!("fixture.sql");
        database.run(script).await;
        let import = read_postgres(script).unwrap();
        assert_eq!(import.report.problems, []);
        let from_script = comparable(import.schema);
        let live = comparable(database.introspect().await.schema);
        let found = differences(&from_script, &live);
        assert!(found.is_empty(), "{}", found.join("\n"));
        assert_eq!(from_script, live);
    })
    .await;
}

#[tokio::test]
async fn scripts_that_people_write_read_the_same_but_for_their_words() {
    for script in [
        include_str!("../../../ddl/tests/fixtures/tables.sql"),
        include_str!("../../../ddl/tests/fixtures/partitions.sql"),
        include_str!("../../../ddl/tests/fixtures/objects.sql"),
        include_str!("../../../ddl/tests/fixtures/alter.sql"),
    ] {
        // Whoever runs the test need not be called so.
        let script = script.replace("OWNER TO postgres", "OWNER TO CURRENT_USER");
        with_database(async move |database: Database| {
            database.run(&script).await;
            let as_written = comparable(without_words(read_postgres(&script).unwrap().schema));
            let live = comparable(without_words(database.introspect().await.schema));
            let found = differences(&as_written, &live);
            assert!(found.is_empty(), "{}", found.join("\n"));
        })
        .await;
    }
}

/// Runs one of the server's own programs on the database; none where it is not installed.
fn run_program(name: &str, database: &Database, arguments: &[&str], input: &str) -> Option<String> {
    let server = &database.server;
    let password = server.password.as_ref();
    let child = Command::new(name)
        .args(["--host", &server.host, "--port", &server.port.to_string()])
        .args(["--username", &server.username])
        .args(["--dbname", &server.database])
        .args(arguments)
        .env("PGPASSWORD", password.map_or("", |word| word.reveal()))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        eprintln!("skipped: there is no {name}");
        return None;
    };
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writing = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writing.join().unwrap().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    if errors.contains("server version mismatch") {
        eprintln!("skipped: this {name} is older than the server");
        return None;
    }
    assert!(output.status.success(), "{errors}");
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Makes a database from a script of the corpus, and compares what its dump says with what it says
/// live. What the server at hand cannot run (roles, extensions that are not installed) is missing
/// from both.
async fn corpus(file: &'static str) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    if !folder.is_dir() {
        eprintln!("skipped: there is no corpus at {}", folder.display());
        return;
    }
    with_database(async move |database: Database| {
        let text = ddl::decode(&std::fs::read(folder.join(file)).unwrap()).unwrap();
        // It stays in its database.
        let leaves = ["\\c", "CREATE DATABASE", "DROP DATABASE", "CREATE ROLE"];
        let script: String = text
            .lines()
            .filter(|line| !leaves.iter().any(|word| line.starts_with(word)))
            .flat_map(|line| [line, "\n"])
            .collect();
        let arguments = ["--quiet", "--no-psqlrc"];
        if run_program("psql", &database, &arguments, &script).is_none() {
            return;
        }
        let as_written = comparable(without_words(read_postgres(&script).unwrap().schema));
        let read = comparable(without_words(database.introspect().await.schema));
        let found = differences(&as_written, &read);
        assert!(found.is_empty(), "{}", found.join("\n"));
        let Some(dump) = run_program("pg_dump", &database, &["--schema-only"], "") else {
            return;
        };
        let script = comparable(read_postgres(&dump).unwrap().schema);
        let live = comparable(database.introspect().await.schema);
        assert!(!live.tables.is_empty());
        let found = differences(&script, &live);
        assert!(found.is_empty(), "{}", found.join("\n"));
    })
    .await;
}

#[tokio::test]
async fn chinook_reads_the_same() {
    corpus("chinook.postgres.sql").await;
}

#[tokio::test]
async fn northwind_reads_the_same() {
    corpus("northwind.postgres.schema.sql").await;
}

#[tokio::test]
async fn pagila_reads_the_same() {
    corpus("pagila.postgres.schema.sql").await;
}

#[tokio::test]
async fn mastodon_reads_the_same() {
    corpus("mastodon.postgres.sql").await;
}

#[tokio::test]
async fn azimutt_reads_the_same() {
    corpus("azimutt.postgres.sql").await;
}

#[tokio::test]
async fn supabase_reads_the_same() {
    corpus("liam-supabase.postgres.sql").await;
}
