//! Security headers of every answer.

use crate::middleware::framing::{Framing, is_for_everybody, may_be_framed};
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
pub(crate) fn embed_policy(nonce: &str, framing: &Framing) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; \
         style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
         form-action 'none'; frame-ancestors {}; base-uri 'none'",
        framing.ancestors()
    ))
    .ok()
}

/// Adds what is missing to each answer.
pub(crate) async fn security_headers(request: Request, next: Next) -> Response {
    let framed = may_be_framed(request.uri().path());
    let has_secret = is_for_everybody(request.uri().path());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    default(headers, CONTENT_SECURITY_POLICY, LOCKED_POLICY);
    default(headers, X_CONTENT_TYPE_OPTIONS, "nosniff");
    if framed || has_secret {
        let resource = HeaderName::from_static("cross-origin-resource-policy");
        default(headers, resource, "cross-origin");
    }
    if !framed {
        // Browsers that know `frame-ancestors` ask that instead.
        default(headers, X_FRAME_OPTIONS, "DENY");
    }
    // The address of what is for everybody is all that one needs to see it.
    let referrer = if has_secret {
        "no-referrer"
    } else {
        "same-origin"
    };
    default(headers, REFERRER_POLICY, referrer);
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
    fn only_what_is_embedded_names_sites() {
        let policy = |framing| {
            let policy = embed_policy("n", &framing).unwrap();
            policy.to_str().unwrap().to_owned()
        };
        assert!(policy(Framing::Any).contains("frame-ancestors *;"));
        let sites = ["https://a.example", "https://*.b.example"].map(str::to_owned);
        assert!(
            policy(Framing::Sites(sites.into()))
                .contains("frame-ancestors https://a.example https://*.b.example;")
        );
        assert!(policy(Framing::Refused).contains("frame-ancestors 'none';"));
        let page = page_policy("n").unwrap();
        assert!(page.to_str().unwrap().contains("frame-ancestors 'none'"));
    }
}
