//! The view that a diagram opens: what it says, where its tables stand, what disappeared of it.

use super::{Chosen, names_view, node_of};
use crate::error::OrAnswer as _;
use crate::services::Services;
use contract::catalog::DiagramData;
use contract::context::Ctx;
use contract::error::{AppError, ErrorKind};
use diagram::courses::Courses;
use diagram::geometry::Point;
use diagram::graph::{Graph, TableNode};
use diagram::layout::Layout;
use model::access::DatabaseAccess;
use model::box_id::is_lasting;
use model::diagram::{DiagramQuery, NONE};
use model::id::{DatabaseId, ViewId};
use model::saved_view::{OpenView, ViewSummary};
use model::view::{Arrangement, Spot};
use std::collections::{BTreeSet, HashMap, HashSet};
use store::diagram::DiagramTable;

/// What a question and its view say together.
pub(super) struct Opened {
    /// What is shown: the address over the view.
    pub(super) shown: DiagramQuery,
    view: Option<(ViewSummary, DiagramQuery, Arrangement)>,
    /// Whether what the view shows by itself is shown, with whatever else.
    shows_its_own: bool,
    /// Whether the address brings tables that the view does not have.
    brings_more: bool,
    ghosts: Vec<DiagramTable>,
    views: Vec<ViewSummary>,
    may_edit: bool,
    is_somebody: bool,
}

/// Tables that are shown whatever the expression names, and those that are hidden.
#[derive(Default)]
pub(super) struct Kept {
    /// Those that have a place, by id.
    pub(super) placed: HashSet<i64>,
    /// Those that disappeared and have a place.
    pub(super) ghosts: Vec<DiagramTable>,
    /// Those that the view leaves out, by id.
    pub(super) hidden: BTreeSet<i64>,
}

/// The tables that a view has a place for, by id.
pub(super) struct Spots(HashSet<i64>);

impl Spots {
    /// Whether it has one for any of a graph's.
    pub(super) fn has_any(&self, graph: &Graph) -> bool {
        graph.tables.iter().any(|table| self.0.contains(&table.id))
    }
}

/// How a view has the tables of a graph, by their places in it.
pub(super) struct Arranged {
    /// Where they stand; none for those that came later.
    pub(super) places: Vec<Option<Point>>,
    /// Those that stay where they are.
    pub(super) pinned: Vec<bool>,
    /// Those that the view leaves out, by id.
    pub(super) hidden: BTreeSet<i64>,
    /// The level that the view shows and was arranged for; none for the usual.
    pub(super) level: Option<String>,
}

/// What the page gets besides graph and layout.
pub(super) struct Rest {
    pub(super) view: Option<OpenView>,
    pub(super) views: Vec<ViewSummary>,
    pub(super) arrangement: Arrangement,
    pub(super) apart: Vec<(i64, Spot)>,
    pub(super) may_arrange: bool,
    pub(super) may_edit: bool,
}

impl Services {
    /// The view that a question names, or the one that opens when nothing is asked for, for a
    /// request that may do this with the database.
    pub(super) async fn opened_view(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        query: &DiagramQuery,
        access: DatabaseAccess,
    ) -> Result<Opened, AppError> {
        let wanted = match query.view.as_deref() {
            Some(NONE) => None,
            Some(text) => Some(
                text.parse::<ViewId>()
                    .map_err(|_| AppError::not_found("This view"))?,
            ),
            None if *query == DiagramQuery::default() => {
                self.store.default_view(id).await.or_answer(ctx)?
            }
            None => None,
        };
        let mut opened = Opened {
            shown: query.over(&DiagramQuery::default()),
            view: None,
            shows_its_own: false,
            brings_more: brings_more(query),
            ghosts: Vec::new(),
            views: self.visible_views(ctx, id, access).await?,
            may_edit: access >= DatabaseAccess::Edit,
            is_somebody: ctx.user().is_some(),
        };
        let Some(wanted) = wanted else {
            return Ok(opened);
        };
        let (stored, summary) = match self.visible_view(ctx, id, &wanted, access).await {
            // One that opens by itself and is not there for everybody keeps nobody from the diagram.
            Err(error) if query.view.is_none() && error.kind == ErrorKind::NotFound => {
                return Ok(opened);
            }
            found => found?,
        };
        let arrangement = self.store.view_arrangement(&wanted).await.or_answer(ctx)?;
        let (revision, arrangement) =
            arrangement.ok_or_else(|| AppError::not_found("This view"))?;
        opened.shows_its_own = query.show.as_deref().is_none_or(names_view);
        if opened.shows_its_own {
            let ghosts = self.store.diagram_ghosts(id, &wanted).await;
            opened.ghosts = ghosts.or_answer(ctx)?;
        }
        opened.shown = query.over(&stored.query);
        let summary = ViewSummary {
            revision,
            ..summary
        };
        opened.view = Some((summary, stored.query, arrangement));
        Ok(opened)
    }
}

impl Rest {
    /// Shows what has a place where the layout has it: at another level than the view's own, boxes
    /// are moved apart. What is kept does not change, and is told beside it.
    pub(super) fn follow(&mut self, graph: &Graph, layout: &Layout) {
        for (table, at) in graph.tables.iter().zip(&layout.positions) {
            if let Some(spot) = self.arrangement.places.get_mut(&table.id) {
                let shown = Spot { x: at.x, y: at.y };
                let kept = std::mem::replace(spot, shown);
                if kept != shown {
                    self.apart.push((table.id, kept));
                }
            }
        }
    }
}

impl Opened {
    /// What is shown whatever the expression names; nothing where the address has its way.
    pub(super) fn kept(&mut self) -> Kept {
        let placed = match &self.view {
            Some((_, _, arrangement)) if self.shows_its_own => {
                arrangement.places.keys().copied().collect()
            }
            _ => HashSet::new(),
        };
        Kept {
            placed,
            ghosts: std::mem::take(&mut self.ghosts),
            hidden: self
                .view
                .as_ref()
                .map(|(_, _, arrangement)| arrangement.hidden.clone())
                .unwrap_or_default(),
        }
    }

    /// What the view has a place for, shown or not.
    pub(super) fn spots(&self) -> Spots {
        let view = self.view.iter();
        Spots(
            view.flat_map(|(_, _, arrangement)| arrangement.places.keys().copied())
                .collect(),
        )
    }

    /// How the view has the tables of the graph; none where it has no place for any.
    pub(super) fn arranged(&self, graph: &Graph) -> Option<Arranged> {
        let (_, query, arrangement) = self.view.as_ref()?;
        let places: Vec<Option<Point>> = graph
            .tables
            .iter()
            .map(|table| {
                let spot = arrangement.places.get(&table.id)?;
                Some(Point::new(spot.x, spot.y))
            })
            .collect();
        let tables = graph.tables.iter();
        places.iter().any(Option::is_some).then(|| Arranged {
            places,
            pinned: tables
                .map(|table| arrangement.pinned.contains(&table.id))
                .collect(),
            hidden: arrangement.hidden.clone(),
            level: query.level.clone(),
        })
    }

    /// What the page gets.
    pub(super) fn rest(
        self,
        graph: &Graph,
        ghosts: Vec<i64>,
        notes: &mut Vec<String>,
    ) -> (DiagramQuery, Rest) {
        if self.view.is_some()
            && !graph.tables.is_empty()
            && graph.tables.iter().all(|table| ghosts.contains(&table.id))
        {
            notes.push("Every table of this view is gone from its source.".to_owned());
        }
        let mut arranged = Arrangement::default();
        let view = self.view.map(|(summary, query, arrangement)| {
            // What somebody only looks at does not become the view's.
            let own = graph.tables.iter().filter(|_| !self.brings_more);
            let unplaced = own
                .map(|table| table.id)
                .filter(|id| is_lasting(*id) && !arrangement.places.contains_key(id))
                .collect();
            arranged = arrangement;
            OpenView {
                summary,
                query,
                ghosts,
                unplaced,
            }
        });
        let may_arrange = match &view {
            Some(view) => view.summary.may_edit,
            None => self.is_somebody,
        };
        let rest = Rest {
            arrangement: arranged,
            apart: Vec::new(),
            may_arrange,
            view,
            views: self.views,
            may_edit: self.may_edit,
        };
        (self.shown, rest)
    }
}

/// Whether an address brings tables that a view of its own does not have.
fn brings_more(query: &DiagramQuery) -> bool {
    query.show.is_some()
        || query.path.is_some()
        || query.way.is_some()
        || query.relations.is_some()
        || query.overlay.as_deref() == Some("changes")
}

/// Adds tables that disappeared from their source. Answers their ids.
pub(super) fn add_ghosts(chosen: &mut Chosen, ghosts: Vec<DiagramTable>) -> Vec<i64> {
    let tables = chosen.graph.tables.iter().enumerate();
    let known: HashMap<String, usize> = tables
        .map(|(place, table)| (table.qualified_name(), place))
        .collect();
    let mut ids = Vec::new();
    for ghost in ghosts {
        let node = TableNode {
            gone: true,
            ..node_of(ghost)
        };
        // What changed between two versions may show it already, as one that the catalog does not
        // know: then the view knows it, and whether it is hidden.
        if let Some(place) = known.get(&node.qualified_name()) {
            if let Some(shown) = chosen.graph.tables.get_mut(*place)
                && shown.id < 0
            {
                shown.id = node.id;
                ids.push(node.id);
            }
            continue;
        }
        ids.push(node.id);
        chosen.graph.tables.push(node);
    }
    ids
}

/// A diagram without the tables that its view leaves out, for what has no way to show them again.
pub(super) fn without_hidden(mut data: DiagramData) -> DiagramData {
    let hidden = &data.arrangement.hidden;
    let kept: Vec<usize> = (0..data.graph.tables.len())
        .filter(|place| {
            let table = data.graph.tables.get(*place);
            table.is_some_and(|table| !hidden.contains(&table.id))
        })
        .collect();
    if kept.len() == data.graph.tables.len() {
        return data;
    }
    let links = data.graph.links_within(&kept);
    data.overlay = data.overlay.map(|overlay| overlay.part(&kept, &links));
    data.graph = data.graph.subgraph(&kept);
    let positions = std::mem::take(&mut data.layout.positions);
    // The courses are those of other links.
    data.layout.courses = Courses::default();
    data.layout.positions = kept
        .into_iter()
        .filter_map(|place| positions.get(place).copied())
        .collect();
    data
}
