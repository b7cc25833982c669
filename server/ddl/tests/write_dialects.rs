//! From one dialect to another: what the target holds is said in its words, what it cannot hold
//! stands in a comment. SQLite's own program loads what is written for it, where it is installed.

// Helpers of tests are outside of what the lints take for tests.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

use ddl::write::{Format, select, write};
use ddl::{ReadOptions, read_postgres, read_postgres_with};
use model::provider::Provider;
use model::schema::{
    Check, Column, ConstraintKind, ForeignKey, Index, IndexPart, Key, QualifiedName,
    ReferentialAction, Schema, Table, TableKind,
};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

const SHOP: &str = "
    CREATE TYPE state AS ENUM ('new', 'it''s paid');
    CREATE DOMAIN percent AS numeric(5,2) DEFAULT 0 CHECK (VALUE BETWEEN 0 AND 100);
    CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
    CREATE TABLE customer (
        id serial PRIMARY KEY,
        email text NOT NULL UNIQUE,
        active boolean DEFAULT true NOT NULL,
        tags text[] DEFAULT '{}'::text[],
        made timestamptz DEFAULT now() NOT NULL,
        token uuid DEFAULT gen_random_uuid(),
        settings jsonb DEFAULT '{}'::jsonb,
        place point
    );
    CREATE TABLE \"order\" (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        customer_id int NOT NULL REFERENCES customer ON DELETE CASCADE ON UPDATE SET NULL,
        state state DEFAULT 'new'::state NOT NULL,
        discount percent,
        amount numeric(10,2) DEFAULT 1.5 CHECK (amount > 0 AND state <> 'it''s paid'),
        note text DEFAULT lower('A'),
        during tsrange,
        kind varchar(10) CHECK (((kind)::text = ANY (ARRAY['a'::text, 'b'::text]))),
        twice numeric GENERATED ALWAYS AS (amount * 2) STORED,
        CHECK (note ~ '^x'),
        CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&)
    );
    CREATE INDEX order_open ON \"order\" (customer_id DESC) WHERE state = 'new';
    CREATE INDEX order_note ON \"order\" (lower(note));
    CREATE INDEX order_tags ON customer USING gin (tags);
    CREATE VIEW open_orders AS SELECT id FROM \"order\" WHERE state = 'new';
    CREATE TRIGGER t BEFORE UPDATE ON customer FOR EACH ROW EXECUTE FUNCTION touch();
    COMMENT ON TABLE customer IS 'who buys; it''s them';
    COMMENT ON COLUMN customer.email IS 'where to write';
";

fn shop() -> Schema {
    read_postgres(SHOP).expect("shop").schema
}

fn written(target: Provider) -> String {
    write(&shop(), Provider::PostgreSql, Format::Ddl(target), None)
}

/// The lines that run, and those that are comments.
fn parts(text: &str) -> (String, String) {
    let (comments, statements): (Vec<&str>, Vec<&str>) =
        text.lines().partition(|line| line.starts_with("--"));
    (statements.join("\n"), comments.join("\n"))
}

#[track_caller]
fn assert_has(text: &str, wanted: &[&str]) {
    for words in wanted {
        assert!(text.contains(words), "no “{words}” in:\n{text}");
    }
}

/// What none of the other dialects can hold.
const LEFT: [&str; 7] = [
    "no_overlap has no equal: EXCLUDE USING gist (during WITH &&)",
    "note ~ '^x'",
    "The type of during is tsrange in PostgreSQL.",
    "order_tags USING gin (tags)",
    "open_orders is a view",
    "CREATE TRIGGER t BEFORE UPDATE ON customer",
    "public.touch() is known by name only",
];

#[test]
fn mysql() {
    let (statements, comments) = parts(&written(Provider::MySql));
    assert_has(
        &statements,
        &[
            "`id` int AUTO_INCREMENT NOT NULL",
            "`email` varchar(255) NOT NULL COMMENT 'where to write'",
            "`active` tinyint(1) DEFAULT 1 NOT NULL",
            "`tags` json",
            "`made` datetime(6) DEFAULT CURRENT_TIMESTAMP(6) NOT NULL",
            "`token` char(36) DEFAULT (uuid())",
            "`settings` json DEFAULT ('{}')",
            "`state` enum('new','it''s paid') DEFAULT 'new' NOT NULL",
            "`discount` decimal(5,2) DEFAULT 0",
            "CHECK (`discount` BETWEEN 0 AND 100)",
            "CHECK (((`kind`) IN ('a', 'b')))",
            "GENERATED ALWAYS AS (`amount` * 2) STORED",
            "COMMENT = 'who buys; it''s them'",
            "PRIMARY KEY (`id`)",
            "REFERENCES `customer` (`id`) ON DELETE CASCADE",
        ],
    );
    assert_has(&comments, &LEFT);
    // MySQL refuses such a key on a column that cannot be null.
    assert_has(&comments, &["has ON UPDATE SET NULL in PostgreSQL."]);
    // No partial indexes.
    assert_has(
        &comments,
        &["INDEX order_open USING btree", "WHERE state = 'new'"],
    );
    assert!(!statements.contains("order_open"), "{statements}");
}

#[test]
fn sqlite() {
    let text = written(Provider::Sqlite);
    let (statements, comments) = parts(&text);
    assert_has(
        &statements,
        &[
            "\"id\" INTEGER PRIMARY KEY AUTOINCREMENT",
            "\"state\" text DEFAULT 'new' NOT NULL",
            "CHECK (\"state\" IN ('new', 'it''s paid'))",
            "\"made\" datetime DEFAULT CURRENT_TIMESTAMP NOT NULL",
            "ON \"order\" (\"customer_id\" DESC) WHERE \"state\" = 'new';",
            "FOREIGN KEY (\"customer_id\") REFERENCES \"customer\" (\"id\")",
        ],
    );
    assert_has(&comments, &LEFT);
    assert_has(&comments, &["The default of token is gen_random_uuid()"]);
    load_in_sqlite("shop", &text);
}

#[test]
fn sqlserver() {
    let (statements, comments) = parts(&written(Provider::SqlServer));
    assert_has(
        &statements,
        &[
            "[id] int IDENTITY(1,1) NOT NULL",
            "[email] nvarchar(255) NOT NULL",
            "[active] bit DEFAULT 1 NOT NULL",
            "[made] datetimeoffset(6) DEFAULT CURRENT_TIMESTAMP NOT NULL",
            "[token] uniqueidentifier DEFAULT newid()",
            "[twice] AS ([amount] * 2) PERSISTED",
            "N'SCHEMA', N'dbo', N'TABLE', N'customer', N'COLUMN', N'email';",
        ],
    );
    assert_has(&comments, &LEFT);
    assert_has(&comments, &["order_note"]);
}

#[test]
fn oracle() {
    let (statements, comments) = parts(&written(Provider::Oracle));
    assert_has(
        &statements,
        &[
            "id NUMBER(10) GENERATED BY DEFAULT AS IDENTITY",
            "email VARCHAR2(255 CHAR) NOT NULL",
            "active NUMBER(1) DEFAULT 1 NOT NULL",
            "CREATE TABLE \"order\" (",
            "COMMENT ON COLUMN customer.email IS 'where to write';",
            "ON DELETE CASCADE",
        ],
    );
    assert!(!statements.contains("ON UPDATE"), "{statements}");
    assert_has(&comments, &LEFT);
    assert_has(&comments, &["has ON UPDATE SET NULL in PostgreSQL."]);
}

fn column(name: &str, data_type: &str, default: Option<&str>) -> Column {
    Column {
        name: name.to_owned(),
        data_type: data_type.to_owned(),
        default: default.map(str::to_owned),
        ..Column::default()
    }
}

/// Two tables as MySQL has them: keys called PRIMARY, equal names of indexes, enumerations.
fn from_mysql() -> Schema {
    let part = |name: &str| IndexPart {
        column: Some(name.to_owned()),
        text: format!("`{name}`"),
    };
    let index = |name: &str, column: &str, constraint: Option<ConstraintKind>| Index {
        name: name.to_owned(),
        method: "btree".to_owned(),
        unique: constraint.is_some(),
        parts: vec![part(column)],
        include: Vec::new(),
        predicate: None,
        constraint,
    };
    let mut schema = Schema::default();
    for name in ["parents", "children"] {
        let mut table = Table::new(QualifiedName::new("main", name), TableKind::Table);
        table.columns = vec![
            Column {
                identity: Some("by default".to_owned()),
                ..column("id", "int(10) unsigned", None)
            },
            column("kind", "enum('a','it''s')", Some("'a'")),
            column("flag", "tinyint(1)", Some("'0'")),
            column(
                "made",
                "datetime",
                Some("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP"),
            ),
            column("body", "mediumtext", None),
            column("parent", "int(10) unsigned", None),
            column("big", "bigint(20) unsigned zerofill", None),
            column("never", "date", Some("'0000-00-00'")),
        ];
        table.primary_key = Some(Key {
            name: "PRIMARY".to_owned(),
            columns: vec!["id".to_owned()],
        });
        table.checks = vec![Check {
            name: "positive".to_owned(),
            expression: "(`parent` > 0)".to_owned(),
        }];
        // A truth value is no number in PostgreSQL.
        table.checks.push(Check {
            name: "truth".to_owned(),
            expression: "(`flag` <> 0 or `parent` > 1)".to_owned(),
        });
        table.indexes = vec![
            index("PRIMARY", "id", Some(ConstraintKind::PrimaryKey)),
            index("by_parent", "parent", None),
            Index {
                method: "fulltext".to_owned(),
                ..index("words", "body", None)
            },
        ];
        table.foreign_keys = vec![ForeignKey {
            name: format!("{name}_parent"),
            columns: vec!["parent".to_owned()],
            target: QualifiedName::new("main", "parents"),
            target_columns: vec!["id".to_owned()],
            on_delete: ReferentialAction::SetNull,
            on_update: ReferentialAction::NoAction,
            deferrable: false,
            inherited: false,
        }];
        for name in ["kind", "flag", "made", "body", "parent", "big", "never"] {
            let place = table.columns.iter().position(|column| column.name == name);
            table.columns[place.expect(name)].nullable = true;
        }
        schema.tables.push(table);
    }
    schema
}

#[test]
fn mysql_becomes_postgres() {
    let format = Format::Ddl(Provider::PostgreSql);
    let text = write(&from_mysql(), Provider::MySql, format, None);
    let again = read_postgres(&text).expect("written");
    assert_eq!(again.report.problems, [], "{text}");
    let schema = again.schema;
    assert_eq!(schema.enums.len(), 2);
    assert_eq!(schema.enums[0].values, ["a", "it's"]);
    let children = &schema.tables[1];
    let types: Vec<&str> = children
        .columns
        .iter()
        .map(|column| column.data_type.as_str())
        .collect();
    assert_eq!(
        types,
        [
            "bigint",
            "children_kind",
            "boolean",
            "timestamp without time zone",
            "text",
            "bigint",
            "bigint",
            "date"
        ]
    );
    let checks: Vec<&str> = children
        .checks
        .iter()
        .map(|check| check.name.as_str())
        .collect();
    assert_eq!(checks, ["positive"]);
    assert_eq!(children.columns[2].default.as_deref(), Some("false"));
    assert_eq!(
        children.columns[3].default.as_deref(),
        Some("CURRENT_TIMESTAMP")
    );
    assert_eq!(
        children.primary_key.as_ref().expect("key").name,
        "children_pkey"
    );
    let names: Vec<&str> = schema
        .tables
        .iter()
        .flat_map(|table| &table.indexes)
        .map(|index| index.name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "parents_pkey",
            "by_parent",
            "children_pkey",
            "children_by_parent"
        ]
    );
    let (_, comments) = parts(&text);
    assert_has(
        &comments,
        &[
            "made is set on every update: CURRENT_TIMESTAMP",
            "USING fulltext (`body`)",
            "The check truth is in the words of MySQL: (`flag` <> 0 or `parent` > 1)",
            "The type of big is bigint(20) unsigned zerofill in MySQL.",
            "The default of never is '0000-00-00' in MySQL.",
        ],
    );
    assert_eq!(
        children.foreign_keys[0].on_delete,
        ReferentialAction::SetNull
    );
}

fn load_in_sqlite(name: &str, script: &str) {
    let child = Command::new("sqlite3")
        .args(["-bail", ":memory:"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        println!("skipped: there is no sqlite3");
        return;
    };
    let mut stdin = child.stdin.take().expect("stdin");
    let checked = format!("{script}\nPRAGMA foreign_key_check;\n");
    let feed = std::thread::spawn(move || drop(stdin.write_all(checked.as_bytes())));
    let output = child.wait_with_output().expect("sqlite3");
    drop(feed.join());
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && errors.is_empty(),
        "{name}: {errors}"
    );
}

#[test]
fn real_schemas_become_every_dialect() {
    let corpus = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    if !corpus.is_dir() {
        println!("skipped: there is no corpus at {}", corpus.display());
        return;
    }
    let order = std::fs::read_to_string(corpus.join("musicbrainz/LOAD_ORDER.txt")).expect("order");
    let musicbrainz: Vec<String> = order
        .split_whitespace()
        .map(|file| format!("musicbrainz/{file}"))
        .collect();
    let singles = [
        "chinook.postgres.sql",
        "northwind.postgres.schema.sql",
        "pagila.postgres.schema.sql",
        "azimutt.postgres.sql",
        "liam-supabase.postgres.sql",
        "mastodon.postgres.sql",
        "job/schema.sql",
    ];
    let mut cases: Vec<Vec<String>> = singles.map(|file| vec![file.to_owned()]).into();
    cases.push(musicbrainz);
    for files in cases {
        let name = &files[0];
        let texts: Vec<String> = files
            .iter()
            .map(|file| {
                let bytes = std::fs::read(corpus.join(file)).expect(file);
                ddl::decode(&bytes).expect(file)
            })
            .collect();
        let options = ReadOptions {
            search_path: match files.len() {
                1 => vec!["public".to_owned()],
                _ => vec!["musicbrainz".to_owned(), "public".to_owned()],
            },
        };
        let texts = texts.iter().map(String::as_str);
        let schema = read_postgres_with(texts, &options).expect(name).schema;
        for target in Provider::ALL {
            let written = write(&schema, Provider::PostgreSql, Format::Ddl(target), None);
            let tables = written.matches("\nCREATE TABLE ").count() as u64;
            let partitions = match target {
                Provider::PostgreSql => schema.counts().partitions,
                _ => 0,
            };
            assert_eq!(
                tables,
                schema.counts().tables + partitions,
                "{name}, {target}"
            );
            if target == Provider::Sqlite {
                load_in_sqlite(name, &written);
            }
        }
    }
}

#[test]
fn a_selection_stands_alone() {
    let schema = shop();
    let order = QualifiedName::new("public", "order");
    let part = select(&schema, std::slice::from_ref(&order));
    assert_eq!(part.tables.len(), 1);
    assert_eq!(part.enums.len(), 1);
    assert_eq!(part.domains.len(), 1);
    assert_eq!(part.triggers, []);
    assert_eq!(part.routines, []);
    let sequences: Vec<&str> = part
        .sequences
        .iter()
        .map(|sequence| sequence.name.name.as_str())
        .collect();
    assert_eq!(sequences, ["order_id_seq"]);
    for format in Format::ALL {
        let text = write(&part, Provider::PostgreSql, format, None);
        let line = text
            .lines()
            .find(|line| {
                line.contains("customer")
                    && line.contains("customer_id")
                    && line.to_ascii_lowercase().contains("ref")
            })
            .unwrap_or_default();
        match format {
            // The key leads outside: it is a comment.
            Format::Ddl(_) => assert!(line.starts_with("--"), "{text}"),
            Format::Dbml => assert!(line.starts_with("//"), "{text}"),
            Format::Mermaid => assert!(line.trim().starts_with("%%"), "{text}"),
            Format::Markdown | Format::Json => {}
        }
    }
    let customer = QualifiedName::new("public", "customer");
    let part = select(&schema, &[customer]);
    assert_eq!(part.enums, []);
    assert_eq!(part.triggers.len(), 1);
    assert_eq!(part.routines.len(), 1);
}

#[test]
fn a_view_of_a_selection_that_reads_more_is_a_comment() {
    let schema = read_postgres(
        "CREATE TABLE a (id int, at date); CREATE TABLE b (id int, at date);
         CREATE VIEW inside AS WITH c AS (SELECT id FROM a) SELECT extract(year FROM at) AS y
             FROM a JOIN c ON c.id = a.id WHERE at IS DISTINCT FROM id::text::date;
         CREATE VIEW outside AS SELECT a.id FROM a JOIN b ON b.id = a.id;",
    )
    .expect("script")
    .schema;
    let public = |name: &str| QualifiedName::new("public", name);
    let part = select(&schema, &["a", "inside", "outside"].map(public));
    let format = Format::Ddl(Provider::PostgreSql);
    let (statements, comments) = parts(&write(&part, Provider::PostgreSql, format, None));
    assert_has(&statements, &["CREATE VIEW inside AS"]);
    assert!(!statements.contains("outside"), "{statements}");
    assert_has(
        &comments,
        &[
            "It reads b, which is not part of this script:",
            "CREATE VIEW outside AS",
        ],
    );
}
