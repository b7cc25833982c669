//! A real cluster, started and ended in all the ways that happen to one.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::fs::Permissions;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use cluster::{Cluster, ClusterConfig, ClusterError, DATABASE};
use sqlx::Connection as _;
use tempfile::TempDir;

/// A folder that every account can enter.
fn scratch() -> TempDir {
    scratch_with_mode(0o711)
}

fn scratch_with_mode(mode: u32) -> TempDir {
    tempfile::Builder::new()
        .prefix("crowfoot-test-")
        .permissions(Permissions::from_mode(mode))
        .tempdir()
        .unwrap()
}

fn config(data_dir: impl Into<PathBuf>) -> ClusterConfig {
    ClusterConfig::from_env(data_dir)
}

/// Runs statements; the last one's first column as text.
fn ask(url: &str, sql: &'static str) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
        let (first, last) = sql.rsplit_once(';').unwrap_or(("", sql));
        sqlx::raw_sql(first).execute(&mut connection).await.unwrap();
        let answer = sqlx::query_scalar(last)
            .fetch_one(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
        answer
    })
}

/// Another process that holds a cluster until it is ended.
struct Holder {
    child: Child,
    stdout: BufReader<ChildStdout>,
    url: String,
}

impl Holder {
    fn start(data_dir: &Path) -> Self {
        let mut path = std::env::current_exe().unwrap();
        path.pop();
        path.pop();
        path.extend(["examples", "hold"]);
        let mut child = Command::new(path)
            .arg(data_dir)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let mut holder = Self {
            child,
            stdout,
            url: String::new(),
        };
        holder.stdout.read_line(&mut holder.url).unwrap();
        holder.url.truncate(holder.url.trim_end().len());
        holder
    }

    /// As `kill -9` does: no destructor runs, PostgreSQL is left behind.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        self.child.wait().unwrap();
    }
}

#[test]
fn a_second_start_finds_the_data() {
    let dir = scratch();
    let data_dir = dir.path().join("data");

    let cluster = Cluster::start(&config(&data_dir)).unwrap();
    assert!(cluster.version().major >= 14);
    let url = cluster.url(DATABASE);
    assert_eq!(
        ask(
            &url,
            "CREATE TABLE kept (word text); INSERT INTO kept VALUES ('still here'); SELECT word FROM kept"
        ),
        "still here"
    );
    cluster.stop().unwrap();

    let cluster = Cluster::start(&config(&data_dir)).unwrap();
    assert_eq!(
        ask(&cluster.url(DATABASE), "SELECT word FROM kept"),
        "still here"
    );
    // Dropped, not stopped: that ends it as well.
    drop(cluster);
    assert!(!data_dir.join("postgres/data/postmaster.pid").exists());
}

#[test]
fn it_is_durable_private_and_utf8() {
    let dir = scratch();
    let cluster = Cluster::start(&config(dir.path())).unwrap();
    let url = cluster.url(DATABASE);

    for (setting, value) in [
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("synchronous_commit", "on"),
        ("data_checksums", "on"),
        ("listen_addresses", ""),
        ("server_encoding", "UTF8"),
        ("shared_buffers", "64MB"),
        ("max_connections", "50"),
    ] {
        let sql: &'static str = format!("SELECT current_setting('{setting}')").leak();
        assert_eq!(ask(&url, sql), value, "{setting}");
    }
    let mode = |path: &str| dir.path().join(path).metadata().unwrap().mode() & 0o777;
    assert_eq!(mode("postgres"), 0o700);
    assert_eq!(mode("postgres/socket"), 0o700);
    assert_eq!(mode("postgres.password"), 0o600);
    assert_eq!(mode("postgres.log"), 0o600);
    assert_ne!(dir.path().join("postgres").metadata().unwrap().uid(), 0);

    let password = std::fs::read_to_string(dir.path().join("postgres.password")).unwrap();
    assert!(!format!("{cluster:?}").contains(password.trim()));
}

#[test]
fn a_wrong_password_is_refused_and_a_lost_one_replaced() {
    let dir = scratch();
    let cluster = Cluster::start(&config(dir.path())).unwrap();
    let good = cluster.url(DATABASE);
    let bad = good.replacen("postgres://crowfoot:", "postgres://crowfoot:0", 1);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    assert!(runtime.block_on(sqlx::PgConnection::connect(&bad)).is_err());
    cluster.stop().unwrap();

    std::fs::remove_file(dir.path().join("postgres.password")).unwrap();
    let cluster = Cluster::start(&config(dir.path())).unwrap();
    assert_ne!(cluster.url(DATABASE), good);
    assert_eq!(ask(&cluster.url(DATABASE), "SELECT 'in'"), "in");
}

#[test]
fn a_kill_leaves_an_orphan_that_the_next_start_stops() {
    let dir = scratch();
    let holder = Holder::start(dir.path());
    assert_eq!(
        ask(
            &holder.url,
            "CREATE TABLE kept (word text); INSERT INTO kept VALUES ('committed'); SELECT word FROM kept"
        ),
        "committed"
    );
    let url = holder.url.clone();
    holder.kill();
    assert_eq!(
        ask(&url, "SELECT 'the orphan answers'"),
        "the orphan answers"
    );

    let cluster = Cluster::start(&config(dir.path())).unwrap();
    assert_eq!(
        ask(&cluster.url(DATABASE), "SELECT word FROM kept"),
        "committed"
    );
}

#[test]
fn a_crash_of_everything_is_recovered() {
    let dir = scratch();
    let holder = Holder::start(dir.path());
    ask(
        &holder.url,
        "CREATE TABLE kept (word text); INSERT INTO kept VALUES ('committed'); SELECT ''",
    );
    holder.kill();
    let note = dir.path().join("postgres/data/postmaster.pid");
    let text = std::fs::read_to_string(&note).unwrap();
    let (pid, rest) = text.split_once('\n').unwrap();
    assert!(
        Command::new("kill")
            .args(["-9", pid])
            .status()
            .unwrap()
            .success()
    );
    // As after a restart of the machine: the number in the note belongs to someone else now.
    std::fs::write(&note, format!("{}\n{rest}", std::process::id())).unwrap();

    let cluster = Cluster::start(&config(dir.path())).unwrap();
    assert_eq!(
        ask(&cluster.url(DATABASE), "SELECT word FROM kept"),
        "committed"
    );
}

#[test]
fn a_folder_in_use_names_the_process() {
    let dir = scratch();
    let holder = Holder::start(dir.path());
    let error = Cluster::start(&config(dir.path())).unwrap_err();
    let text = error.to_string();
    assert!(matches!(error, ClusterError::Locked { .. }), "{text}");
    assert!(text.contains(&holder.child.id().to_string()), "{text}");
    assert!(text.contains(&*dir.path().to_string_lossy()), "{text}");
    assert_eq!(ask(&holder.url, "SELECT 'undisturbed'"), "undisturbed");
}

#[test]
fn a_long_path_gets_a_short_socket() {
    let dir = scratch();
    let data_dir = dir
        .path()
        .join("a folder's long name, with odd letters ".repeat(3) + "ß%&");
    let cluster = Cluster::start(&config(&data_dir)).unwrap();
    let url = cluster.url(DATABASE);
    assert_eq!(ask(&url, "SELECT 'reached'"), "reached");
    let socket = PathBuf::from(
        std::fs::read_to_string(data_dir.join("postgres.socket"))
            .unwrap()
            .trim(),
    );
    assert_eq!(socket.metadata().unwrap().mode() & 0o777, 0o700);
    cluster.stop().unwrap();
    assert!(!socket.exists());
    assert!(!data_dir.join("postgres.socket").exists());
}

#[test]
fn a_folder_out_of_reach_moves_the_data_and_remembers_where() {
    let outer = scratch_with_mode(0o700);
    let data_dir = outer.path().join("data");
    if !is_root() {
        // Only root hands the work to another account.
        return;
    }
    let cluster = Cluster::start(&config(&data_dir)).unwrap();
    let note = std::fs::read_to_string(data_dir.join("postgres.location")).unwrap();
    let home = RemoveOnDrop(PathBuf::from(note.trim()));
    assert!(!home.0.starts_with(outer.path()));
    ask(
        &cluster.url(DATABASE),
        "CREATE TABLE kept (word text); INSERT INTO kept VALUES ('far'); SELECT ''",
    );
    cluster.stop().unwrap();

    let cluster = Cluster::start(&config(&data_dir)).unwrap();
    assert_eq!(ask(&cluster.url(DATABASE), "SELECT word FROM kept"), "far");
    cluster.stop().unwrap();

    // Never an empty catalog in place of a lost one.
    drop(home);
    let error = Cluster::start(&config(&data_dir)).unwrap_err();
    assert!(matches!(error, ClusterError::Misplaced { .. }), "{error}");
}

#[test]
fn programs_out_of_reach_are_copied() {
    if !is_root() {
        return;
    }
    // A PostgreSQL below a private folder, as a fetched one below root's home would be.
    let outer = scratch_with_mode(0o700);
    let real = cluster::find_binaries(&config(outer.path())).unwrap();
    let prefix = outer.path().join("fetched");
    for part in ["bin", "lib", "share"] {
        std::fs::create_dir_all(prefix.join(part)).unwrap();
    }
    for program in ["postgres", "initdb", "pg_ctl"] {
        let script = format!(
            "#!/bin/sh\nexec {}/{program} \"$@\"\n",
            real.dir().display()
        );
        let path = prefix.join("bin").join(program);
        std::fs::write(&path, script).unwrap();
        std::fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
    }
    let mut config = config(outer.path().join("data"));
    config.bin_dir = Some(prefix.join("bin"));
    let copied = cluster::find_binaries(&config).unwrap();
    let _copy = RemoveOnDrop(copied.dir().parent().unwrap().to_owned());
    assert!(!copied.dir().starts_with(outer.path()));
    assert_eq!(copied.version(), real.version());
}

#[test]
fn data_of_another_version_is_refused_with_both_versions() {
    let dir = scratch();
    let cluster = Cluster::start(&config(dir.path())).unwrap();
    let running = cluster.version().to_string();
    cluster.stop().unwrap();
    std::fs::write(dir.path().join("postgres/data/PG_VERSION"), "13\n").unwrap();

    let error = Cluster::start(&config(dir.path())).unwrap_err();
    let text = error.to_string();
    assert!(
        matches!(error, ClusterError::WrongVersion { data: 13, .. }),
        "{text}"
    );
    assert!(text.contains("PostgreSQL 13"), "{text}");
    assert!(text.contains(&running), "{text}");
}

#[test]
fn a_server_that_does_not_start_says_why() {
    let dir = scratch();
    Cluster::start(&config(dir.path())).unwrap().stop().unwrap();
    let conf = dir.path().join("postgres/data/postgresql.conf");
    let text = std::fs::read_to_string(&conf).unwrap();
    std::fs::write(&conf, text + "no_such_setting = 1\n").unwrap();

    let error = Cluster::start(&config(dir.path())).unwrap_err();
    let text = error.to_string();
    assert!(matches!(error, ClusterError::Died { .. }), "{text}");
    assert!(text.contains("no_such_setting"), "{text}");
}

struct RemoveOnDrop(PathBuf);

impl Drop for RemoveOnDrop {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|found| found.uid() == 0)
}
