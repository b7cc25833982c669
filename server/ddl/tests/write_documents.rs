//! Mermaid, Markdown and JSON: odd names and texts stay what they are and break nothing.

// Helpers of tests are outside of what the lints take for tests.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use ddl::read_postgres;
use ddl::write::{Format, Texts, write};
use model::provider::Provider;
use model::schema::{QualifiedName, Schema};

fn odd() -> Schema {
    read_postgres(include_str!("fixtures/odd_names.sql"))
        .expect("fixture")
        .schema
}

fn lines_table() -> QualifiedName {
    QualifiedName::new("Sales & Co", "Order \"Lines\" 100%")
}

fn texts() -> Texts {
    let mut texts = Texts::default();
    texts
        .tables
        .insert(lines_table(), "Written by people | here".to_owned());
    texts.columns.insert(
        (lines_table(), "a|b".to_owned()),
        "First\nSecond".to_owned(),
    );
    texts
        .tables
        .insert(QualifiedName::new("public", "select"), "   ".to_owned());
    texts
}

#[test]
fn formats_are_told_by_their_words() {
    let mut words: Vec<&str> = Format::ALL.iter().map(|format| format.as_str()).collect();
    for format in Format::ALL {
        assert_eq!(Format::from_word(format.as_str()), Some(format));
    }
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), Format::ALL.len());
    assert_eq!(Format::from_word("visio"), None);
}

#[test]
fn mermaid_keeps_to_its_characters() {
    let text = write(&odd(), Provider::PostgreSql, Format::Mermaid, None);
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("erDiagram"));
    let mut inside = false;
    let mut relations = 0;
    for line in lines {
        let line = line.trim();
        let quoted: Vec<&str> = line.split('"').collect();
        assert_eq!(quoted.len() % 2, 1, "open quote: {line}");
        for name in quoted.iter().skip(1).step_by(2) {
            assert!(!name.contains(['%', '\\', ';', '<', '>']), "{line}");
        }
        if line == "}" {
            inside = false;
        } else if line.ends_with('{') {
            inside = true;
        } else if inside {
            let mut words = line.split('"').next().unwrap_or_default().split(' ');
            for word in [words.next(), words.next()] {
                let word = word.expect("type and name");
                let plain = |c: char| c.is_ascii_alphanumeric() || "_-()[]".contains(c);
                assert!(word.chars().all(plain), "{line}");
                assert!(!word.starts_with(|c: char| c.is_ascii_digit()), "{line}");
                assert!(!["pk", "fk", "uk"].contains(&word), "{line}");
            }
        } else {
            relations += usize::from(line.contains("--"));
        }
    }
    assert_eq!(relations, 2);
    for line in [
        "    \"Sales & Co.Order ”Lines” 100％\" {",
        "        integer from PK",
        "        integer pk_ UK \"pk\"",
        "        integer first_col PK \"first col\"",
        "        numeric(10_2) Gr__e_(cm) \"Größe (cm)\"",
        "    \"public.select\" |o--o{ \"Sales & Co.Order ”Lines” 100％\" : \"semi；colon\"",
        "    \"Sales & Co.Order ”Lines” 100％\" |o--o{ \"Sales & Co.back＼slash\" : \"one, two\"",
    ] {
        assert!(
            text.lines().any(|found| found == line),
            "no {line} in\n{text}"
        );
    }
}

#[test]
fn markdown_shows_comments_and_descriptions_apart() {
    let text = write(
        &odd(),
        Provider::PostgreSql,
        Format::Markdown,
        Some(&texts()),
    );
    for part in [
        "## Sales &amp; Co.Order \"Lines\" 100%",
        "Written by people \\| here\n",
        "Comment in the database: Two lines:  \n  the second \\| with \\`marks\\` and 'quotes' and \\*stars\\* &lt;b&gt;.",
        "| Column | Type | Null | Key | Default | Description | Comment in the database |",
        "| a\\|b | text | yes | unique |  | First<br>Second | C:\\\\temp and ''triple'' -- \\[pk\\] |",
        "- (one, two) → Sales &amp; Co.Order \"Lines\" 100% (first col, second col), on delete cascade, on update set null",
        "Referenced by:\n\n- Sales &amp; Co.back\\\\slash (one, two)",
        "`partial one`: btree `(\"a|b\")` where `\"semi;colon\" IS NOT NULL`",
    ] {
        assert!(text.contains(part), "no {part} in\n{text}");
    }
    // A table's row has as many cells as its head.
    let cells = |line: &str| line.replace("\\|", "").matches('|').count();
    let mut head = 0;
    for line in text.lines() {
        if !line.starts_with('|') {
            head = 0;
        } else if head == 0 {
            head = cells(line);
        } else {
            assert_eq!(cells(line), head, "{line}");
        }
    }
}

#[test]
fn without_descriptions_there_is_no_column_for_them() {
    let text = write(&odd(), Provider::PostgreSql, Format::Markdown, None);
    assert!(!text.contains("| Description | Comment"), "{text}");
    assert!(!text.contains("Written by people"), "{text}");
}

#[test]
fn json_reads_back() {
    let schema = odd();
    let text = write(&schema, Provider::PostgreSql, Format::Json, Some(&texts()));
    let document: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let again: Schema = serde_json::from_value(document["schema"].clone()).expect("schema");
    assert_eq!(again, schema);
    assert_eq!(document["provider"], "postgresql");
    let descriptions = document["descriptions"].as_array().expect("list");
    // An empty one says nothing.
    assert_eq!(descriptions.len(), 2);
    assert_eq!(descriptions[1]["column"], "a|b");
}

#[test]
fn nothing_runs_out_of_a_comment() {
    // A query of several lines in a comment stays one, whatever ends its lines.
    let schema = read_postgres(
        "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
         CREATE TABLE t (id int DEFAULT f(1), CHECK (f(id) > 0\n\n OR id\r > 2));
         CREATE VIEW v AS SELECT\n f(id) AS x\r\nFROM t;
         CREATE VIEW w AS SELECT x FROM v;
         COMMENT ON VIEW w IS 'two\nlines';",
    )
    .expect("script")
    .schema;
    for target in Provider::ALL {
        let text = write(&schema, Provider::PostgreSql, Format::Ddl(target), None);
        let running: Vec<&str> = text
            .split(['\n', '\r'])
            .filter(|line| !line.starts_with("--") && !line.is_empty())
            .collect();
        assert_eq!(running.len(), 3, "{target}: {running:?}");
        for left in ["f(1)", "f(id) > 0", "f(id) AS x", "SELECT x FROM v"] {
            assert!(text.contains(left), "{target}: no {left}");
        }
    }
}
