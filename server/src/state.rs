//! What handlers share.

use crate::cookie::CookieJar;
use crate::metrics::Metrics;
use app::context::{AppServices, Assets};
use axum::extract::FromRef;
use http::header::HOST;
use http::{HeaderMap, Uri};
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
    /// Where people reach the pages, as it was configured: `https://catalog.example`.
    pub(crate) public_origin: Option<String>,
    /// What is counted.
    pub(crate) metrics: Arc<Metrics>,
    /// Needed by the router of views.
    pub(crate) leptos: LeptosOptions,
}

impl AppState {
    /// Where whoever asks has the catalog's pages: the address that was configured, and without one
    /// the host of their own request.
    pub(crate) fn origin(&self, headers: &HeaderMap) -> Option<String> {
        origin(self.public_origin.as_deref(), headers, self.cookies.secure)
    }
}

/// The origin of the address that people use.
pub(crate) fn origin_of(public_url: &str) -> Option<String> {
    let address: Uri = public_url.trim().parse().ok()?;
    Some(format!("{}://{}", address.scheme()?, address.authority()?))
}

fn origin(public: Option<&str>, headers: &HeaderMap, secure: bool) -> Option<String> {
    if let Some(public) = public {
        return Some(public.to_owned());
    }
    let host = headers.get(HOST)?.to_str().ok()?;
    let is_host = !host.is_empty()
        && host
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-.:[]".contains(c));
    let scheme = if secure { "https" } else { "http" };
    is_host.then(|| format!("{scheme}://{host}"))
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn links_lead_to_the_public_address_or_the_host_that_was_asked() {
        let of = |host: &'static str, secure| {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, HeaderValue::from_static(host));
            assert_eq!(
                origin(Some("https://public.example"), &headers, secure).as_deref(),
                Some("https://public.example")
            );
            origin(None, &headers, secure)
        };
        assert_eq!(
            of("catalog.example:8080", false).as_deref(),
            Some("http://catalog.example:8080")
        );
        assert_eq!(
            of("[::1]:3000", true).as_deref(),
            Some("https://[::1]:3000")
        );
        assert_eq!(of("a/b@c", true), None);
        assert_eq!(origin(None, &HeaderMap::new(), true), None);
    }

    #[test]
    fn an_origin_is_what_stands_before_the_path() {
        let of = |url| origin_of(url);
        for url in [
            "https://catalog.example",
            " https://catalog.example/crowfoot/ ",
        ] {
            assert_eq!(of(url).as_deref(), Some("https://catalog.example"));
        }
        assert_eq!(of("http://a:81/").as_deref(), Some("http://a:81"));
        assert_eq!(of("catalog.example"), None);
        assert_eq!(of("/"), None);
    }
}
