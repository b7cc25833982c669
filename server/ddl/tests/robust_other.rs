//! The readers beside PostgreSQL's never panic, never hang and stay fast, whatever they are given.

use ddl::{detect, read_oracle_files, read_sqlite_files, read_sqlserver_files};
use std::time::{Duration, Instant};

const SCRIPTS: [&str; 3] = [
    include_str!("fixtures/sqlite/objects.sql"),
    include_str!("fixtures/sqlserver/objects.sql"),
    include_str!("fixtures/oracle/objects.sql"),
];

/// Numbers that look random but are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

fn read_all(text: &str) {
    let _ = detect(&[text]);
    let _ = read_sqlite_files([text]);
    let _ = read_sqlserver_files([text]);
    let _ = read_oracle_files([text]);
}

#[test]
fn scripts_cut_anywhere() {
    for script in SCRIPTS {
        // Two lines up to the cut, everywhere; and all of the script, here and there.
        for at in (0..script.len()).filter(|at| script.is_char_boundary(*at)) {
            let line = script[..at].rfind('\n').unwrap_or(0);
            let from = script[..line].rfind('\n').unwrap_or(0);
            read_all(&script[from..at]);
        }
        let mut at = 1;
        while at < script.len() {
            if script.is_char_boundary(at) {
                read_all(&script[..at]);
                read_all(&script[at..]);
            }
            at += 97;
        }
    }
}

#[test]
fn scripts_with_words_shuffled_and_lost() {
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    for script in SCRIPTS {
        let words: Vec<&str> = script
            .split_inclusive([' ', '\n', '(', ')', ',', ';', '\'', '[', ']'])
            .collect();
        for _ in 0..60 {
            let mut changed = words.clone();
            for _ in 0..40 {
                let (one, two) = (numbers.below(changed.len()), numbers.below(changed.len()));
                match numbers.below(3) {
                    0 => changed.swap(one, two),
                    1 => changed[one] = "",
                    _ => changed[one] = changed[two],
                }
            }
            let text = changed.concat();
            read_all(&text);
            let _ = read_oracle_files([text.as_str(), script]);
        }
    }
}

#[test]
fn scripts_with_bytes_changed() {
    let mut numbers = Numbers(0x1234_5678_9ABC_DEF1);
    let bytes = b"'\"`[]();,./*-=@#$:\\\n q0xN\0";
    for script in SCRIPTS {
        for _ in 0..150 {
            let mut changed = script.as_bytes().to_vec();
            for _ in 0..6 {
                let at = numbers.below(changed.len());
                if changed[at].is_ascii() {
                    changed[at] = bytes[numbers.below(bytes.len())];
                }
            }
            read_all(&String::from_utf8_lossy(&changed));
        }
    }
}

fn quickly(what: &str, script: &str) {
    let started = Instant::now();
    read_all(script);
    let took = started.elapsed();
    // Generous: without optimisation and on a busy machine. What is quadratic takes minutes.
    assert!(took < Duration::from_secs(20), "{what} took {took:?}");
}

#[test]
fn nothing_deep_overflows_and_nothing_long_hangs() {
    let deep = 100_000;
    let many = |line: &dyn Fn(usize) -> String, count: usize| -> String {
        (0..count).map(line).collect::<Vec<_>>().concat()
    };
    for (what, script) in [
        (
            "parentheses",
            format!(
                "CREATE TABLE t (a int DEFAULT {}1{});",
                "(".repeat(deep),
                ")".repeat(deep)
            ),
        ),
        (
            "open parentheses",
            format!("CREATE TABLE t {}", "(".repeat(deep)),
        ),
        (
            "a view",
            format!(
                "CREATE VIEW v AS {}SELECT 1{}",
                "(".repeat(deep),
                ")".repeat(deep)
            ),
        ),
        (
            "queries",
            format!(
                "CREATE VIEW v AS {}SELECT 1{}",
                "SELECT * FROM (".repeat(5_000),
                ")".repeat(5_000)
            ),
        ),
        (
            "joins",
            format!(
                "CREATE VIEW v AS SELECT * FROM {}a{}",
                "(".repeat(deep),
                ")".repeat(deep)
            ),
        ),
        ("comments", "/*".repeat(deep)),
        ("open quotes", "'\n".repeat(deep + 1)),
        ("open names", "[\"`\n".repeat(deep + 1)),
        ("open delimited texts", "q'[\n".repeat(deep + 1)),
        ("dollars", "$a$b$c ".repeat(20_000)),
        ("tags", many(&|at| format!("$t{at}$ "), 100_000)),
        ("commas", format!("CREATE TABLE t ({});", ",".repeat(deep))),
        (
            "dots",
            format!("CREATE VIEW v AS SELECT a{};", ".a".repeat(deep)),
        ),
        ("slashes", "/\n".repeat(deep)),
        ("batches", "GO\n".repeat(deep)),
        ("one line", "x ".repeat(deep)),
        ("blocks", "BEGIN ".repeat(deep)),
        ("conditions", "IF 1 = 1 ".repeat(deep)),
        (
            "executed texts",
            format!("EXEC('{}')", "EXEC(''".repeat(10_000)),
        ),
        (
            "values",
            format!(
                "INSERT INTO t VALUES {} (1);",
                "(1, 'two', 3.0),\n".repeat(100_000)
            ),
        ),
        (
            "tables dropped and made",
            many(
                &|at| format!("DROP TABLE IF EXISTS t{at}; CREATE TABLE t{at} (a int);\n"),
                5_000,
            ),
        ),
        (
            "indexes",
            format!(
                "CREATE TABLE t (a int); {}",
                many(&|at| format!("CREATE INDEX i{at} ON t (a);\n"), 3_000)
            ),
        ),
        (
            "columns",
            format!(
                "CREATE TABLE t ({} z int);",
                many(&|at| format!("c{at} int,\n"), 3_000)
            ),
        ),
        (
            "unnamed checks",
            format!(
                "CREATE TABLE t (a int {});",
                ", CHECK (a > 0)".repeat(5_000)
            ),
        ),
    ] {
        quickly(what, &script);
    }
}
