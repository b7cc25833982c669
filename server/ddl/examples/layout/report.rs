//! What was measured.

use diagram::geometry::Rect;
use diagram::quality::{DrawnLink, Quality, quality};
use serde::Serialize;

/// One drawing of a graph, or all of one program together.
#[derive(Serialize, Clone, Copy, Default)]
pub(crate) struct Figures {
    pub(crate) tables: u64,
    pub(crate) links: u64,
    pub(crate) crossings: u64,
    pub(crate) through: u64,
    /// In world units.
    pub(crate) length: f64,
    /// In square world units.
    pub(crate) area: f64,
    pub(crate) aspect: f64,
    pub(crate) overlaps: u64,
    /// The same places with links straight from middle to middle, those of a table to itself left out.
    pub(crate) straight_links: u64,
    pub(crate) straight_crossings: u64,
    pub(crate) straight_through: u64,
    pub(crate) seconds: f64,
}

impl Figures {
    pub(crate) fn of(boxes: &[Rect], links: &[DrawnLink], seconds: f64) -> Self {
        let drawn = quality(boxes, links);
        let direct: Vec<DrawnLink> = links
            .iter()
            .filter(|link| link.ends.0 != link.ends.1)
            .filter_map(|link| {
                Some(DrawnLink {
                    ends: link.ends,
                    points: vec![
                        boxes.get(link.ends.0)?.center(),
                        boxes.get(link.ends.1)?.center(),
                    ],
                })
            })
            .collect();
        let straight = quality(boxes, &direct);
        let Quality {
            tables,
            links,
            crossings,
            through,
            length,
            aspect,
            overlaps,
            area,
        } = drawn;
        Self {
            tables: tables as u64,
            links: links as u64,
            crossings,
            through,
            length,
            area,
            aspect,
            overlaps,
            straight_links: straight.links as u64,
            straight_crossings: straight.crossings,
            straight_through: straight.through,
            seconds,
        }
    }

    /// The sums; the aspect ratio has none.
    fn plus(self, other: &Self) -> Self {
        Self {
            tables: self.tables + other.tables,
            links: self.links + other.links,
            crossings: self.crossings + other.crossings,
            through: self.through + other.through,
            length: self.length + other.length,
            area: self.area + other.area,
            aspect: 0.0,
            overlaps: self.overlaps + other.overlaps,
            straight_links: self.straight_links + other.straight_links,
            straight_crossings: self.straight_crossings + other.straight_crossings,
            straight_through: self.straight_through + other.straight_through,
            seconds: self.seconds + other.seconds,
        }
    }
}

/// What another program made of a graph.
#[derive(Serialize)]
pub(crate) struct Attempt {
    pub(crate) program: &'static str,
    pub(crate) figures: Option<Figures>,
    /// Why there are no figures.
    pub(crate) failure: Option<String>,
}

/// One graph.
#[derive(Serialize)]
pub(crate) struct Line {
    pub(crate) name: String,
    /// Whether somebody works with this schema, rather than a program having made it up.
    pub(crate) real: bool,
    pub(crate) ours: Figures,
    pub(crate) others: Vec<Attempt>,
}

/// Ours and another program's over the graphs that it could lay out.
#[derive(Serialize)]
pub(crate) struct Total {
    pub(crate) program: &'static str,
    /// Which graphs: all, or the real ones.
    pub(crate) of: &'static str,
    pub(crate) graphs: u64,
    pub(crate) ours: Figures,
    pub(crate) theirs: Figures,
}

/// All that was measured.
#[derive(Serialize)]
pub(crate) struct Report {
    pub(crate) graphs: Vec<Line>,
    pub(crate) totals: Vec<Total>,
}

impl Report {
    pub(crate) fn new(graphs: Vec<Line>, programs: &[&'static str]) -> Self {
        let mut totals = Vec::new();
        for &program in programs {
            for (of, only_real) in [("real schemas", true), ("graphs in all", false)] {
                let mut total = Total {
                    program,
                    of,
                    graphs: 0,
                    ours: Figures::default(),
                    theirs: Figures::default(),
                };
                for line in graphs.iter().filter(|line| line.real || !only_real) {
                    let attempt = line.others.iter().find(|it| it.program == program);
                    if let Some(theirs) = attempt.and_then(|it| it.figures.as_ref()) {
                        total.graphs += 1;
                        total.ours = total.ours.plus(&line.ours);
                        total.theirs = total.theirs.plus(theirs);
                    }
                }
                totals.push(total);
            }
        }
        Self { graphs, totals }
    }

    pub(crate) fn print(&self) {
        println!(
            "{:<22} {:<6} {:>6} {:>6} {:>10} {:>8} {:>9} {:>9} {:>7} {:>8} {:>9} {:>9} {:>8}",
            "graph",
            "by",
            "tables",
            "links",
            "cross/link",
            "through",
            "length/l",
            "Mpx²",
            "aspect",
            "overlaps",
            "straight×",
            "through",
            "seconds"
        );
        for line in &self.graphs {
            print_one(&line.name, "ours", &line.ours);
            for attempt in &line.others {
                match (&attempt.figures, &attempt.failure) {
                    (Some(figures), _) => print_one("", attempt.program, figures),
                    (None, why) => println!(
                        "{:<22} {:<6} {}",
                        "",
                        attempt.program,
                        why.as_deref().unwrap_or_default()
                    ),
                }
            }
        }
        for total in &self.totals {
            print_one(
                &format!("{} ({})", total.of, total.graphs),
                "ours",
                &total.ours,
            );
            print_one("", total.program, &total.theirs);
        }
    }
}

fn print_one(name: &str, by: &str, it: &Figures) {
    let per = |sum: f64, count: u64| sum / count.max(1) as f64;
    println!(
        "{name:<22} {by:<6} {:>6} {:>6} {:>10.3} {:>8} {:>9.0} {:>9.2} {:>7.2} {:>8} {:>9.3} {:>9} {:>8.3}",
        it.tables,
        it.links,
        per(it.crossings as f64, it.links),
        it.through,
        per(it.length, it.links),
        it.area / 1e6,
        it.aspect,
        it.overlaps,
        per(it.straight_crossings as f64, it.straight_links),
        it.straight_through,
        it.seconds,
    );
}
