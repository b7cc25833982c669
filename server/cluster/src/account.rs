//! The account that runs PostgreSQL. PostgreSQL refuses root, so root lends the work to someone.

use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use nix::unistd::{Uid, User};

use crate::error::{ClusterError, IoContext as _};

/// Who runs PostgreSQL: ourselves, or an unprivileged account when we are root.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    /// `None`: ourselves.
    other: Option<Other>,
}

#[derive(Debug, Clone)]
struct Other {
    name: String,
    uid: u32,
    gid: u32,
}

impl Account {
    /// The account that is asked for; else the owner of the data that exists; else the usual ones.
    pub(crate) fn choose(wanted: Option<&str>, home: Option<&Path>) -> Result<Self, ClusterError> {
        if !Uid::effective().is_root() {
            return Ok(Self { other: None });
        }
        let other = match wanted {
            Some(name) => Other::named(name),
            None => home
                .and_then(Other::owner)
                .or_else(|| Other::named("postgres"))
                .or_else(|| Other::named("nobody")),
        };
        match other {
            Some(other) => Ok(Self { other: Some(other) }),
            None => Err(ClusterError::NoAccount {
                wanted: wanted.map(str::to_owned),
            }),
        }
    }

    pub(crate) fn name(&self) -> &str {
        self.other.as_ref().map_or("", |other| &other.name)
    }

    /// A command that runs under this account, from a folder that every account can enter.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir("/")
            .stdin(Stdio::null())
            // Settings of someone's client must not reach a server's tools.
            .env_remove("PGDATA")
            .env_remove("PGHOST")
            .env_remove("PGPORT")
            .env_remove("PGUSER")
            .env_remove("PGDATABASE")
            .env_remove("PGPASSWORD")
            .env_remove("PGOPTIONS")
            .env("LC_ALL", "C");
        if let Some(other) = &self.other {
            // With a uid set, std also clears root's supplementary groups.
            command.uid(other.uid).gid(other.gid).env("HOME", "/");
        }
        command
    }

    /// Gives a file or folder to this account.
    pub(crate) fn own(&self, path: &Path) -> Result<(), ClusterError> {
        match &self.other {
            Some(other) => {
                chown(path, Some(other.uid), Some(other.gid)).on("change the owner of", path)
            }
            None => Ok(()),
        }
    }

    /// True when this account can enter `dir`. Tried, not computed: permission bits are not all
    /// that decides.
    pub(crate) fn reaches(&self, dir: &Path) -> bool {
        self.other.is_none()
            || self
                .command(Path::new("/bin/sh"))
                .args(["-c", "cd -- \"$1\"", "sh"])
                .arg(dir)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .is_ok_and(|status| status.success())
    }
}

impl Other {
    fn named(name: &str) -> Option<Self> {
        let user = User::from_name(name).ok().flatten()?;
        (!user.uid.is_root()).then(|| Self {
            name: user.name,
            uid: user.uid.as_raw(),
            gid: user.gid.as_raw(),
        })
    }

    fn owner(home: &Path) -> Option<Self> {
        let metadata = home.metadata().ok().filter(|found| found.uid() != 0)?;
        Some(Self {
            name: format!("number {}", metadata.uid()),
            uid: metadata.uid(),
            gid: metadata.gid(),
        })
    }
}
