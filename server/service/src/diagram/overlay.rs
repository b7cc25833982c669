//! What is said over a diagram: changes between versions, findings, usage, tags.

use super::changed::{Changed, changed};
use super::tags::of_tags;
use super::usage::{self, of_usage};
use super::{Whole, WholeFirst, graph_of};
use crate::error::OrAnswer as _;
use crate::services::Services;
use contract::context::Ctx;
use contract::error::AppError;
use diagram::graph::Graph;
use diagram::overlay::{Mark, MarkKind, Overlay};
use model::diagram::DiagramQuery;
use model::finding::{Finding, Severity};
use model::id::DatabaseId;
use std::collections::HashMap;
use store::diagram::{DiagramRows, Tagged};

/// What can be said over a diagram.
const OVERLAYS: [&str; 4] = ["changes", "findings", "usage", "tags"];
/// A mark's sentence names so many findings; the findings' page tells all.
const REASONS_MAX: usize = 4;

/// What an overlay is made of, fetched and not yet laid over a graph.
pub(super) enum OverlayFacts {
    /// Nothing is to be said.
    None,
    /// Two versions.
    Changes(Box<Changed>),
    /// What is worth a second look.
    Findings(Vec<Finding>),
    /// How many statements used each table, by qualified name.
    Usage(HashMap<String, u64>, Option<u32>),
    /// What is tagged.
    Tags(Vec<Tagged>),
}

impl Services {
    /// Fetches what the question's overlay needs. Where there is nothing to be had, a note says
    /// why.
    pub(super) async fn overlay_facts(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        query: &DiagramQuery,
        notes: &mut Vec<String>,
    ) -> Result<OverlayFacts, AppError> {
        match query.overlay.as_deref() {
            None => Ok(OverlayFacts::None),
            Some("changes") => {
                let comparison = self.comparison(ctx, id, query.from, query.to).await?;
                let (from, to) = (comparison.from, comparison.to);
                let Some(compared) = comparison.compared else {
                    notes.push("Nothing has changed in this database so far.".to_owned());
                    return Ok(OverlayFacts::None);
                };
                if !compared.diff.is_structural() {
                    notes.push(format!("Versions {from} and {to} declare the same."));
                }
                Ok(OverlayFacts::Changes(Box::new(Changed {
                    from,
                    to,
                    compared,
                })))
            }
            Some("findings") => {
                let found = self.second_looks(ctx, id).await?.findings;
                if found.is_empty() {
                    notes.push("There is nothing to look at twice.".to_owned());
                }
                Ok(OverlayFacts::Findings(found))
            }
            Some("usage") => {
                let window = usage::window(query.days);
                let counts = self.store.usage_counts(id, window).await;
                let counts = counts.or_answer(ctx)?;
                if counts.as_ref().is_none_or(HashMap::is_empty) {
                    let note = usage::nothing_known(counts.is_some(), query.days);
                    notes.push(format!("{note}."));
                }
                Ok(match counts.filter(|counts| !counts.is_empty()) {
                    Some(counts) => OverlayFacts::Usage(counts, query.days),
                    None => OverlayFacts::None,
                })
            }
            Some("tags") => {
                let tagged = self.store.diagram_tags(id).await.or_answer(ctx)?;
                if tagged.is_empty() {
                    notes.push("Nothing in this database has a tag.".to_owned());
                    return Ok(OverlayFacts::None);
                }
                Ok(OverlayFacts::Tags(tagged))
            }
            Some(other) => {
                notes.extend(unknown_overlay(other));
                Ok(OverlayFacts::None)
            }
        }
    }
}

/// What to say of a word that is no overlay.
pub(super) fn unknown_overlay(word: &str) -> Option<String> {
    (!OVERLAYS.contains(&word)).then(|| {
        format!("There is no overlay “{word}”; there are changes, findings, usage and tags.")
    })
}

impl OverlayFacts {
    /// The whole database with what is said over it.
    pub(super) fn over(self, rows: DiagramRows) -> Whole {
        let first = match self {
            Self::Changes(_) => WholeFirst::Marked,
            _ => WholeFirst::Usual,
        };
        let mut degrees = None;
        let (graph, overlay) = match self {
            Self::None => (graph_of(rows), None),
            Self::Changes(versions) => {
                let (graph, overlay) = changed(&versions, &rows);
                (graph, Some(overlay))
            }
            Self::Findings(found) => {
                let graph = graph_of(rows);
                let overlay = of_findings(&graph, &found);
                (graph, Some(overlay))
            }
            Self::Usage(counts, days) => {
                let graph = graph_of(rows);
                let (overlay, scale) = of_usage(&graph, &counts, days);
                degrees = Some(scale);
                (graph, Some(overlay))
            }
            Self::Tags(tagged) => {
                let graph = graph_of(rows);
                let overlay = of_tags(&graph, &tagged);
                (graph, Some(overlay))
            }
        };
        Whole {
            graph,
            overlay,
            degrees,
            first,
            way: None,
        }
    }
}

fn of_findings(graph: &Graph, found: &[Finding]) -> Overlay {
    let mut overlay = Overlay::new("Findings");
    overlay.quiet_rest = true;
    let mut by_table: HashMap<(&str, &str), Vec<&Finding>> = HashMap::new();
    for finding in found {
        let name = (finding.table.schema.as_str(), finding.table.name.as_str());
        by_table.entry(name).or_default().push(finding);
    }
    for (place, table) in graph.tables.iter().enumerate() {
        let Some(found) = by_table.get(&(table.schema.as_str(), table.name.as_str())) else {
            continue;
        };
        let mark = mark_of(found).with_badge(found.len().to_string());
        overlay.mark_table(place, mark);
        for (column, row) in table.columns.iter().enumerate() {
            let here: Vec<&Finding> = found
                .iter()
                .filter(|finding| finding.column.as_deref() == Some(row.name.as_str()))
                .copied()
                .collect();
            if let (false, Ok(column)) = (here.is_empty(), u16::try_from(column)) {
                overlay.mark_column(place, column, mark_of(&here));
            }
        }
    }
    overlay
}

fn mark_of(found: &[&Finding]) -> Mark {
    let warns = found.iter().any(|it| it.severity == Severity::Warning);
    let kind = if warns {
        MarkKind::Warning
    } else {
        MarkKind::Notice
    };
    let mut reasons: Vec<String> = found
        .iter()
        .take(REASONS_MAX)
        .map(|finding| finding.reason.clone())
        .collect();
    if found.len() > REASONS_MAX {
        reasons.push(format!("And {} more.", found.len() - REASONS_MAX));
    }
    Mark::new(kind, reasons.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use diagram::graph::{ColumnRow, TableNode};
    use model::finding::FindingKind;
    use model::schema::QualifiedName;

    fn graph() -> Graph {
        let table = |name: &str| TableNode {
            schema: "s".to_owned(),
            name: name.to_owned(),
            columns: vec![ColumnRow {
                name: "a".to_owned(),
                ..ColumnRow::default()
            }],
            ..TableNode::default()
        };
        Graph {
            tables: vec![table("one"), table("two"), table("three")],
            links: Vec::new(),
        }
    }

    #[test]
    fn findings_mark_their_table_and_their_column() {
        let finding = |table: &str, kind: FindingKind, column: Option<&str>| Finding {
            kind,
            severity: kind.severity(),
            table: QualifiedName::new("s", table),
            column: column.map(str::to_owned),
            reason: format!("{kind:?}."),
        };
        let overlay = of_findings(
            &graph(),
            &[
                finding("one", FindingKind::InconsistentType, Some("a")),
                finding("one", FindingKind::NoPrimaryKey, None),
                finding("three", FindingKind::UnusedTable, None),
                finding("gone", FindingKind::UnusedTable, None),
            ],
        );
        let table = |place| overlay.table(place).map(|it| (it.kind, it.sign()));
        assert_eq!(table(0), Some((MarkKind::Warning, "2")));
        assert_eq!(table(1), None);
        assert_eq!(table(2), Some((MarkKind::Notice, "1")));
        assert_eq!(
            overlay.column(0, 0).map(|it| (it.kind, it.label.as_str())),
            Some((MarkKind::Notice, "InconsistentType."))
        );
    }
}
