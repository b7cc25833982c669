//! One page of a large catalog.

use std::time::Instant;

use anyhow::{Result, bail};

use super::document::{Figure, Section};
use super::server::Site;
use super::{milliseconds, percentile, schema};
use crate::site::kib;
use crate::workspace::Workspace;

const TABLES: usize = 1000;
const REQUESTS: usize = 300;
const WARM_UP: usize = 20;

pub(crate) fn measure(workspace: &Workspace) -> Result<Section> {
    let site = Site::new(workspace)?;
    let server = site.serve()?;
    let (id, _) = site.import(&site.write_schema(TABLES)?, "bench")?;
    let mut client = server.log_in()?;
    let mut times = Vec::new();
    let mut bytes = 0;
    let names = schema::names(TABLES);
    // A stride without a common divisor visits tables of every kind.
    for (number, name) in names
        .iter()
        .cycle()
        .step_by(37)
        .take(WARM_UP + REQUESTS)
        .enumerate()
    {
        let begun = Instant::now();
        let answer = client.get(&format!("/databases/{id}/tables/{name}"))?;
        let took = begun.elapsed();
        if answer.status != 200 {
            bail!("the page of {name} was answered with {}", answer.status);
        }
        if number >= WARM_UP {
            times.push(took);
            bytes += answer.body.len();
        }
    }
    times.sort();
    Ok(Section {
        title: "The table page",
        about: "The server's answer over one connection, a different table each time, in a catalog of 1,000 tables, \
                as a browser gets it (compressed, complete before wasm).",
        figures: vec![
            Figure::new("p95 of 300", milliseconds(percentile(&times, 0.95))).target("20 ms"),
            Figure::new("median", milliseconds(percentile(&times, 0.5))),
            Figure::new("slowest", milliseconds(percentile(&times, 1.0))),
            Figure::new(
                "size of an answer",
                format!("{:.1} KiB", kib(bytes / REQUESTS)),
            ),
            Figure::new(
                "memory of the server afterwards",
                format!("{:.1} MiB", kib(server.memory()?)),
            ),
        ],
        tables: Vec::new(),
    })
}
