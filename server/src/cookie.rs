//! The three cookies: session, theme and flash.

use app::bootstrap::Flash;
use contract::account::{Secret, SessionGrant};
use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};

/// How cookies are named and marked: differently over https.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CookieJar {
    /// Whether people reach the server over https.
    pub(crate) secure: bool,
}

/// The cookie of the person's theme, also written by the browser's side.
const THEME: &str = "crowfoot_theme";
/// The cookie with what the last form had to say.
const FLASH: &str = "crowfoot_flash";
/// A flash larger than this would be dropped by browsers, so it is cut before.
const FLASH_MAX_BYTES: usize = 3_000;

impl CookieJar {
    /// The `__Host-` prefix makes browsers refuse the cookie from another host or over http, but
    /// needs https.
    pub(crate) fn session_name(self) -> &'static str {
        if self.secure {
            "__Host-crowfoot"
        } else {
            "crowfoot"
        }
    }

    /// The session's token, where the request brings one.
    pub(crate) fn session(self, headers: &HeaderMap) -> Option<Secret> {
        read(headers, self.session_name())
            .filter(|token| token.len() <= 128)
            .map(Secret::new)
    }

    /// The chosen theme: `light` or `dark`.
    pub(crate) fn theme(self, headers: &HeaderMap) -> Option<String> {
        read(headers, THEME).filter(|theme| theme == "light" || theme == "dark")
    }

    /// What the last form had to say.
    pub(crate) fn flash(self, headers: &HeaderMap) -> Option<Flash> {
        let packed = read(headers, FLASH).filter(|packed| !packed.is_empty())?;
        serde_json::from_slice(&from_hex(&packed)?).ok()
    }

    /// Keeps a session.
    pub(crate) fn session_set(self, grant: &SessionGrant) -> Option<HeaderValue> {
        self.set(
            self.session_name(),
            grant.token.reveal(),
            grant.max_age_seconds,
        )
    }

    /// Forgets the session.
    pub(crate) fn session_clear(self) -> Option<HeaderValue> {
        self.set(self.session_name(), "", 0)
    }

    /// Keeps a flash for the page that comes next.
    pub(crate) fn flash_set(self, flash: &Flash) -> Option<HeaderValue> {
        let mut text = serde_json::to_vec(flash).ok()?;
        if text.len() > FLASH_MAX_BYTES / 2 {
            let short = Flash {
                entered: Vec::new(),
                ..flash.clone()
            };
            let message: String = short.message.chars().take(300).collect();
            text = serde_json::to_vec(&Flash { message, ..short }).ok()?;
        }
        self.set(FLASH, &to_hex(&text), 60)
    }

    /// Forgets the flash once it was shown.
    pub(crate) fn flash_clear(self) -> Option<HeaderValue> {
        self.set(FLASH, "", 0)
    }

    fn set(self, name: &str, value: &str, max_age_seconds: i64) -> Option<HeaderValue> {
        let secure = if self.secure { "; Secure" } else { "" };
        HeaderValue::from_str(&format!(
            "{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age_seconds}{secure}"
        ))
        .ok()
    }
}

fn read(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .find_map(|line| {
            line.split(';').find_map(|pair| {
                let (key, value) = pair.trim().split_once('=')?;
                (key == name).then(|| value.to_owned())
            })
        })
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|place| u8::from_str_radix(text.get(place..place + 2)?, 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flash_survives_its_cookie() {
        let jar = CookieJar { secure: false };
        let flash = Flash {
            message: "Zeile 3; \"naïve\", ok=1".to_owned(),
            entered: vec![("email".to_owned(), "a@b.example".to_owned())],
            ..Flash::default()
        };
        let value = jar.flash_set(&flash).unwrap();
        let pair = value
            .to_str()
            .unwrap()
            .split(';')
            .next()
            .unwrap()
            .to_owned();
        let mut headers = HeaderMap::new();
        headers.insert(
            COOKIE,
            HeaderValue::from_str(&format!("x=y; {pair}")).unwrap(),
        );
        assert_eq!(jar.flash(&headers), Some(flash));
    }

    #[test]
    fn a_cookie_of_nonsense_is_no_flash() {
        let jar = CookieJar { secure: false };
        for text in ["zz", "7b7", "7b7d7d", "ü"] {
            let mut headers = HeaderMap::new();
            if let Ok(value) = HeaderValue::from_str(&format!("crowfoot_flash={text}")) {
                headers.insert(COOKIE, value);
            }
            assert_eq!(jar.flash(&headers), None, "{text}");
        }
    }

    #[test]
    fn over_https_the_session_is_bound_to_host_and_transport() {
        let cleared = CookieJar { secure: true }.session_clear().unwrap();
        let text = cleared.to_str().unwrap();
        assert!(text.starts_with("__Host-crowfoot=;"), "{text}");
        for mark in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(text.contains(mark), "{mark} is missing in {text}");
        }
    }
}
