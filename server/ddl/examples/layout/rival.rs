//! Other programs that lay out graphs, run by Node.js in a process of their own.

use diagram::geometry::{Point, Rect};
use diagram::quality::DrawnLink;
use serde::{Deserialize, Serialize};
use std::error::Error;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The programs that `run.mjs` knows.
pub(crate) const RIVALS: [&str; 2] = ["dagre", "elk"];

/// How long one may take for one graph.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where `run.mjs` is, and where files may be written.
pub(crate) struct Runner {
    pub(crate) script: PathBuf,
    pub(crate) folder: PathBuf,
}

/// The boxes and the links between them, each from its child to its parent.
#[derive(Serialize)]
struct Question<'a> {
    boxes: Vec<[f64; 2]>,
    links: &'a [(usize, usize)],
}

#[derive(Deserialize)]
struct Answer {
    boxes: Vec<[f64; 2]>,
    links: Vec<Vec<[f64; 2]>>,
    seconds: f64,
}

/// A drawing by another program.
pub(crate) struct Drawing {
    pub(crate) boxes: Vec<Rect>,
    pub(crate) links: Vec<DrawnLink>,
    /// What it took, the start of its process apart.
    pub(crate) seconds: f64,
}

impl Runner {
    /// The drawing, or why there is none.
    pub(crate) fn draw(
        &self,
        rival: &str,
        boxes: &[Rect],
        links: &[(usize, usize)],
    ) -> Result<Result<Drawing, String>, Box<dyn Error>> {
        let from = self.folder.join("question.json");
        let to = self.folder.join("answer.json");
        let question = Question {
            boxes: boxes.iter().map(|b| [b.width(), b.height()]).collect(),
            links,
        };
        std::fs::write(&from, serde_json::to_string(&question)?)?;
        if let Err(why) = self.run(rival, &from, &to)? {
            return Ok(Err(why));
        }
        let answer: Answer = serde_json::from_slice(&std::fs::read(&to)?)?;
        Ok(Ok(Drawing {
            boxes: answer
                .boxes
                .iter()
                .zip(boxes)
                .map(|(&[x, y], own)| Rect::new(Point::new(x, y), own.size()))
                .collect(),
            links: answer
                .links
                .iter()
                .zip(links)
                .map(|(points, &ends)| DrawnLink {
                    ends,
                    points: points.iter().map(|&[x, y]| Point::new(x, y)).collect(),
                })
                .collect(),
            seconds: answer.seconds,
        }))
    }

    fn run(
        &self,
        rival: &str,
        from: &Path,
        to: &Path,
    ) -> Result<Result<(), String>, Box<dyn Error>> {
        let log = self.folder.join("rival.log");
        let mut child = Command::new("node")
            .arg(&self.script)
            .arg(rival)
            .args([from, to])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(&log)?)
            .spawn()?;
        let begun = Instant::now();
        loop {
            match child.try_wait()? {
                Some(status) if status.success() => return Ok(Ok(())),
                Some(_) => {
                    let said = std::fs::read_to_string(&log).unwrap_or_default();
                    let line = said
                        .lines()
                        .find(|line| line.contains("Error"))
                        .unwrap_or("failed");
                    return Ok(Err(line.trim().to_owned()));
                }
                None if begun.elapsed() > PATIENCE => {
                    child.kill()?;
                    child.wait()?;
                    return Ok(Err(format!("gave up after {} s", PATIENCE.as_secs())));
                }
                None => std::thread::sleep(Duration::from_millis(20)),
            }
        }
    }
}
