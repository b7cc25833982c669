//! The reader of MySQL never panics, never hangs and stays fast, whatever it is given.

use ddl::read_mysql_files;
use std::time::{Duration, Instant};

const SCRIPTS: [&str; 4] = [
    include_str!("fixtures/mysql.sql"),
    include_str!("fixtures/mysql_dump.sql"),
    include_str!("fixtures/mysql_names.sql"),
    include_str!("fixtures/mysql_alter.sql"),
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
        for at in (1..script.len()).step_by(127) {
            if script.is_char_boundary(at) {
                let (before, after) = script.split_at(at);
                let _ = read_mysql_files([before]);
                let _ = read_mysql_files([after, before]);
            }
        }
    }
}

#[test]
fn scripts_with_words_shuffled_and_lost() {
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    for script in SCRIPTS {
        let words: Vec<&str> = script
            .split_inclusive([' ', '\n', '(', ')', ',', ';', '\'', '`', '*', '.'])
            .collect();
        for _ in 0..25 {
            let mut changed = words.clone();
            for _ in 0..40 {
                let (one, two) = (numbers.below(changed.len()), numbers.below(changed.len()));
                let other = changed.get(two).copied().unwrap_or_default();
                match numbers.below(3) {
                    0 => changed.swap(one, two),
                    1 => changed.insert(one, "é\\"),
                    _ => changed.insert(one, other),
                }
            }
            let text = changed.concat();
            let _ = read_mysql_files([text.as_str(), script]);
        }
    }
}

/// Other dialects are no reason to fall over.
#[test]
fn scripts_of_another_dialect() {
    for script in [
        include_str!("fixtures/objects.sql"),
        include_str!("fixtures/tables.sql"),
        include_str!("fixtures/alter.sql"),
    ] {
        let _ = read_mysql_files([script]);
    }
}

fn quickly(what: &str, script: &str) {
    let started = Instant::now();
    let _ = read_mysql_files([script]);
    let took = started.elapsed();
    // Generous: without optimisation and on a busy machine. What is quadratic takes minutes.
    assert!(took < Duration::from_secs(10), "{what} took {took:?}");
}

#[test]
fn nothing_deep_overflows_and_nothing_long_hangs() {
    let deep = 200_000;
    let (open, close) = ("(".repeat(deep), ")".repeat(deep));
    for (what, script) in [
        (
            "a default",
            format!("CREATE TABLE t (a INT DEFAULT {open}1{close});"),
        ),
        ("open parentheses", format!("CREATE TABLE t {open}")),
        ("a view", format!("CREATE VIEW v AS {open}SELECT 1{close}")),
        (
            "joins",
            format!("CREATE VIEW v AS SELECT * FROM {open}a{close}"),
        ),
        (
            "an index",
            format!("CREATE TABLE t (a INT, KEY ({open}a{close}));"),
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
            "named queries",
            format!("CREATE VIEW v AS {}", "WITH a AS (".repeat(5_000)),
        ),
        (
            "joins in a row",
            format!(
                "CREATE VIEW v AS SELECT * FROM a{}",
                " JOIN b USING (c)".repeat(3_000)
            ),
        ),
        ("comments", "/*".repeat(deep)),
        ("executable comments", "/*!50001 ".repeat(deep)),
        ("open quotes", "'\n".repeat(deep + 1)),
        ("escaped quotes", format!("/*! {}", "\\'".repeat(deep))),
        ("backticks", "`\n".repeat(deep + 1)),
        ("backslashes", "\\".repeat(deep)),
        ("commas", format!("CREATE TABLE t ({});", ",".repeat(deep))),
        (
            "dots",
            format!("CREATE VIEW v AS SELECT a{};", ".a".repeat(deep)),
        ),
        (
            "bodies",
            "CREATE TRIGGER r AFTER DELETE ON t FOR EACH ROW BEGIN DELETE FROM t;\n".repeat(5_000),
        ),
        ("delimiters", "DELIMITER $$\nx$$\n".repeat(50_000)),
    ] {
        quickly(what, &script);
    }
}

#[test]
fn many_of_the_same_stay_fast() {
    let many = |line: &dyn Fn(usize) -> String, count: usize| (0..count).map(line).collect();
    let after = |table: &str, rest: String| format!("{table}\n{rest}");
    let plain = "CREATE TABLE t (a INT);";
    let scripts: [(&str, String); 9] = [
        (
            "views that double",
            after(
                "CREATE VIEW v0 AS SELECT 1 AS a;",
                many(
                    &|at| {
                        let next = at + 1;
                        format!("CREATE VIEW v{next} AS SELECT x.*, y.* FROM v{at} x, v{at} y;\n")
                    },
                    60,
                ),
            ),
        ),
        (
            "checks",
            after(
                plain,
                many(&|_| "ALTER TABLE t ADD CHECK (a > 0);\n".to_owned(), 1_500),
            ),
        ),
        (
            "indexes",
            after(
                plain,
                many(&|_| "ALTER TABLE t ADD KEY (a);\n".to_owned(), 1_000),
            ),
        ),
        (
            "foreign keys",
            after(
                plain,
                many(
                    &|_| "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES t (a);\n".to_owned(),
                    2_000,
                ),
            ),
        ),
        (
            "keys of one table",
            format!("CREATE TABLE t (a INT {});", ", KEY (a)".repeat(20_000)),
        ),
        (
            "columns",
            format!("CREATE TABLE t ({} z INT)", {
                let columns: String = many(&|at| format!("c{at} INT,\n"), 5_000);
                columns
            }),
        ),
        (
            "tables dropped and made",
            many(
                &|at| format!("DROP TABLE IF EXISTS t{at}; CREATE TABLE t{at} (a INT);\n"),
                10_000,
            ),
        ),
        (
            "tables that are not there",
            many(
                &|at| format!("CREATE TABLE t{at} (a INT); ALTER TABLE n{at} ADD b INT;\n"),
                3_000,
            ),
        ),
        (
            "values",
            format!(
                "INSERT INTO t VALUES {} (1);",
                "(1, 'two', 3.0),\n".repeat(100_000)
            ),
        ),
    ];
    for (what, script) in scripts {
        quickly(what, &script);
    }
}
