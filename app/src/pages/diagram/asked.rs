//! What the address asked for when the page was drawn.

use crate::query::{Query, use_query};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::diagram::DiagramQuery;

/// The question that a page answers. Who follows a link to another picture has another address at
/// once, and the page until the answer comes: what that page writes then is not for that address.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    path: Memo<String>,
    query: Memo<Query>,
    first: StoredValue<(String, DiagramQuery)>,
}

impl Asked {
    /// What is asked for now. To be asked while the page is drawn.
    pub(super) fn now() -> Self {
        let (path, query) = (use_location().pathname, use_query());
        let asked = query.with_untracked(asked_by);
        Self {
            path,
            query,
            first: StoredValue::new((path.get_untracked(), asked)),
        }
    }

    /// Whether the same is asked for still.
    pub(super) fn is_asked(self) -> bool {
        let path = self.path.try_get_untracked();
        let query = self.query.try_with_untracked(asked_by);
        // Without them the page has been left.
        let Some(now) = path.zip(query) else {
            return false;
        };
        self.first.try_with_value(|first| *first == now) == Some(true)
    }
}

/// Where one looks and what is selected is no part of the question.
fn asked_by(query: &Query) -> DiagramQuery {
    DiagramQuery::read(|key| query.get(key))
}
