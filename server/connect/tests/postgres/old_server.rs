//! A server that is too old says so before anything else is asked of it.

use crate::support::nowhere;
use connect::error::ConnectError;
use connect::introspection::Limits;
use connect::live;
use connect::target::{Target, TlsMode};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

/// A message: a letter, a length that counts itself, and the rest.
fn message(letter: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 4).unwrap();
    [&[letter], &length.to_be_bytes()[..], body].concat()
}

/// The description of a column: name, no table, type, size, no modifier, binary.
fn column(name: &str, data_type: u32, size: i16) -> Vec<u8> {
    let mut body = format!("{name}\0").into_bytes();
    body.extend([0; 6]);
    body.extend(data_type.to_be_bytes());
    body.extend(size.to_be_bytes());
    body.extend((-1_i32).to_be_bytes());
    body.extend(1_i16.to_be_bytes());
    body
}

fn read_message(stream: &mut TcpStream) -> std::io::Result<u8> {
    let mut head = [0; 5];
    stream.read_exact(&mut head)?;
    let length = u32::from_be_bytes(head[1..].try_into().unwrap()) as usize;
    stream.read_exact(&mut vec![0; length - 4])?;
    Ok(head[0])
}

/// Lets everybody in, and answers every query with the version of PostgreSQL 11.4.
fn serve(stream: &mut TcpStream) -> std::io::Result<()> {
    let (text, integer) = (25, 23);
    let ready = message(b'Z', b"T");
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    stream.read_exact(&mut vec![0; u32::from_be_bytes(length) as usize - 4])?;
    stream.write_all(&[message(b'R', &[0; 4]), ready.clone()].concat())?;
    let mut prepares = false;
    loop {
        match read_message(stream)? {
            b'Q' => {
                let done = message(b'C', b"BEGIN\0");
                stream.write_all(&[done, ready.clone()].concat())?;
            }
            b'P' => prepares = true,
            b'S' if prepares => {
                prepares = false;
                let parameters = [&[0, 2][..], &[0, 0, 0, text, 0, 0, 0, text]].concat();
                let mut columns = vec![0, 2];
                columns.extend(column("version", u32::from(text), -1));
                columns.extend(column("version_number", integer, 4));
                let answer = [
                    message(b'1', &[]),
                    message(b't', &parameters),
                    message(b'T', &columns),
                    ready.clone(),
                ];
                stream.write_all(&answer.concat())?;
            }
            b'S' => {
                let mut row = vec![0, 2];
                row.extend([&[0, 0, 0, 4], &b"11.4"[..]].concat());
                row.extend([&[0, 0, 0, 4], &110_004_i32.to_be_bytes()[..]].concat());
                let answer = [
                    message(b'2', &[]),
                    message(b'D', &row),
                    message(b'C', b"SELECT 1\0"),
                    ready.clone(),
                ];
                stream.write_all(&answer.concat())?;
            }
            _ => {}
        }
    }
}

#[tokio::test]
async fn a_server_that_is_too_old() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        // It ends when the other side has seen enough.
        serve(&mut stream).ok();
    });
    let mut server = nowhere("127.0.0.1", port);
    server.tls = TlsMode::Disable;
    let error = live::test(&Target::Server(server), &Limits::default())
        .await
        .unwrap_err();
    let ConnectError::TooOld { found, oldest, .. } = &error else {
        panic!("{error:?}");
    };
    assert_eq!((found.as_str(), *oldest), ("11.4", "12"));
    assert!(error.to_string().contains("PostgreSQL 11.4"), "{error}");
}
