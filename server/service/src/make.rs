//! Making a database on the server that somebody names, with their script in it, and reading it
//! into the catalog: all of that, or nothing of it.

use crate::connection::{Reading, refused};
use crate::error::{Fault, OrAnswer as _};
use crate::services::Services;
use connect::introspection::Limits;
use connect::make;
use connect::target::Target;
use contract::context::Ctx;
use contract::error::AppError;
use contract::source::{ConnectionFacts, ConnectionRequest};
use model::catalog::{DatabaseSummary, SCRIPT_MAX_BYTES};
use model::id::DatabaseId;
use model::number;
use model::provider::Provider;
use model::script::Statement;
use std::path::{Component, Path, PathBuf};

impl Services {
    /// Makes the database unless it is there, and reads it. What was made is dropped again when it
    /// cannot be read into the catalog. Goes on to its end when nobody waits for it any more.
    pub(crate) async fn make_and_read(
        &self,
        ctx: &Ctx,
        script: Option<String>,
        reading: Reading,
    ) -> Result<DatabaseSummary, AppError> {
        let statements = cut(ctx, reading.provider, script).await?;
        let (services, ctx_inside) = (self.clone(), ctx.clone());
        let done = tokio::spawn(async move {
            services
                .make_and_read_to_end(&ctx_inside, &statements, reading)
                .await
        });
        done.await.map_err(Fault::from).or_answer(ctx)?
    }

    async fn make_and_read_to_end(
        &self,
        ctx: &Ctx,
        statements: &[Statement],
        reading: Reading,
    ) -> Result<DatabaseSummary, AppError> {
        let target = reading.target.clone();
        let made = make::create(&target, statements, &Limits::default())
            .await
            .map_err(|error| refused(ctx, &error))?;
        if !made && !statements.is_empty() {
            return Err(AppError {
                field: Some("database".to_owned()),
                ..AppError::conflict(
                    "There is a database of that name already, so the script was not run. Give \
                     another name, or leave the script out to read what is there.",
                )
            });
        }
        if made {
            tracing::info!(request.id = %ctx.request_id, "a database was made");
        }
        let error = match self.read_into_catalog(ctx, reading, made).await {
            Err(error) if made => error,
            answer => return answer,
        };
        match make::take_back(&target, &Limits::default()).await {
            Ok(()) => Err(error),
            Err(cause) => {
                tracing::error!(
                    request.id = %ctx.request_id, cause = %crate::error::with_causes(&cause),
                    "a database that was made cannot be dropped again"
                );
                Err(AppError {
                    message: format!(
                        "{} The database was made, and could not be dropped again; drop it by \
                         hand, or connect it.",
                        error.message
                    ),
                    ..error
                })
            }
        }
    }

    /// The test of a connection whose database is still to be made.
    pub(crate) async fn making_check(
        &self,
        ctx: &Ctx,
        target: &Target,
    ) -> Result<ConnectionFacts, AppError> {
        let Target::Server(server) = target else {
            return Ok(ConnectionFacts {
                server_version: "SQLite".to_owned(),
                user: None,
                tls: false,
                schemas: 1,
            });
        };
        let facts = make::test(server, &Limits::default())
            .await
            .map_err(|error| refused(ctx, &error))?;
        Ok(ConnectionFacts {
            server_version: facts.server_version,
            user: facts.user,
            tls: facts.tls,
            schemas: facts.schema_count,
        })
    }

    /// The place of a file that may be made: directly in one of the folders that the configuration
    /// names, or in one below. A bare name goes to the first.
    pub(crate) fn new_file(&self, file: &str) -> Result<PathBuf, AppError> {
        let path = Path::new(file.trim());
        let invalid = |message: &str| AppError::invalid_field("database", message);
        let Some(Component::Normal(name)) = path.components().next_back() else {
            return Err(invalid("Give the new file's name."));
        };
        let parent = path.parent().unwrap_or(Path::new(""));
        self.config
            .sqlite_dirs
            .iter()
            .filter_map(|folder| folder.canonicalize().ok())
            // Resolved, so that neither `..` nor a link leads out of the folders.
            .find_map(|folder| {
                let parent = folder.join(parent).canonicalize().ok()?;
                parent.starts_with(&folder).then(|| parent.join(name))
            })
            .ok_or_else(|| {
                invalid(
                    "The file can only be made in the folders that the server may read SQLite \
                     files from.",
                )
            })
    }
}

/// The request with a name for the database where it has to be made and nobody gave it one, as
/// the catalog's own id has it: `crowfoot_db_a1b2c3d4e5`.
pub(crate) fn with_database_name(
    mut request: ConnectionRequest,
    id: &DatabaseId,
) -> ConnectionRequest {
    if request.create_if_not_exists && request.database.trim().is_empty() {
        request.database = match request.provider {
            Provider::Sqlite => format!("crowfoot_{id}.sqlite"),
            _ => format!("crowfoot_{id}"),
        };
    }
    request
}

/// Refuses a script that would not be run.
pub(crate) fn check_script(request: &ConnectionRequest) -> Result<(), AppError> {
    let script = request.sql_content.as_deref().unwrap_or_default().trim();
    if script.len() > SCRIPT_MAX_BYTES {
        let size = |bytes: usize| number::bytes(i64::try_from(bytes).unwrap_or(i64::MAX));
        return Err(AppError {
            field: Some("sql_content".to_owned()),
            ..AppError::too_large(format!(
                "The script has {}; {} are the most.",
                size(script.len()),
                size(SCRIPT_MAX_BYTES)
            ))
        });
    }
    if script.is_empty() || request.create_if_not_exists {
        return Ok(());
    }
    Err(AppError::invalid_field(
        "sql_content",
        "A script is run only in a database that is made for it: ask for that too \
         (create_if_not_exists), or import the script as it is.",
    ))
}

async fn cut(
    ctx: &Ctx,
    provider: Provider,
    script: Option<String>,
) -> Result<Vec<Statement>, AppError> {
    let Some(script) = script else {
        return Ok(Vec::new());
    };
    tokio::task::spawn_blocking(move || ddl::statements(provider, &script))
        .await
        .map_err(Fault::from)
        .or_answer(ctx)?
        .map_err(|error| AppError::invalid_field("sql_content", error.to_string()))
}
