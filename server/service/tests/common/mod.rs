//! What the tests share: a catalog of one's own on a real server, and people of every role.

#![allow(dead_code, reason = "each test binary uses a part of it")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what fails here fails the test"
)]

pub(crate) mod live;

use connect::admin::Admin;
use contract::account::{Accounts as _, Secret, SessionGrant, SetupRequest};
use contract::catalog::Catalog as _;
use contract::context::{Actor, Ctx};
use model::account::{CurrentUser, Role};
use model::catalog::ImportRequest;
use model::id::{DatabaseId, UserId};
use model::time::Timestamp;
use serde_json::Value;
use service::config::Config;
use service::seal::SealKey;
use service::services::Services;
use service::setup_code::SetupCode;
use service::user::UserRequest;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use store::history::HistoryEntry;
use store::{Store, StoreOptions};

const MARK: &str = "made by a test of service";
static COUNT: AtomicU32 = AtomicU32::new(0);

pub(crate) const EMAIL: &str = "ada@example.org";
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A catalog that lives as long as its test.
#[derive(Clone)]
pub(crate) struct Catalog {
    pub(crate) services: Services,
    pub(crate) store: Store,
    pub(crate) code: SetupCode,
    pub(crate) url: String,
    pub(crate) admin: Admin,
    pub(crate) sample_database: String,
}

#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn test_server() -> Option<String> {
    let server = std::env::var("CROWFOOT_TEST_DATABASE_URL").ok();
    if server.is_none() {
        eprintln!("skipped: CROWFOOT_TEST_DATABASE_URL is not set");
    }
    server
}

/// Runs a test on a fresh catalog, and drops it whatever happens. Without a server it says so.
pub(crate) async fn with_catalog<T, W>(configure: impl FnOnce(&mut Config), test: T)
where
    T: FnOnce(Catalog) -> W,
    W: Future<Output = ()> + Send + 'static,
{
    let Some(server) = test_server() else { return };
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("crowfoot_service_{}_{number}", std::process::id());
    let admin = Admin::new(&server).unwrap();
    admin.database_create(&name, MARK).await.unwrap();
    let catalog = open(&server, &name, configure).await;
    let sample_database = catalog.sample_database.clone();
    let sample_admin = catalog.admin.clone();
    let outcome = tokio::spawn(test(catalog)).await;
    admin.database_drop(&name, MARK).await.unwrap();
    let mark = service::sample::mark_of(&sample_admin);
    admin.database_drop(&sample_database, &mark).await.ok();
    if let Err(error) = outcome {
        std::panic::resume_unwind(error.into_panic());
    }
}

/// Runs a test on a fresh catalog that is set up, as an editor.
pub(crate) async fn with_editor<T, W>(test: T)
where
    T: FnOnce(Catalog, Ctx) -> W + Send + 'static,
    W: Future<Output = ()> + Send + 'static,
{
    with_catalog(
        |_| {},
        async move |catalog| {
            catalog.set_up().await;
            test(catalog, with_role(Role::Editor)).await;
        },
    )
    .await;
}

async fn open(server: &str, name: &str, configure: impl FnOnce(&mut Config)) -> Catalog {
    let url = with_database(server, name);
    let options = StoreOptions {
        connections_max: 4,
        ..StoreOptions::default()
    };
    let store = Store::connect(&url, options).await.unwrap();
    store.migrate().await.unwrap();
    let code = SetupCode::generate().unwrap();
    let mut config = Config::new(Secret::new(url.as_str()), SealKey::new([7; 32]));
    config.setup_code = Some(code.clone());
    config.sample_database = format!("{name}_sample");
    configure(&mut config);
    Catalog {
        sample_database: config.sample_database.clone(),
        services: Services::new(store.clone(), config).unwrap(),
        admin: Admin::new(&url).unwrap(),
        store,
        code,
        url,
    }
}

/// The same server's address with another database.
fn with_database(server: &str, name: &str) -> String {
    let (address, options) = match server.split_once('?') {
        Some((address, options)) => (address, format!("?{options}")),
        None => (server, String::new()),
    };
    let authority = address.find("://").map_or(0, |place| place + 3);
    let end = address[authority..]
        .find('/')
        .map_or(address.len(), |place| authority + place);
    format!("{}/{name}{options}", &address[..end])
}

/// A request of nobody.
pub(crate) fn anonymous() -> Ctx {
    Ctx {
        actor: Actor::Anonymous,
        ..Ctx::system("test")
    }
}

/// Somebody who is there by now, and a request of theirs; their address is their name.
pub(crate) async fn person(catalog: &Catalog, name: &str, role: Role) -> Ctx {
    let request = UserRequest {
        email: format!("{name}@example.org"),
        username: None,
        full_name: name.to_owned(),
        role,
        password: Secret::new(PASSWORD),
    };
    let system = Ctx::system("test");
    let made = catalog.services.user_create(&system, request).await;
    of(&made.unwrap())
}

/// What changed in things of a kind, by the audit trail.
pub(crate) async fn trail(catalog: &Catalog, resource_type: &str) -> Vec<Value> {
    sqlx::query_scalar(
        "select changes from audit_logs where resource_type = $1 and changes is not null order by id",
    )
    .bind(resource_type)
    .fetch_all(catalog.store.pool())
    .await
    .unwrap()
}

/// A request of somebody.
pub(crate) fn of(user: &CurrentUser) -> Ctx {
    Ctx {
        actor: Actor::User(user.clone()),
        ..Ctx::system("test")
    }
}

/// A request of somebody with a role, who need not be stored.
pub(crate) fn with_role(role: Role) -> Ctx {
    of(&CurrentUser {
        id: UserId(1),
        username: "somebody".to_owned(),
        email: "somebody@example.org".to_owned(),
        full_name: None,
        role,
    })
}

/// A run of a query, long ago.
pub(crate) fn run(id: &DatabaseId, number: u32, text: &str, tables: &[&str]) -> HistoryEntry {
    HistoryEntry {
        query_id: format!("run-{number}"),
        database_id: Some(id.clone()),
        user_id: None,
        query_text: text.to_owned(),
        fingerprint: None,
        query_type: "SELECT".to_owned(),
        query_status: "success".to_owned(),
        tables_accessed: tables.iter().map(|name| (*name).to_owned()).collect(),
        rows_read: None,
        rows_written: None,
        bytes_read: None,
        bytes_written: None,
        execution_time_ms: None,
        started_at: Timestamp(1_760_000_000_000),
        completed_at: None,
        error_message: None,
        error_type: None,
        metadata: None,
    }
}

impl Catalog {
    /// What the setup page sends.
    pub(crate) fn setup_request(&self) -> SetupRequest {
        SetupRequest {
            code: Secret::new(self.code.reveal()),
            email: EMAIL.to_owned(),
            full_name: "Ada".to_owned(),
            password: Secret::new(PASSWORD),
        }
    }

    /// Makes the first administrator.
    pub(crate) async fn set_up(&self) -> SessionGrant {
        self.services
            .setup(&anonymous(), self.setup_request())
            .await
            .unwrap()
    }

    /// Waits until a statement on the catalog waits for a lock.
    pub(crate) async fn something_waits(&self) {
        let waiting = async {
            loop {
                let waiting: i64 = sqlx::query_scalar(
                    "select count(*) from pg_stat_activity
                    where datname = current_database() and wait_event_type = 'Lock'",
                )
                .fetch_one(self.store.pool())
                .await
                .unwrap();
                if waiting > 0 {
                    return;
                }
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(20), waiting);
        assert!(waited.await.is_ok(), "nothing waits");
    }

    /// A database made of a script.
    pub(crate) async fn imported(&self, ctx: &Ctx, name: &str, text: &str) -> DatabaseId {
        let made = self.services.script_import(ctx, script(name, text)).await;
        made.unwrap().id
    }

    /// Runs SQL on the catalog, for what only time would bring about.
    pub(crate) async fn sql(&self, statement: &str) {
        connect::source::Source::new(&self.url)
            .unwrap()
            .run_scripts(&[statement])
            .await
            .unwrap();
    }
}

/// An import of one script.
pub(crate) fn script(name: &str, text: &str) -> ImportRequest {
    ImportRequest {
        name: name.to_owned(),
        scripts: vec![text.to_owned()],
        dialect: None,
    }
}
