//! Finding a PostgreSQL to run.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::account::Account;
use crate::config::ClusterConfig;
use crate::error::ClusterError;
use crate::home;

/// The oldest major version that will do.
pub(crate) const MINIMUM: u32 = 14;

/// What a folder must hold to be of use.
const PROGRAMS: [&str; 3] = ["postgres", "initdb", "pg_ctl"];

/// Folders that hold one folder per version, and where the programs are below it.
const VERSIONED: [(&str, &str, &str); 7] = [
    ("/usr/lib/postgresql", "", "bin"),
    ("/usr", "pgsql-", "bin"),
    ("/usr/lib", "postgresql", "bin"),
    ("/usr/libexec", "postgresql", ""),
    ("/opt/homebrew/opt", "postgresql", "bin"),
    ("/usr/local/opt", "postgresql", "bin"),
    ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
];

/// A version of PostgreSQL, as `postgres --version` says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The part that decides whether data can be read.
    pub major: u32,
    text: String,
}

impl Version {
    fn parse(output: &str) -> Option<Self> {
        let text = output.split(')').nth(1)?.split_whitespace().next()?;
        let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
        Some(Self {
            major: digits.parse().ok()?,
            text: text.to_owned(),
        })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgreSQL {}", self.text)
    }
}

/// A PostgreSQL that runs here.
#[derive(Debug, Clone)]
pub struct Binaries {
    dir: PathBuf,
    version: Version,
}

impl Binaries {
    /// The folder of its programs.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Its version.
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// One of its programs, such as `pg_dump`; `None` when this PostgreSQL came without it.
    pub fn program(&self, name: &str) -> Option<PathBuf> {
        Some(self.dir.join(name)).filter(|path| path.is_file())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }
}

/// Finds the PostgreSQL that a cluster with this configuration would use, without starting it.
///
/// Asked in this order: `CROWFOOT_PG_BIN`, the PATH, the folders of the usual packages (newest
/// version first), the one that was fetched. Data that exists decides the major version.
pub fn find_binaries(config: &ClusterConfig) -> Result<Binaries, ClusterError> {
    let home = home::existing(config)?;
    let account = Account::choose(config.run_as.as_deref(), home.as_deref())?;
    find(config, &account, home.as_deref())
}

/// The same for an account that is already chosen and a home that may hold data.
pub(crate) fn find(
    config: &ClusterConfig,
    account: &Account,
    home: Option<&Path>,
) -> Result<Binaries, ClusterError> {
    let data = match home {
        Some(home) => home::data_version(home)?.map(|major| (home::pgdata(home), major)),
        None => None,
    };
    let mut unfit = Vec::new();
    let mut refused = Vec::new();
    for candidate in candidates(config) {
        match candidate.check(account) {
            Ok(binaries) => match &data {
                Some((_, major)) if binaries.version.major != *major => {
                    if candidate.source == Source::Named {
                        tracing::warn!(
                            "CROWFOOT_PG_BIN is {}, but the data was made by PostgreSQL {major}; looking for that elsewhere",
                            binaries.version
                        );
                    }
                    if !unfit.contains(&binaries.version) {
                        unfit.push(binaries.version);
                    }
                }
                _ => return Ok(binaries),
            },
            Err(why) if candidate.source == Source::Named => {
                return Err(ClusterError::BinDir {
                    dir: candidate.dir,
                    why,
                });
            }
            Err(why) => refused.push(format!("{}: {why}", candidate.dir.display())),
        }
    }
    match data {
        Some((dir, data)) => Err(ClusterError::WrongVersion {
            dir,
            data,
            found: unfit,
        }),
        None => Err(ClusterError::NotFound {
            minimum: MINIMUM,
            looked_at: refused,
        }),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Named,
    System,
    Fetched,
}

#[derive(Debug)]
struct Candidate {
    dir: PathBuf,
    source: Source,
}

fn candidates(config: &ClusterConfig) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    let mut add = |dir: PathBuf, source| {
        // The folder of the real program: what stands on a PATH is often a link to it.
        let real = dir
            .join("postgres")
            .canonicalize()
            .ok()
            .and_then(|program| program.parent().map(Path::to_owned));
        let dir = match (real, source) {
            (Some(real), _) => real,
            // A named folder without the program is an error to report; others are passed over.
            (None, Source::Named) => dir,
            (None, _) => return,
        };
        if !found.iter().any(|known| known.dir == dir) {
            found.push(Candidate { dir, source });
        }
    };
    if let Some(dir) = &config.bin_dir {
        add(dir.clone(), Source::Named);
    }
    if let Some(path) = std::env::var_os("PATH") {
        for dir in std::env::split_paths(&path) {
            add(dir, Source::System);
        }
    }
    for dir in versioned() {
        add(dir, Source::System);
    }
    add(PathBuf::from("/opt/homebrew/bin"), Source::System);
    if let Some(dir) = &config.fetched_dir {
        add(dir.join("bin"), Source::Fetched);
    }
    found
}

/// The programs' folders of every version that a package manager installed, newest first.
fn versioned() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for (parent, prefix, below) in VERSIONED {
        let Ok(entries) = std::fs::read_dir(parent) else {
            continue;
        };
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let Some(version) = name.strip_prefix(prefix) else {
                continue;
            };
            let version = version.trim_start_matches('@');
            // Without a number (Homebrew's `postgresql`) it is the current version.
            let version: f32 = version.parse().unwrap_or(0.0);
            found.push((version, entry.path().join(below)));
        }
    }
    found.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    found.into_iter().map(|(_, dir)| dir).collect()
}

impl Candidate {
    /// The programs of this folder, when all of them run under `account`.
    fn check(&self, account: &Account) -> Result<Binaries, String> {
        for program in PROGRAMS {
            if !self.dir.join(program).is_file() {
                return Err(format!("there is no {program} in it"));
            }
        }
        match self.ask(&self.dir, account) {
            Ok(binaries) => Ok(binaries),
            // A PostgreSQL below a private folder of root: another account cannot run it there.
            Err(why) if self.source != Source::System && !account.reaches(&self.dir) => {
                let Some(prefix) = self.dir.parent() else {
                    return Err(why);
                };
                let copy = home::copy_programs(prefix, account).map_err(|error| {
                    format!(
                        "{why}; a copy for the account {} failed: {error}",
                        account.name()
                    )
                })?;
                self.ask(&copy.join("bin"), account)
            }
            Err(why) => Err(why),
        }
    }

    fn ask(&self, dir: &Path, account: &Account) -> Result<Binaries, String> {
        let mut version = None;
        for program in PROGRAMS {
            let output = account
                .command(&dir.join(program))
                .arg("--version")
                .output()
                .map_err(|error| format!("{program} does not run: {error}"))?;
            if !output.status.success() {
                let words = String::from_utf8_lossy(&output.stderr).trim().to_owned();
                return Err(format!("{program} --version failed: {words}"));
            }
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let this = Version::parse(&text)
                .ok_or_else(|| format!("{program} --version said {:?}", text.trim()))?;
            if this.major < MINIMUM {
                return Err(format!("{this} is older than {MINIMUM}"));
            }
            version.get_or_insert(this);
        }
        let version = version.ok_or("it holds no program")?;
        Ok(Binaries {
            dir: dir.to_owned(),
            version,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_the_programs_print_them() {
        for (output, major, shown) in [
            (
                "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n",
                15,
                "PostgreSQL 15.18",
            ),
            ("initdb (PostgreSQL) 18.4\n", 18, "PostgreSQL 18.4"),
            ("pg_ctl (PostgreSQL) 19beta2\n", 19, "PostgreSQL 19beta2"),
        ] {
            let version = Version::parse(output).unwrap();
            assert_eq!(version.major, major);
            assert_eq!(version.to_string(), shown);
        }
        assert_eq!(Version::parse("usage: postgres [OPTION]"), None);
    }

    #[test]
    fn a_folder_without_all_programs_is_refused_by_name() {
        let dir = tempfile::tempdir().unwrap();
        let mut config = ClusterConfig::new(dir.path());
        config.bin_dir = Some(dir.path().to_owned());
        let error = find(&config, &Account::choose(None, None).unwrap(), None).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("CROWFOOT_PG_BIN"), "{text}");
        assert!(text.contains("there is no postgres in it"), "{text}");
    }
}
