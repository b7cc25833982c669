//! A diagram inside of a page of another site: nothing around it, and nothing in it that leads away
//! or changes something.

use crate::api::PageQuestion;
use crate::pages::frame::Section;
use crate::pages::outcome::Answered;
use crate::parts;
use crate::query::use_query;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::diagram::DiagramQuery;
use model::embed::EmbedToken;

/// In the context of a page that another site shows.
#[derive(Debug, Clone, Copy)]
struct Embedded;

/// Whether the page is shown by another site. To be asked while the page is drawn.
pub(crate) fn is_embedded() -> bool {
    use_context::<Embedded>().is_some()
}

/// `/embed/{id}/diagram`: for people who are signed in.
#[component]
pub fn EmbedPage() -> impl IntoView {
    provide_context(Embedded);
    let params = use_params_map();
    let query = use_query();
    let question = Memo::new(move |_| PageQuestion::Diagram {
        id: params.read().get("id").unwrap_or_default(),
        query: DiagramQuery::read(|key| query.read().get(key)),
    });
    view! { <Answered question section=Section::Databases draw=parts::diagram/> }
}

/// `/embed/v/{token}`: a view, for everybody who has its address. Of the parameters only those are
/// read that show no more than the view does.
#[component]
pub fn EmbeddedViewPage() -> impl IntoView {
    provide_context(Embedded);
    let params = use_params_map();
    let query = use_query();
    let question = Memo::new(move |_| PageQuestion::Embedded {
        token: EmbedToken::new(params.read().get("token").unwrap_or_default()),
        level: query.read().get("level"),
    });
    view! { <Answered question section=Section::Databases draw=parts::diagram/> }
}
