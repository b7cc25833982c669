//! Connecting a live database.

use crate::audit::Entry;
use crate::error::OrAnswer as _;
use crate::import::{new_database_id, read_database_name};
use crate::make::{check_script, with_database_name};
use crate::services::Services;
use connect::error::{ConnectError, FileError};
use connect::introspection::{Introspection, Limits};
use connect::live;
use connect::target::{Password, Reach, ServerTarget, Target, TlsMode};
use contract::account::Secret;
use contract::context::Ctx;
use contract::error::AppError;
use contract::source::{ConnectionFacts, ConnectionRequest};
use model::account::Permission;
use model::catalog::{DatabaseOrigin, DatabaseSummary};
use model::id::DatabaseId;
use model::provider::Provider;
use serde_json::json;
use std::path::{Path, PathBuf};
use store::schema_write::{DatabaseSource, NewDatabase};
use store::sources::StoredSource;

/// A live database that is to be read into the catalog.
pub(crate) struct Reading {
    /// The id that it will have.
    pub(crate) id: DatabaseId,
    /// The name that it will have.
    pub(crate) name: String,
    /// Which system it is.
    pub(crate) provider: Provider,
    /// The login's password.
    pub(crate) password: Secret,
    /// Where it is.
    pub(crate) target: Target,
}

impl Services {
    /// Connects and asks the server who it is.
    pub(crate) async fn connection_check(
        &self,
        ctx: &Ctx,
        request: ConnectionRequest,
    ) -> Result<ConnectionFacts, AppError> {
        ctx.authorize(Permission::CatalogWrite)?;
        let id = new_database_id().or_answer(ctx)?;
        let is_to_be_made = request.create_if_not_exists;
        let target = self.target_of(&with_database_name(request, &id))?;
        if is_to_be_made {
            return self.making_check(ctx, &target).await;
        }
        let facts = live::test(&target, &Limits::default())
            .await
            .map_err(|error| refused(ctx, &error))?;
        Ok(ConnectionFacts {
            server_version: facts.server_version,
            user: facts.user,
            tls: facts.tls,
            schemas: facts.schema_count,
        })
    }

    /// Reads a live database into the catalog, once it was made where that is asked for.
    pub(crate) async fn connect(
        &self,
        ctx: &Ctx,
        request: ConnectionRequest,
    ) -> Result<DatabaseSummary, AppError> {
        ctx.authorize(Permission::CatalogWrite)?;
        check_script(&request)?;
        let id = new_database_id().or_answer(ctx)?;
        let wanted = match request.name.trim() {
            "" => request.database.clone(),
            name => name.to_owned(),
        };
        let name = read_database_name(&wanted)?;
        let request = with_database_name(request, &id);
        let target = self.target_of(&request)?;
        let reading = Reading {
            id,
            name,
            provider: request.provider,
            password: request.password,
            target,
        };
        if request.create_if_not_exists {
            self.make_and_read(ctx, request.sql_content, reading).await
        } else {
            self.read_into_catalog(ctx, reading, false).await
        }
    }

    /// Reads a live database as a new one of the catalog.
    pub(crate) async fn read_into_catalog(
        &self,
        ctx: &Ctx,
        reading: Reading,
        is_new: bool,
    ) -> Result<DatabaseSummary, AppError> {
        let turn = self.imports.take().await.or_answer(ctx)?;
        let read = live::introspect(&reading.target, &Limits::default(), &|_| {})
            .await
            .map_err(|error| refused(ctx, &error))?;
        if is_own_catalog(&read) {
            return Err(AppError::invalid_field(
                "database",
                "This is the database of a Crowfoot catalog itself. Connect what it is to \
                 describe, not the catalog.",
            ));
        }
        let secret = match reading.password.reveal() {
            "" => None,
            _ => Some(
                self.config
                    .seal_key
                    .seal(&reading.password, reading.id.as_str())
                    .or_answer(ctx)?,
            ),
        };
        let source = match &reading.target {
            Target::Server(server) => DatabaseSource {
                host: Some(server.host.clone()),
                port: Some(server.port),
                database_name: Some(server.database.clone()),
                username: Some(server.username.clone()),
                secret,
                tls_mode: Some(server.tls.as_str().to_owned()),
                tls_ca: server.tls_ca.clone(),
                server_version: Some(read.server_version.clone()),
            },
            Target::File(path) => DatabaseSource {
                database_name: Some(path.to_string_lossy().into_owned()),
                server_version: Some(read.server_version.clone()),
                ..DatabaseSource::default()
            },
        };
        let new = NewDatabase {
            id: reading.id,
            name: reading.name,
            provider: reading.provider.as_str().to_owned(),
            origin: DatabaseOrigin::Connection,
            sql_content: None,
            report: None,
            created_by: ctx.user().map(|user| user.id),
            source: Some(source),
        };
        let audit = Entry::new("CREATE", "database")
            .of(&new.id, &new.name)
            .with(json!({ "made_on_server": is_new }))
            .by(ctx);
        let summary = self
            .import_structure(ctx, &new, &read.schema, &audit)
            .await?;
        // The database is in the catalog now. Its sizes come with the next reading where they
        // cannot be written, which is logged.
        self.facts_write(ctx, &new.id, &read).await.ok();
        drop(turn);
        tracing::info!(
            request.id = %ctx.request_id, database.id = %summary.id,
            tables = summary.counts.tables, "database connected"
        );
        Ok(summary)
    }

    fn target_of(&self, request: &ConnectionRequest) -> Result<Target, AppError> {
        if request.provider == Provider::Sqlite {
            return match self.file_target(&request.database) {
                Err(_) if request.create_if_not_exists && !self.config.sqlite_dirs.is_empty() => {
                    self.new_file(&request.database).map(Target::File)
                }
                found => found,
            };
        }
        if !request.provider.is_live() {
            return Err(AppError::invalid_field(
                "provider",
                format!(
                    "Live {} databases cannot be read yet; import the DDL instead.",
                    request.provider
                ),
            ));
        }
        if request.host.trim().starts_with('/') && !self.config.allow_sockets {
            return Err(AppError::invalid_field(
                "host",
                "Give the server's name or address. Sockets of this machine can be used once the \
                 server's configuration allows them (CROWFOOT_ALLOW_SOCKETS).",
            ));
        }
        let given = |field: &str, text: &str, what: &str| match text.trim() {
            "" => Err(AppError::invalid_field(field, format!("Give {what}."))),
            text => Ok(text.to_owned()),
        };
        let tls = match request.tls_mode.trim() {
            "" => TlsMode::default(),
            word => TlsMode::from_word(word).ok_or_else(|| {
                AppError::invalid_field("tls_mode", "There is no such mode of TLS.")
            })?,
        };
        Ok(Target::Server(ServerTarget {
            provider: request.provider,
            host: given("host", &request.host, "the server's name or address")?,
            port: request
                .port
                .or(request.provider.default_port())
                .unwrap_or_default(),
            database: given("database", &request.database, "the database's name")?,
            username: given("username", &request.username, "the login's name")?,
            password: password_of(&request.password),
            tls,
            tls_ca: Some(request.tls_ca.trim().to_owned()).filter(|ca| !ca.is_empty()),
            reach: self.reach(),
        }))
    }

    pub(crate) fn target_of_stored(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        stored: &StoredSource,
    ) -> Result<Target, AppError> {
        let source = &stored.source;
        let database = source.database_name.clone().unwrap_or_default();
        if stored.provider == Provider::Sqlite {
            return self.file_target(&database);
        }
        let password = match &source.secret {
            None => None,
            Some(sealed) => {
                let opened = self.config.seal_key.open(sealed, id.as_str());
                let opened = opened.map_err(|error| {
                    tracing::error!(
                        request.id = %ctx.request_id, database.id = %id, cause = %error,
                        "a stored password cannot be opened"
                    );
                    AppError::unavailable(
                        "The stored password cannot be opened: the server runs with another \
                         CROWFOOT_SECRET_KEY or key file than when it was stored.",
                    )
                })?;
                password_of(&opened)
            }
        };
        Ok(Target::Server(ServerTarget {
            provider: stored.provider,
            host: source.host.clone().unwrap_or_default(),
            port: source
                .port
                .or(stored.provider.default_port())
                .unwrap_or_default(),
            database,
            username: source.username.clone().unwrap_or_default(),
            password,
            tls: source
                .tls_mode
                .as_deref()
                .and_then(TlsMode::from_word)
                .unwrap_or_default(),
            tls_ca: source.tls_ca.clone(),
            reach: self.reach(),
        }))
    }

    /// A file that may be read: one below the folders that the configuration names. Anything else
    /// on the server's disks is nobody's business here.
    fn file_target(&self, file: &str) -> Result<Target, AppError> {
        let invalid = |message: String| AppError::invalid_field("database", message);
        if file.trim().is_empty() {
            return Err(invalid("Give the file.".to_owned()));
        }
        let folders = &self.config.sqlite_dirs;
        if folders.is_empty() {
            return Err(invalid(
                "SQLite files can be read once the server's configuration names the folders they \
                 may lie in (CROWFOOT_SQLITE_DIRS)."
                    .to_owned(),
            ));
        }
        let path = Path::new(file.trim());
        let candidates: Vec<PathBuf> = if path.is_absolute() {
            vec![path.to_owned()]
        } else {
            folders.iter().map(|folder| folder.join(path)).collect()
        };
        // Resolved, so that neither `..` nor a link leads out of the folders.
        let found = candidates
            .iter()
            .filter_map(|candidate| candidate.canonicalize().ok())
            .find(|found| {
                folders.iter().any(|folder| {
                    folder
                        .canonicalize()
                        .is_ok_and(|folder| found.starts_with(folder))
                })
            });
        found.map(Target::File).ok_or_else(|| {
            invalid(
                "There is no such file in the folders that the server may read SQLite files from."
                    .to_owned(),
            )
        })
    }

    fn reach(&self) -> Reach {
        if self.config.allow_link_local {
            Reach::Everywhere
        } else {
            Reach::NoLinkLocal
        }
    }
}

fn password_of(secret: &Secret) -> Option<Password> {
    match secret.reveal() {
        "" => None,
        text => Some(Password::new(text)),
    }
}

/// Whether this is the database that a catalog is kept in: its tables hold sealed passwords and
/// people's accounts.
fn is_own_catalog(read: &Introspection) -> bool {
    [
        "databases",
        "schema_versions",
        "sessions",
        "_sqlx_migrations",
    ]
    .into_iter()
    .all(|name| {
        read.schema
            .tables
            .iter()
            .any(|table| table.name.name == name)
    })
}

/// The precise reason for the person, beside the field that it is about; the server's own words
/// for the log.
pub(crate) fn refused(ctx: &Ctx, error: &ConnectError) -> AppError {
    tracing::info!(
        request.id = %ctx.request_id, cause = %crate::error::with_causes(error),
        "a live database could not be read"
    );
    let field = match error {
        ConnectError::HostUnknown(_)
        | ConnectError::AddressNotAllowed
        | ConnectError::NoRoute(_)
        | ConnectError::NoAnswer => Some("host"),
        ConnectError::ConnectionRefused(_)
        | ConnectError::NotTheSystem(_)
        | ConnectError::SocketMissing(_) => Some("port"),
        ConnectError::TlsNotOffered(_)
        | ConnectError::CertificateUntrusted(_)
        | ConnectError::CertificateName(_)
        | ConnectError::CertificateExpired(_)
        | ConnectError::TlsFailed(_) => Some("tls_mode"),
        ConnectError::LoginRefused(_) => Some("password"),
        ConnectError::DatabaseUnknown(_) => Some("database"),
        ConnectError::CreateRefused(_) | ConnectError::NoMaintenance(_) => Some("username"),
        ConnectError::File(FileError::NoFolder | FileError::NotWritable) => Some("database"),
        ConnectError::Script { .. } | ConnectError::ScriptLeft { .. } => Some("sql_content"),
        ConnectError::Unsupported(_) | ConnectError::TooOld { .. } => Some("provider"),
        _ => None,
    };
    let message = sentence(&error.to_string());
    match field {
        Some(field) => AppError::invalid_field(field, message),
        None => AppError::unavailable(message),
    }
}

/// Some of the texts are written to follow others.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let mut out: String = letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default();
    if !out.ends_with('.') {
        out.push('.');
    }
    out
}
