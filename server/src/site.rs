//! The built site (wasm, script, styles, icons, fonts), which travels inside the binary.

use app::context::Assets;
use axum::body::Body;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

/// Path within the site and content.
static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/site_files.rs"));

static BY_NAME: LazyLock<HashMap<&'static str, &'static [u8]>> =
    LazyLock::new(|| FILES.iter().copied().collect());

#[derive(Deserialize)]
struct Manifest {
    js: String,
    #[serde(default)]
    scripts: Vec<String>,
    wasm: String,
    #[serde(default)]
    parts: BTreeMap<String, Vec<String>>,
    css: String,
    #[serde(default)]
    fonts: Vec<String>,
    #[serde(default)]
    icon: Option<String>,
}

/// The binary was built without the site, or with a broken one.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SiteError {
    /// There is no manifest inside.
    #[error("this binary was built without the site; build it with `cargo xtask build`")]
    Missing,
    /// The manifest does not parse.
    #[error("the site inside this binary has a broken manifest: {0}")]
    Manifest(#[from] serde_json::Error),
}

/// Reads the addresses of the hashed files from the site's manifest.
pub(crate) fn assets() -> Result<Assets, SiteError> {
    let manifest = BY_NAME.get("manifest.json").ok_or(SiteError::Missing)?;
    let manifest: Manifest = serde_json::from_slice(manifest)?;
    let address = |name: String| {
        if name.starts_with('/') {
            name
        } else {
            format!("/{name}")
        }
    };
    Ok(Assets {
        js: address(manifest.js),
        scripts: manifest.scripts.into_iter().map(address).collect(),
        wasm: address(manifest.wasm),
        parts: manifest
            .parts
            .into_iter()
            .map(|(part, files)| (part, files.into_iter().map(address).collect()))
            .collect(),
        css: address(manifest.css),
        fonts: manifest.fonts.into_iter().map(address).collect(),
        icon: address(manifest.icon.unwrap_or_else(|| "favicon.svg".to_owned())),
    })
}

/// Whether a path names a file of the site.
pub(crate) fn holds(path: &str) -> bool {
    let name = path.trim_start_matches('/');
    name != "manifest.json" && BY_NAME.contains_key(name)
}

/// Answers with a file whose name changes with its content: it may be kept for ever.
pub(crate) async fn hashed_file(Path(name): Path<String>, headers: HeaderMap) -> Response {
    file(
        &format!("pkg/{name}"),
        &headers,
        "public, max-age=31536000, immutable",
    )
}

/// Answers with a file of a lasting name.
pub(crate) fn plain_file(path: &str, headers: &HeaderMap) -> Response {
    file(
        path.trim_start_matches('/'),
        headers,
        "public, max-age=3600",
    )
}

fn file(name: &str, headers: &HeaderMap, caching: &'static str) -> Response {
    let Some(plain) = BY_NAME.get(name).copied() else {
        return (StatusCode::NOT_FOUND, "There is no such file.").into_response();
    };
    let accepted = headers
        .get(ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    let accepts = |encoding: &str| {
        accepted.split(',').any(|offer| {
            let (name, quality) = offer.split_once(';').unwrap_or((offer, ""));
            name.trim() == encoding && !quality.replace(' ', "").starts_with("q=0")
                || name.trim() == encoding && quality.replace(' ', "").starts_with("q=0.")
        })
    };
    let (content, encoding) = [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .filter(|(encoding, _)| accepts(encoding))
        .find_map(|(encoding, suffix)| {
            let packed = BY_NAME.get(format!("{name}.{suffix}").as_str()).copied()?;
            Some((packed, Some(encoding)))
        })
        .unwrap_or((plain, None));
    let tag = format!("\"{}-{}\"", content_mark(plain), encoding.unwrap_or("id"));
    let unchanged = headers
        .get(IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|known| {
            known
                .split(',')
                .any(|one| one.trim().trim_start_matches("W/") == tag)
        });
    let mut response = if unchanged {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::from(content).into_response()
    };
    let answer = response.headers_mut();
    answer.insert(CONTENT_TYPE, HeaderValue::from_static(content_type(name)));
    answer.insert(CACHE_CONTROL, HeaderValue::from_static(caching));
    answer.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        answer.insert(ETAG, tag);
    }
    if let Some(encoding) = encoding {
        answer.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// A short mark of the content (FNV-1a, 64 bits): enough to tell one build's file from another's.
fn content_mark(content: &[u8]) -> String {
    let mark = content
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |mark, byte| {
            (mark ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
    format!("{mark:016x}")
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("ico") => "image/x-icon",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}
