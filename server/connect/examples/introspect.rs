//! Reads a live PostgreSQL database and prints how long that took and how much memory.
//!
//! `cargo run --release -p connect --example introspect -- HOST PORT DATABASE USER`, with the
//! password in `PGPASSWORD`.

#![allow(clippy::print_stdout, reason = "that is what it is for")]

use connect::introspection::Limits;
use connect::live;
use connect::target::{Password, Reach, ServerTarget, Target, TlsMode};
use model::provider::Provider;
use std::time::Instant;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [host, port, database, username] = arguments.as_slice() else {
        return Err("usage: introspect HOST PORT DATABASE USER".into());
    };
    let target = Target::Server(ServerTarget {
        provider: Provider::PostgreSql,
        host: host.clone(),
        port: port.parse()?,
        database: database.clone(),
        username: username.clone(),
        password: std::env::var("PGPASSWORD").ok().map(Password::new),
        tls: TlsMode::Prefer,
        tls_ca: None,
        reach: Reach::NoLinkLocal,
    });
    let start = Instant::now();
    let read = live::introspect(&target, &Limits::default(), &|step| {
        println!("{:7.3} s  {step}", start.elapsed().as_secs_f64());
    })
    .await?;
    println!("{:7.3} s  done", start.elapsed().as_secs_f64());
    if let Some(peak) = peak_kib() {
        println!("peak resident memory: {:.0} MiB", peak / 1024.0);
    }
    println!("{}: {:?}", read.server_version, read.schema.counts());
    println!(
        "facts of {} tables, {} indexes, {} columns",
        read.tables.len(),
        read.indexes.len(),
        read.columns.len()
    );
    for part in read.unreadable {
        println!("not read: {}: {}", part.what, part.reason);
    }
    Ok(())
}

/// The most memory that was ever resident; only Linux tells.
fn peak_kib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
