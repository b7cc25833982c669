//! Who may read the metrics.

use contract::account::Secret;
use contract::context::Ctx;
use contract::error::AppError;
use http::HeaderMap;
use http::header::{AUTHORIZATION, FORWARDED, HOST, VIA};
use model::account::Permission;
use sha2::{Digest as _, Sha256};

/// Headers that proxies add.
const PROXY_HEADERS: [&str; 4] = [
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
];

/// Who may read the metrics: always administrators; with a token, whoever brings it; without
/// one, programs of this machine, unless a proxy may stand between.
#[derive(Debug)]
pub(crate) struct MetricsAccess {
    token: Option<Secret>,
    /// Whether people come through a proxy, for which everybody comes from this machine.
    behind_proxy: bool,
}

impl MetricsAccess {
    pub(crate) fn new(token: Option<Secret>, behind_proxy: bool) -> Self {
        Self {
            token,
            behind_proxy,
        }
    }

    pub(super) fn authorize(&self, ctx: &Ctx, headers: &HeaderMap) -> Result<(), AppError> {
        let may = match &self.token {
            Some(token) => brings(headers, token),
            None => !self.behind_proxy && is_of_this_machine(ctx, headers),
        };
        if may {
            Ok(())
        } else {
            ctx.authorize(Permission::Administer)
        }
    }
}

/// Whether the request bears the token. Hashes are compared, so that the time it takes tells
/// nothing of the token.
fn brings(headers: &HeaderMap, token: &Secret) -> bool {
    headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .is_some_and(|(_, given)| Sha256::digest(given.trim()) == Sha256::digest(token.reveal()))
}

/// Whether a program of this machine asks for itself. The name it asks under matters too: a page
/// of another site may point its own name here and have a browser of this machine ask.
fn is_of_this_machine(ctx: &Ctx, headers: &HeaderMap) -> bool {
    let is_relayed = headers.contains_key(FORWARDED)
        || headers.contains_key(VIA)
        || PROXY_HEADERS.iter().any(|name| headers.contains_key(*name));
    let host = headers.get(HOST).and_then(|value| value.to_str().ok());
    !is_relayed
        && ctx
            .ip_address
            .is_some_and(|peer| peer.to_canonical().is_loopback())
        && host.is_some_and(is_local_name)
}

/// `localhost`, `127.0.0.1` and `[::1]`, with or without a port.
fn is_local_name(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let address = name
        .strip_prefix('[')
        .and_then(|name| name.strip_suffix(']'))
        .unwrap_or(name);
    name.eq_ignore_ascii_case("localhost")
        || address
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::context::Actor;
    use http::HeaderValue;
    use model::account::{CurrentUser, Role};
    use model::id::UserId;

    fn asked(peer: &str, pairs: &[(&'static str, &'static str)]) -> (Ctx, HeaderMap) {
        let mut ctx = Ctx::system("test");
        ctx.actor = Actor::Anonymous;
        ctx.ip_address = Some(peer.parse().unwrap());
        let headers = pairs
            .iter()
            .map(|(name, value)| {
                (
                    http::HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect();
        (ctx, headers)
    }

    fn may(access: &MetricsAccess, (ctx, headers): (Ctx, HeaderMap)) -> bool {
        access.authorize(&ctx, &headers).is_ok()
    }

    #[test]
    fn without_a_token_only_programs_of_this_machine_read() {
        let access = MetricsAccess::new(None, false);
        for host in ["localhost:3000", "127.0.0.1", "[::1]:3000", "LOCALHOST"] {
            let (mut ctx, mut headers) = asked("127.0.0.1", &[]);
            headers.insert(HOST, HeaderValue::from_static(host));
            assert!(may(&access, (ctx.clone(), headers.clone())), "{host}");
            ctx.ip_address = Some("::ffff:127.0.0.1".parse().unwrap());
            assert!(may(&access, (ctx, headers)), "{host}");
        }
        for (peer, headers) in [
            ("10.0.0.9", vec![("host", "localhost")]),
            ("127.0.0.1", vec![]),
            ("127.0.0.1", vec![("host", "evil.example:3000")]),
            ("127.0.0.1", vec![("host", "localhost.evil.example")]),
            (
                "127.0.0.1",
                vec![("host", "localhost"), ("x-forwarded-for", "10.0.0.9")],
            ),
            (
                "127.0.0.1",
                vec![("host", "localhost"), ("via", "1.1 proxy")],
            ),
        ] {
            assert!(!may(&access, asked(peer, &headers)), "{peer} {headers:?}");
        }
        let proxied = MetricsAccess::new(None, true);
        assert!(!may(&proxied, asked("127.0.0.1", &[("host", "localhost")])));
    }

    #[test]
    fn with_a_token_nobody_reads_without_it() {
        let access = MetricsAccess::new(Some(Secret::new("s3cret")), true);
        for (value, expected) in [
            ("Bearer s3cret", true),
            ("bearer s3cret", true),
            ("Bearer s3cre", false),
            ("Bearer ", false),
            ("Basic s3cret", false),
        ] {
            let asked = asked("10.0.0.9", &[("authorization", value)]);
            assert_eq!(may(&access, asked), expected, "{value}");
        }
        let access = MetricsAccess::new(Some(Secret::new("s3cret")), false);
        assert!(!may(&access, asked("127.0.0.1", &[("host", "localhost")])));
    }

    #[test]
    fn administrators_read_from_anywhere_and_others_do_not() {
        let access = MetricsAccess::new(Some(Secret::new("s3cret")), true);
        for (role, expected) in [
            (Role::Viewer, false),
            (Role::Editor, false),
            (Role::Admin, true),
        ] {
            let (mut ctx, headers) = asked("10.0.0.9", &[]);
            ctx.actor = Actor::User(CurrentUser {
                id: UserId(1),
                username: "somebody".to_owned(),
                email: "somebody@example.org".to_owned(),
                full_name: None,
                role,
            });
            assert_eq!(may(&access, (ctx, headers)), expected, "{role:?}");
        }
    }
}
