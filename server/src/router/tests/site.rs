//! The server with people of every right, and what each of them gets.

use super::{Expected, Gets};
use crate::harness::{Server, with_server};
use crate::metrics::MetricsAccess;
use Gets::{Absent, Denied, Login, Through};
use axum::body::Body;
use axum::extract::Request;
use contract::access::Access as _;
use contract::catalog::Catalog as _;
use contract::context::Ctx;
use http::header::{ACCEPT, CONTENT_TYPE, COOKIE, LOCATION};
use http::{Method, StatusCode};
use model::access::{DatabaseAccess, Grantee};
use model::account::Role;
use model::catalog::ImportRequest;
use model::id::DatabaseId;

/// The server as it runs, with people of every right.
pub(super) struct Site {
    pub(super) server: Server,
    pub(super) admin: Ctx,
    /// Headers of the sessions, in the order of [`Expected`]; nobody has none.
    pub(super) sessions: [Option<String>; 5],
    /// The viewer and the editor who are given a right.
    named: [Grantee; 2],
}

impl Site {
    pub(super) async fn open(server: Server) -> Self {
        let admin = Ctx::system("test");
        let mut sessions = vec![None];
        let mut people = Vec::new();
        for (name, role) in [
            ("without", Role::Viewer),
            ("reads", Role::Viewer),
            ("edits", Role::Editor),
        ] {
            people.push(server.person(name, role).await);
            sessions.push(Some(server.session_of(name).await));
        }
        sessions.push(Some(server.session(Role::Admin).await));
        Self {
            server,
            admin,
            sessions: sessions.try_into().unwrap(),
            named: [Grantee::Person(people[1]), Grantee::Person(people[2])],
        }
    }

    /// A database that the viewer may read, the editor may edit, and the other does not see.
    pub(super) async fn database(&self) -> DatabaseId {
        let request = ImportRequest {
            name: format!("Shop {}", rand::random::<u64>()),
            scripts: vec!["CREATE TABLE customers (id int PRIMARY KEY);".to_owned()],
            dialect: None,
        };
        let made = self
            .server
            .services
            .script_import(&self.admin, request)
            .await;
        let id = made.unwrap().id;
        let (services, admin) = (&self.server.services, &self.admin);
        services
            .access_set(admin, &id, DatabaseAccess::None)
            .await
            .unwrap();
        for (grantee, access) in self
            .named
            .into_iter()
            .zip([DatabaseAccess::Read, DatabaseAccess::Edit])
        {
            let given = services.grant_set(admin, &id, grantee, access).await;
            given.unwrap();
        }
        id
    }

    pub(super) async fn is_there(&self, id: &DatabaseId) -> bool {
        self.server
            .services
            .database_fetch(&self.admin, id)
            .await
            .is_ok()
    }

    /// What somebody gets, by their place in [`Expected`].
    pub(super) async fn ask(
        &self,
        who: usize,
        method: &Method,
        path: &str,
        body: &str,
    ) -> (Gets, String) {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("sec-fetch-site", "same-origin");
        if path.starts_with("/rpc/") || path.starts_with("/api/") {
            request = request.header(ACCEPT, "application/json");
        }
        if let Some(session) = &self.sessions[who] {
            request = request.header(COOKIE, session);
        }
        let (kind, body) = match body {
            "multipart" => (
                "multipart/form-data; boundary=x",
                "--x\r\ncontent-disposition: form-data; name=\"name\"\r\n\r\na\r\n--x--\r\n"
                    .to_owned(),
            ),
            json if json.starts_with(['{', '[', '"']) => ("application/json", json.to_owned()),
            form => ("application/x-www-form-urlencoded", form.to_owned()),
        };
        if *method != Method::GET {
            request = request.header(CONTENT_TYPE, kind);
        }
        let request = request.body(Body::from(body)).unwrap();
        let answer = self.server.send(request, "127.0.0.1:5000").await;
        let status = answer.status;
        let text: String = answer.text.chars().take(300).collect();
        let to_login = answer
            .headers
            .get(LOCATION)
            .and_then(|to| to.to_str().ok())
            .is_some_and(|to| to.starts_with("/login"));
        let gets = match status {
            StatusCode::UNAUTHORIZED => Login,
            _ if to_login && !path.starts_with("/rpc/") => Login,
            StatusCode::FORBIDDEN => Denied,
            StatusCode::NOT_FOUND => Absent,
            status => {
                assert_ne!(
                    status,
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "{method} {path}: {text}"
                );
                Through
            }
        };
        (gets, format!("{status} {text}"))
    }

    /// Asks for everybody, each time of a database that is there.
    pub(super) async fn check(&self, method: &Method, path: &str, body: &str, expected: Expected) {
        let mut id = self.database().await;
        for (who, expected) in expected.into_iter().enumerate() {
            if !self.is_there(&id).await {
                id = self.database().await;
            }
            let path = filled(path, &id);
            let (gets, told) = self.ask(who, method, &path, body).await;
            assert_eq!(gets, expected, "{method} {path} by {}: {told}", WHO[who]);
        }
    }
}

pub(super) const WHO: [&str; 5] = [
    "nobody",
    "a viewer without right",
    "a viewer",
    "an editor",
    "an administrator",
];

/// The path with its parts filled in; what belongs to no database is nothing that is there.
pub(super) fn filled(path: &str, id: &DatabaseId) -> String {
    let path = path
        .replace("{table}", "public.customers")
        .replace("{n}", "0")
        .replace(":table", "public.customers");
    let path = path
        .replace("{view}", "vw_0000000000")
        .replace(":view", "vw_0000000000")
        .replace(":token", &"A".repeat(43))
        .replace("{number}", "1");
    let id = if path.contains("/databases/") || path.starts_with("/embed/") {
        id.as_str()
    } else {
        "0"
    };
    let path = path.replace("{id}", id).replace(":id", id);
    assert!(
        !path.contains(['{', ':']),
        "nobody says what stands in {path}"
    );
    path
}

/// Runs a test with people of every right.
pub(super) async fn with_site<T, W>(test: T)
where
    T: FnOnce(Site) -> W + Send + 'static,
    W: Future<Output = ()> + Send + 'static,
{
    with_server(MetricsAccess::new(None, false), async move |server| {
        test(Site::open(server).await).await;
    })
    .await;
}
