//! The way between the page and what keeps its view and the server alike.

use crate::bootstrap::use_bootstrap;
use crate::canvas::delivery::Apart;
use crate::canvas::stage::Stage;
use crate::canvas::view_sync::{SyncStart, ViewSync};
use crate::pages::diagram::asked::Asked;
use crate::pages::diagram::views::OpenState;
use crate::pages::embed::is_embedded;
use contract::catalog::DiagramData;
use leptos::prelude::*;
use model::diagram::DiagramQuery;
use model::view::{Spot, ViewChange};
use send_wrapper::SendWrapper;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use std::rc::Rc;

/// Holds it, once the browser has it. Empty it may be dropped on any thread, as the server does
/// with the views it has rendered.
#[derive(Clone, Copy)]
pub(super) struct SyncSlot(StoredValue<Option<SendWrapper<Rc<dyn ViewSync>>>>);

impl Default for SyncSlot {
    fn default() -> Self {
        let slot = Self(StoredValue::new(None));
        on_cleanup(move || slot.end());
        slot
    }
}

impl SyncSlot {
    pub(super) fn put(self, made: Rc<dyn ViewSync>) {
        if let Some(late) = self.0.try_set_value(Some(SendWrapper::new(made)))
            && let Some(late) = late
        {
            // Until now the page may have been left.
            late.stop();
        }
    }

    /// Nothing is sent or heard any more.
    pub(super) fn end(self) {
        let taken = self.0.try_update_value(Option::take).flatten();
        if let Some(sync) = taken {
            sync.stop();
        }
    }

    pub(super) fn attach(self, stage: &Rc<dyn Stage>) {
        self.with(|sync| sync.attach(stage));
    }

    pub(super) fn arranged(self, changes: Vec<ViewChange>) {
        self.with(|sync| sync.arranged(changes));
    }

    /// A copy outside of the slot, so that what is called may reach the slot again.
    fn with(self, act: impl FnOnce(&dyn ViewSync)) {
        let sync = self.0.try_with_value(|sync| sync.clone()).flatten();
        if let Some(sync) = sync {
            act(&**sync);
        }
    }
}

/// What the browser begins with, to be taken once.
#[derive(Clone)]
pub(super) struct SyncOrder(Rc<RefCell<Option<SyncStart>>>);

impl SyncOrder {
    pub(super) fn take(&self) -> Option<SyncStart> {
        self.0.borrow_mut().take()
    }
}

/// What is to be kept alike on this page.
pub(super) fn sync_of(
    data: &DiagramData,
    query: &DiagramQuery,
    open: OpenState,
    asked: Asked,
) -> SyncOrder {
    let person = use_bootstrap().user.map(|user| user.id.0);
    let unplaced = data
        .view
        .as_ref()
        .map(|view| {
            let unplaced: HashSet<i64> = view.unplaced.iter().copied().collect();
            let tables = data.graph.tables.iter().zip(&data.layout.positions);
            tables
                .filter(|(table, _)| unplaced.contains(&table.id))
                .map(|(table, at)| ViewChange::Place {
                    table: table.id,
                    at: Some(Spot { x: at.x, y: at.y }),
                })
                .collect()
        })
        .unwrap_or_default();
    let start = person.map(|person| SyncStart {
        database: data.database_id.clone(),
        query: query.clone(),
        view: data
            .view
            .as_ref()
            .map(|view| (view.summary.id.clone(), view.summary.revision)),
        may_arrange: data.may_arrange && !is_embedded(),
        unplaced,
        apart: apart(data),
        person,
        told: Box::new(move |news| open.hear(news)),
        is_asked: Box::new(move || asked.is_asked()),
    });
    SyncOrder(Rc::new(RefCell::new(start)))
}

/// Tables that are shown elsewhere than the view has them.
fn apart(data: &DiagramData) -> BTreeMap<i64, Apart> {
    let places = &data.arrangement.places;
    data.apart
        .iter()
        .filter_map(|&(table, kept)| {
            let shown = *places.get(&table)?;
            Some((table, Apart { shown, kept }))
        })
        .collect()
}
