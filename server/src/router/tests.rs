//! Who gets what at every address: a written matrix over all REST routes, forms, server functions
//! and pages. An address that is not in it fails the test.

mod embed;
mod questions;
mod site;
mod view;

use crate::{form, rest};
use Gets::{Absent, Denied, Login, Through};
use http::Method;
use questions::{KINDS, kind, questions};
use site::{WHO, with_site};
use std::collections::BTreeSet;

/// What somebody gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gets {
    /// Asked to sign in: 401, or led to the page for it.
    Login,
    /// Told that they may not: 403.
    Denied,
    /// Told that it is not there: 404.
    Absent,
    /// Let through; what then is wrong with what they sent is another matter.
    Through,
}

/// Nobody, a viewer without a right on the database, a viewer who may read it, an editor who may
/// edit it, an administrator.
type Expected = [Gets; 5];
const EVERYBODY: Expected = [Through; 5];
const SIGNED_IN: Expected = [Login, Through, Through, Through, Through];
const READ: Expected = [Login, Absent, Through, Through, Through];
/// Viewers are told by their role, whatever database they name.
const EDIT: Expected = [Login, Denied, Denied, Through, Through];
const OWN: Expected = [Login, Denied, Denied, Denied, Through];
const WRITE: Expected = EDIT;
const ADMINISTER: Expected = [Login, Denied, Denied, Denied, Through];
/// The same for something that is not there: those who may are told so.
const READ_ABSENT: Expected = [Login, Absent, Absent, Absent, Absent];
/// What is not there for anybody, signed in or not.
const NOWHERE: Expected = [Absent; 5];
const WRITE_ABSENT: Expected = [Login, Denied, Denied, Absent, Absent];
const ADMINISTER_ABSENT: Expected = [Login, Denied, Denied, Denied, Absent];

/// Method, path, what is sent, who gets what. `{id}` is a database that the first viewer may not
/// see; what is sent gets past the reading and, where it could do harm, no further than a check.
const REST: &[(Method, &str, &str, Expected)] = &[
    (Method::GET, "/api/openapi.json", "", EVERYBODY),
    (Method::GET, "/api/databases", "", SIGNED_IN),
    (
        Method::POST,
        "/api/databases",
        r#"{"provider":"oracle"}"#,
        WRITE,
    ),
    (Method::POST, "/api/databases/upload", "multipart", WRITE),
    (
        Method::POST,
        "/api/databases/from-text",
        r#"{"name":"","sql_content":""}"#,
        WRITE,
    ),
    (
        Method::POST,
        "/api/databases/test-connection",
        r#"{"provider":"oracle"}"#,
        WRITE,
    ),
    (Method::GET, "/api/databases/{id}", "", READ),
    (Method::DELETE, "/api/databases/{id}", "", EDIT),
    (Method::GET, "/api/databases/{id}/schema", "", READ),
    (Method::POST, "/api/databases/{id}/refresh", "", EDIT),
    (
        Method::POST,
        "/api/databases/{id}/upload",
        "multipart",
        EDIT,
    ),
    (
        Method::POST,
        "/api/databases/{id}/from-text",
        r#"{"sql_content":""}"#,
        EDIT,
    ),
    // Nobody has looked at its values, which is all that those who may read are told.
    (
        Method::GET,
        "/api/databases/{id}/tables/{table}/profile",
        "",
        [Login, Absent, Absent, Absent, Absent],
    ),
    // There is no live database behind it, which is told after the right was asked for.
    (
        Method::POST,
        "/api/databases/{id}/tables/{table}/profile",
        "",
        EDIT,
    ),
    (Method::POST, "/api/databases/refresh", "", WRITE),
    (Method::GET, "/api/databases/{id}/schedule", "", READ),
    (
        Method::PUT,
        "/api/databases/{id}/schedule",
        r#"{"cron":"0 3 * * *"}"#,
        EDIT,
    ),
    (Method::DELETE, "/api/databases/{id}/schedule", "", EDIT),
    (Method::GET, "/api/jobs", "", SIGNED_IN),
    (Method::GET, "/api/jobs/{id}", "", READ_ABSENT),
    (Method::DELETE, "/api/jobs/{id}", "", WRITE_ABSENT),
    (Method::GET, "/api/databases/{id}/changes", "", READ),
    (Method::GET, "/api/databases/{id}/relations", "", READ),
    // Nothing is checked, which is told after the right was asked for.
    (
        Method::POST,
        "/api/databases/{id}/relations",
        r#"{"keys":[],"state":"accepted"}"#,
        EDIT,
    ),
    (
        Method::DELETE,
        "/api/databases/{id}/relations/{n}",
        "",
        WRITE_ABSENT,
    ),
    (Method::GET, "/api/databases/{id}/export", "", READ),
    (Method::GET, "/api/databases/{id}/views", "", READ),
    // Refused for its empty name.
    (
        Method::POST,
        "/api/databases/{id}/views",
        r#"{"name":""}"#,
        READ,
    ),
    (
        Method::GET,
        "/api/databases/{id}/views/{view}",
        "",
        READ_ABSENT,
    ),
    (
        Method::PATCH,
        "/api/databases/{id}/views/{view}",
        "{}",
        READ_ABSENT,
    ),
    (
        Method::DELETE,
        "/api/databases/{id}/views/{view}",
        "",
        READ_ABSENT,
    ),
    (
        Method::POST,
        "/api/databases/{id}/views/{view}/duplicate",
        "",
        READ_ABSENT,
    ),
    (
        Method::POST,
        "/api/databases/{id}/views/{view}/embed",
        "{}",
        WRITE_ABSENT,
    ),
    (
        Method::PATCH,
        "/api/databases/{id}/views/{view}/embed",
        r#"{"sites":[]}"#,
        WRITE_ABSENT,
    ),
    (
        Method::DELETE,
        "/api/databases/{id}/views/{view}/embed",
        "",
        WRITE_ABSENT,
    ),
    (
        Method::PUT,
        "/api/databases/{id}/default-view",
        r#"{"view":"vw_0000000000"}"#,
        [Login, Denied, Denied, Absent, Absent],
    ),
    (Method::DELETE, "/api/databases/{id}/default-view", "", EDIT),
    (
        Method::POST,
        "/api/databases/{id}/views/{view}/changes",
        "[]",
        READ_ABSENT,
    ),
    (
        Method::GET,
        "/api/databases/{id}/views/{view}/changes",
        "",
        READ_ABSENT,
    ),
    (
        Method::GET,
        "/api/databases/{id}/views/{view}/events",
        "",
        READ_ABSENT,
    ),
    (
        Method::GET,
        "/api/databases/{id}/views/{view}/history",
        "",
        READ_ABSENT,
    ),
    (
        Method::POST,
        "/api/databases/{id}/views/{view}/history/{number}/restore",
        "",
        READ_ABSENT,
    ),
    (Method::GET, "/api/tables", "", SIGNED_IN),
    (
        Method::POST,
        "/api/tables",
        r#"{"tableName":"","tableType":"csv"}"#,
        WRITE,
    ),
    (Method::GET, "/api/tables/{id}", "", READ_ABSENT),
    (Method::PATCH, "/api/tables/{id}", "{}", WRITE_ABSENT),
    (Method::DELETE, "/api/tables/{id}", "", WRITE_ABSENT),
    (
        Method::POST,
        "/api/columns",
        r#"{"tableId":0,"columnName":"a","dataType":"b"}"#,
        WRITE_ABSENT,
    ),
    (Method::GET, "/api/columns/{id}", "", READ_ABSENT),
    (Method::PATCH, "/api/columns/{id}", "{}", WRITE_ABSENT),
    (Method::GET, "/api/databases/{id}/diagram.svg", "", READ),
    (Method::GET, "/api/databases/{id}/diagram.png", "", READ),
    (Method::GET, "/api/databases/{id}/diagram.pdf", "", READ),
    (Method::GET, "/api/databases/{id}/diagram.json", "", READ),
    (Method::GET, "/api/databases/{id}/diagram.mmd", "", READ),
    (Method::GET, "/api/databases/{id}/diagram.dbml", "", READ),
    (Method::GET, "/api/databases/{id}/diagram.sql", "", READ),
    (Method::GET, "/api/databases/{id}/diagram.md", "", READ),
    (Method::DELETE, "/api/columns/{id}", "", WRITE_ABSENT),
    (Method::GET, "/api/search", "", SIGNED_IN),
];

/// Path, what is sent, who gets what.
const FORMS: &[(&str, &str, Expected)] = &[
    ("/rpc/login", "email=x&password=x", EVERYBODY),
    ("/rpc/logout", "", EVERYBODY),
    ("/rpc/logout-everywhere", "", SIGNED_IN),
    ("/rpc/setup", "", EVERYBODY),
    ("/rpc/password", "current=x&new=y&repeat=y", SIGNED_IN),
    ("/rpc/sample", "", WRITE),
    ("/rpc/databases/{id}/delete", "", EDIT),
    (
        "/rpc/columns/{id}/meaning",
        "meaning=email&verdict=accept",
        WRITE_ABSENT,
    ),
    ("/databases/{id}/edit", "tags=", EDIT),
    ("/databases/{id}/tables/{table}/edit", "tags=", EDIT),
    ("/rpc/connect", "multipart", WRITE),
    ("/rpc/databases/{id}/refresh", "", EDIT),
    ("/rpc/databases/{id}/schedule", "preset=daily", EDIT),
    ("/rpc/refresh", "", WRITE),
    ("/rpc/jobs/{id}/cancel", "", WRITE_ABSENT),
    ("/rpc/databases/{id}/rename", "old=a&new=b", EDIT),
    ("/rpc/databases/{id}/import", "multipart", EDIT),
    ("/rpc/databases/{id}/tables/{table}/profile", "", EDIT),
    ("/rpc/databases/{id}/relations", "verdict=accept", EDIT),
    (
        "/rpc/databases/{id}/relations/add",
        "from=a&from_1=b&to=c&to_1=d",
        EDIT,
    ),
    (
        "/rpc/databases/{id}/relations/{n}/withdraw",
        "",
        WRITE_ABSENT,
    ),
    ("/rpc/databases/{id}/access", "access=read", OWN),
    (
        "/rpc/databases/{id}/grant",
        "grantee=person:0&access=read",
        OWN,
    ),
    ("/rpc/databases/{id}/owner", "owner=0", OWN),
    ("/rpc/databases/{id}/views", "name=", READ),
    (
        "/rpc/databases/{id}/views/{view}/change",
        "name=a",
        READ_ABSENT,
    ),
    (
        "/rpc/databases/{id}/views/{view}/duplicate",
        "",
        READ_ABSENT,
    ),
    ("/rpc/databases/{id}/views/{view}/delete", "", READ_ABSENT),
    (
        "/rpc/databases/{id}/views/{view}/restore",
        "number=1",
        READ_ABSENT,
    ),
    (
        "/rpc/databases/{id}/views/{view}/dismiss",
        "table=0",
        READ_ABSENT,
    ),
    // The answer is the view's page, which is not there.
    ("/databases/{id}/views/{view}", "embed=revoke", READ_ABSENT),
    (
        "/rpc/databases/{id}/views/{view}/show",
        "tables=0",
        READ_ABSENT,
    ),
    ("/rpc/databases/{id}/default-view", "view=", EDIT),
    ("/rpc/groups", "name=", ADMINISTER),
    ("/rpc/groups/{id}/delete", "", ADMINISTER_ABSENT),
    ("/rpc/groups/{id}/member", "person=0", ADMINISTER_ABSENT),
    ("/rpc/import", "multipart", WRITE),
    // Refused for its empty name.
    ("/datasets/new", "tableType=csv&tableName=", WRITE),
    ("/datasets/{id}/edit", "tags=", WRITE_ABSENT),
    (
        "/rpc/datasets/{id}/columns",
        "columnName=a&dataType=b",
        WRITE_ABSENT,
    ),
    ("/rpc/datasets/{id}/delete", "", WRITE_ABSENT),
    ("/rpc/columns/{id}/delete", "", WRITE_ABSENT),
];

/// Path and who gets what. Pages that anybody may open but that offer nothing to some say so.
const PAGES: &[(&str, Expected)] = &[
    ("/", SIGNED_IN),
    ("/login", EVERYBODY),
    // Led to `/login`, as there is somebody already.
    ("/setup", SIGNED_IN),
    ("/databases", SIGNED_IN),
    ("/databases/new", WRITE),
    ("/databases/connect", WRITE),
    ("/databases/:id", READ),
    ("/databases/:id/edit", EDIT),
    ("/databases/:id/findings", READ),
    ("/databases/:id/relations", READ),
    ("/databases/:id/access", OWN),
    ("/databases/:id/changes", READ),
    ("/databases/:id/tables/:table", READ),
    ("/databases/:id/tables/:table/edit", EDIT),
    ("/databases/:id/diagram", READ),
    ("/databases/:id/views/:view", READ_ABSENT),
    ("/embed/:id/diagram", READ),
    ("/embed/v/:token", NOWHERE),
    ("/datasets", SIGNED_IN),
    ("/datasets/new", WRITE),
    ("/datasets/:id", READ_ABSENT),
    ("/datasets/:id/edit", WRITE_ABSENT),
    ("/admin/groups", ADMINISTER),
    ("/jobs", SIGNED_IN),
    ("/search", SIGNED_IN),
    ("/me", SIGNED_IN),
];

fn differing(
    known: impl IntoIterator<Item = String>,
    there: impl IntoIterator<Item = String>,
) -> Vec<String> {
    let known: BTreeSet<String> = known.into_iter().collect();
    let there: BTreeSet<String> = there.into_iter().collect();
    known.symmetric_difference(&there).cloned().collect()
}

#[tokio::test]
async fn every_address_is_in_the_matrix() {
    let line = |method: &Method, path: &str| format!("{method} {path}");
    let known = REST.iter().map(|(method, path, ..)| line(method, path));
    let there = rest::routes()
        .into_iter()
        .map(|(method, path)| line(&method, &path))
        .collect::<Vec<_>>();
    assert_eq!(differing(known, there), Vec::<String>::new());
    let known = FORMS.iter().map(|(path, ..)| (*path).to_owned());
    let there = form::table().into_iter().map(|(path, _)| path.to_owned());
    assert_eq!(differing(known, there), Vec::<String>::new());
    let known = PAGES.iter().map(|(path, _)| (*path).to_owned());
    let there = super::PAGES
        .iter()
        .map(|route| route.path().replace('{', ":").replace('}', ""));
    assert_eq!(differing(known, there), Vec::<String>::new());
    let kinds: BTreeSet<usize> = questions("db_0123456789")
        .iter()
        .map(|(question, _)| kind(question))
        .collect();
    assert_eq!(kinds, (0..KINDS).collect());
}

#[tokio::test]
async fn programs_get_what_they_may() {
    with_site(async |site| {
        for (method, path, body, expected) in REST {
            site.check(method, path, body, *expected).await;
        }
    })
    .await;
}

#[tokio::test]
async fn forms_do_what_one_may() {
    with_site(async |site| {
        for (path, body, expected) in FORMS {
            // These end the sessions that the others need.
            if path.starts_with("/rpc/logout") || *path == "/rpc/password" {
                let (gets, told) = site.ask(0, &Method::POST, path, body).await;
                assert_eq!(gets, expected[0], "{path} by nobody: {told}");
                continue;
            }
            site.check(&Method::POST, path, body, *expected).await;
        }
    })
    .await;
}

#[tokio::test]
async fn pages_show_what_one_may_see() {
    with_site(async |site| {
        for (path, expected) in PAGES {
            site.check(&Method::GET, path, "", *expected).await;
        }
        let id = site.database().await;
        for (question, expected) in questions(id.as_str()) {
            let body = serde_json::json!({ "question": question }).to_string();
            for (who, expected) in expected.into_iter().enumerate() {
                let (gets, told) = site.ask(who, &Method::POST, "/rpc/page", &body).await;
                assert_eq!(gets, expected, "{question:?} by {}: {told}", WHO[who]);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn other_sites_may_show_an_embedded_diagram_and_nothing_else() {
    with_site(async |site| {
        let id = site.database().await;
        for (path, framed) in [
            (format!("/embed/{id}/diagram"), true),
            (format!("/embed/{id}/diagram?show=customers"), true),
            (format!("/databases/{id}/diagram"), false),
            (format!("/embed/{id}/diagram/more"), false),
            (format!("/api/databases/{id}/diagram.svg"), false),
            ("/me".to_owned(), false),
        ] {
            let session = site.sessions[4].as_deref();
            let answer = site.server.ask(Method::GET, &path, session).await;
            let header = |name: &str| {
                let value = answer.headers.get(name).and_then(|it| it.to_str().ok());
                value.unwrap_or_default().to_owned()
            };
            let policy = header("content-security-policy");
            assert_eq!(
                policy.contains("frame-ancestors *"),
                framed,
                "{path}: {policy}"
            );
            assert_eq!(
                policy.contains("frame-ancestors 'none'"),
                !framed,
                "{path}: {policy}"
            );
            assert_eq!(header("x-frame-options") == "DENY", !framed, "{path}");
        }
    })
    .await;
}
