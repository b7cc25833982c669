//! Measures how schemas are laid out, by us and by others, with the measures of `diagram::quality`:
//! `cargo run --release -p ddl --example layout -- CORPUS|SCRIPT… [--rivals=RUN.MJS] [--generated]
//! [--json] [--only=NAME] [--svg=FOLDER]`. A folder is the corpus; a script is one schema of PostgreSQL.

// A program for people who work on this.
#![allow(clippy::print_stdout, clippy::print_stderr)]

#[path = "../../tests/support/relation_corpus.rs"]
#[allow(dead_code, reason = "only the list of schemas is used")]
mod relation_corpus;

mod graph;
mod report;
mod rival;

use diagram::detail::Detail;
use diagram::geometry::Size;
use diagram::graph::Graph;
use diagram::layout::{LayoutOptions, layout};
use diagram::measure::TextMetrics;
use diagram::paint::View;
use diagram::quality::DrawnLink;
use diagram::sample::sample_graph;
use diagram::scene::Scene;
use diagram::svg::{SvgOptions, svg_file};
use diagram::theme::Theme;
use graph::graph_of;
use model::provider::Provider;
use relation_corpus::{CORPUS, of_corpus};
use report::{Attempt, Figures, Line, Report};
use rival::{RIVALS, Runner};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Up to so many tables the server has boxes show all columns, beyond only those of keys.
const ALL_COLUMNS_MAX_TABLES: usize = 300;

struct Case {
    name: String,
    real: bool,
    graph: Graph,
}

fn main() -> Result<(), Box<dyn Error>> {
    let (flags, inputs): (Vec<String>, Vec<String>) = std::env::args()
        .skip(1)
        .partition(|it| it.starts_with("--"));
    let has = |name: &str| flags.iter().any(|flag| flag == name);
    let value = |name: &str| flags.iter().find_map(|flag| flag.strip_prefix(name));
    let only = value("--only=");
    let folder = std::env::temp_dir().join(format!("layout-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let runner = value("--rivals=").map(|script| Runner {
        script: PathBuf::from(script),
        folder: folder.clone(),
    });
    let mut lines = Vec::new();
    for case in cases(&inputs, has("--generated"))? {
        if only.is_some_and(|only| !case.name.starts_with(only)) {
            continue;
        }
        eprintln!("{}", case.name);
        lines.push(measure(
            case,
            runner.as_ref(),
            value("--svg=").map(Path::new),
        )?);
    }
    std::fs::remove_dir_all(&folder)?;
    let report = Report::new(lines, &RIVALS);
    if has("--json") {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        report.print();
    }
    Ok(())
}

fn cases(inputs: &[String], generated: bool) -> Result<Vec<Case>, Box<dyn Error>> {
    let mut cases = Vec::new();
    for input in inputs.iter().map(PathBuf::from) {
        if input.is_dir() {
            for (name, provider, files, path) in CORPUS {
                let schema = of_corpus(&input, *provider, files, path)?;
                cases.push(Case {
                    name: (*name).to_owned(),
                    real: true,
                    graph: graph_of(&schema),
                });
            }
        } else {
            let text = ddl::decode(&std::fs::read(&input)?)?;
            let schema = ddl::read(Provider::PostgreSql, [text.as_str()])?.schema;
            let name = input.file_stem().unwrap_or_default().to_string_lossy();
            cases.push(Case {
                name: name.into_owned(),
                real: false,
                graph: graph_of(&schema),
            });
        }
    }
    if generated {
        let schema = ddl::read(Provider::PostgreSql, [sample::ddl()])?.schema;
        cases.push(Case {
            name: "sample warehouse".to_owned(),
            real: false,
            graph: graph_of(&schema),
        });
        for (count, schemas) in [(30, 1), (100, 1), (300, 3), (1_000, 1)] {
            cases.push(Case {
                name: format!("generated {count}"),
                real: false,
                graph: sample_graph(count, schemas, 42),
            });
        }
    }
    Ok(cases)
}

fn measure(
    case: Case,
    runner: Option<&Runner>,
    svg: Option<&Path>,
) -> Result<Line, Box<dyn Error>> {
    let options = LayoutOptions {
        detail: if case.graph.tables.len() <= ALL_COLUMNS_MAX_TABLES {
            Detail::All
        } else {
            Detail::Keys
        },
        ..LayoutOptions::default()
    };
    // The median of three.
    let mut times = Vec::new();
    let mut places = None;
    for _ in 0..3 {
        let begun = Instant::now();
        places = Some(layout(&case.graph, &options, &mut || false));
        times.push(begun.elapsed().as_secs_f64());
    }
    times.sort_by(f64::total_cmp);
    let seconds = times.get(1).copied().unwrap_or_default();
    let scene = Scene::new(
        case.graph,
        &places.unwrap_or_default(),
        TextMetrics::default(),
    );
    if let Some(folder) = svg {
        let view = View::fit(&scene, Size::new(1600.0, 1000.0), 16.0);
        let file = folder.join(format!("{}.svg", case.name.replace([' ', '(', ')'], "-")));
        let text = svg_file(&scene, &view, &SvgOptions::default(), &Theme::LIGHT);
        std::fs::write(file, text)?;
    }
    let drawn: Vec<DrawnLink> = scene
        .graph()
        .links
        .iter()
        .zip(scene.routes())
        .map(|(link, route)| DrawnLink {
            ends: (link.child(), link.parent()),
            points: route.points.clone(),
        })
        .collect();
    let ends: Vec<(usize, usize)> = drawn.iter().map(|link| link.ends).collect();
    let mut others = Vec::new();
    for program in RIVALS {
        let Some(runner) = runner else { break };
        others.push(match runner.draw(program, scene.rects(), &ends)? {
            Ok(it) => Attempt {
                program,
                figures: Some(Figures::of(&it.boxes, &it.links, it.seconds)),
                failure: None,
            },
            Err(why) => Attempt {
                program,
                figures: None,
                failure: Some(why),
            },
        });
    }
    Ok(Line {
        name: case.name,
        real: case.real,
        ours: Figures::of(scene.rects(), &drawn, seconds),
        others,
    })
}
