//! Security headers of every answer.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use http::{HeaderMap, HeaderValue};

/// What pages may load when nothing more exact was set: nothing.
const LOCKED_POLICY: &str =
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// The policy of a page whose scripts carry `nonce`.
pub(crate) fn page_policy(nonce: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; \
         style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; \
         manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ))
    .ok()
}

/// The same for a page that other sites may show in theirs: it changes nothing.
pub(crate) fn embed_policy(nonce: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; \
         style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
         form-action 'none'; frame-ancestors *; base-uri 'none'"
    ))
    .ok()
}

/// Whether other sites may show the page at a path in theirs: an embedded diagram and nothing else.
pub(crate) fn may_be_framed(path: &str) -> bool {
    let Some(rest) = path.strip_prefix("/embed/") else {
        return false;
    };
    matches!(rest.split_once('/'), Some((id, "diagram")) if !id.is_empty())
}

/// Adds what is missing to each answer.
pub(crate) async fn security_headers(request: Request, next: Next) -> Response {
    let framed = may_be_framed(request.uri().path());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    default(headers, CONTENT_SECURITY_POLICY, LOCKED_POLICY);
    default(headers, X_CONTENT_TYPE_OPTIONS, "nosniff");
    if framed {
        let resource = HeaderName::from_static("cross-origin-resource-policy");
        default(headers, resource, "cross-origin");
    } else {
        // Browsers that know `frame-ancestors` ask that instead.
        default(headers, X_FRAME_OPTIONS, "DENY");
    }
    default(headers, REFERRER_POLICY, "same-origin");
    default(
        headers,
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    );
    default(
        headers,
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    );
    default(
        headers,
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=()",
    );
    // Pages hold what only this person may see.
    default(headers, CACHE_CONTROL, "no-store");
    response
}

fn default(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers
        .entry(name)
        .or_insert_with(|| HeaderValue::from_static(value));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_embedded_diagram_may_be_framed_and_nothing_else() {
        assert!(may_be_framed("/embed/db_0123456789/diagram"));
        for path in [
            "/",
            "/embed",
            "/embed/",
            "/embed//diagram",
            "//embed/x/diagram",
            "/embed/x/diagram/",
            "/embed/x/diagram/more",
            "/databases/db_0123456789/diagram",
            "/databases/embed/diagram",
        ] {
            assert!(!may_be_framed(path), "{path}");
        }
        let policy = embed_policy("n").unwrap();
        assert!(policy.to_str().unwrap().contains("frame-ancestors *"));
        assert!(
            page_policy("n")
                .unwrap()
                .to_str()
                .unwrap()
                .contains("frame-ancestors 'none'")
        );
    }
}
