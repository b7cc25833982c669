//! What the tests of whole answers share: the router over a catalog of one's own on a real
//! PostgreSQL, and a session for every role.

use crate::cookie::CookieJar;
use crate::metrics::{Metrics, MetricsAccess};
use crate::router::router;
use crate::state::AppState;
use app::context::{AppServices, Assets};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use connect::admin::Admin;
use contract::account::{Accounts as _, Secret, SetupRequest};
use contract::context::{Actor, Ctx};
use http::header::{COOKIE, HOST};
use http::{HeaderMap, Method, Request, StatusCode};
use leptos::config::LeptosOptions;
use model::account::Role;
use model::id::UserId;
use service::config::Config;
use service::seal::SealKey;
use service::services::Services;
use service::setup_code::SetupCode;
use service::user::UserRequest;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use store::{Store, StoreOptions};
use tower::ServiceExt as _;

const MARK: &str = "made by a test of server";
const PASSWORD: &str = "correct horse battery";
/// Every request is answered within this; a hundred times as long as it takes.
const PATIENCE: Duration = Duration::from_secs(60);
static COUNT: AtomicU32 = AtomicU32::new(0);

/// The whole server without a socket.
#[derive(Clone)]
pub(crate) struct Server {
    router: Router,
    pub(crate) services: Arc<Services>,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

/// Runs a test against a server with a fresh catalog, and drops the catalog whatever happens.
/// Without a PostgreSQL to test with it says so.
pub(crate) async fn with_server<T, W>(access: MetricsAccess, test: T)
where
    T: FnOnce(Server) -> W,
    W: Future<Output = ()> + Send + 'static,
{
    let Ok(address) = std::env::var("CROWFOOT_TEST_DATABASE_URL") else {
        eprintln!("skipped: CROWFOOT_TEST_DATABASE_URL is not set");
        return;
    };
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("crowfoot_server_{}_{number}", std::process::id());
    let admin = Admin::new(&address).unwrap();
    admin.database_create(&name, MARK).await.unwrap();
    let server = Server::open(&with_database(&address, &name), access).await;
    let outcome = tokio::spawn(test(server)).await;
    admin.database_drop(&name, MARK).await.unwrap();
    if let Err(error) = outcome {
        std::panic::resume_unwind(error.into_panic());
    }
}

impl Server {
    async fn open(url: &str, access: MetricsAccess) -> Self {
        let options = StoreOptions {
            connections_max: 4,
            ..StoreOptions::default()
        };
        let store = Store::connect(url, options).await.unwrap();
        store.migrate().await.unwrap();
        let code = SetupCode::generate().unwrap();
        let mut config = Config::new(Secret::new(url), SealKey::new([7; 32]));
        config.setup_code = Some(code.clone());
        // A sample that cannot be made: it is another's test, and takes seconds.
        config.sample_database = "postgres".to_owned();
        let services = Arc::new(Services::new(store.clone(), config).unwrap());
        let first = SetupRequest {
            code: Secret::new(code.reveal()),
            email: "admin@example.org".to_owned(),
            full_name: "Ada".to_owned(),
            password: Secret::new(PASSWORD),
        };
        services.setup(&nobody(), first).await.unwrap();
        let state = AppState {
            services: AppServices {
                accounts: services.clone(),
                catalog: services.clone(),
                sources: services.clone(),
                access: services.clone(),
                metadata: services.clone(),
                relations: services.clone(),
                jobs: services.clone(),
                views: services.clone(),
                embeds: services.clone(),
            },
            metrics: Arc::new(Metrics::new(store.clone(), services.tally(), access)),
            store,
            assets: Arc::new(Assets::default()),
            cookies: CookieJar { secure: false },
            public_origin: None,
            leptos: LeptosOptions::builder().output_name("crowfoot").build(),
        };
        Self {
            router: router(state),
            services,
        }
    }

    /// Signs in somebody with a role; the value of their cookie header. The administrator is
    /// the first one; others are made.
    pub(crate) async fn session(&self, role: Role) -> String {
        let name = match role {
            Role::Admin => "admin",
            Role::Editor => "editor",
            Role::Viewer => "viewer",
        };
        let is_there = self.login(name).await;
        match is_there {
            Some(session) => session,
            None => {
                self.person(name, role).await;
                self.session_of(name).await
            }
        }
    }

    /// Makes somebody who signs in by that name.
    pub(crate) async fn person(&self, name: &str, role: Role) -> UserId {
        let person = UserRequest {
            email: format!("{name}@example.org"),
            username: None,
            full_name: String::new(),
            role,
            password: Secret::new(PASSWORD),
        };
        let ctx = Ctx::system("test");
        self.services.user_create(&ctx, person).await.unwrap().id
    }

    /// Signs in somebody who is there.
    pub(crate) async fn session_of(&self, name: &str) -> String {
        self.login(name).await.unwrap()
    }

    async fn login(&self, name: &str) -> Option<String> {
        let grant = self
            .services
            .login(&nobody(), name, Secret::new(PASSWORD))
            .await
            .ok()?;
        Some(format!("crowfoot={}", grant.token.reveal()))
    }

    /// Somebody who is there, as services know them.
    pub(crate) async fn account(&self, name: &str) -> Ctx {
        let nobody = nobody();
        let login = self.services.login(&nobody, name, Secret::new(PASSWORD));
        Ctx {
            actor: Actor::User(login.await.unwrap().user),
            ..Ctx::system("test")
        }
    }

    /// Asks as a program of this machine does.
    pub(crate) async fn ask(&self, method: Method, address: &str, session: Option<&str>) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(address)
            .header(HOST, "localhost:3000");
        if let Some(session) = session {
            request = request.header(COOKIE, session);
        }
        self.send(request.body(Body::empty()).unwrap(), "127.0.0.1:5000")
            .await
    }

    /// Asks for what comes piece by piece, and does not wait for its end.
    pub(crate) async fn stream(
        &self,
        address: &str,
        session: &str,
    ) -> (StatusCode, HeaderMap, Body) {
        let request = Request::builder()
            .uri(address)
            .header(HOST, "localhost:3000")
            .header(COOKIE, session);
        let mut request = request.body(Body::empty()).unwrap();
        let peer: SocketAddr = "127.0.0.1:5000".parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(peer));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        (head.status, head.headers, body)
    }

    /// Sends a request that seems to come from `peer`.
    pub(crate) async fn send(&self, mut request: Request<Body>, peer: &str) -> Answer {
        let peer: SocketAddr = peer.parse().unwrap();
        let what = format!("{} {}", request.method(), request.uri());
        request.extensions_mut().insert(ConnectInfo(peer));
        let answer = tokio::time::timeout(PATIENCE, self.answer(request)).await;
        answer.unwrap_or_else(|_| panic!("{what} was not answered"))
    }

    async fn answer(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: head.status,
            headers: head.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }
}

fn nobody() -> Ctx {
    Ctx {
        actor: Actor::Anonymous,
        ..Ctx::system("test")
    }
}

/// The same server's address with another database.
fn with_database(address: &str, name: &str) -> String {
    let (address, options) = match address.split_once('?') {
        Some((address, options)) => (address, format!("?{options}")),
        None => (address, String::new()),
    };
    let authority = address.find("://").map_or(0, |place| place + 3);
    let end = address[authority..]
        .find('/')
        .map_or(address.len(), |place| authority + place);
    format!("{}/{name}{options}", &address[..end])
}
