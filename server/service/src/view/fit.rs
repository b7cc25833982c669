//! Which tables a view has, and where they stand: when it begins, and when it is to show something
//! else.

use super::query::{QUERY_MAX_BYTES, check_query, names_of, place_all};
use super::view_not_found;
use crate::diagram::names_view;
use crate::error::OrAnswer as _;
use crate::services::Services;
use contract::catalog::DiagramData;
use contract::context::Ctx;
use contract::error::AppError;
use model::diagram::{DiagramQuery, NONE};
use model::id::{DatabaseId, ViewId};
use model::saved_view::changes_between;
use model::view::{Arrangement, ViewChange};
use std::collections::BTreeSet;

impl Services {
    /// What a view of this diagram begins with: its question, said so that nothing moves later, and
    /// the places of all its tables.
    pub(super) async fn beginning(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        asked: &DiagramQuery,
    ) -> Result<(DiagramQuery, Vec<ViewChange>), AppError> {
        let data = self.diagram(ctx, id, asked).await?;
        let mut query = lasting(&data);
        let mut arrangement = data.arrangement.clone();
        let mut shown = ids_of(&data);
        if !data.folded.is_empty() && (query.show.is_none() || !arrangement.places.is_empty()) {
            let open = self.unfolded(ctx, id, asked).await?;
            name_folded(&mut query, &open);
            shown.extend(ids_of(&open));
        }
        arrangement.places.retain(|table, _| shown.contains(table));
        place_all(&mut arrangement, &data);
        let changes = changes_between(&Arrangement::default(), &arrangement);
        Ok((query, changes))
    }

    /// What is to be arranged otherwise when a view that says `stored` is to say `query`: tables that
    /// it no longer shows lose their places, the others get one. What disappeared from its source
    /// stays.
    pub(super) async fn fitted(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        view: &ViewId,
        stored: &DiagramQuery,
        query: &DiagramQuery,
    ) -> Result<(DiagramQuery, Vec<ViewChange>), AppError> {
        check_query(query)?;
        // What is stored, which is not what is shown where another level moves boxes apart. It is
        // read first: what others do while this is worked out is then not undone.
        let before = self.store.view_arrangement(view).await.or_answer(ctx)?;
        let (_, before) = before.ok_or_else(view_not_found)?;
        let ghosts = self.store.diagram_ghosts(id, view).await.or_answer(ctx)?;
        // Where it names no other tables, those are meant that the view has, however they came there.
        let way_of = |query: &DiagramQuery| (query.show.clone(), query.path.clone(), query.way);
        let is_same = way_of(query) == way_of(stored);
        let of_view = is_same || query.show.as_deref().is_some_and(names_view);
        let open_view = DiagramQuery {
            view: Some(view.to_string()),
            ..query.alone()
        };
        let asked = DiagramQuery {
            view: Some(if of_view {
                view.to_string()
            } else {
                NONE.to_owned()
            }),
            show: query.show.clone().filter(|_| !is_same),
            ..open_view.clone()
        };
        let mut named = self.diagram(ctx, id, &asked).await?;
        let mut query = DiagramQuery {
            relations: query.relations.clone(),
            ..lasting(&named)
        };
        let mut ids = ids_of(&named);
        ids.extend(ghosts.iter().map(|ghost| ghost.id.0));
        let mut names = names_of(&named);
        if !named.folded.is_empty() {
            // What stands in the box of a group is shown too, and keeps its place.
            let open = self.unfolded(ctx, id, &asked).await?;
            name_folded(&mut query, &open);
            ids.extend(ids_of(&open));
            names = names_of(&open);
        }
        check_query(&query)?;
        if !of_view {
            // Which tables it names was asked without the view, where they stand with it.
            let shown = DiagramQuery {
                show: open_view.show.clone().or(Some(names)),
                level: query.level.clone(),
                ..open_view
            };
            named = self.diagram(ctx, id, &shown).await?;
        }
        let mut after = before.clone();
        after.places.retain(|table, _| ids.contains(table));
        place_all(&mut after, &named);
        Ok((query, changes_between(&before, &after)))
    }

    /// The diagram with nothing folded.
    async fn unfolded(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        query: &DiagramQuery,
    ) -> Result<DiagramData, AppError> {
        let fold = Some(NONE.to_owned());
        let open = DiagramQuery {
            fold,
            ..query.clone()
        };
        self.diagram(ctx, id, &open).await
    }
}

fn ids_of(data: &DiagramData) -> BTreeSet<i64> {
    data.graph.tables.iter().map(|table| table.id).collect()
}

/// The question that a diagram answers, said so that it has the same answer later. The best connected
/// tables stay those that they are, by their places.
fn lasting(data: &DiagramData) -> DiagramQuery {
    let mut query = DiagramQuery {
        view: None,
        level: Some(data.layout.detail.as_str().to_owned()),
        ..data.shown.clone()
    };
    // All tables stay all when there are more some day.
    let is_all = data.tables_shown() >= data.tables_total;
    if query.show.is_none()
        && !data.hubs_only
        && is_all
        && query.overlay.as_deref() != Some("changes")
    {
        query.show = Some("*".to_owned());
    }
    query
}

/// Names the tables of a diagram where nothing else does: those in the boxes of groups have no places
/// by which a view would know them. `open` is the diagram with nothing folded.
fn name_folded(query: &mut DiagramQuery, open: &DiagramData) {
    if query.show.is_none() {
        query.show = Some(names_of(open)).filter(|names| names.len() <= QUERY_MAX_BYTES / 2);
    }
}
