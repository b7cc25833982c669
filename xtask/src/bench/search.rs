//! Searching a large catalog.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use super::document::{Figure, Section};
use super::server::Site;
use super::{milliseconds, percentile};
use crate::workspace::Workspace;

const TABLES: usize = 10_000;
const ROUNDS: usize = 10;
const WARM_UP: usize = 2;
/// What people type, percent-encoded: letters, beginnings, names that every table has, words of
/// comments, two words, slips, filters with words and alone, nothing that there is.
const TEXTS: [&str; 20] = [
    "r",
    "s",
    "re",
    "am",
    "id",
    "rec",
    "record_77",
    "status",
    "owner_id",
    "sales.record_1",
    "workflow",
    "short+tenant",
    "record_500+amount",
    "stauts",
    "quantty",
    "type:boolean",
    "is:undocumented",
    "schema:billing+type:table",
    "db:bench+code",
    "nothing_like_it",
];

pub(crate) fn measure(workspace: &Workspace) -> Result<Section> {
    let site = Site::new(workspace)?;
    let server = site.serve()?;
    site.import(&site.write_schema(TABLES)?, "bench")?;
    let mut client = server.log_in()?;
    let mut times = Vec::new();
    let mut slowest = (Duration::ZERO, "");
    for round in 0..WARM_UP + ROUNDS {
        for text in TEXTS {
            let begun = Instant::now();
            let answer = client.get(&format!("/api/search?q={text}"))?;
            let took = begun.elapsed();
            if answer.status != 200 {
                bail!("the search for {text} was answered with {}", answer.status);
            }
            if round >= WARM_UP {
                times.push(took);
                slowest = slowest.max((took, text));
            }
        }
    }
    times.sort();
    Ok(Section {
        title: "Search",
        about: "`GET /api/search` over one connection (a page of 50 of the best 200, with what fits and filters to narrow it) in a catalog of 10,000 tables and 120,000 columns: \
                single letters, beginnings, names that every table has, words of comments, two words, slips, \
                filters with and without words.",
        figures: vec![
            Figure::new(
                format!("p95 of {}", times.len()),
                milliseconds(percentile(&times, 0.95)),
            )
            .target("20 ms"),
            Figure::new("median", milliseconds(percentile(&times, 0.5))),
            Figure::new(
                format!("slowest ({})", slowest.1.replace('+', " ")),
                milliseconds(slowest.0),
            ),
        ],
        tables: Vec::new(),
    })
}
