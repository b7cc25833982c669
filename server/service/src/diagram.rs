//! What a diagram shows: which tables, where they stand, and what is said over them.

mod changed;
pub(crate) mod columns;
pub(crate) mod embedded;
mod file;
mod groups;
mod hidden;
mod kept;
mod opened;
mod overlay;
mod picture;
mod places;
mod tags;
mod undeclared;
mod usage;
pub(crate) mod uses;
mod ways;

use crate::error::OrAnswer as _;
use crate::services::{Services, Turn};
use crate::show::{Selection, Words, select};
use contract::catalog::DiagramData;
use contract::context::Ctx;
use contract::error::AppError;
use diagram::detail::Detail;
use diagram::fold::fold;
use diagram::graph::{Graph, Link, NodeKind, TableNode, hubs, neighbourhood};
use diagram::layout::LayoutOptions;
use diagram::overlay::Overlay;
use groups::Named;
use model::diagram::{DiagramQuery, OF_VIEW, split_terms};
use model::id::{DatabaseId, TableId};
use model::provider::Provider;
use model::schema::{QualifiedName, TableKind};
use opened::Kept;
use overlay::OverlayFacts;
use std::collections::{BTreeSet, HashMap};
use store::diagram::{DiagramLink, DiagramRows, DiagramTable};

/// A database of up to so many tables is shown whole when nothing is asked for.
const WHOLE_MAX_TABLES: usize = 150;
/// Of a larger one so many are shown, the best connected.
const HUBS: usize = 40;
/// Up to so many tables the boxes have room for all columns, beyond for the keys.
const ALL_COLUMNS_MAX_TABLES: usize = 300;

impl Services {
    /// The tables that a question names, the links between them, where they stand, and what is to
    /// be said over them.
    pub(crate) async fn diagram(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        query: &DiagramQuery,
    ) -> Result<DiagramData, AppError> {
        let (data, _) = self.diagram_in_turn(ctx, id, query, None).await?;
        Ok(data)
    }

    /// The same, with what the database is: as a part of other work, whose turn lasts as long as
    /// anything is done for it.
    pub(crate) async fn diagram_in_turn(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        query: &DiagramQuery,
        turn: Option<Turn>,
    ) -> Result<(DiagramData, Provider), AppError> {
        let access = self.readable(ctx, id).await?;
        let mut opened = self.opened_view(ctx, id, query, access).await?;
        let (mut kept, spots) = (opened.kept(), opened.spots());
        let query = &opened.shown;
        let rows = self
            .store
            .diagram_rows(id)
            .await
            .or_answer(ctx)?
            .ok_or_else(|| AppError::not_found("This database"))?;
        let (database_name, provider) = (rows.database_name.clone(), rows.provider);
        let mut notes = Vec::new();
        let facts = self.overlay_facts(ctx, id, query, &mut notes).await?;
        let relations = self.undeclared(ctx, id, query, &mut notes).await?;
        let versions = match &facts {
            OverlayFacts::Changes(changes) => Some((changes.from, changes.to)),
            _ => None,
        };
        let path = query.path.clone().map(|path| (path, query.way));
        let (show, keep, hide) = (query.show.clone(), query.keep, query.hide.clone());
        let folded = query.fold.clone();
        let wanted = usage::Wanted::of(query);
        let statements = self.statements(ctx, id, wanted, &mut notes).await?;
        let cache = self.uses.clone();
        let work = self.choices.work(turn.clone(), move || {
            let mut whole = facts.over(rows);
            let kinds = undeclared::add(&mut whole.graph, &relations);
            let joins = usage::tell(&mut whole, &statements, wanted, &cache);
            let mut notes = Vec::new();
            let ways = path.map(|(path, way)| {
                let asked = (path.as_str(), way);
                ways::find(&mut whole, asked, provider, joins, &kinds, &mut notes)
            });
            let mut named = groups::of(folded.as_deref(), &whole.graph, &mut notes);
            // A way that goes through a box would end there.
            named
                .groups
                .leave_out(whole.way.as_deref().unwrap_or_default());
            let mut chosen = choose(&whole, show.as_deref(), &named, &kept);
            let ghosts = opened::add_ghosts(&mut chosen, std::mem::take(&mut kept.ghosts));
            // Where a view has places, what is new comes beside these.
            let mut steps = match (show, keep) {
                (Some(show), Some(keep)) if !spots.has_any(&chosen.graph) => {
                    kept::steps(&whole, &show, keep, &named, &kept)
                }
                _ => Vec::new(),
            };
            if let Some(hide) = hide {
                hidden::leave_out(&mut chosen, &mut steps, &hide, &mut notes);
            }
            let relations = undeclared::shown(&chosen.graph, relations);
            (
                chosen,
                ghosts,
                steps,
                ways.unwrap_or_default(),
                relations,
                notes,
            )
        });
        let (chosen, ghosts, steps, (ways, way), relations, path_notes) =
            work.await.or_answer(ctx)?;
        notes.extend(path_notes);
        let options = options_for(&chosen.graph, query.level.as_deref(), &mut notes);
        let arranged = opened.arranged(&chosen.graph);
        let (layout, layout_cached) = match arranged {
            Some(arranged) => {
                let graph = chosen.graph.clone();
                let work = move || places::beside_placed(graph, &options, &arranged);
                let layout = self.layouts.work(turn, work).await.or_answer(ctx)?;
                (layout, false)
            }
            None if steps.is_empty() => self.placed(ctx, id, &chosen.graph, options, turn).await?,
            None => self.kept(ctx, id, steps, options, turn).await?,
        };
        notes.extend(chosen.note);
        let (shown, mut rest) = opened.rest(&chosen.graph, ghosts, &mut notes);
        rest.follow(&chosen.graph, &layout);
        let data = DiagramData {
            database_id: id.clone(),
            database_name,
            tables_total: chosen.tables_total as u64,
            graph: chosen.graph,
            layout,
            layout_cached,
            folded: chosen.folded,
            unknown: chosen.unknown,
            hubs_only: chosen.hubs_only,
            overlay: chosen.overlay,
            versions,
            ways,
            way: u32::try_from(way).unwrap_or_default(),
            notes,
            shown,
            view: rest.view,
            views: rest.views,
            arrangement: rest.arrangement,
            apart: rest.apart,
            may_arrange: rest.may_arrange,
            may_edit: rest.may_edit,
            relations,
            access,
        };
        Ok((data, provider))
    }
}

/// The part of a database's graph that is to be shown.
struct Chosen {
    graph: Graph,
    overlay: Option<Overlay>,
    tables_total: usize,
    /// The terms that fold each box, by its id.
    folded: Vec<(i64, Vec<String>)>,
    unknown: Vec<String>,
    hubs_only: bool,
    note: Option<String>,
}

/// A whole database with what is said over it.
struct Whole {
    graph: Graph,
    overlay: Option<Overlay>,
    /// The scale of its heat, where it says how much is used.
    degrees: Option<usage::Degrees>,
    first: WholeFirst,
    /// The tables of the way that is marked.
    way: Option<Vec<usize>>,
}

/// What is shown when nothing is asked for.
enum WholeFirst {
    /// All, or the hubs of many.
    Usual,
    /// What the overlay marks, with its neighbours.
    Marked,
    /// These tables.
    These(Vec<usize>),
}

/// The tables that a view has a place for are shown with whatever the
/// expression names, and instead of the best connected where nothing is asked for.
fn choose(whole: &Whole, show: Option<&str>, named: &Named, kept: &Kept) -> Chosen {
    let groups = &named.groups;
    let (graph, placed) = (&whole.graph, &kept.placed);
    let tables_total = graph.tables.len();
    let mut unknown = Vec::new();
    let mut removed = BTreeSet::new();
    let mut hubs_only = false;
    let mut note = None;
    // Commas alone say nothing.
    let mut places: Vec<usize> = match show.filter(|show| !split_terms(show).is_empty()) {
        Some(show) => {
            let selection = selected(whole, show, kept);
            unknown = selection.unknown;
            removed = selection.removed;
            selection.places.into_iter().collect()
        }
        None => {
            let first = first_places(whole, kept);
            (hubs_only, note) = (first.hubs_only, first.note);
            first.places
        }
    };
    if !placed.is_empty() {
        let known = graph.tables.iter().enumerate();
        let wanted =
            known.filter(|(place, it)| placed.contains(&it.id) && !removed.contains(place));
        places.extend(wanted.map(|(place, _)| place));
    }
    // Whatever else is asked for, the way that is marked is there.
    places.extend(whole.way.iter().flatten());
    // One order whatever the way they were found, so that one set of tables has one layout.
    places.sort_unstable();
    places.dedup();
    // A box neither counts nor names what the view hides.
    places.retain(|place| {
        let table = graph.tables.get(*place);
        table.is_none_or(|it| !kept.hidden.contains(&it.id) || !groups.has(*place))
    });
    let shown = graph.subgraph(&places);
    let folded = fold(
        &shown,
        &groups::named_by_shown(groups.part(&places), &shown),
    );
    let overlay = whole.overlay.as_ref().map(|overlay| {
        let links = graph.links_within(&places);
        let open = |from: &[usize], of: &[usize]| -> Vec<usize> {
            of.iter()
                .filter_map(|place| from.get(*place).copied())
                .collect()
        };
        let mut part = overlay.part(&open(&places, &folded.tables), &open(&links, &folded.links));
        // What is said of tables in a box is said of the box.
        let group_of = groups.part(&places).of;
        let boxes = folded
            .graph
            .tables
            .iter()
            .enumerate()
            .skip(folded.tables.len());
        for ((place, shown), group) in boxes.zip(&folded.groups) {
            let inside = places.iter().zip(&group_of);
            let inside = inside.filter(|(_, of)| **of == Some(*group));
            let inside: Vec<usize> = inside.map(|(table, _)| *table).collect();
            part.mark_box(place, shown, overlay, graph, &inside);
        }
        part
    });
    let boxes = folded.graph.tables.iter().skip(folded.tables.len());
    let terms = folded.groups.iter().filter_map(|it| named.terms.get(*it));
    Chosen {
        folded: boxes
            .zip(terms)
            .map(|(it, terms)| (it.id, terms.clone()))
            .collect(),
        graph: folded.graph,
        overlay,
        tables_total,
        unknown,
        hubs_only,
        note,
    }
}

/// What is shown when nothing is asked for.
#[derive(Default)]
struct First {
    places: Vec<usize>,
    hubs_only: bool,
    note: Option<String>,
}

/// The tables that an expression names.
fn selected(whole: &Whole, show: &str, kept: &Kept) -> Selection {
    let graph = &whole.graph;
    let tables = graph.tables.iter();
    let names: Vec<QualifiedName> = tables
        .map(|table| QualifiedName::new(&table.schema, &table.name))
        .collect();
    let (references, hubs) = (graph.references(), hubs(graph, HUBS));
    // What the view says stands in the expression already; this is what it leaves to us.
    let of_view = match names_view(show) {
        true => first_places(whole, kept).places,
        false => Vec::new(),
    };
    let words = Words {
        hubs: &hubs,
        of_view: &of_view,
    };
    select(show, &names, &references, words)
}

/// Whether an expression names what the view shows.
pub(crate) fn names_view(show: &str) -> bool {
    split_terms(show)
        .iter()
        .any(|term| term.eq_ignore_ascii_case(OF_VIEW))
}

/// The hubs of a large database are not shown where a view has places: its tables are.
fn first_places(whole: &Whole, kept: &Kept) -> First {
    let graph = &whole.graph;
    let mut first = First::default();
    let marked = match (&whole.first, &whole.overlay) {
        (WholeFirst::These(tables), _) => {
            first.places.clone_from(tables);
            return first;
        }
        (WholeFirst::Marked, Some(overlay)) => overlay.tables_touched(graph),
        _ => Vec::new(),
    };
    if marked.len() > WHOLE_MAX_TABLES {
        first.note = Some(format!(
            "{WHOLE_MAX_TABLES} of {} tables that changed.",
            marked.len()
        ));
        first.places = marked.into_iter().take(WHOLE_MAX_TABLES).collect();
    } else if !marked.is_empty() {
        let near = neighbourhood(graph, &marked, 1);
        first.places = if near.len() > WHOLE_MAX_TABLES {
            marked
        } else {
            near
        };
    } else if graph.tables.len() <= WHOLE_MAX_TABLES {
        first.places = (0..graph.tables.len()).collect();
    } else if kept.placed.is_empty() {
        first.hubs_only = true;
        first.places = hubs(graph, HUBS);
    }
    first
}

/// The whole database as the engine knows it, by schema and name.
fn graph_of(rows: DiagramRows) -> Graph {
    let place_of: HashMap<TableId, usize> = rows
        .tables
        .iter()
        .enumerate()
        .map(|(place, table)| (table.id, place))
        .collect();
    let mut graph = Graph {
        links: rows
            .links
            .iter()
            .filter_map(|link| {
                let (from, to) = (*place_of.get(&link.from)?, *place_of.get(&link.to)?);
                let (child, parent) = (rows.tables.get(from)?, rows.tables.get(to)?);
                Some(link_of(link, (from, child), (to, parent)))
            })
            .collect(),
        tables: rows.tables.into_iter().map(node_of).collect(),
    };
    for link in &graph.links {
        let Some(table) = graph.tables.get_mut(link.from as usize) else {
            continue;
        };
        for column in &link.from_columns {
            if let Some(column) = table.columns.get_mut(usize::from(*column)) {
                column.foreign_key = true;
            }
        }
    }
    graph
}

fn kind_of(kind: TableKind) -> NodeKind {
    match kind {
        TableKind::Table => NodeKind::Table,
        TableKind::Partition => NodeKind::Partition,
        TableKind::View => NodeKind::View,
        TableKind::MaterializedView => NodeKind::MaterializedView,
        TableKind::ForeignTable => NodeKind::ForeignTable,
    }
}

fn node_of(table: DiagramTable) -> TableNode {
    TableNode {
        id: table.id.0,
        schema: table.schema,
        name: table.name,
        kind: kind_of(table.kind),
        column_count: u32::try_from(table.columns.len()).unwrap_or(u32::MAX),
        row_count: table.row_count.and_then(|count| u64::try_from(count).ok()),
        gone: false,
        columns: table.columns.into_iter().map(columns::row_of).collect(),
    }
}

fn link_of(
    link: &DiagramLink,
    (from, child): (usize, &DiagramTable),
    (to, parent): (usize, &DiagramTable),
) -> Link {
    let from_columns = places_of(&link.from_columns, child);
    let referencing = || {
        from_columns
            .iter()
            .filter_map(|place| child.columns.get(usize::from(*place)))
    };
    // A key of the same columns, or one column that is unique by itself, leaves room for one row.
    let primary_key: Vec<&str> = child
        .columns
        .iter()
        .filter(|column| column.primary_key)
        .map(|column| column.name.as_str())
        .collect();
    let is_whole_key = !primary_key.is_empty()
        && primary_key
            .iter()
            .all(|name| link.from_columns.iter().any(|column| column == name));
    Link {
        from: u32::try_from(from).unwrap_or(u32::MAX),
        to: u32::try_from(to).unwrap_or(u32::MAX),
        to_columns: places_of(&link.to_columns, parent),
        name: link.name.clone(),
        optional: referencing().any(|column| column.nullable),
        unique: is_whole_key || referencing().any(|column| column.unique),
        declared: true,
        accepted_by: None,
        from_columns,
    }
}

/// Places of columns in their table; those it does not have are left out.
fn places_of(names: &[String], table: &DiagramTable) -> Vec<u16> {
    names
        .iter()
        .filter_map(|name| {
            let place = table
                .columns
                .iter()
                .position(|column| column.name == *name)?;
            u16::try_from(place).ok()
        })
        .collect()
}

fn options_for(graph: &Graph, level: Option<&str>, notes: &mut Vec<String>) -> LayoutOptions {
    let usual = if graph.tables.len() <= ALL_COLUMNS_MAX_TABLES {
        Detail::All
    } else {
        Detail::Keys
    };
    notes.extend(level.and_then(unknown_level));
    let detail = level.and_then(Detail::from_word).unwrap_or(usual);
    LayoutOptions {
        detail,
        ..LayoutOptions::default()
    }
}

/// What to say of a word that is no level.
fn unknown_level(word: &str) -> Option<String> {
    Detail::from_word(word)
        .is_none()
        .then(|| format!("There is no level “{word}”; there are names, keys, used and all."))
}
