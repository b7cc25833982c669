//! What of a diagram is for everybody who has the address of an embedded view.

use super::file::picture;
use super::opened::without_hidden;
use super::places::with_courses;
use super::usage::rescale;
use crate::export::file_stem;
use contract::catalog::DiagramData;
use contract::source::ExportFile;
use diagram::courses::Courses;
use diagram::drawn::only_drawn;
use diagram::measure::{TextMetrics, rounded_count};
use model::access::DatabaseAccess;
use model::diagram::DiagramQuery;
use model::id::{DatabaseId, ViewId};
use model::saved_view::{OpenView, ViewSummary};
use model::time::Timestamp;
use std::collections::{BTreeSet, HashSet};

/// Of overlays only what counts and what is tagged goes out: the sentences of findings and changes name
/// columns and tables that the view does not draw.
const OVERLAYS: [&str; 2] = ["usage", "tags"];

/// Whether a view that says this over its picture says it to everybody.
pub(crate) fn is_for_everybody(overlay: &str) -> bool {
    OVERLAYS.contains(&overlay)
}

/// The diagram of a view without what the view does not draw, and without people; with the courses
/// of its links, so that nothing is left to be found for the picture.
pub(crate) fn only_shown(data: DiagramData) -> DiagramData {
    let mut data = without_the_rest(data);
    if data.layout.courses == Courses::default() {
        let metrics = TextMetrics::default();
        let graph = data.graph.clone();
        data.layout = with_courses(data.layout, graph, &metrics, BTreeSet::new());
    }
    data
}

fn without_the_rest(data: DiagramData) -> DiagramData {
    let mut data = without_hidden(data);
    let detail = data.layout.detail;
    let word = data.shown.overlay.take();
    let word = word.filter(|word| is_for_everybody(word) && data.ways.is_empty());
    if word.is_none() {
        data.overlay = None;
    }
    only_drawn(&mut data.graph, data.overlay.as_mut(), detail);
    if let Some(overlay) = &mut data.overlay {
        // The scale is that of what is shown: the most used table may be none of these.
        rescale(overlay);
    }
    for table in &mut data.graph.tables {
        table.row_count = table.row_count.map(rounded_count);
    }
    for link in &mut data.graph.links {
        // That somebody accepted it decides its look; who it was is nobody's business.
        link.accepted_by = link.accepted_by.take().map(|_| String::new());
    }
    let shown: HashSet<i64> = data.graph.tables.iter().map(|table| table.id).collect();
    let mut arrangement = data.arrangement;
    arrangement.hidden.clear();
    arrangement.pinned.clear();
    arrangement.places.retain(|table, _| shown.contains(table));
    arrangement.colours.retain(|table, _| shown.contains(table));
    let view = data.view.map(|view| OpenView {
        ghosts: view
            .ghosts
            .into_iter()
            .filter(|ghost| shown.contains(ghost))
            .collect(),
        unplaced: Vec::new(),
        query: DiagramQuery::default(),
        summary: ViewSummary {
            id: ViewId::from_entropy([0; 10]),
            name: view.summary.name,
            folder: String::new(),
            owner: None,
            is_own: false,
            is_shared: true,
            is_default: false,
            is_embedded: true,
            may_edit: false,
            may_manage: false,
            revision: 0,
            changed_at: Timestamp(0),
            changed_by: None,
        },
    });
    DiagramData {
        database_id: DatabaseId::from_entropy([0; 10]),
        database_name: data.database_name,
        tables_total: data.graph.tables.len() as u64,
        graph: data.graph,
        layout: data.layout,
        layout_cached: false,
        // Nobody unfolds there, and terms may name what the view does not draw.
        folded: Vec::new(),
        unknown: Vec::new(),
        hubs_only: false,
        overlay: data.overlay,
        versions: None,
        // Some lead over tables that the view does not show.
        ways: Vec::new(),
        way: 0,
        notes: Vec::new(),
        shown: DiagramQuery {
            overlay: word,
            ..DiagramQuery::default()
        },
        view,
        views: Vec::new(),
        arrangement,
        apart: Vec::new(),
        may_arrange: false,
        may_edit: false,
        relations: Vec::new(),
        access: DatabaseAccess::None,
    }
}

/// An embedded view as an SVG.
pub(crate) fn picture_file(data: DiagramData, dark: bool) -> ExportFile {
    let name = data
        .view
        .as_ref()
        .map_or("diagram", |view| &view.summary.name);
    ExportFile {
        name: format!("{}.svg", file_stem(name)),
        media_type: "image/svg+xml",
        text: picture(data, dark),
    }
}
