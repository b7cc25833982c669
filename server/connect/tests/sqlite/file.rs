//! A file for one test.
#![allow(dead_code, unreachable_pub, missing_docs)]

use connect::error::ConnectError;
use connect::introspection::{Introspection, Limits};
use connect::live;
use connect::target::Target;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection};
use std::path::PathBuf;
use std::time::Duration;

/// A folder with a file in it. It goes when this is dropped.
pub struct TestFile {
    folder: PathBuf,
    pub path: PathBuf,
}

impl TestFile {
    /// No file yet, and a folder to put it in.
    pub fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!(
            "crowfoot-test-{}-{}",
            std::process::id(),
            name.replace(|letter: char| !letter.is_ascii_alphanumeric(), "-")
        ));
        std::fs::create_dir_all(&folder).expect("a folder");
        Self {
            path: folder.join(format!("{name}.db")),
            folder,
        }
    }

    /// A connection that may write.
    pub async fn writer(&self) -> SqliteConnection {
        let options = SqliteConnectOptions::new()
            .filename(&self.path)
            .create_if_missing(true);
        SqliteConnection::connect_with(&options)
            .await
            .expect("a file of our own")
    }

    /// Runs a script in the file, which is made where there is none.
    pub async fn run(&self, script: impl Into<String>) {
        let mut connection = self.writer().await;
        run(&mut connection, script).await;
        connection.close().await.expect("goodbye");
    }

    /// Reads it.
    pub async fn read(&self) -> Result<Introspection, ConnectError> {
        let limits = Limits {
            lock: Duration::from_millis(50),
            ..Limits::default()
        };
        live::introspect(&Target::File(self.path.clone()), &limits, &|_| {}).await
    }

    /// Where a writer notes what it changes.
    pub fn journal(&self) -> PathBuf {
        let mut path = self.path.clone().into_os_string();
        path.push("-journal");
        path.into()
    }

    /// What lies in the folder.
    pub fn folder_names(&self) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(&self.folder)
            .expect("the folder")
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    }
}

impl Drop for TestFile {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

/// Runs a script.
pub async fn run(connection: &mut SqliteConnection, script: impl Into<String>) {
    sqlx::raw_sql(AssertSqlSafe(script.into()))
        .execute(connection)
        .await
        .expect("the script");
}
