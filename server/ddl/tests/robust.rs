//! It never panics, never hangs and stays fast, whatever it is given.

use ddl::{read_postgres, read_postgres_files};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

const SCRIPTS: [&str; 4] = [
    include_str!("fixtures/tables.sql"),
    include_str!("fixtures/alter.sql"),
    include_str!("fixtures/partitions.sql"),
    include_str!("fixtures/objects.sql"),
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

#[test]
fn scripts_cut_anywhere() {
    for script in SCRIPTS {
        let mut at = 1;
        while at < script.len() {
            if script.is_char_boundary(at) {
                let (before, after) = script.split_at(at);
                let _ = read_postgres(before);
                let _ = read_postgres(after);
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
            .split_inclusive([' ', '\n', '(', ')', ',', ';', '\''])
            .collect();
        for _ in 0..25 {
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
            let _ = read_postgres(&text);
            let _ = read_postgres_files([text.as_str(), script]);
        }
    }
}

fn quickly(what: &str, script: &str) {
    let started = Instant::now();
    let _ = read_postgres(script);
    let took = started.elapsed();
    // Generous: without optimisation and on a busy machine. What is quadratic takes minutes.
    assert!(took < Duration::from_secs(10), "{what} took {took:?}");
}

#[test]
fn nothing_deep_overflows_and_nothing_long_hangs() {
    let deep = 200_000;
    quickly(
        "parentheses",
        &format!(
            "CREATE TABLE t (a int DEFAULT {}1{});",
            "(".repeat(deep),
            ")".repeat(deep)
        ),
    );
    quickly(
        "open parentheses",
        &format!("CREATE TABLE t {}", "(".repeat(deep)),
    );
    quickly(
        "a view",
        &format!(
            "CREATE VIEW v AS {}SELECT 1{}",
            "(".repeat(deep),
            ")".repeat(deep)
        ),
    );
    quickly(
        "queries",
        &format!(
            "CREATE VIEW v AS {}SELECT 1{}",
            "SELECT * FROM (".repeat(5_000),
            ")".repeat(5_000)
        ),
    );
    quickly(
        "joins",
        &format!(
            "CREATE VIEW v AS SELECT * FROM {}a{}",
            "(".repeat(deep),
            ")".repeat(deep)
        ),
    );
    quickly(
        "an index",
        &format!(
            "CREATE TABLE t (a int); CREATE INDEX ON t ({}a{});",
            "(".repeat(deep),
            ")".repeat(deep)
        ),
    );
    quickly(
        "subqueries in a list",
        &format!(
            "CREATE VIEW v AS SELECT {}1{}",
            "(SELECT ".repeat(50_000),
            ")".repeat(50_000)
        ),
    );
    quickly("comments", &"/*".repeat(deep));
    quickly("open quotes", &"'\n".repeat(deep + 1));
    quickly(
        "open tags",
        &(0..2_000).fold(String::new(), |mut text, at| {
            let _ = writeln!(text, "$t{at}$ {}", "x".repeat(500));
            text
        }),
    );
    quickly(
        "cases",
        &format!(
            "CREATE TABLE t (a int DEFAULT {} 1);",
            "CASE WHEN true THEN 1 ELSE ".repeat(50_000)
        ),
    );
    quickly("commas", &format!("CREATE TABLE t ({});", ",".repeat(deep)));
    quickly(
        "casts",
        &format!("CREATE VIEW v AS SELECT 1{};", "::int".repeat(deep)),
    );
    quickly(
        "dots",
        &format!("CREATE VIEW v AS SELECT a{};", ".a".repeat(deep)),
    );
    quickly(
        "joins in a row",
        &format!(
            "CREATE VIEW v AS SELECT * FROM a{};",
            " JOIN b USING (c)".repeat(3_000)
        ),
    );
}

#[test]
fn many_of_the_same_stay_fast() {
    let many = |line: &dyn Fn(usize) -> String, count: usize| -> String {
        (0..count).fold(String::new(), |mut text, at| {
            text.push_str(&line(at));
            text
        })
    };
    quickly(
        "checks",
        &format!(
            "CREATE TABLE t (a int); {}",
            many(&|_| "ALTER TABLE t ADD CHECK (a > 0);\n".to_owned(), 5_000)
        ),
    );
    quickly(
        "indexes",
        &format!(
            "CREATE TABLE t (a int); {}",
            many(&|_| "CREATE INDEX ON t (a);\n".to_owned(), 5_000)
        ),
    );
    quickly(
        "partitions of partitions",
        &format!(
            "CREATE TABLE t0 (a int) PARTITION BY LIST (a); {}",
            many(
                &|at| format!(
                    "CREATE TABLE t{} PARTITION OF t{at} DEFAULT PARTITION BY LIST (a);\n",
                    at + 1
                ),
                2_000
            )
        ),
    );
    quickly(
        "tables dropped and made",
        &many(
            &|at| format!("DROP TABLE IF EXISTS t{at}; CREATE TABLE t{at} (a int);\n"),
            10_000,
        ),
    );
    quickly(
        "columns",
        &format!(
            "CREATE TABLE t ({} z int);",
            many(&|at| format!("c{at} int,\n"), 5_000)
        ),
    );
    quickly(
        "values",
        &format!(
            "INSERT INTO t VALUES {} (1);",
            "(1, 'two', 3.0),\n".repeat(100_000)
        ),
    );
}
