//! Reading a large script into the catalog.

use anyhow::Result;

use super::document::{Figure, Section};
use super::server::Site;
use super::{percentile, seconds};
use crate::workspace::Workspace;

const TABLES: usize = 1000;
const RUNS: usize = 5;

pub(crate) fn measure(workspace: &Workspace) -> Result<Section> {
    let site = Site::new(workspace)?;
    let file = site.write_schema(TABLES)?;
    let mut times = Vec::new();
    {
        let _server = site.serve()?;
        for run in 0..RUNS {
            times.push(site.import(&file, &format!("bench {run}"))?.1);
        }
    }
    times.sort();
    let (_, alone) = site.import(&file, "bench alone")?;
    Ok(Section {
        title: "Importing 1,000 tables",
        about: "`crowfoot import` of a DDL of 1,000 tables with 12 to 13 columns, keys, foreign keys, indexes \
                and comments, from the start of the command to its end, with everything committed.",
        figures: vec![
            Figure::new(
                "while the server runs, median of 5",
                seconds(percentile(&times, 0.5)),
            )
            .target("3 s"),
            Figure::new(
                "while the server runs, slowest",
                seconds(percentile(&times, 1.0)),
            ),
            Figure::new(
                "alone, PostgreSQL started and stopped within",
                seconds(alone),
            ),
        ],
        tables: Vec::new(),
    })
}
