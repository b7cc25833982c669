//! What handlers share.

use crate::cookie::CookieJar;
use crate::metrics::Metrics;
use app::context::{AppServices, Assets};
use axum::extract::FromRef;
use leptos::config::LeptosOptions;
use std::sync::Arc;
use store::Store;

/// The router's state.
#[derive(Clone)]
pub(crate) struct AppState {
    /// The services behind pages and REST.
    pub(crate) services: AppServices,
    /// The store, only to ask whether it answers.
    pub(crate) store: Store,
    /// Addresses of the site's files.
    pub(crate) assets: Arc<Assets>,
    /// How cookies are named and marked.
    pub(crate) cookies: CookieJar,
    /// What is counted.
    pub(crate) metrics: Arc<Metrics>,
    /// Needed by the router of views.
    pub(crate) leptos: LeptosOptions,
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}
