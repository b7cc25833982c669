//! The diagram in a real browser.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use super::document::{Figure, Section, Table};
use super::harness::{Harness, SIZES};
use super::server::{EMAIL, PASSWORD, Server, Site};
use crate::browser;
use crate::command;
use crate::database::Database;
use crate::site::kib;
use crate::workspace::Workspace;

const CATALOG: &str = "bench_diagram";
const RUNS: &str = "3";
/// How often the statements of a request are counted; the least is what it needs.
const COUNTS: usize = 3;
/// As long as the server takes to come round to all that it does of its own accord.
const IDLE: Duration = Duration::from_secs(12);

/// What a diagram of so many tables may take.
struct Limit {
    tables: usize,
    /// Seconds.
    drawn: f64,
    /// Milliseconds.
    frame: f64,
    /// MiB.
    memory: f64,
}

const LIMITS: [Limit; 3] = [
    Limit {
        tables: 100,
        drawn: 0.4,
        frame: 17.5,
        memory: 40.0,
    },
    Limit {
        tables: 1_000,
        drawn: 0.8,
        frame: 17.5,
        memory: 80.0,
    },
    Limit {
        tables: 5_000,
        drawn: 2.0,
        frame: 20.0,
        memory: 200.0,
    },
];

/// What the harness writes.
#[derive(Deserialize)]
struct Output {
    median: Medians,
    failed: Option<String>,
}

/// Times in milliseconds; what could not be measured is not there.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Medians {
    drawn_ms: Option<f64>,
    heap_mb: Option<f64>,
    buffers_mb: Option<f64>,
    renderer_mb: Option<f64>,
    total_kb: Option<f64>,
    pan: Gesture,
    zoom: Gesture,
    pan_read: Gesture,
    pan_overview: Gesture,
    failed: Vec<String>,
}

#[derive(Deserialize)]
struct Gesture {
    p95: Option<f64>,
    /// Whether the picture changed; a figure of one that did not is worth nothing.
    moved: bool,
}

impl Gesture {
    fn text(&self) -> String {
        match self.p95 {
            Some(time) if self.moved => format!("{time:.1}"),
            Some(time) => format!("{time:.1} (did not move)"),
            None => "–".to_owned(),
        }
    }
}

impl Medians {
    fn gestures(&self) -> [&Gesture; 4] {
        [&self.pan, &self.zoom, &self.pan_read, &self.pan_overview]
    }

    /// The slowest gesture; none when one is missing or moved nothing.
    fn worst(&self) -> Option<f64> {
        self.gestures().iter().try_fold(0.0_f64, |worst, it| {
            Some(worst.max(it.p95.filter(|_| it.moved)?))
        })
    }

    /// MiB.
    fn memory(&self) -> Option<f64> {
        Some(self.heap_mb? + self.buffers_mb?)
    }

    fn row(&self, name: String, drag: &Drag) -> Vec<String> {
        let mut row = vec![
            name,
            drag.picture
                .map_or_else(String::new, |it| format!("{:.2} s", it / 1000.0)),
            self.drawn_ms
                .map_or_else(|| "–".to_owned(), |it| format!("{:.2} s", it / 1000.0)),
        ];
        row.extend(self.gestures().iter().map(|it| it.text()));
        row.push(drag.text());
        row.push(
            self.memory()
                .map_or_else(|| "–".to_owned(), |it| format!("{it:.1}")),
        );
        row.push(
            self.renderer_mb
                .map_or_else(|| "–".to_owned(), |it| format!("{it:.0}")),
        );
        row.push(
            self.total_kb
                .map_or_else(|| "–".to_owned(), |it| format!("{it:.0}")),
        );
        row
    }
}

/// What dragging a table was like.
#[derive(Default, Deserialize)]
struct Drag {
    /// Milliseconds.
    p95: Option<f64>,
    /// Milliseconds until the server's picture stood on the screen.
    picture: Option<f64>,
    moved: Option<bool>,
    /// Nobody may drag tables there.
    absent: Option<bool>,
    failed: Option<String>,
}

struct Session<'a> {
    harness: Harness,
    end2end: PathBuf,
    chromium: PathBuf,
    scratch: &'a Path,
}

pub(crate) fn measure(workspace: &Workspace) -> Result<Section> {
    let Some(harness) = Harness::find(workspace) else {
        bail!("there is no harness at ../shared/bench/erd beside the repository");
    };
    let end2end = workspace.root.join("end2end");
    let Some(chromium) = browser::program(&end2end)? else {
        bail!("there is no Chromium; install one and name it in CROWFOOT_CHROMIUM");
    };
    let scratch = tempfile::tempdir()?;
    let session = Session {
        harness,
        end2end,
        chromium,
        scratch: scratch.path(),
    };
    let database = Database::start(workspace)?;
    let drop_catalog = || {
        let sql = format!("DROP DATABASE IF EXISTS {CATALOG} WITH (FORCE)");
        database.sql(cluster::DATABASE, &sql)
    };
    drop_catalog()?;
    database.sql(cluster::DATABASE, &format!("CREATE DATABASE {CATALOG}"))?;
    let url = database.url(CATALOG);
    let section = session.measure(workspace, &database, &url);
    drop_catalog()?;
    section
}

impl Session<'_> {
    fn measure(&self, workspace: &Workspace, database: &Database, url: &str) -> Result<Section> {
        let site = Site::new(workspace)?;
        let server = site.serve_on(url)?;
        let mut figures = Vec::new();
        let mut rows = Vec::new();
        for tables in SIZES {
            let file = self.harness.write_schema(tables, self.scratch)?;
            let id = site.import_on(url, &file, &format!("harness {tables}"))?;
            let mut client = server.log_in()?;
            // The server lays out once; that is measured by the bench of layouts.
            let page = format!("/databases/{id}/diagram?show=*");
            let answer = client.get(&page)?;
            if answer.status != 200 {
                bail!("the diagram was answered with {}", answer.status);
            }
            let ours = self.crowfoot(server.addr(), &id, tables)?;
            let drag = self.drag(server.addr(), &id)?;
            figures.extend(judge(tables, &ours, &drag));
            if SIZES.last() == Some(&tables) {
                figures.extend(graph(&server, database, &id)?);
            }
            rows.push(ours.row(format!("{tables} tables"), &drag));
            rows.push(
                self.floor(tables)?
                    .row(format!("floor {tables}"), &Drag::default()),
            );
        }
        Ok(Section {
            title: "The diagram in a browser",
            about: "All tables of generated schemas (1.7 links each) in headless Chromium without a GPU, \
                    with the harness that also measures other programs: from navigation to the picture that \
                    reacts (the first picture is the server's, before any script), then three seconds of each gesture as real events, and the 95th percentile of \
                    the times between frames; medians of three browsers. The server had laid out before. \
                    The floor is an empty page that paints as many bare boxes and lines on a canvas: what \
                    this machine can do at that moment. Statements are those of \
                    `GET /api/databases/{id}/diagram.json?show=*`, with those that say who asks.",
            figures,
            tables: vec![Table {
                title: "Frames in ms (p95), memory in MiB (heap and buffers; the process that draws), everything loaded in kB",
                head: [
                    "what",
                    "first picture",
                    "drawn",
                    "pan",
                    "zoom",
                    "pan, readable",
                    "pan, overview",
                    "drag a table",
                    "memory",
                    "process",
                    "loaded",
                ]
                .map(str::to_owned)
                .to_vec(),
                rows,
            }],
        })
    }

    fn crowfoot(&self, addr: SocketAddr, id: &str, tables: usize) -> Result<Medians> {
        let base = format!("http://{addr}");
        self.run(
            &format!("crowfoot-{tables}"),
            &[
                "--setup".into(),
                self.harness.dir.join("setups/crowfoot.mjs").into(),
                "--arg".into(),
                format!("base={base}").into(),
                "--arg".into(),
                format!("id={id}").into(),
                "--arg".into(),
                format!("email={EMAIL}").into(),
                "--arg".into(),
                format!("password={PASSWORD}").into(),
                "--url".into(),
                format!("{base}/databases/{id}/diagram?show=*").into(),
                "--ready".into(),
                "document.querySelector('[data-testid=er-diagram]')?.dataset.state==='ready'"
                    .into(),
                "--zoom".into(),
                "Number(document.querySelector('[data-testid=er-diagram]').dataset.zoom)".into(),
                // The left one moves the table that is under it.
                "--pan-button".into(),
                "middle".into(),
            ],
        )
    }

    fn floor(&self, tables: usize) -> Result<Medians> {
        let page = self.harness.dir.join("pages/floor.html").canonicalize()?;
        self.run(
            &format!("floor-{tables}"),
            &[
                "--url".into(),
                format!("file://{}?n={tables}", page.display()).into(),
                "--ready".into(),
                "window.drawn".into(),
                "--zoom".into(),
                "zoomNow()".into(),
            ],
        )
    }

    fn run(&self, label: &str, arguments: &[std::ffi::OsString]) -> Result<Medians> {
        let out = self.scratch.join(format!("{label}.json"));
        println!("measuring {label}");
        command::output(
            Command::new("node")
                .arg(self.harness.dir.join("measure.mjs"))
                .args(arguments)
                .args([
                    "--runs",
                    RUNS,
                    "--timeout",
                    "60",
                    "--label",
                    label,
                    "--json",
                ])
                .arg(&out)
                .env("PLAYWRIGHT_DIR", &self.end2end)
                .env("CHROMIUM", &self.chromium),
        )?;
        let output: Output = serde_json::from_slice(&std::fs::read(&out)?)
            .with_context(|| format!("the harness wrote something else for {label}"))?;
        if let Some(failed) = output
            .failed
            .or_else(|| output.median.failed.first().cloned())
        {
            println!("{label}: {failed}");
        }
        Ok(output.median)
    }

    fn drag(&self, addr: SocketAddr, id: &str) -> Result<Drag> {
        let printed = command::output(
            Command::new("node")
                .arg(self.end2end.join("bench/drag.mjs"))
                .args([&format!("http://{addr}"), id, EMAIL, PASSWORD, RUNS])
                .env("CHROMIUM", &self.chromium),
        )?;
        serde_json::from_str(&printed).context("drag.mjs printed something else")
    }
}

impl Drag {
    fn text(&self) -> String {
        match (self.p95, self.moved, &self.failed) {
            (Some(time), Some(true), _) => format!("{time:.1}"),
            (Some(time), _, _) => format!("{time:.1} (did not move)"),
            (None, _, Some(why)) => why.clone(),
            (None, _, None) if self.absent == Some(true) => "not possible".to_owned(),
            (None, _, None) => "–".to_owned(),
        }
    }
}

/// The figures that have a limit.
fn judge(tables: usize, ours: &Medians, drag: &Drag) -> Vec<Figure> {
    let Some(limit) = LIMITS.iter().find(|limit| limit.tables == tables) else {
        return Vec::new();
    };
    let text = |value: Option<f64>, unit: &str, digits: usize| {
        value.map_or_else(
            || "not measured".to_owned(),
            |value| format!("{value:.digits$} {unit}"),
        )
    };
    vec![
        Figure::new(
            format!("{tables} tables: drawn after"),
            text(ours.drawn_ms.map(|it| it / 1000.0), "s", 2),
        )
        .target(format!("{:.1} s", limit.drawn)),
        Figure::new(
            format!("{tables} tables: p95 frame of the slowest gesture"),
            text(ours.worst(), "ms", 1),
        )
        .target(format!("{:.1} ms", limit.frame)),
        Figure::new(
            format!("{tables} tables: p95 frame while a table is dragged"),
            match drag.p95 {
                Some(_) => format!("{} ms", drag.text()),
                None => drag.text(),
            },
        )
        .target(format!("{:.1} ms", limit.frame)),
        Figure::new(
            format!("{tables} tables: heap and buffers"),
            text(ours.memory(), "MiB", 1),
        )
        .target(format!("{:.0} MiB", limit.memory)),
    ]
}

/// What the graph costs on its way from the catalog to the browser.
fn graph(server: &Server, database: &Database, id: &str) -> Result<Vec<Figure>> {
    let mut client = server.log_in()?;
    let path = format!("/api/databases/{id}/diagram.json?show=*");
    // What the server does without being asked is not the request's.
    let idle = database.statements(|| {
        std::thread::sleep(IDLE);
        Ok(())
    })?;
    let mut least: Option<Vec<String>> = None;
    for _ in 0..COUNTS {
        let mut statements = database.statements(|| {
            let answer = client.get(&path)?;
            if answer.status != 200 {
                bail!("{path} was answered with {}", answer.status);
            }
            Ok(())
        })?;
        statements.retain(|it| !idle.contains(it));
        if least
            .as_ref()
            .is_none_or(|least| statements.len() < least.len())
        {
            least = Some(statements);
        }
    }
    let statements = least.unwrap_or_default();
    for statement in &statements {
        let start: String = statement.chars().take(100).collect();
        println!("  {start}");
    }
    let json = client.get(&path)?.body.len();
    let page = client
        .get(&format!("/databases/{id}/diagram?show=*"))?
        .body
        .len();
    Ok(vec![
        Figure::new(
            "5000 tables: statements of SQL",
            statements.len().to_string(),
        )
        .target("6"),
        Figure::new(
            "5000 tables: the page with graph and first picture, as sent",
            format!("{:.0} KiB", kib(page)),
        )
        .target("1536 KiB"),
        Figure::new(
            "5000 tables: the graph as JSON, as sent",
            format!("{:.0} KiB", kib(json)),
        ),
    ])
}
