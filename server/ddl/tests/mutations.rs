//! The importer on scripts changed at random: for two seconds, or for as long as
//! `CROWFOOT_FUZZ_SECONDS` says where there is no libFuzzer; and on every input that once made it
//! fail.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what fails here fails the test"
)]

#[path = "../fuzz/src/importer.rs"]
mod importer;

use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// An input that takes longer is a hang. Generous, since nothing here is optimised.
const INPUT_TIME: Duration = Duration::from_secs(20);
const INPUT_MAX_BYTES: usize = 8 * 1024;

/// A script, and the dialect in the low half of an input's first byte.
const SCRIPTS: [(u8, &str); 14] = [
    (1, include_str!("../fuzz/seeds/shop.dbml")),
    (5, include_str!("fixtures/alter.sql")),
    (5, include_str!("fixtures/objects.sql")),
    (5, include_str!("fixtures/odd_names.sql")),
    (5, include_str!("fixtures/partitions.sql")),
    (5, include_str!("fixtures/tables.sql")),
    (6, include_str!("fixtures/mysql.sql")),
    (6, include_str!("fixtures/mysql_alter.sql")),
    (6, include_str!("fixtures/mysql_dump.sql")),
    (6, include_str!("fixtures/mysql_names.sql")),
    (7, include_str!("fixtures/sqlite/objects.sql")),
    (7, include_str!("fixtures/sqlite/odd.sql")),
    (8, include_str!("fixtures/sqlserver/objects.sql")),
    (9, include_str!("fixtures/oracle/objects.sql")),
];

/// Numbers that look random but are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

/// Words and marks, as libFuzzer's dictionary has them, without those written in escapes.
fn words() -> Vec<&'static str> {
    include_str!("../fuzz/sql.dict")
        .lines()
        .filter_map(|line| line.strip_prefix('"')?.strip_suffix('"'))
        .filter(|word| !word.contains('\\'))
        .collect()
}

/// An input made of one statement or more of a script, with some of its parts changed.
fn changed(numbers: &mut Numbers, words: &[&str]) -> Vec<u8> {
    let (dialect, script) = SCRIPTS[numbers.below(SCRIPTS.len())];
    let statements: Vec<&str> = script.split_inclusive(";\n").collect();
    let from = numbers.below(statements.len());
    let count = 1 + numbers.below(4);
    let mut text: Vec<u8> = statements
        .iter()
        .skip(from)
        .take(count)
        .flat_map(|statement| statement.bytes())
        .collect();
    for _ in 0..=numbers.below(8) {
        let at = numbers.below(text.len());
        let end = (at + 1 + numbers.below(16)).min(text.len());
        match numbers.below(5) {
            0 => drop(text.drain(at..end)),
            1 => drop(text.splice(at..at, words[numbers.below(words.len())].bytes())),
            2 => {
                let copied = text[at..end].to_vec();
                let to = numbers.below(text.len());
                drop(text.splice(to..to, copied));
            }
            3 => {
                let word = words[numbers.below(words.len())].as_bytes();
                drop(text.splice(at..end, word.iter().copied()));
            }
            _ => {
                if let Some(byte) = text.get_mut(at) {
                    *byte = numbers.below(128) as u8;
                }
            }
        }
    }
    text.truncate(INPUT_MAX_BYTES);
    let mut input = vec![dialect | (numbers.below(9) as u8) << 4];
    input.extend(text);
    input
}

fn keep(input: &[u8]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("importer-failed-on");
    std::fs::write(&path, input).unwrap();
    path
}

/// Ends the process when an input takes too long: a thread that hangs cannot be stopped. Hears of
/// each input before it is tried, and of nothing more when all are done.
#[expect(clippy::print_stderr, reason = "the process ends here")]
fn watch(tried: Receiver<Vec<u8>>) {
    std::thread::spawn(move || {
        let mut input = Vec::new();
        loop {
            match tried.recv_timeout(INPUT_TIME) {
                Ok(next) => input = next,
                Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => {
                    eprintln!("the importer hangs on {}", keep(&input).display());
                    std::process::exit(1);
                }
            }
        }
    });
}

#[test]
fn changed_scripts_neither_panic_nor_hang() {
    let seconds = std::env::var("CROWFOOT_FUZZ_SECONDS")
        .ok()
        .and_then(|seconds| seconds.parse().ok())
        .unwrap_or(2);
    let time = Duration::from_secs(seconds);
    let words = words();
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    let (tell, tried) = channel();
    watch(tried);
    let begun = Instant::now();
    let mut count = 0;
    while begun.elapsed() < time {
        let input = changed(&mut numbers, &words);
        tell.send(input.clone()).unwrap();
        if catch_unwind(|| importer::run(&input)).is_err() {
            panic!("the importer panics on {}", keep(&input).display());
        }
        count += 1;
    }
    drop(tell);
    assert!(count > 10, "only {count} inputs in {time:?}");
}

#[test]
fn what_once_failed_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/found");
    // Not there while nothing failed yet.
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        let input = std::fs::read(&path).unwrap();
        let begun = Instant::now();
        importer::run(&input);
        let took = begun.elapsed();
        assert!(took < INPUT_TIME, "{} took {took:?}", path.display());
    }
}
