//! Reads a live PostgreSQL database and prints how long that took and how much memory.
//!
//! `cargo run --release -p connect --example introspect -- HOST PORT DATABASE USER`, with the
//! password in `PGPASSWORD`. With `--statements` instead it prints the statements that it reads
//! with, as a script for psql.

#![allow(clippy::print_stdout, reason = "that is what it is for")]

use connect::introspection::Limits;
use connect::live;
use connect::target::{Password, Reach, ServerTarget, Target, TlsMode};
use model::provider::Provider;
use std::time::Instant;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments == ["--statements"] {
        print_statements();
        return Ok(());
    }
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

/// The same transaction for psql.
fn print_statements() {
    println!("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY;");
    println!("SELECT pg_catalog.set_config('search_path', '', true);");
    println!("SELECT array_agg(oid) AS schemas FROM pg_namespace");
    println!("WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema' \\gset");
    for statement in connect::postgres::statements() {
        println!("{};", statement.replace("$1", ":'schemas'::oid[]"));
    }
    println!("COMMIT;");
}

/// The most memory that was ever resident; only Linux tells.
fn peak_kib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
