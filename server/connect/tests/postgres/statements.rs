//! Reading costs a fixed number of statements, however much there is.

use crate::support::{Database, with_database};
use connect::introspection::Limits;
use connect::live;
use connect::target::{Target, TlsMode};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What was asked through a relay.
#[derive(Debug, Default)]
struct Asked {
    /// Statements that bring rows.
    queries: AtomicUsize,
    /// Those that begin, mark and end a transaction.
    commands: AtomicUsize,
}

/// Counts the messages of a client: after the first, each is a letter, a length and the rest.
fn count(mut client: impl Read, mut server: impl Write, asked: &Asked) -> std::io::Result<()> {
    let mut has_letter = false;
    loop {
        let mut head = [0; 5];
        let part = &mut head[usize::from(!has_letter)..];
        client.read_exact(part)?;
        let length = u32::from_be_bytes(head[1..].try_into().unwrap()) as usize;
        let mut body = vec![0; length - 4];
        client.read_exact(&mut body)?;
        match head[0] {
            b'P' => asked.queries.fetch_add(1, Ordering::SeqCst),
            b'Q' => asked.commands.fetch_add(1, Ordering::SeqCst),
            _ => 0,
        };
        // In one piece, for parts of a message would wait for each other.
        let mut message = head[usize::from(!has_letter)..].to_vec();
        message.extend(body);
        server.write_all(&message)?;
        has_letter = true;
    }
}

/// Reads a database through a relay that counts.
async fn asked(database: &Database) -> (usize, usize) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let asked = Arc::new(Asked::default());
    let counting = Arc::clone(&asked);
    let (host, there) = (database.server.host.clone(), database.server.port);
    let relay = std::thread::spawn(move || {
        let (client, _) = listener.accept().unwrap();
        let mut back = client.try_clone().unwrap();
        if host.starts_with('/') {
            let mut server = UnixStream::connect(format!("{host}/.s.PGSQL.{there}")).unwrap();
            let to = server.try_clone().unwrap();
            std::thread::spawn(move || std::io::copy(&mut server, &mut back));
            count(client, &to, &counting).ok();
            to.shutdown(Shutdown::Both).ok();
        } else {
            let mut server = TcpStream::connect((host.as_str(), there)).unwrap();
            let to = server.try_clone().unwrap();
            std::thread::spawn(move || std::io::copy(&mut server, &mut back));
            count(client, &to, &counting).ok();
            to.shutdown(Shutdown::Both).ok();
        }
    });
    let mut server = database.server.clone();
    (server.host, server.port) = ("127.0.0.1".to_owned(), port);
    // What is encrypted could not be counted.
    server.tls = TlsMode::Disable;
    let target = Target::Server(server);
    let read = live::introspect(&target, &Limits::default(), &|_| {}).await;
    assert_eq!(read.unwrap().unreadable, []);
    // Our side closes its connection in the background; the runtime must not be held up.
    tokio::task::spawn_blocking(move || relay.join().unwrap())
        .await
        .unwrap();
    let load = |number: &AtomicUsize| number.load(Ordering::SeqCst);
    (load(&asked.queries), load(&asked.commands))
}

#[tokio::test]
async fn a_hundred_tables_cost_no_more_than_none() {
    with_database(async |database: Database| {
        let none = asked(&database).await;
        database.run(include_str!("fixture.sql")).await;
        let tables: Vec<String> = (0..100)
            .map(|n| format!("CREATE TABLE t{n} (a int PRIMARY KEY, b int REFERENCES t{n})"))
            .collect();
        database.run(&tables.join(";")).await;
        let (queries, commands) = asked(&database).await;
        assert_eq!((queries, commands), none);
        assert_eq!(queries, 13);
        assert_eq!(commands, 5);
    })
    .await;
}
