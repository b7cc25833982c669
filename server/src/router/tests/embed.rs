//! What an embedded view answers, to whom, and who may frame it.

use super::site::{Site, with_site};
use crate::harness::Answer;
use axum::body::Body;
use axum::extract::Request;
use contract::embed::Embeds as _;
use contract::view::Views as _;
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use http::{Method, StatusCode};
use model::diagram::DiagramQuery;
use model::embed::EmbedToken;
use model::id::{DatabaseId, ViewId};
use model::saved_view::NewView;

impl Site {
    /// A shared view of a database's only table.
    async fn view(&self, id: &DatabaseId) -> ViewId {
        let new = NewView {
            name: Some("Billing".to_owned()),
            is_shared: true,
            ..NewView::default()
        };
        // Views are somebody's.
        let admin = self.server.account("admin").await;
        let made = self.server.services.view_create(&admin, id, new).await;
        made.unwrap().summary.id
    }

    async fn address(&self, id: &DatabaseId, view: &ViewId, sites: &[&str]) -> EmbedToken {
        let sites: Vec<String> = sites.iter().map(|site| (*site).to_owned()).collect();
        let services = &self.server.services;
        let made = services.embed_allow(&self.admin, id, view, Some(&sites));
        made.await.unwrap().token
    }

    async fn get(&self, path: &str, who: usize) -> Answer {
        let session = self.sessions[who].as_deref();
        self.server.ask(Method::GET, path, session).await
    }

    /// Posts a form as a browser does that runs no scripts.
    async fn post(&self, path: &str, form: &str, who: usize) -> Answer {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header("host", "crowfoot.example:3000")
            .header("sec-fetch-site", "same-origin")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(COOKIE, self.sessions[who].as_deref().unwrap_or_default())
            .body(Body::from(form.to_owned()))
            .unwrap();
        self.server.send(request, "127.0.0.1:5000").await
    }
}

fn header(answer: &Answer, name: &str) -> String {
    let value = answer.headers.get(name).and_then(|it| it.to_str().ok());
    value.unwrap_or_default().to_owned()
}

/// What the policy says of frames.
fn ancestors(answer: &Answer) -> String {
    let policy = header(answer, CONTENT_SECURITY_POLICY.as_str());
    let mut parts = policy.split("; ");
    let part = parts.find_map(|part| part.strip_prefix("frame-ancestors "));
    part.unwrap_or("not said").to_owned()
}

#[tokio::test]
async fn an_embedded_view_is_the_same_for_everybody() {
    with_site(async |site| {
        let id = site.database().await;
        let view = site.view(&id).await;
        let path = site.address(&id, &view, &[]).await.address();
        for who in 0..5 {
            for path in [
                path.clone(),
                // What would show more is not heard.
                format!(
                    "{path}?show=*&view=none&path=a,b&overlay=findings&relations=all&level=all"
                ),
            ] {
                let answer = site.get(&path, who).await;
                assert_eq!(answer.status, StatusCode::OK, "{path} by {who}");
                assert!(answer.text.contains("<svg") && answer.text.contains("Billing"));
                assert!(answer.headers.get(SET_COOKIE).is_none());
                for private in ["@example.org", id.as_str(), view.as_str(), "/databases/"] {
                    assert!(!answer.text.contains(private), "{private} by {who}: {path}");
                }
                assert_eq!(header(&answer, "referrer-policy"), "no-referrer");
            }
        }
        let dark = site.get(&format!("{path}?theme=dark"), 0).await;
        assert!(dark.text.contains("data-theme=\"dark\""));
        let neither = site.get(&format!("{path}?theme=%22x"), 0).await;
        assert!(!neither.text.contains("data-theme"));
    })
    .await;
}

#[tokio::test]
async fn the_sites_that_were_named_may_frame_a_view_and_no_others() {
    with_site(async |site| {
        let id = site.database().await;
        let view = site.view(&id).await;
        let named = ["https://wiki.example.com", "https://*.example.org:8443"];
        let path = site.address(&id, &view, &named).await.address();
        let answer = site.get(&path, 0).await;
        assert_eq!(ancestors(&answer), named.join(" "));
        assert_eq!(header(&answer, "x-frame-options"), "");
        // The sites of one view say nothing of any other page.
        for other in [
            format!("{path}/more"),
            format!("/databases/{id}/views/{view}"),
            DiagramQuery::of_view(&view).address(&id),
            "/me".to_owned(),
            "/login".to_owned(),
        ] {
            for who in [0, 4] {
                let answer = site.get(&other, who).await;
                if answer.headers.get(LOCATION).is_none() {
                    assert_eq!(ancestors(&answer), "'none'", "{other} by {who}");
                }
                assert_eq!(header(&answer, "x-frame-options"), "DENY", "{other}");
            }
        }
        // Written otherwise it may be the same address, and then no site was asked for.
        let letter = path
            .rsplit('/')
            .next()
            .and_then(|token| token.chars().next());
        let letter = letter.unwrap();
        let otherwise = path.replacen(
            &format!("/v/{letter}"),
            &format!("/v/%{:02x}", u32::from(letter)),
            1,
        );
        assert_ne!(otherwise, path);
        assert_eq!(ancestors(&site.get(&otherwise, 0).await), "'none'");
        let anywhere = site.address(&id, &view, &[]).await.address();
        assert_eq!(ancestors(&site.get(&anywhere, 0).await), "*");
        // Who has an address that ended is told so in the frame.
        let ended = site.get(&path, 0).await;
        assert_eq!(ended.status, StatusCode::NOT_FOUND);
        assert_eq!(ancestors(&ended), "*");
        let unknown = site
            .get(&EmbedToken::new("A".repeat(43)).address(), 0)
            .await;
        assert_eq!(unknown.status, StatusCode::NOT_FOUND);
        assert!(!unknown.text.contains("/login") && !unknown.text.contains("href=\"/databases\""));
        site.server
            .services
            .embed_revoke(&site.admin, &id, &view)
            .await
            .unwrap();
        let revoked = site.get(&anywhere, 4).await;
        assert_eq!(revoked.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_view_is_a_picture_for_everybody_who_has_its_address() {
    with_site(async |site| {
        let id = site.database().await;
        let view = site.view(&id).await;
        let token = site.address(&id, &view, &[]).await;
        let path = format!("{}/diagram.svg", token.address());
        for who in [0, 1, 4] {
            let picture = site.get(&path, who).await;
            assert_eq!(picture.status, StatusCode::OK);
            assert_eq!(header(&picture, "content-type"), "image/svg+xml");
            assert!(picture.text.contains("<svg") && picture.text.contains("customers"));
            // Another site shows it as a picture, and not as a page.
            let resource = header(&picture, "cross-origin-resource-policy");
            assert_eq!(resource, "cross-origin");
            assert_eq!(ancestors(&picture), "'none'");
        }
        let names = site.get(&format!("{path}?level=names&theme=dark"), 0).await;
        assert_ne!(names.text, site.get(&path, 0).await.text);
        let revoked = site.server.services.embed_revoke(&site.admin, &id, &view);
        revoked.await.unwrap();
        assert_eq!(site.get(&path, 0).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_form_makes_an_address_and_tells_it_once() {
    with_site(async |site| {
        let id = site.database().await;
        let view = site.view(&id).await;
        let page = format!("/databases/{id}/views/{view}");
        let editor = 3;
        // What was entered is kept beside what is wrong with it.
        let wrong = site
            .post(&page, "embed=allow&sites=wiki.example", editor)
            .await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text.contains("value=\"wiki.example\"") && wrong.text.contains("is no site"));
        assert!(!wrong.text.contains("/embed/v/"));
        let made = site
            .post(
                &page,
                "embed=allow&sites=https%3A%2F%2Fwiki.example",
                editor,
            )
            .await;
        assert_eq!(made.status, StatusCode::OK);
        assert_eq!(made.headers.get(SET_COOKIE), None);
        let begin = "http://crowfoot.example:3000/embed/v/";
        let at = made.text.find(begin).expect("the address") + begin.len();
        let token: String = made.text[at..].chars().take(43).collect();
        assert!(EmbedToken::new(&token).is_whole());
        assert!(made.text.contains("&lt;iframe"), "the frame to paste");
        assert_eq!(site.get(&format!("/embed/v/{token}"), 0).await.status, 200);
        // Nobody sees it again.
        let again = site.get(&page, editor).await;
        assert!(!again.text.contains(&token) && again.text.contains("https://wiki.example"));
        let reader = site.get(&page, 2).await;
        assert!(!reader.text.contains("https://wiki.example"));
        let refused = site.post(&page, "embed=allow&sites=", 2).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let opened = site.post(&page, "embed=restrict&sites=", editor).await;
        assert_eq!(opened.status, StatusCode::SEE_OTHER);
        let embedded = site.get(&format!("/embed/v/{token}"), 0).await;
        assert_eq!(ancestors(&embedded), "*");
        site.post(&page, "embed=revoke", editor).await;
        assert_eq!(site.get(&format!("/embed/v/{token}"), 0).await.status, 404);
        let nothing = site.post(&page, "embed=", editor).await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}

#[tokio::test]
async fn programs_make_and_take_back_an_address() {
    with_site(async |site| {
        let id = site.database().await;
        let view = site.view(&id).await;
        let path = format!("/api/databases/{id}/views/{view}/embed");
        let ask = async |method: Method, body: &str| {
            let mut request = Request::builder()
                .method(method)
                .uri(&path)
                .header("host", "crowfoot.example")
                .header(COOKIE, site.sessions[3].as_deref().unwrap_or_default());
            if !body.is_empty() {
                request = request.header(CONTENT_TYPE, "application/json");
            }
            let request = request.body(Body::from(body.to_owned())).unwrap();
            let answer = site.server.send(request, "127.0.0.1:5000").await;
            let json: serde_json::Value = serde_json::from_str(&answer.text).unwrap_or_default();
            (answer.status, json)
        };
        let (status, _) = ask(Method::PATCH, r#"{"sites":[]}"#).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        let (status, made) = ask(Method::POST, r#"{"sites":["https://a.example"]}"#).await;
        assert_eq!(status, StatusCode::CREATED);
        let address = made["address"].as_str().unwrap();
        let shown = address.strip_prefix("http://crowfoot.example").unwrap();
        assert_eq!(site.get(shown, 0).await.status, 200);
        // Sites are never forgotten by leaving them out.
        let (_, renewed) = ask(Method::POST, "").await;
        assert_eq!(renewed["sites"], serde_json::json!(["https://a.example"]));
        assert_ne!(renewed["address"], made["address"]);
        assert_eq!(site.get(shown, 0).await.status, 404);
        let (status, _) = ask(Method::PATCH, "{}").await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        let (_, kept) = ask(Method::PATCH, r#"{"sites":["https://b.example/"]}"#).await;
        assert_eq!(kept["sites"], serde_json::json!(["https://b.example"]));
        assert_eq!(ask(Method::DELETE, "").await.0, StatusCode::NO_CONTENT);
        assert_eq!(ask(Method::DELETE, "").await.0, StatusCode::NOT_FOUND);
    })
    .await;
}
