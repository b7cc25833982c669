//! From nothing to an answer.

use std::time::Duration;

use anyhow::Result;

use super::document::{Figure, Section};
use super::server::Site;
use super::{percentile, seconds};
use crate::site::kib;
use crate::workspace::Workspace;

const RUNS: usize = 7;
/// Long enough for the work after a start to be done.
const REST: Duration = Duration::from_secs(5);

pub(crate) fn measure(workspace: &Workspace) -> Result<Section> {
    let site = Site::new(workspace)?;
    let first = site.serve()?.first_answer;
    let mut starts = Vec::new();
    let mut memory = 0;
    for run in 0..RUNS {
        let server = site.serve()?;
        starts.push(server.first_answer);
        if run + 1 == RUNS {
            std::thread::sleep(REST);
            memory = server.memory()?;
        }
    }
    starts.sort();
    Ok(Section {
        title: "Start and memory",
        about: "Cold start: from the start of the process, with an existing cluster that is not running, \
                to the first page answered; the embedded PostgreSQL starts within it. Memory at rest: what \
                the server holds five seconds later, PostgreSQL apart.",
        figures: vec![
            Figure::new("very first start (makes the cluster)", seconds(first)),
            Figure::new("cold start, median of 7", seconds(percentile(&starts, 0.5))).target("2 s"),
            Figure::new("cold start, slowest", seconds(percentile(&starts, 1.0))),
            Figure::new("memory at rest", format!("{:.1} MiB", kib(memory))).target("60 MiB"),
        ],
        tables: Vec::new(),
    })
}
