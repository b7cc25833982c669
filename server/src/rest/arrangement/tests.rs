//! Views as programs meet them, events included.

use crate::harness::{Answer, Server, with_server};
use crate::metrics::MetricsAccess;
use axum::body::{Body, BodyDataStream};
use contract::catalog::Catalog as _;
use contract::context::Ctx;
use futures_util::StreamExt as _;
use http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION};
use http::{Method, Request, StatusCode};
use model::account::Role;
use model::catalog::ImportRequest;
use serde_json::{Value, json};
use std::time::Duration;

async fn shop(server: &Server) -> String {
    let request = ImportRequest {
        name: "Shop".to_owned(),
        scripts: vec![
            "CREATE TABLE customers (id int PRIMARY KEY); CREATE TABLE orders (id int PRIMARY KEY);"
                .to_owned(),
        ],
        dialect: None,
    };
    let system = Ctx::system("test");
    let made = server.services.script_import(&system, request).await;
    made.unwrap().id.to_string()
}

async fn send(
    server: &Server,
    session: &str,
    method: Method,
    path: &str,
    body: Option<Value>,
) -> (Answer, Value) {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(HOST, "localhost:3000")
        .header(COOKIE, session)
        .header("sec-fetch-site", "same-origin");
    let body = match body {
        Some(body) => {
            request = request.header(CONTENT_TYPE, "application/json");
            Body::from(body.to_string())
        }
        None => Body::empty(),
    };
    let answer = server.send(request.body(body).unwrap(), "127.0.0.1:5000");
    let answer = answer.await;
    let value = serde_json::from_str(&answer.text).unwrap_or(Value::Null);
    (answer, value)
}

/// The next piece of the stream that is no comment; none at its end.
async fn event(events: &mut BodyDataStream) -> Option<String> {
    let next = async {
        loop {
            let piece = events.next().await?.unwrap();
            let text = String::from_utf8_lossy(&piece).into_owned();
            if text.contains("data:") {
                return Some(text);
            }
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(30), next).await;
    waited.expect("nothing was told")
}

#[tokio::test]
async fn a_view_is_made_arranged_and_gone_back() {
    with_server(MetricsAccess::new(None, false), async |server| {
        let session = server.session(Role::Editor).await;
        let views = format!("/api/databases/{}/views", shop(&server).await);
        let new = json!({ "name": "Billing", "folder": "a/b", "shared": true,
            "query": { "show": "orders" } });
        let (answer, made) = send(&server, &session, Method::POST, &views, Some(new.clone())).await;
        assert_eq!(answer.status, StatusCode::CREATED);
        let view = format!("{views}/{}", made["id"].as_str().unwrap());
        assert_eq!(answer.headers[LOCATION], view.as_str());
        assert_eq!(
            (&made["folder"], &made["query"]["show"]),
            (&json!("a / b"), &json!("orders"))
        );
        let (answer, problem) = send(&server, &session, Method::POST, &views, Some(new)).await;
        assert_eq!(answer.status, StatusCode::CONFLICT);
        assert_eq!(problem["field"], "name");

        let changes = format!("{view}/changes");
        let (_, news) = send(&server, &session, Method::GET, &changes, None).await;
        let table = news["changes"][0]["place"]["table"].clone();
        let moved = json!([{ "place": { "table": table, "at": { "x": 7.0, "y": 8.0 } } }]);
        let (answer, done) = send(
            &server,
            &session,
            Method::POST,
            &changes,
            Some(moved.clone()),
        )
        .await;
        assert_eq!(
            (answer.status, &done["revision"]),
            (StatusCode::OK, &json!(2))
        );
        let since = format!("{changes}?since=1");
        let (_, news) = send(&server, &session, Method::GET, &since, None).await;
        assert_eq!(
            news,
            json!({ "revision": 2, "changes": moved, "hasOtherQuery": false })
        );
        for wrong in [
            json!([{ "place": { "table": table, "at": { "x": 1e9, "y": 0.0 } } }]),
            json!([{ "teleport": {} }]),
            json!({}),
        ] {
            let (answer, _) = send(&server, &session, Method::POST, &changes, Some(wrong)).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        }

        let history = format!("{view}/history");
        let (_, states) = send(&server, &session, Method::GET, &history, None).await;
        assert_eq!(
            (&states[0]["number"], &states[0]["differences"]),
            (&json!(1), &json!(1))
        );
        let restore = format!("{history}/1/restore");
        let (_, done) = send(&server, &session, Method::POST, &restore, None).await;
        assert_eq!(done["revision"], 3);

        let private = json!({ "shared": false, "name": "Mine" });
        let (_, changed) = send(&server, &session, Method::PATCH, &view, Some(private)).await;
        assert_eq!(
            (&changed["shared"], &changed["name"]),
            (&json!(false), &json!("Mine"))
        );
        // To everybody else it is not there now.
        let admin = server.session(Role::Admin).await;
        let (answer, _) = send(&server, &admin, Method::GET, &view, None).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        let page = view.replace("/api", "");
        assert_eq!(
            server.ask(Method::GET, &page, Some(&admin)).await.status,
            StatusCode::NOT_FOUND
        );
        let shown = server.ask(Method::GET, &page, Some(&session)).await;
        assert_eq!(shown.status, StatusCode::OK);
        assert!(shown.text.contains("Mine") && shown.text.contains("1 thing is different"));
        let (answer, _) = send(&server, &session, Method::DELETE, &view, None).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
    })
    .await;
}

#[tokio::test]
async fn hidden_tables_are_listed_apart_and_come_back_by_a_form() {
    with_server(MetricsAccess::new(None, false), async |server| {
        let session = server.session(Role::Editor).await;
        let database = shop(&server).await;
        let views = format!("/api/databases/{database}/views");
        let new = json!({ "name": "Ours", "shared": true });
        let (_, made) = send(&server, &session, Method::POST, &views, Some(new)).await;
        let view = made["id"].as_str().unwrap();
        let changes = format!("{views}/{view}/changes");
        let (_, news) = send(&server, &session, Method::GET, &changes, None).await;
        let table = news["changes"][0]["place"]["table"].as_i64().unwrap();
        let hide = json!([{ "hide": { "table": table, "hidden": true } }]);
        send(&server, &session, Method::POST, &changes, Some(hide)).await;

        let page = format!("/databases/{database}/diagram?view={view}");
        let shown = server.ask(Method::GET, &page, Some(&session)).await.text;
        assert!(shown.contains("1 hidden table<"), "{shown}");
        assert!(shown.contains("aria-label=\"Show public.customers\""));
        assert!(shown.contains("Show hidden (1)"));
        let row = "title=\"public.customers\"";
        assert!(!shown.contains(row) && shown.contains("title=\"public.orders\""));
        // Who opens it by its name sees it all the same.
        let named = format!("{page}&table=public.customers");
        let named = server.ask(Method::GET, &named, Some(&session)).await.text;
        assert!(named.contains("This view hides the table."));
        assert!(named.contains("<title>public.customers ("));
        // Those who may not arrange see that it is hidden, and no button.
        let reader = server.session(Role::Viewer).await;
        let read = server.ask(Method::GET, &page, Some(&reader)).await.text;
        assert!(read.contains("1 hidden table<") && !read.contains("Show public.customers"));

        let form = format!("/rpc/databases/{database}/views/{view}/show");
        let post = async |session: &str, body: String| {
            let request = Request::builder()
                .method(Method::POST)
                .uri(&form)
                .header(HOST, "localhost:3000")
                .header(COOKIE, session)
                .header("sec-fetch-site", "same-origin")
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
            let request = request.body(Body::from(body)).unwrap();
            server.send(request, "127.0.0.1:5000").await.status
        };
        post(&reader, format!("tables={table}")).await;
        post(&session, "tables=1%2Cx".to_owned()).await;
        let shown = server.ask(Method::GET, &page, Some(&session)).await.text;
        assert!(
            shown.contains("1 hidden table<"),
            "refused, and nothing changed"
        );
        let status = post(&session, format!("tables={table}")).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        let shown = server.ask(Method::GET, &page, Some(&session)).await.text;
        assert!(!shown.contains("1 hidden table<") && shown.contains(row));
    })
    .await;
}

#[tokio::test]
async fn events_tell_revisions_until_one_signs_out() {
    with_server(MetricsAccess::new(None, false), async |server| {
        let (session, other) = (
            server.session(Role::Editor).await,
            server.session(Role::Admin).await,
        );
        let views = format!("/api/databases/{}/views", shop(&server).await);
        let new = json!({ "name": "Ours", "shared": true });
        let (_, made) = send(&server, &session, Method::POST, &views, Some(new)).await;
        let view = format!("{views}/{}", made["id"].as_str().unwrap());
        let (status, headers, body) = server.stream(&format!("{view}/events"), &session).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(headers[CONTENT_TYPE], "text/event-stream");
        let mut events = body.into_data_stream();
        assert_eq!(
            event(&mut events).await.unwrap(),
            "retry: 1000\n\ndata: 1\n\n"
        );
        let arrange = async |session: &str, x: f64| {
            let change = json!([{ "memo": { "id": "m", "memo": {
                "text": "x", "at": { "x": x, "y": 0.0 }, "width": 9.0, "height": 9.0 } } }]);
            let changes = format!("{view}/changes");
            let (_, done) = send(&server, session, Method::POST, &changes, Some(change)).await;
            done["revision"].as_u64().unwrap()
        };
        let revision = arrange(&other, 1.0).await;
        assert_eq!(
            event(&mut events).await.unwrap(),
            format!("data: {revision}\n\n")
        );
        let (answer, _) = send(&server, &session, Method::POST, "/rpc/logout", None).await;
        assert!(answer.status.is_redirection() || answer.status.is_success());
        arrange(&other, 2.0).await;
        assert_eq!(event(&mut events).await, None);
    })
    .await;
}
