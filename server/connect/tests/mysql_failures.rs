//! What keeps one from a MySQL or MariaDB database, told apart; and what is asked of the server.

// Helpers of tests are outside of what the lints take for tests.
#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "mysql/server.rs"]
mod server;

use connect::error::ConnectError;
use connect::introspection::{Introspection, Limits};
use connect::live;
use connect::target::{Password, ServerTarget, Target, TlsMode};
use server::{TestDatabase, server, table};
use std::time::Duration;

async fn failure(target: &ServerTarget) -> ConnectError {
    let target = Target::Server(target.clone());
    match live::test(&target, &Limits::default()).await {
        Err(error) => error,
        Ok(facts) => panic!("{facts:?}"),
    }
}

#[tokio::test]
async fn logins_and_databases_are_told_apart() {
    let Some((_, target)) = server() else { return };
    let wrong = ServerTarget {
        password: Some(Password::new("not the password")),
        ..target.clone()
    };
    let error = failure(&wrong).await;
    assert!(matches!(error, ConnectError::LoginRefused(_)), "{error:?}");
    let unknown = ServerTarget {
        database: "crowfoot_no_such_database".to_owned(),
        ..target
    };
    let error = failure(&unknown).await;
    assert!(
        matches!(error, ConnectError::DatabaseUnknown(_)),
        "{error:?}"
    );
}

#[tokio::test]
async fn hosts_and_ports_are_told_apart() {
    let target = ServerTarget {
        provider: model::provider::Provider::MySql,
        host: "127.0.0.1".to_owned(),
        port: 1,
        database: "shop".to_owned(),
        username: "nobody".to_owned(),
        password: None,
        tls: TlsMode::VerifyFull,
        tls_ca: None,
        reach: connect::target::Reach::NoLinkLocal,
    };
    let error = failure(&target).await;
    assert!(
        matches!(error, ConnectError::ConnectionRefused(_)),
        "{error:?}"
    );
    let metadata = ServerTarget {
        host: "169.254.169.254".to_owned(),
        port: 80,
        ..target.clone()
    };
    let error = failure(&metadata).await;
    assert!(
        matches!(error, ConnectError::AddressNotAllowed),
        "{error:?}"
    );
    let nowhere = ServerTarget {
        host: "host.invalid".to_owned(),
        ..target
    };
    let error = failure(&nowhere).await;
    assert!(matches!(error, ConnectError::HostUnknown(_)), "{error:?}");
}

/// A server that says something and hangs up.
async fn stranger(words: &'static [u8]) -> (u16, tokio::task::JoinHandle<()>) {
    use tokio::io::AsyncWriteExt as _;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let task = tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            stream.write_all(words).await.ok();
        }
    });
    (port, task)
}

#[tokio::test]
async fn what_is_no_such_server_is_said_to_be_none() {
    for words in [
        b"".as_slice(),
        b"SSH-2.0-x\r\n",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
    ] {
        let (port, task) = stranger(words).await;
        let target = ServerTarget {
            provider: model::provider::Provider::MySql,
            host: "localhost".to_owned(),
            port,
            database: "shop".to_owned(),
            username: "nobody".to_owned(),
            password: None,
            tls: TlsMode::Prefer,
            tls_ca: None,
            reach: connect::target::Reach::NoLinkLocal,
        };
        let error = failure(&target).await;
        assert!(matches!(error, ConnectError::NotTheSystem(_)), "{error:?}");
        task.abort();
    }
}

#[tokio::test]
async fn tls_is_had_or_refused() {
    let Some(database) = TestDatabase::new("tls").await else {
        return;
    };
    let plain = live::test(&database.target(), &Limits::default()).await;
    let offers = plain.expect("the server answers").tls;
    let strict = ServerTarget {
        tls: TlsMode::Require,
        ..database.target.clone()
    };
    if offers {
        let facts = live::test(&Target::Server(strict), &Limits::default()).await;
        assert!(facts.expect("the server answers").tls);
    } else {
        let error = failure(&strict).await;
        assert!(matches!(error, ConnectError::TlsNotOffered(_)), "{error:?}");
    }
    database.drop().await;
}

/// A login of its own, which may do what the grants say.
async fn login(database: &TestDatabase, name: &str, grants: &[&str]) -> Target {
    let schema = server::quote(&database.target.database);
    let mut script = format!(
        "DROP USER IF EXISTS {name}@'%'; CREATE USER {name}@'%' IDENTIFIED BY 'open sesame';"
    );
    for grant in grants {
        script.push_str(&format!("GRANT {grant} ON {schema}.* TO {name}@'%';"));
    }
    database.run(script).await;
    Target::Server(ServerTarget {
        username: name.to_owned(),
        password: Some(Password::new("open sesame")),
        ..database.target.clone()
    })
}

async fn read(target: &Target) -> Introspection {
    live::introspect(target, &Limits::default(), &|_| {})
        .await
        .expect("the database can be read")
}

#[tokio::test]
async fn what_a_login_may_not_read_is_named() {
    let Some(database) = TestDatabase::new("rights").await else {
        return;
    };
    database
        .run(
            "CREATE TABLE t (a int PRIMARY KEY); CREATE TABLE gone (b int);
             CREATE VIEW v AS SELECT a FROM t; CREATE VIEW broken AS SELECT b FROM gone;
             DROP TABLE gone;
             CREATE TRIGGER hidden BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;
             CREATE FUNCTION hidden() RETURNS int DETERMINISTIC RETURN 1;",
        )
        .await;
    let reader = login(&database, "crowfoot_test_reader", &["SELECT"]).await;
    let found = read(&reader).await;
    assert_eq!(table(&found, "t").columns.len(), 1);
    assert_eq!(table(&found, "v").columns.len(), 1);
    let whats: Vec<&str> = found
        .unreadable
        .iter()
        .map(|note| note.what.as_str())
        .collect();
    assert!(whats.contains(&"view broken"), "{whats:?}");
    assert!(whats.contains(&"definitions of views"), "{whats:?}");
    assert!(
        whats.contains(&"triggers") && whats.contains(&"routines"),
        "{whats:?}"
    );
    let maria = found.server_version.starts_with("MariaDB");
    assert_eq!(whats.contains(&"statistics of columns"), maria, "{whats:?}");

    let rights = ["SELECT, TRIGGER, EXECUTE, SHOW VIEW"];
    let author = login(&database, "crowfoot_test_author", &rights).await;
    let found = read(&author).await;
    let whats: Vec<&str> = found
        .unreadable
        .iter()
        .map(|note| note.what.as_str())
        .filter(|what| *what != "statistics of columns")
        .collect();
    assert_eq!(whats, ["view broken"]);
    assert_eq!(found.schema.triggers.len() + found.schema.routines.len(), 2);

    // No right to the database at all.
    let stranger = login(&database, "crowfoot_test_stranger", &[]).await;
    let error = live::test(&stranger, &Limits::default())
        .await
        .expect_err("no right");
    assert!(matches!(error, ConnectError::Refused(_)), "{error:?}");
    database
        .run("DROP USER crowfoot_test_reader@'%', crowfoot_test_author@'%', crowfoot_test_stranger@'%'")
        .await;
    database.drop().await;
}

#[tokio::test]
async fn the_number_of_statements_does_not_grow() {
    let Some(database) = TestDatabase::new("counted").await else {
        return;
    };
    let tables: String = (0..60)
        .map(|number| {
            format!("CREATE TABLE t{number} (id int PRIMARY KEY, other int, KEY (other));")
        })
        .collect();
    database.run(tables).await;
    let counted = login(&database, "crowfoot_test_counted", &["SELECT", "TRIGGER"]).await;
    database
        .run("SET GLOBAL log_output = 'TABLE'; SET GLOBAL general_log = ON")
        .await;
    let found = read(&counted).await;
    database.run("SET GLOBAL general_log = OFF").await;
    assert_eq!(found.schema.tables.len(), 60);
    let said = database
        .ask(
            "SELECT CAST(GROUP_CONCAT(LEFT(argument, 60) SEPARATOR '; ') AS CHAR) FROM mysql.general_log
             WHERE user_host LIKE 'crowfoot_test_counted[%' AND command_type IN ('Query', 'Execute')",
        )
        .await;
    let count = database
        .ask(
            "SELECT CAST(count(*) AS CHAR) FROM mysql.general_log
             WHERE user_host LIKE 'crowfoot_test_counted[%' AND command_type IN ('Query', 'Execute')",
        )
        .await;
    let count: u32 = count.parse().expect("a number");
    database
        .run("TRUNCATE mysql.general_log; DROP USER crowfoot_test_counted@'%'")
        .await;
    assert!((10..=15).contains(&count), "{count}: {said}");
    database.drop().await;
}

#[tokio::test]
async fn time_is_limited() {
    let Some(database) = TestDatabase::new("slow").await else {
        return;
    };
    let no_time = Limits {
        connect: Duration::from_nanos(1),
        ..Limits::default()
    };
    let error = live::test(&database.target(), &no_time).await;
    assert!(matches!(error, Err(ConnectError::NoAnswer)), "{error:?}");
    if database.ask("SELECT VERSION()").await.contains("MariaDB") {
        let little_time = Limits {
            statement: Duration::from_micros(1),
            ..Limits::default()
        };
        let error = live::introspect(&database.target(), &little_time, &|_| {}).await;
        assert!(matches!(error, Err(ConnectError::TooSlow(_))), "{error:?}");
    } else {
        println!("skipped: MySQL knows no limit as short as a test needs");
    }
    database.drop().await;
}
