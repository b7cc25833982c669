//! The root component: context and route table.

use crate::bootstrap::provide_bootstrap;
use crate::pages::access::AccessPage;
use crate::pages::account::AccountPage;
use crate::pages::changes::ChangesPage;
use crate::pages::connect::ConnectPage;
use crate::pages::database::DatabasePage;
use crate::pages::database_list::DatabaseListPage;
use crate::pages::dataset::DatasetPage;
use crate::pages::dataset_list::DatasetListPage;
use crate::pages::dataset_new::NewDatasetPage;
use crate::pages::diagram::DiagramPage;
use crate::pages::embed::{EmbedPage, EmbeddedViewPage};
use crate::pages::findings::FindingsPage;
use crate::pages::groups::GroupsPage;
use crate::pages::home::HomePage;
use crate::pages::import::ImportPage;
use crate::pages::jobs::JobsPage;
use crate::pages::login::LoginPage;
use crate::pages::metadata::{DatasetMetadataPage, MetadataPage};
use crate::pages::not_found::NotFound;
use crate::pages::relations::RelationsPage;
use crate::pages::search::SearchPage;
use crate::pages::setup::SetupPage;
use crate::pages::table::TablePage;
use crate::pages::view::ViewPage;
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{SsrMode, path};

/// The application. Every page is complete HTML when it leaves the server (`SsrMode::Async`), so
/// that it reads without scripts and its status is right.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_bootstrap();
    let (is_routing, set_is_routing) = signal(false);
    // Tests wait for this mark before they click.
    Effect::new(|| {
        if let Some(body) = document().body() {
            // Refused only for a name that is none.
            let _ = body.set_attribute("data-hydrated", "true");
        }
    });
    let title = |text: String| {
        if text.is_empty() {
            "Crowfoot".to_owned()
        } else {
            format!("{text} · Crowfoot")
        }
    };
    view! {
        <Title formatter=title/>
        <div class="routing" data-active=move || is_routing.get().to_string() aria-hidden="true"></div>
        <Router set_is_routing>
            <Routes fallback=|| view! { <NotFound/> }>
                <Route path=path!("/") view=HomePage ssr=SsrMode::Async/>
                <Route path=path!("/login") view=LoginPage ssr=SsrMode::Async/>
                <Route path=path!("/setup") view=SetupPage ssr=SsrMode::Async/>
                <Route path=path!("/databases") view=DatabaseListPage ssr=SsrMode::Async/>
                <Route path=path!("/databases/new") view=ImportPage ssr=SsrMode::Async/>
                <Route path=path!("/databases/connect") view=ConnectPage ssr=SsrMode::Async/>
                <Route path=path!("/databases/:id") view=DatabasePage ssr=SsrMode::Async/>
                <Route path=path!("/databases/:id/findings") view=FindingsPage ssr=SsrMode::Async/>
                <Route path=path!("/databases/:id/relations") view=RelationsPage ssr=SsrMode::Async/>
                <Route path=path!("/databases/:id/access") view=AccessPage ssr=SsrMode::Async/>
                <Route path=path!("/databases/:id/changes") view=ChangesPage ssr=SsrMode::Async/>
                <Route path=path!("/databases/:id/edit") view=MetadataPage ssr=SsrMode::Async/>
                <Route path=path!("/databases/:id/tables/:table/edit") view=MetadataPage ssr=SsrMode::Async/>
                <Route path=path!("/databases/:id/tables/:table") view=TablePage ssr=SsrMode::Async/>
                <Route path=path!("/databases/:id/diagram") view=DiagramPage ssr=SsrMode::Async/>
                <Route path=path!("/databases/:id/views/:view") view=ViewPage ssr=SsrMode::Async/>
                <Route path=path!("/embed/v/:token") view=EmbeddedViewPage ssr=SsrMode::Async/>
                <Route path=path!("/embed/:id/diagram") view=EmbedPage ssr=SsrMode::Async/>
                <Route path=path!("/datasets") view=DatasetListPage ssr=SsrMode::Async/>
                <Route path=path!("/datasets/new") view=NewDatasetPage ssr=SsrMode::Async/>
                <Route path=path!("/datasets/:id") view=DatasetPage ssr=SsrMode::Async/>
                <Route path=path!("/datasets/:id/edit") view=DatasetMetadataPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/groups") view=GroupsPage ssr=SsrMode::Async/>
                <Route path=path!("/jobs") view=JobsPage ssr=SsrMode::Async/>
                <Route path=path!("/search") view=SearchPage ssr=SsrMode::Async/>
                <Route path=path!("/me") view=AccountPage ssr=SsrMode::Async/>
            </Routes>
        </Router>
    }
}
