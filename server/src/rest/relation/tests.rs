//! Relations over the whole server: programs, and people without scripts.

use crate::harness::{Answer, Server, with_server};
use crate::metrics::MetricsAccess;
use axum::body::Body;
use contract::catalog::Catalog as _;
use contract::context::Ctx;
use http::header::{ACCEPT, CONTENT_TYPE, COOKIE, LOCATION};
use http::{Method, Request, StatusCode};
use model::account::Role;
use model::catalog::ImportRequest;
use serde_json::{Value, json};

const SHOP: &str = "
    CREATE TABLE customers (id bigint PRIMARY KEY, email text);
    CREATE TABLE products (id bigint PRIMARY KEY);
    CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint, product_id bigint, buyer text);
";

struct Shop {
    server: Server,
    session: String,
    id: String,
}

async fn with_shop<T, W>(test: T)
where
    T: FnOnce(Shop) -> W + Send + 'static,
    W: Future<Output = ()> + Send + 'static,
{
    with_server(
        MetricsAccess::new(None, false),
        async move |server: Server| {
            let request = ImportRequest {
                name: "Shop".to_owned(),
                scripts: vec![SHOP.to_owned()],
                dialect: None,
            };
            let system = Ctx::system("test");
            let made = server
                .services
                .script_import(&system, request)
                .await
                .unwrap();
            let session = server.session(Role::Editor).await;
            let id = made.id.to_string();
            test(Shop {
                server,
                session,
                id,
            })
            .await;
        },
    )
    .await;
}

impl Shop {
    async fn send(&self, method: Method, path: &str, kind: &str, body: String) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base(path)))
            .header("sec-fetch-site", "same-origin")
            .header(COOKIE, &self.session)
            .header(CONTENT_TYPE, kind);
        let request = if kind == "application/json" {
            request.header(ACCEPT, "application/json")
        } else {
            request
        };
        let request = request.body(Body::from(body)).unwrap();
        self.server.send(request, "127.0.0.1:5000").await
    }

    fn base(&self, path: &str) -> String {
        match path.starts_with('/') {
            true => String::new(),
            false => format!("/api/databases/{}/", self.id),
        }
    }

    async fn api(&self, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
        let answer = self
            .send(method, path, "application/json", body.to_string())
            .await;
        let value = serde_json::from_str(&answer.text).unwrap_or(Value::Null);
        (answer.status, value)
    }

    async fn list(&self, search: &str) -> Vec<Value> {
        let path = format!("relations{search}");
        let (status, body) = self.api(Method::GET, &path, Value::Null).await;
        assert_eq!(status, StatusCode::OK, "{body}");
        body["relations"].as_array().unwrap().clone()
    }

    /// A page as it is before any script.
    async fn page(&self, path: &str) -> String {
        let address = format!("/databases/{}{path}", self.id);
        let answer = self
            .server
            .ask(Method::GET, &address, Some(&self.session))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        answer.text
    }

    async fn form(&self, path: &str, body: &str) -> (StatusCode, String) {
        let path = format!("/rpc/databases/{}/relations{path}", self.id);
        let kind = "application/x-www-form-urlencoded";
        let answer = self.send(Method::POST, &path, kind, body.to_owned()).await;
        let to = answer.headers.get(LOCATION).and_then(|to| to.to_str().ok());
        (answer.status, to.unwrap_or_default().to_owned())
    }
}

fn count(text: &str, word: &str) -> usize {
    text.matches(word).count()
}

#[tokio::test]
async fn programs_list_decide_add_and_withdraw() {
    with_shop(async |shop| {
        let proposed = shop.list("?state=proposed").await;
        assert_eq!(proposed.len(), 2);
        let of = |column: &str| {
            let found = proposed
                .iter()
                .find(|it| it["from"]["columns"] == json!([column]));
            found.unwrap().clone()
        };
        let customer = of("customer_id");
        assert_eq!(customer["to"][0]["tableName"], "customers");
        assert_eq!(customer["verdict"], Value::Null);
        assert!(customer["confidence"].as_f64().unwrap() > 0.6);

        let verdict =
            |state: &str| json!({ "keys": [customer["key"]], "state": state, "note": "n" });
        let (status, body) = shop
            .api(Method::POST, "relations", verdict("accepted"))
            .await;
        assert_eq!((status, &body["stored"]), (StatusCode::OK, &json!(1)));
        let (status, body) = shop
            .api(Method::POST, "relations", verdict("rejected"))
            .await;
        assert_eq!(status, StatusCode::CONFLICT);
        assert!(
            body["detail"].as_str().unwrap().contains("accepted"),
            "{body}"
        );
        let accepted = shop.list("?state=accepted").await;
        assert_eq!(accepted[0]["verdict"]["note"], "n");
        assert_eq!(accepted[0]["verdict"]["byHand"], false);
        assert_eq!(shop.list("?state=accepted&schema=elsewhere").await.len(), 0);

        let end = |table: &str, column: &str| json!({ "table": table, "columns": [column] });
        let new = json!({ "from": end("orders", "buyer"), "to": end("public.products", "id") });
        let (status, added) = shop.api(Method::POST, "relations", new.clone()).await;
        assert_eq!(status, StatusCode::CREATED, "{added}");
        assert!(
            added["warning"].as_str().unwrap().contains("text"),
            "{added}"
        );
        let (status, _) = shop.api(Method::POST, "relations", new).await;
        assert_eq!(status, StatusCode::CONFLICT);
        for wrong in [
            json!({}),
            json!({ "keys": ["x"], "state": "accepted" }),
            json!({ "keys": [], "state": "accepted" }),
            json!({ "keys": [customer["key"]], "state": "proposed" }),
            json!({ "from": end("orders", "nothing"), "to": end("products", "id") }),
        ] {
            let (status, body) = shop.api(Method::POST, "relations", wrong).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        }
        let own = format!("relations/{}", added["verdict"]["id"]);
        let (status, _) = shop.api(Method::DELETE, &own, Value::Null).await;
        assert_eq!(status, StatusCode::NO_CONTENT);
        let (status, _) = shop.api(Method::DELETE, &own, Value::Null).await;
        assert_eq!(status, StatusCode::NOT_FOUND);

        let (_, first) = shop
            .api(Method::GET, "relations?limit=1", Value::Null)
            .await;
        assert_eq!(first["total"], 2);
        let next = format!(
            "relations?limit=1&after={}",
            first["next"].as_str().unwrap()
        );
        let (_, second) = shop.api(Method::GET, &next, Value::Null).await;
        assert_ne!(first["relations"][0]["key"], second["relations"][0]["key"]);
        assert_eq!(second["next"], Value::Null);
        for wrong in ["relations?after=x", "relations?state=maybe"] {
            let (status, _) = shop.api(Method::GET, wrong, Value::Null).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        }
    })
    .await;
}

#[tokio::test]
async fn people_decide_without_scripts_and_come_back_to_where_they_were() {
    with_shop(async |shop| {
        let list = shop.page("/relations").await;
        assert_eq!(count(&list, "data-testid=\"check-relation\""), 2);
        let table = shop.page("/tables/public.orders").await;
        assert_eq!(count(&table, "data-testid=\"proposed-relation\""), 2);
        assert_eq!(count(&table, "data-testid=\"accept-relation\""), 2);
        let quiet = shop.page("/diagram").await;
        assert!(quiet.contains("data-links=\"0\""));
        let drawer = shop
            .page("/diagram?relations=all&table=public.orders")
            .await;
        assert!(drawer.contains("data-links=\"2\""));
        assert_eq!(count(&drawer, "data-testid=\"accept-relation\""), 2);
        let back = format!(
            "/databases/{}/diagram?relations=all&table=public.orders",
            shop.id
        );
        let escaped = back.replace('&', "&amp;");
        assert!(
            drawer.contains(&format!("name=\"back\" value=\"{escaped}\"")),
            "{back}"
        );

        let proposed = shop.list("").await;
        let key = |at: usize| proposed[at]["key"].as_str().unwrap().to_owned();
        let encoded = back.replace('&', "%26");
        let body = format!("relation={}&verdict=accept&back={encoded}", key(0));
        assert_eq!(shop.form("", &body).await, (StatusCode::SEE_OTHER, back));
        let body = format!("one=reject+{}&back=https://elsewhere.example", key(1));
        assert_eq!(shop.form("", &body).await.1, "/");
        assert!(shop.page("/diagram").await.contains("data-links=\"1\""));
        assert!(
            shop.page("/diagram?relations=declared")
                .await
                .contains("data-links=\"0\"")
        );
        let table = shop.page("/tables/public.orders").await;
        assert_eq!(count(&table, "data-testid=\"proposed-relation\""), 0);
        assert!(table.contains("data-testid=\"accepted-relations\""));
        let list = shop.page("/relations?state=any").await;
        assert_eq!(count(&list, "data-testid=\"withdraw-relation\""), 2);

        let choose = shop.page("/relations?from=orders&to=customers").await;
        assert!(choose.contains("data-testid=\"add-from-1\""));
        let nobody = shop.page("/relations?from=orders&to=nobody").await;
        assert!(nobody.contains("Nothing is called nobody."));
        let add = "from=public.orders&from_1=buyer&to=public.customers&to_1=email&from_2=&to_2=";
        let (status, to) = shop.form("/add", add).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        assert!(to.ends_with("/relations?state=accepted"), "{to}");
        assert_eq!(shop.list("?state=accepted").await.len(), 2);
        let (_, to) = shop
            .form("/add", "from=public.orders&to=public.customers")
            .await;
        assert!(
            to.contains("?from=public.orders&to=public.customers#add"),
            "{to}"
        );
        let number = shop.list("?state=rejected").await[0]["verdict"]["id"].clone();
        let (status, _) = shop.form(&format!("/{number}/withdraw"), "").await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        assert_eq!(shop.list("?state=proposed").await.len(), 1);

        let viewer = Shop {
            session: shop.server.session(Role::Viewer).await,
            server: shop.server.clone(),
            id: shop.id.clone(),
        };
        let table = viewer.page("/tables/public.orders").await;
        assert_eq!(count(&table, "data-testid=\"proposed-relation\""), 1);
        assert_eq!(count(&table, "data-testid=\"accept-relation\""), 0);
        let list = viewer.page("/relations?state=any").await;
        assert_eq!(count(&list, "data-testid=\"withdraw-relation\""), 0);
        assert!(!list.contains("data-testid=\"add-relation\""));
    })
    .await;
}
