//! A live database of a test's own.

use super::Catalog;
use connect::admin::Admin;
use contract::account::Secret;
use contract::source::ConnectionRequest;
use model::provider::Provider;
use sqlx::Connection as _;

/// Two tables and what refers from one to the other.
pub(crate) const SHOP: &str = "
    CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL);
    CREATE TABLE orders (
        id bigint PRIMARY KEY,
        customer_id bigint NOT NULL REFERENCES customers ON DELETE CASCADE,
        placed_on date
    );
    COMMENT ON TABLE orders IS 'What was ordered';
";

/// A live database of the test's own, on the server that the catalog is on. Dropped at the end.
pub(crate) struct Live {
    admin: Admin,
    pub(crate) name: String,
    pub(crate) url: String,
}

const MARK: &str = "made by a test of sources";

impl Live {
    pub(crate) async fn new(catalog: &Catalog) -> Self {
        let name = format!("{}_live", catalog.sample_database);
        catalog.admin.database_create(&name, MARK).await.unwrap();
        let (start, options) = match catalog.url.split_once('?') {
            Some((start, options)) => (start, format!("?{options}")),
            None => (catalog.url.as_str(), String::new()),
        };
        let (server, _) = start.rsplit_once('/').unwrap();
        Self {
            admin: catalog.admin.clone(),
            url: format!("{server}/{name}{options}"),
            name,
        }
    }

    pub(crate) async fn run(&self, sql: &str) {
        let mut connection = sqlx::PgConnection::connect(&self.url).await.unwrap();
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned()))
            .execute(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
    }

    pub(crate) async fn drop(self) {
        self.admin.database_drop(&self.name, MARK).await.unwrap();
    }

    /// As somebody would fill the form in.
    pub(crate) fn request(&self, name: &str) -> ConnectionRequest {
        let (_, rest) = self.url.split_once("://").unwrap();
        let (rest, options) = rest.split_once('?').unwrap_or((rest, ""));
        let (login, rest) = rest.split_once('@').unwrap_or(("postgres", rest));
        let (user, password) = login.split_once(':').unwrap_or((login, ""));
        let (address, _) = rest.split_once('/').unwrap();
        let (host, port) = address.split_once(':').unwrap_or((address, "5432"));
        // The tests' own server listens on a socket, whose folder stands among the options.
        let socket = options
            .split('&')
            .find_map(|option| option.strip_prefix("host="));
        ConnectionRequest {
            name: name.to_owned(),
            provider: Provider::PostgreSql,
            host: socket.unwrap_or(host).replace("%2F", "/"),
            port: Some(port.parse().unwrap()),
            database: self.name.clone(),
            username: user.to_owned(),
            password: Secret::new(password),
            tls_mode: String::new(),
            tls_ca: String::new(),
            create_if_not_exists: false,
            sql_content: None,
        }
    }
}
