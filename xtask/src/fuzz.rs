//! `cargo xtask fuzz`: the importer under libFuzzer, and the step of `test` that does it for a
//! minute.
//!
//! The instruments are LLVM's own, which the stable compiler has too; libFuzzer is compiled from
//! the sources that the crate `libfuzzer-sys` brings, which takes a C++ compiler. Without one, the
//! tests of `ddl` change scripts at random for as long.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::check;
use crate::command;
use crate::report::{Counts, End};
use crate::workspace::Workspace;

/// How long the step of `test` takes, without building.
pub(crate) const SECONDS: u32 = 60;
/// An input that takes longer is a hang.
const INPUT_SECONDS: u32 = 5;
/// An input that takes more memory is a leak, or a way to bring the server down.
const MEMORY_MIB: u32 = 1024;
/// Longer inputs are slower to change and find nothing more.
const INPUT_MAX_BYTES: usize = 8 * 1024;
/// What `cargo fuzz` asks for, without the sanitizer, which the stable compiler lacks.
const INSTRUMENTS: [&str; 6] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "--cfg=fuzzing",
];
/// For how many seconds the fallback goes on.
const FALLBACK_SECONDS: &str = "CROWFOOT_FUZZ_SECONDS";

/// Runs the importer on changed scripts for so many seconds.
pub(crate) fn run(workspace: &Workspace, seconds: u32, counts: &mut Counts) -> Result<End> {
    if !has_cxx() {
        println!("there is no C++ compiler for libFuzzer; scripts are changed at random instead");
        return fallback(workspace, seconds, counts);
    }
    let importer = build(workspace)?;
    let folder = Folder::new(workspace)?;
    let seeds = folder.write_seeds(workspace)?;
    let before = folder.crashes()?;
    println!("{seeds} seeds, {seconds} s");
    let log = folder.root.join("log");
    let outcome = command::run_into(
        Command::new(&importer)
            .current_dir(&folder.root)
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!("-timeout={INPUT_SECONDS}"))
            .arg(format!("-rss_limit_mb={MEMORY_MIB}"))
            .arg(format!("-max_len={INPUT_MAX_BYTES}"))
            .arg(format!(
                "-dict={}",
                workspace.root.join("server/ddl/fuzz/sql.dict").display()
            ))
            .args(["-artifact_prefix=crashes/", "-print_final_stats=1"])
            .args(["corpus", "seeds"]),
        &log,
        Duration::from_secs((seconds + 10 * INPUT_SECONDS).into()),
    );
    let text = fs::read(&log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())?;
    println!("{}", Found::read(&text));
    if let Err(error) = outcome {
        let tail: Vec<&str> = text.lines().rev().take(40).collect();
        for line in tail.iter().rev() {
            println!("{line}");
        }
        for crash in folder.crashes()? {
            if !before.contains(&crash) {
                println!("the input: {}", crash.display());
                println!("again:     {} {}", importer.display(), crash.display());
                println!(
                    "Copy it to server/ddl/fuzz/found, where the tests of ddl try it, and mend the \
                     importer."
                );
            }
        }
        return Err(error.context("the importer panicked, hung or took too much memory"));
    }
    Ok(End::Done(Counts::default()))
}

/// Whether there is the compiler that libFuzzer's sources need.
fn has_cxx() -> bool {
    match std::env::var_os("CXX").filter(|name| !name.is_empty()) {
        Some(name) => {
            Path::new(&name).is_file() || command::which(&name.to_string_lossy()).is_some()
        }
        None => command::which("c++").is_some(),
    }
}

/// Builds the instrumented importer; returns its path.
fn build(workspace: &Workspace) -> Result<PathBuf> {
    let host = host()?;
    let target = workspace.target.join("fuzz");
    // With a target named, build scripts and macros are not instrumented.
    command::run(
        workspace
            .cargo()
            .args(["build", "--release", "--target", &host])
            .args(["--manifest-path", "server/ddl/fuzz/Cargo.toml"])
            .arg("--target-dir")
            .arg(&target)
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env("RUSTFLAGS", INSTRUMENTS.join(" ")),
    )?;
    Ok(target.join(host).join("release/importer"))
}

/// The triple of this machine.
fn host() -> Result<String> {
    let about = command::output(Command::new("rustc").arg("-vV"))?;
    about
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .map(str::to_owned)
        .context("rustc does not tell its host")
}

/// The tests of `ddl` that change scripts at random, for so many seconds.
fn fallback(workspace: &Workspace, seconds: u32, counts: &mut Counts) -> Result<End> {
    let mut cargo = workspace.cargo();
    cargo
        .args(["test", "-p", "ddl", "--test", "mutations"])
        .env(FALLBACK_SECONDS, seconds.to_string());
    check::tests(&mut cargo, counts)
}

/// Where inputs are kept: `corpus` (found interesting, kept between runs), `seeds`, `crashes`.
struct Folder {
    root: PathBuf,
}

impl Folder {
    fn new(workspace: &Workspace) -> Result<Self> {
        let root = workspace.cache("fuzz")?;
        for name in ["corpus", "seeds", "crashes"] {
            fs::create_dir_all(root.join(name))?;
        }
        Ok(Self { root })
    }

    fn crashes(&self) -> Result<Vec<PathBuf>> {
        fs::read_dir(self.root.join("crashes"))?
            .map(|entry| Ok(entry?.path()))
            .collect()
    }

    /// Cuts the project's own scripts into statements, each a seed, for small inputs lead further
    /// than large ones; how many there are.
    fn write_seeds(&self, workspace: &Workspace) -> Result<usize> {
        let mut scripts = Vec::new();
        for folder in ["server/ddl/tests/fixtures", "server/ddl/fuzz/seeds"] {
            collect(&workspace.root.join(folder), &mut scripts)?;
        }
        if scripts.is_empty() {
            bail!("there are no scripts to begin with");
        }
        let mut count = 0;
        for path in scripts {
            let dialect = dialect_of(&path.to_string_lossy());
            let text = fs::read_to_string(&path)
                .with_context(|| format!("could not read {}", path.display()))?;
            let parts = text
                .split_inclusive(";\n")
                .filter(|part| !part.trim().is_empty());
            for part in std::iter::once(text.as_str()).chain(parts) {
                // Each format in turn, in the high half of the first byte.
                let choice = dialect | u8::try_from(count % 9).unwrap_or_default() << 4;
                let mut seed = vec![choice];
                seed.extend_from_slice(part.as_bytes());
                fs::write(self.root.join(format!("seeds/{count:05}")), seed)?;
                count += 1;
            }
        }
        Ok(count)
    }
}

/// The low half of the first byte, as `server/ddl/fuzz/src/importer.rs` reads it.
fn dialect_of(path: &str) -> u8 {
    const MARKS: [(&str, u8); 5] = [
        (".dbml", 1),
        ("mysql", 6),
        ("sqlite", 7),
        ("sqlserver", 8),
        ("oracle", 9),
    ];
    MARKS
        .iter()
        .find(|(mark, _)| path.contains(mark))
        .map_or(5, |(_, choice)| *choice)
}

/// The scripts below a folder, in order.
fn collect(folder: &Path, scripts: &mut Vec<PathBuf>) -> Result<()> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .with_context(|| format!("could not read {}", folder.display()))?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, scripts)?;
        } else if path
            .extension()
            .is_some_and(|it| it == "sql" || it == "dbml")
        {
            scripts.push(path);
        }
    }
    Ok(())
}

/// What libFuzzer told at its end.
#[derive(Debug, Default, PartialEq, Eq)]
struct Found {
    executions: Option<u64>,
    per_second: Option<u64>,
    edges: Option<u64>,
    memory_mib: Option<u64>,
}

impl Found {
    fn read(log: &str) -> Self {
        let mut found = Self::default();
        for line in log.lines() {
            let number = |key: &str| {
                let (_, rest) = line.split_once(key)?;
                rest.split_whitespace().next()?.parse().ok()
            };
            found.executions = number("stat::number_of_executed_units:").or(found.executions);
            found.per_second = number("stat::average_exec_per_sec:").or(found.per_second);
            found.memory_mib = number("stat::peak_rss_mb:").or(found.memory_mib);
            if line.starts_with('#') {
                found.edges = number(" cov: ").or(found.edges);
            }
        }
        found
    }
}

impl std::fmt::Display for Found {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shown = |number: Option<u64>| number.map_or("?".to_owned(), |it| it.to_string());
        write!(
            f,
            "{} executions ({} per second), {} edges of the code reached, {} MiB at the most",
            shown(self.executions),
            shown(self.per_second),
            shown(self.edges),
            shown(self.memory_mib)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_of_libfuzzer_counts() {
        let log = "#2\tINITED cov: 12 ft: 13\n\
                   #60032\tDONE   cov: 21300 ft: 81200 corp: 4200/5Mb\n\
                   stat::number_of_executed_units: 60032\n\
                   stat::average_exec_per_sec:     984\n\
                   stat::peak_rss_mb:              74\n";
        let found = Found {
            executions: Some(60_032),
            per_second: Some(984),
            edges: Some(21_300),
            memory_mib: Some(74),
        };
        assert_eq!(Found::read(log), found);
        assert!(Found::read("").to_string().starts_with("? executions"));
    }

    #[test]
    fn scripts_are_read_in_their_dialect() {
        assert_eq!(dialect_of("tests/fixtures/tables.sql"), 5);
        assert_eq!(dialect_of("tests/fixtures/mysql_dump.sql"), 6);
        assert_eq!(dialect_of("fuzz/seeds/shop.dbml"), 1);
    }
}
