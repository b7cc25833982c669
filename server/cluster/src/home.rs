//! Where PostgreSQL's own files are: below the data folder, or, when the account that runs
//! PostgreSQL cannot get there, in a folder of the machine that it can.

use std::fs::DirBuilder;
use std::io::{ErrorKind, Write as _};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::account::Account;
use crate::config::ClusterConfig;
use crate::error::{ClusterError, IoContext as _};

/// Where homes go that cannot lie in their data folder. Only root ever needs it.
const ELSEWHERE: &str = "/var/lib/crowfoot";

/// PostgreSQL's data folder in a home.
pub(crate) fn pgdata(home: &Path) -> PathBuf {
    home.join("data")
}

/// The major version that made the data in a home, `None` when there is none yet.
pub(crate) fn data_version(home: &Path) -> Result<Option<u32>, ClusterError> {
    let path = pgdata(home).join("PG_VERSION");
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(text.trim().parse().ok()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).on("read", &path),
    }
}

/// The home of a data folder, when it has one.
pub(crate) fn existing(config: &ClusterConfig) -> Result<Option<PathBuf>, ClusterError> {
    let note = config.location_file();
    match std::fs::read(&note) {
        Ok(mut bytes) => {
            bytes.truncate(bytes.trim_ascii_end().len());
            let home = PathBuf::from(std::ffi::OsString::from_vec(bytes));
            if home.is_dir() {
                return Ok(Some(home));
            }
            Err(ClusterError::Misplaced {
                data_dir: config.data_dir.clone(),
                home,
                note,
            })
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Ok(Some(config.data_dir.join("postgres")).filter(|home| home.is_dir()))
        }
        Err(error) => Err(error).on("read", &note),
    }
}

/// Makes Crowfoot's data folder if it is not there. Its secrets are files of mode 0600; the folder
/// itself must let another account through to PostgreSQL's part.
pub(crate) fn make_data_dir(config: &ClusterConfig) -> Result<(), ClusterError> {
    let dir = &config.data_dir;
    if dir.is_dir() {
        return Ok(());
    }
    if let Some(parent) = dir.parent() {
        std::fs::create_dir_all(parent).on("make", parent)?;
    }
    let mode = if nix::unistd::Uid::effective().is_root() {
        0o711
    } else {
        0o700
    };
    make_dir(dir, mode)
}

/// The home of a data folder, made if need be.
pub(crate) fn place(
    config: &ClusterConfig,
    existing: Option<PathBuf>,
    account: &Account,
) -> Result<PathBuf, ClusterError> {
    if let Some(home) = existing {
        if account.reaches(&home) {
            return Ok(home);
        }
        return Err(ClusterError::Unreachable {
            dir: home,
            account: account.name().to_owned(),
        });
    }
    if account.reaches(&config.data_dir) {
        let home = config.data_dir.join("postgres");
        make_dir(&home, 0o700)?;
        account.own(&home)?;
        return Ok(home);
    }
    let home = elsewhere(&config.data_dir, account)?;
    write_private(&config.location_file(), home.as_os_str().as_bytes())?;
    tracing::warn!(
        "The account {} that runs PostgreSQL cannot get into {}; its data is kept in {}",
        account.name(),
        config.data_dir.display(),
        home.display()
    );
    Ok(home)
}

/// A new home outside of the data folder, named after it so that an administrator knows it.
fn elsewhere(data_dir: &Path, account: &Account) -> Result<PathBuf, ClusterError> {
    let base = reachable_base(account)?;
    let name = data_dir
        .file_name()
        .map_or_else(|| "data".into(), |name| name.to_string_lossy().into_owned());
    let home = base.join(format!("{name}-{:08x}", rand::random::<u32>()));
    make_dir(&home, 0o700)?;
    write_private(&home.join("belongs-to"), data_dir.as_os_str().as_bytes())?;
    account.own(&home)?;
    Ok(home)
}

fn reachable_base(account: &Account) -> Result<PathBuf, ClusterError> {
    let base = PathBuf::from(ELSEWHERE);
    if !base.is_dir() {
        std::fs::create_dir_all("/var/lib").on("make", Path::new("/var/lib"))?;
        make_dir(&base, 0o755)?;
    }
    if account.reaches(&base) {
        return Ok(base);
    }
    Err(ClusterError::Unreachable {
        dir: base,
        account: account.name().to_owned(),
    })
}

/// Copies a PostgreSQL (the folder that holds `bin`, `lib` and `share`) to where `account` can run
/// it, once; returns the copy.
pub(crate) fn copy_programs(prefix: &Path, account: &Account) -> Result<PathBuf, ClusterError> {
    let base = reachable_base(account)?;
    let program = prefix.join("bin/postgres");
    let stamp = program.metadata().on("read", &program)?;
    let copy = base.join(format!("programs-{:x}-{:x}", stamp.len(), stamp.mtime()));
    if copy.is_dir() {
        return Ok(copy);
    }
    let unfinished = base.join(format!("programs-{:08x}.part", rand::random::<u32>()));
    make_dir(&unfinished, 0o755)?;
    for part in ["bin", "lib", "share"] {
        copy_tree(&prefix.join(part), &unfinished.join(part))?;
    }
    match std::fs::rename(&unfinished, &copy) {
        Ok(()) => {}
        // Someone else was faster.
        Err(_) if copy.is_dir() => {
            std::fs::remove_dir_all(&unfinished).on("remove", &unfinished)?;
        }
        Err(error) => return Err(error).on("make", &copy),
    }
    tracing::info!(
        "Copied PostgreSQL from {} to {}",
        prefix.display(),
        copy.display()
    );
    Ok(copy)
}

fn copy_tree(from: &Path, to: &Path) -> Result<(), ClusterError> {
    make_dir(to, 0o755)?;
    for entry in std::fs::read_dir(from).on("read", from)? {
        let entry = entry.on("read", from)?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type().on("read", &source)?;
        if kind.is_dir() {
            copy_tree(&source, &target)?;
        } else if kind.is_symlink() {
            let link = std::fs::read_link(&source).on("read", &source)?;
            std::os::unix::fs::symlink(link, &target).on("make", &target)?;
        } else {
            std::fs::copy(&source, &target).on("copy", &source)?;
        }
    }
    Ok(())
}

/// Makes one folder with exactly this mode, whatever the umask; one that exists is left as it is.
pub(crate) fn make_dir(path: &Path, mode: u32) -> Result<(), ClusterError> {
    match DirBuilder::new().mode(0o700).create(path) {
        Ok(()) => set_mode(path, mode),
        Err(error) if error.kind() == ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        Err(error) => Err(error).on("make", path),
    }
}

fn set_mode(path: &Path, mode: u32) -> Result<(), ClusterError> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
        .on("change the mode of", path)
}

/// Writes a file that only we can read, whole or not at all.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> Result<(), ClusterError> {
    let part = path.with_extension("part");
    match std::fs::remove_file(&part) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(error).on("remove", &part);
        }
        _ => {}
    }
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&part)
        .on("write", &part)?;
    file.write_all(bytes).on("write", &part)?;
    file.write_all(b"\n").on("write", &part)?;
    file.sync_all().on("write", &part)?;
    std::fs::rename(&part, path).on("write", path)
}
