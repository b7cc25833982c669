//! A database of one's own on a real server, for as long as a test takes.

use connect::admin::Admin;
use connect::introspection::{Introspection, Limits};
use connect::live;
use connect::source::Source;
use connect::target::{Password, Reach, ServerTarget, Target, TlsMode};
use model::provider::Provider;
use model::schema::Table;
use sqlx::postgres::PgConnectOptions;
use std::str::FromStr;
use std::sync::atomic::{AtomicU32, Ordering};

const MARK: &str = "made by a test of reading live databases";
/// The password of logins that tests make.
pub(crate) const PASSWORD: &str = "hunter two";
static COUNT: AtomicU32 = AtomicU32::new(0);

/// A database, and how to reach it as its owner.
pub(crate) struct Database {
    pub(crate) source: Source,
    pub(crate) server: ServerTarget,
    pub(crate) options: PgConnectOptions,
}

impl Database {
    pub(crate) fn target(&self) -> Target {
        Target::Server(self.server.clone())
    }

    pub(crate) async fn run(&self, script: &str) {
        self.source.run_scripts(&[script]).await.unwrap();
    }

    pub(crate) async fn introspect(&self) -> Introspection {
        live::introspect(&self.target(), &Limits::default(), &|_| {})
            .await
            .unwrap()
    }

    /// A login of its own that may do nothing yet; its password is [`PASSWORD`].
    pub(crate) async fn make_user(&self) -> String {
        let user = unique_name();
        self.run(&format!("CREATE ROLE {user} LOGIN PASSWORD '{PASSWORD}'"))
            .await;
        user
    }

    /// Takes the login and all that was granted to it away.
    pub(crate) async fn drop_user(&self, user: &str) {
        self.run(&format!("DROP OWNED BY {user}; DROP ROLE {user};"))
            .await;
    }

    /// The same database with another login.
    pub(crate) fn as_user(&self, name: &str, password: &str) -> Target {
        let mut server = self.server.clone();
        server.username = name.to_owned();
        server.password = Some(Password::new(password));
        Target::Server(server)
    }
}

/// A server that need not be there.
pub(crate) fn nowhere(host: &str, port: u16) -> ServerTarget {
    ServerTarget {
        provider: Provider::PostgreSql,
        host: host.to_owned(),
        port,
        database: "somewhere".to_owned(),
        username: "somebody".to_owned(),
        password: Some(Password::new(PASSWORD)),
        tls: TlsMode::Prefer,
        tls_ca: None,
        reach: Reach::NoLinkLocal,
    }
}

/// A name that no other test has.
pub(crate) fn unique_name() -> String {
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("crowfoot_connect_{}_{number}", std::process::id())
}

/// Runs a test on a fresh database, and drops it whatever happens. Without a server it says so.
pub(crate) async fn with_database<T, W>(test: T)
where
    T: FnOnce(Database) -> W,
    W: Future<Output = ()> + Send + 'static,
{
    let Ok(url) = std::env::var("CROWFOOT_TEST_DATABASE_URL") else {
        eprintln!("skipped: CROWFOOT_TEST_DATABASE_URL is not set");
        return;
    };
    let admin = Admin::new(&url).unwrap();
    let name = unique_name();
    admin.database_create(&name, MARK).await.unwrap();
    let options = PgConnectOptions::from_str(&url).unwrap().database(&name);
    let socket = options.get_socket().map(|path| path.display().to_string());
    let server = ServerTarget {
        provider: Provider::PostgreSql,
        host: socket.unwrap_or_else(|| options.get_host().to_owned()),
        port: options.get_port(),
        database: name.clone(),
        username: options.get_username().to_owned(),
        password: password_of(&url),
        tls: TlsMode::Prefer,
        tls_ca: None,
        reach: Reach::NoLinkLocal,
    };
    let database = Database {
        source: admin.source(&name),
        server,
        options,
    };
    let outcome = tokio::spawn(test(database)).await;
    admin.database_drop(&name, MARK).await.unwrap();
    outcome.unwrap();
}

/// The options do not give their password back.
fn password_of(url: &str) -> Option<Password> {
    let rest = url.split_once("://")?.1;
    let login = rest.split('/').next()?.rsplit_once('@')?.0;
    Some(Password::new(login.split_once(':')?.1))
}

pub(crate) fn table<'a>(read: &'a Introspection, name: &str) -> &'a Table {
    let found = read.schema.tables.iter();
    found
        .clone()
        .find(|table| table.name.to_string() == name)
        .unwrap_or_else(|| panic!("no {name}"))
}
