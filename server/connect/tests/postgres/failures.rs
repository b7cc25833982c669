//! What goes wrong on the way to a database is told apart.

use crate::support::{PASSWORD, nowhere, with_database};
use connect::error::ConnectError;
use connect::introspection::Limits;
use connect::live;
use connect::target::{ServerTarget, Target, TlsMode};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::time::{Duration, Instant};

const SOON: Limits = Limits {
    connect: Duration::from_millis(400),
    statement: Duration::from_secs(5),
    lock: Duration::from_secs(1),
};

/// The error, after a look at whether its words keep to themselves what they must.
async fn failure(server: ServerTarget) -> ConnectError {
    failure_within(server, &Limits::default()).await
}

async fn failure_within(server: ServerTarget, limits: &Limits) -> ConnectError {
    let host = server.host.clone();
    let error = live::test(&Target::Server(server), limits)
        .await
        .expect_err("a failure");
    let words = error.to_string();
    assert!(!words.contains(&host), "{words}");
    assert!(!words.contains(PASSWORD), "{words}");
    assert!(!words.contains("127.0.0.1"), "{words}");
    error
}

/// Something that listens, does that with every connection, and keeps it.
fn listen(answer: impl Fn(&mut TcpStream) + Send + 'static) -> ServerTarget {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            answer(&mut stream);
            kept.push(stream);
        }
    });
    nowhere("127.0.0.1", port)
}

#[tokio::test]
async fn a_name_that_nobody_has() {
    let error = failure(nowhere("no-such-host.invalid", 5432)).await;
    assert!(matches!(error, ConnectError::HostUnknown(_)), "{error:?}");
}

#[tokio::test]
async fn a_port_where_nothing_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let error = failure(nowhere("127.0.0.1", port)).await;
    assert!(
        matches!(error, ConnectError::ConnectionRefused(_)),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_folder_without_a_socket() {
    let error = failure(nowhere("/nowhere/at/all", 5432)).await;
    assert!(matches!(error, ConnectError::SocketMissing(_)), "{error:?}");
}

#[tokio::test]
async fn a_host_that_never_answers() {
    // The system accepts in the listener's name; nobody ever reads.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let start = Instant::now();
    let error = failure_within(nowhere("127.0.0.1", port), &SOON).await;
    assert!(matches!(error, ConnectError::NoAnswer), "{error:?}");
    assert!(start.elapsed() < Duration::from_secs(4));
}

#[tokio::test]
async fn link_local_addresses_are_out_of_reach() {
    for host in [
        "169.254.169.254",
        "[fe80::1]",
        "::ffff:169.254.169.254",
        // Other ways of writing the first.
        "2852039166",
        "0xa9fea9fe",
    ] {
        let error = failure(nowhere(host, 80)).await;
        assert!(
            matches!(error, ConnectError::AddressNotAllowed),
            "{host}: {error:?}"
        );
    }
}

#[tokio::test]
async fn something_else_listens() {
    let web = listen(|stream| {
        let mut request = [0; 8];
        stream.read_exact(&mut request).unwrap();
        stream
            .write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
            .unwrap();
    });
    let speaks_first = listen(|stream| stream.write_all(b"SSH-2.0-Something\r\n").unwrap());
    // The same where the greeting takes longer than our question.
    let speaks_late = listen(|stream| {
        let mut question = [0; 8];
        stream.read_exact(&mut question).unwrap();
        stream.write_all(b"SSH-2.0-Something\r\n").unwrap();
    });
    let hangs_up = listen(|stream| stream.shutdown(Shutdown::Both).unwrap());
    for server in [web, speaks_first, speaks_late, hangs_up] {
        for tls in [TlsMode::Disable, TlsMode::Prefer] {
            let mut server = server.clone();
            server.tls = tls;
            let error = failure(server).await;
            assert!(
                matches!(error, ConnectError::NotTheSystem(_)),
                "{tls:?}: {error:?}"
            );
        }
    }
}

/// A server that says no to TLS, and then this error to everybody.
fn refusing(code: &'static str) -> ServerTarget {
    listen(move |stream| {
        let mut length = [0; 4];
        for answer in ["N", ""] {
            stream.read_exact(&mut length).unwrap();
            let mut rest = vec![0; u32::from_be_bytes(length) as usize - 4];
            stream.read_exact(&mut rest).unwrap();
            stream.write_all(answer.as_bytes()).unwrap();
        }
        let fields = format!("SFATAL\0VFATAL\0C{code}\0Mno from 10.1.2.3\0\0");
        let length = u32::try_from(fields.len() + 4).unwrap();
        stream.write_all(b"E").unwrap();
        stream.write_all(&length.to_be_bytes()).unwrap();
        stream.write_all(fields.as_bytes()).unwrap();
    })
}

#[tokio::test]
async fn what_a_server_says_at_the_door() {
    type Is = fn(&ConnectError) -> bool;
    let cases: [(&str, Is); 6] = [
        ("28P01", |e| matches!(e, ConnectError::LoginRefused(_))),
        ("28000", |e| matches!(e, ConnectError::LoginRefused(_))),
        ("3D000", |e| matches!(e, ConnectError::DatabaseUnknown(_))),
        ("42501", |e| matches!(e, ConnectError::Refused(_))),
        ("53300", |e| {
            matches!(e, ConnectError::TooManyConnections(_))
        }),
        ("57P03", |e| matches!(e, ConnectError::NotReady(_))),
    ];
    for (code, is) in cases {
        let error = failure(refusing(code)).await;
        assert!(is(&error), "{code}: {error:?}");
        assert!(!error.to_string().contains("10.1.2.3"));
    }
    let mut strict = refusing("28P01");
    strict.tls = TlsMode::Require;
    let error = failure(strict).await;
    assert!(matches!(error, ConnectError::TlsNotOffered(_)), "{error:?}");
}

#[tokio::test]
async fn a_database_and_a_user_that_are_not_there() {
    with_database(async |database| {
        let mut server = database.server.clone();
        server.database = "no_such_database_here".to_owned();
        let error = failure(server).await;
        assert!(
            matches!(error, ConnectError::DatabaseUnknown(_)),
            "{error:?}"
        );
        let mut server = database.server.clone();
        server.username = "no_such_user_here".to_owned();
        let error = failure(server).await;
        assert!(matches!(error, ConnectError::LoginRefused(_)), "{error:?}");
    })
    .await;
}

#[tokio::test]
async fn a_wrong_password() {
    with_database(async |database| {
        let user = database.make_user().await;
        let Target::Server(server) = database.as_user(&user, "not the password") else {
            return;
        };
        let outcome = live::test(&Target::Server(server.clone()), &SOON).await;
        database.drop_user(&user).await;
        match outcome {
            Ok(_) => eprintln!("skipped: this server asks nobody for a password"),
            Err(ConnectError::LoginRefused(_)) => {}
            Err(error) => panic!("{error:?}"),
        }
    })
    .await;
}

#[tokio::test]
async fn systems_that_are_not_read() {
    let mut server = nowhere("127.0.0.1", 1);
    server.provider = model::provider::Provider::Oracle;
    let error = failure(server).await;
    assert!(matches!(error, ConnectError::Unsupported(_)), "{error:?}");
}
