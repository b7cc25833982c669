//! Views that other sites show to people who are not signed in: the secret in the address, and the
//! sites that may.

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Where these addresses begin. What follows is the secret.
pub const EMBED_PREFIX: &str = "/embed/v/";
/// The characters of a secret: 32 bytes in base64url without padding.
pub const TOKEN_CHARS: usize = 43;
/// The most sites that are named for one view.
pub const SITES_MAX: usize = 20;
/// The longest name of a host, in characters.
const HOST_MAX_CHARS: usize = 253;
/// The longest label of a host's name, in characters.
const LABEL_MAX_CHARS: usize = 63;

/// The secret in the address of an embedded view. It never prints.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct EmbedToken(String);

impl EmbedToken {
    /// Takes a text for a secret, whatever it is.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Whether it can be one at all, so that nonsense costs no statement.
    pub fn is_whole(&self) -> bool {
        self.0.len() == TOKEN_CHARS
            && self
                .0
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    }

    /// The text itself. Each call is a place to review.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The path of the page.
    pub fn address(&self) -> String {
        format!("{EMBED_PREFIX}{}", self.0)
    }

    /// The secret in the path of such a page; none for every other path.
    pub fn of_path(path: &str) -> Option<Self> {
        let token = path.strip_prefix(EMBED_PREFIX)?;
        (!token.is_empty() && !token.contains('/')).then(|| Self::new(token))
    }
}

impl fmt::Debug for EmbedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmbedToken(…)")
    }
}

/// How a view is embedded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewEmbed {
    /// The origins whose pages may frame it; empty for any.
    pub sites: Vec<String>,
    /// Since when its address holds.
    pub made_at: Timestamp,
    /// Who made it.
    pub made_by: Option<String>,
}

/// The path as it may stand in a log.
pub fn without_secret(path: &str) -> &str {
    if path.starts_with(EMBED_PREFIX) {
        "/embed/v/…"
    } else {
        path
    }
}

/// The origins that texts name, each once: blanks and commas part them.
///
/// # Errors
/// What is wrong with the first that is none, as a sentence.
pub fn read_sites<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Vec<String>, String> {
    let mut sites = Vec::new();
    let parts = texts
        .into_iter()
        .flat_map(|text| text.split(|c: char| c.is_whitespace() || c == ','))
        .filter(|part| !part.is_empty());
    for part in parts {
        let site = read_site(part)?;
        if !sites.contains(&site) {
            sites.push(site);
        }
        if sites.len() > SITES_MAX {
            return Err(format!("There are at most {SITES_MAX} sites."));
        }
    }
    Ok(sites)
}

/// One origin as it is kept: in small letters, without the port that goes without saying.
fn read_site(text: &str) -> Result<String, String> {
    let wrong = || {
        let shown: String = text.chars().take(80).collect();
        format!(
            "“{shown}” is no site. Write scheme and host as in https://wiki.example.com, with a \
             port where it needs one, and nothing after it; https://*.example.com stands for all \
             below it."
        )
    };
    let lower = text.to_ascii_lowercase();
    let (scheme, usual_port, rest) = if let Some(rest) = lower.strip_prefix("https://") {
        ("https", 443, rest)
    } else if let Some(rest) = lower.strip_prefix("http://") {
        ("http", 80, rest)
    } else {
        return Err(wrong());
    };
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let (host, port) = match rest.split_once(':') {
        None => (rest, None),
        Some((host, port)) => {
            let is_number =
                (1..=5).contains(&port.len()) && port.bytes().all(|c| c.is_ascii_digit());
            let port: u16 = is_number
                .then(|| port.parse().ok())
                .flatten()
                .filter(|port| *port > 0)
                .ok_or_else(wrong)?;
            (host, Some(port).filter(|port| *port != usual_port))
        }
    };
    let name = match host.strip_prefix("*.") {
        // All below one name, not all below a country.
        Some(name) if name.contains('.') => name,
        Some(_) => return Err(wrong()),
        None => host,
    };
    if host.len() > HOST_MAX_CHARS || !name.split('.').all(is_label) {
        return Err(wrong());
    }
    Ok(match port {
        Some(port) => format!("{scheme}://{host}:{port}"),
        None => format!("{scheme}://{host}"),
    })
}

fn is_label(label: &str) -> bool {
    (1..=LABEL_MAX_CHARS).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// What is pasted into a page to show a view there.
pub fn frame_snippet(address: &str, title: &str) -> String {
    let text = |text: &str| {
        text.replace('&', "&amp;")
            .replace('"', "&quot;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    };
    format!(
        "<iframe src=\"{}\" title=\"{}\" width=\"100%\" height=\"600\" loading=\"lazy\"></iframe>",
        text(address),
        text(title)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_told_from_nonsense_and_does_not_print() {
        let token = EmbedToken::new("Ab-_".repeat(11).get(1..).unwrap());
        assert!(token.is_whole());
        assert_eq!(EmbedToken::of_path(&token.address()), Some(token.clone()));
        assert_eq!(format!("{token:?}"), "EmbedToken(…)");
        assert_eq!(without_secret(&token.address()), "/embed/v/…");
        assert_eq!(without_secret("/embed/v/a/b"), "/embed/v/…");
        assert_eq!(without_secret("/embed/db_1/diagram"), "/embed/db_1/diagram");
        for nonsense in ["", "diagram", &"a".repeat(44), &"=".repeat(43)] {
            assert!(!EmbedToken::new(nonsense).is_whole(), "{nonsense}");
        }
        for path in ["/embed/v/", "/embed/v", "/embed/v/a/b", "/embed/a/diagram"] {
            assert_eq!(EmbedToken::of_path(path), None, "{path}");
        }
    }

    #[test]
    fn sites_are_origins_and_kept_in_one_way() {
        let read = |text: &str| read_sites([text]);
        assert_eq!(read(" \n"), Ok(vec![]));
        assert_eq!(
            read("https://Wiki.example.com/, http://localhost:8080\nhttps://wiki.example.com:443"),
            Ok(vec![
                "https://wiki.example.com".to_owned(),
                "http://localhost:8080".to_owned()
            ])
        );
        assert_eq!(
            read("https://*.example.com"),
            Ok(vec!["https://*.example.com".to_owned()])
        );
        for wrong in [
            "wiki.example.com",
            "*",
            "https://",
            "https://*",
            "https://*.com",
            "https://a.*.com",
            "ftp://a.example",
            "https://a.example/wiki",
            "https://me@a.example",
            "https://a.example:0",
            "https://a.example:65536",
            "https://a.example:x",
            "https://a..example",
            "https://-a.example",
            "https://a.example;script-src",
            "'self'",
            "https://bücher.example",
            "data:",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        let many: Vec<String> = (0..=SITES_MAX)
            .map(|n| format!("https://a{n}.example"))
            .collect();
        assert!(read(&many.join(" ")).is_err());
        assert!(read_sites(many.iter().take(SITES_MAX).map(String::as_str)).is_ok());
    }

    #[test]
    fn a_title_stays_within_its_quotes() {
        let snippet = frame_snippet("https://c.example/embed/v/x", "\"><script>&");
        assert!(
            snippet.contains("title=\"&quot;&gt;&lt;script&gt;&amp;\""),
            "{snippet}"
        );
    }
}
