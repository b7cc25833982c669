//! Bringing a database in from scripts of DDL.

use crate::audit::Entry;
use crate::database::database_not_found;
use crate::error::{Fault, OrAnswer as _};
use crate::services::Services;
use crate::token::random_bytes;
use contract::context::Ctx;
use contract::error::AppError;
use contract::source::RefreshOutcome;
use ddl::Import;
use model::account::Permission;
use model::catalog::{
    DATABASE_NAME_MAX_CHARS, DatabaseOrigin, DatabaseSummary, ImportOutcome, ImportRequest,
    SCRIPT_MAX_BYTES, ScriptDialect,
};
use model::id::DatabaseId;
use model::import::ImportReport;
use model::number;
use model::provider::Provider;
use model::schema::Schema;
use store::audit::AuditEntry;
use store::schema_write::NewDatabase;
use store::script_refresh::ScriptVersion;
use store::versions::NewVersion;
use tokio::sync::OwnedSemaphorePermit;

/// The constraint by which the store refuses a name.
const NAME_KEY: &str = "databases_name_key";
/// A script of up to so many bytes is kept as it came.
const KEPT_MAX_BYTES: usize = 4 * 1024 * 1024;

impl Services {
    /// Reads scripts into a new database of the catalog; nothing is stored unless all of it is.
    pub(crate) async fn import(
        &self,
        ctx: &Ctx,
        request: ImportRequest,
    ) -> Result<ImportOutcome, AppError> {
        ctx.authorize(Permission::CatalogWrite)?;
        let name = read_database_name(&request.name)?;
        check_scripts(&request.scripts)?;
        let Read {
            import: Import { schema, report },
            sql_content,
            dialect,
            turn: _turn,
        } = self
            .read_scripts(ctx, request.scripts, request.dialect, Provider::default())
            .await?;
        let provider = provider_of(dialect);
        let new = NewDatabase {
            id: new_database_id().or_answer(ctx)?,
            name,
            provider: provider.as_str().to_owned(),
            origin: DatabaseOrigin::Script,
            sql_content,
            report: Some(report.clone()),
            created_by: ctx.user().map(|user| user.id),
            source: None,
        };
        let audit = Entry::new("CREATE", "database")
            .of(&new.id, &new.name)
            .by(ctx);
        let summary = self.import_structure(ctx, &new, &schema, &audit).await?;
        tracing::info!(
            request.id = %ctx.request_id, database.id = %summary.id,
            tables = summary.counts.tables, problems = report.problems_total, "database imported"
        );
        Ok(ImportOutcome {
            id: summary.id,
            name: summary.name,
            counts: summary.counts,
            report,
        })
    }

    /// Reads scripts again that declare a database which is there: its next version.
    pub(crate) async fn import_again(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        scripts: Vec<String>,
        dialect: Option<ScriptDialect>,
    ) -> Result<RefreshOutcome, AppError> {
        self.editable(ctx, id).await?;
        check_scripts(&scripts)?;
        let stored = self
            .store
            .source_fetch(id)
            .await
            .or_answer(ctx)?
            .ok_or_else(database_not_found)?;
        match stored.origin {
            DatabaseOrigin::Script => {}
            DatabaseOrigin::Connection => {
                return Err(AppError::invalid(
                    "This database is read where it lives; refresh it instead.",
                ));
            }
            DatabaseOrigin::Sample => {
                return Err(AppError::invalid(
                    "The sample comes with the product as it is.",
                ));
            }
        }
        let Read {
            import: Import { schema, report },
            sql_content,
            dialect,
            turn: _turn,
        } = self
            .read_scripts(ctx, scripts, dialect, stored.provider)
            .await?;
        if provider_of(dialect) != stored.provider {
            let found = match dialect {
                ScriptDialect::Ddl(provider) => provider.label(),
                ScriptDialect::Dbml => "DBML",
            };
            return Err(AppError::invalid_field(
                "dialect",
                format!(
                    "This database is one of {}, and the script is read as {found}. Choose its \
                     dialect if it was mistaken; a script of another system is a database of its \
                     own.",
                    stored.provider
                ),
            ));
        }
        let script = ScriptVersion {
            sql_content,
            report,
            version: NewVersion {
                created_by: ctx.user().map(|user| user.id),
            },
        };
        let audit = Entry::new("UPDATE", "database")
            .of(id, &stored.name)
            .by(ctx);
        let (number, has_changed) = self
            .store
            .script_refresh(id, &schema, &script, audit)
            .await
            .or_answer(ctx)?;
        let newest = self.store.version_list(id).await.or_answer(ctx)?;
        let version = number.unsigned_abs();
        tracing::info!(
            request.id = %ctx.request_id, database.id = %id, version, has_changed,
            "script imported again"
        );
        Ok(RefreshOutcome {
            version,
            has_changed,
            summary: newest
                .into_iter()
                .find(|one| one.number == version)
                .and_then(|one| one.summary),
            unreadable: Vec::new(),
        })
    }

    /// Reads scripts, in their dialect or the one that their marks tell; where there are none, in
    /// that of `usual`.
    pub(crate) async fn read_scripts(
        &self,
        ctx: &Ctx,
        scripts: Vec<String>,
        dialect: Option<ScriptDialect>,
        usual: Provider,
    ) -> Result<Read, AppError> {
        let turn = self.imports.take().await.or_answer(ctx)?;
        let read = tokio::task::spawn_blocking(move || {
            let texts: Vec<&str> = scripts.iter().map(String::as_str).collect();
            let dialect = dialect.unwrap_or_else(|| dialect_of(&texts, usual));
            let import = match dialect {
                ScriptDialect::Ddl(provider) => ddl::read(provider, texts),
                ScriptDialect::Dbml => ddl::read_dbml(&texts.join("\n")),
            }?;
            Ok::<_, ddl::ReadError>(Read {
                sql_content: kept_text(&scripts, &import.report),
                import,
                dialect,
                turn,
            })
        })
        .await;
        read.map_err(Fault::from).or_answer(ctx)?.map_err(|error| {
            tracing::info!(request.id = %ctx.request_id, cause = %error, "import refused");
            AppError::invalid_field("scripts", error.to_string())
        })
    }

    /// Stores a new database, unless another has its name in whatever case.
    pub(crate) async fn import_structure(
        &self,
        ctx: &Ctx,
        new: &NewDatabase,
        schema: &Schema,
        audit: &AuditEntry,
    ) -> Result<DatabaseSummary, AppError> {
        let stored = self.store.schema_import(new, schema, audit).await;
        if let Err(error) = &stored
            && error.constraint() == Some(NAME_KEY)
        {
            return Err(name_taken(&new.name));
        }
        stored.or_answer(ctx)
    }
}

fn name_taken(name: &str) -> AppError {
    AppError {
        field: Some("name".to_owned()),
        ..AppError::conflict(format!("There is a database named “{name}” already."))
    }
}

/// Scripts that were read.
pub(crate) struct Read {
    pub(crate) import: Import,
    /// Their text, where it is kept.
    sql_content: Option<String>,
    dialect: ScriptDialect,
    /// The structure is in memory until it is stored, and so long the turn lasts.
    turn: OwnedSemaphorePermit,
}

/// Whose database a script of that dialect declares.
fn provider_of(dialect: ScriptDialect) -> Provider {
    match dialect {
        ScriptDialect::Ddl(provider) => provider,
        ScriptDialect::Dbml => Provider::PostgreSql,
    }
}

/// The dialect by its marks; the usual one where there are none.
fn dialect_of(scripts: &[&str], usual: Provider) -> ScriptDialect {
    if scripts.iter().all(|script| is_dbml(script)) {
        return ScriptDialect::Dbml;
    }
    ScriptDialect::Ddl(ddl::detect(scripts).unwrap_or(usual))
}

/// Whether the first words that are no comment begin a block of DBML.
fn is_dbml(script: &str) -> bool {
    let first = script
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with("//"));
    first.is_some_and(|line| {
        [
            "Project ",
            "Table ",
            "TableGroup ",
            "Enum ",
            "Ref ",
            "Ref:",
            "Note ",
        ]
        .iter()
        .any(|word| {
            line.get(..word.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(word))
        })
    })
}

/// A new database's id.
pub(crate) fn new_database_id() -> Result<DatabaseId, Fault> {
    Ok(DatabaseId::from_entropy(random_bytes()?))
}

/// The text to keep beside the structure. Scripts that carry rows are not kept: people's data
/// has no business in a catalog.
fn kept_text(scripts: &[String], report: &ImportReport) -> Option<String> {
    let carries_rows = report
        .passed_over
        .iter()
        .any(|passed| matches!(passed.kind.split(' ').next(), Some("INSERT" | "COPY")));
    let bytes: usize = scripts.iter().map(|script| script.len() + 1).sum();
    (!carries_rows && bytes <= KEPT_MAX_BYTES).then(|| scripts.join("\n"))
}

/// Reads the name that somebody gives a database.
pub(crate) fn read_database_name(text: &str) -> Result<String, AppError> {
    let name = text.trim();
    let message = if name.is_empty() {
        "The database needs a name.".to_owned()
    } else if name.chars().count() > DATABASE_NAME_MAX_CHARS {
        format!("The name is too long; {DATABASE_NAME_MAX_CHARS} characters are the most.")
    } else if name.chars().any(char::is_control) {
        "The name may hold no line breaks or other control characters.".to_owned()
    } else {
        return Ok(name.to_owned());
    };
    Err(AppError::invalid_field("name", message))
}

fn check_scripts(scripts: &[String]) -> Result<(), AppError> {
    let bytes: usize = scripts.iter().map(String::len).sum();
    if bytes <= SCRIPT_MAX_BYTES {
        // PostgreSQL has no text with a zero byte, so no script of its holds one either.
        return match scripts.iter().any(|script| script.contains('\0')) {
            false => Ok(()),
            true => Err(AppError::invalid_field(
                "scripts",
                "This is not a text: it holds zero bytes. A dump in PostgreSQL's own format can \
                 be made a script with pg_restore --schema-only -f schema.sql.",
            )),
        };
    }
    let size = |bytes: usize| number::bytes(i64::try_from(bytes).unwrap_or(i64::MAX));
    Err(AppError::too_large(format!(
        "The script has {}; {} are the most. A dump without its rows (pg_dump --schema-only) is \
         much smaller.",
        size(bytes),
        size(SCRIPT_MAX_BYTES)
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::error::ErrorKind;
    use model::import::PassedOver;

    #[test]
    fn names_are_trimmed_and_bounded() {
        assert_eq!(read_database_name("  Shop  ").unwrap(), "Shop");
        assert_eq!(
            read_database_name(&"é".repeat(120))
                .unwrap()
                .chars()
                .count(),
            120
        );
        for name in ["", "   ", "a\u{0}b", "a\nb", &"é".repeat(121)] {
            let error = read_database_name(name).unwrap_err();
            assert_eq!(error.field.as_deref(), Some("name"), "{name:?}");
        }
    }

    #[test]
    fn scripts_are_bounded_together() {
        let half = "x".repeat(SCRIPT_MAX_BYTES / 2);
        check_scripts(&[half.clone(), half.clone()]).unwrap();
        let error = check_scripts(&[half.clone(), half, "x".to_owned()]).unwrap_err();
        assert_eq!(error.kind, ErrorKind::TooLarge);
        let error = check_scripts(&["PGDMP\0".to_owned()]).unwrap_err();
        assert!(error.message.contains("pg_restore"));
    }

    #[test]
    fn a_script_with_rows_is_not_kept() {
        let passed_over = |kind: &str| ImportReport {
            passed_over: vec![PassedOver {
                kind: kind.to_owned(),
                count: 1,
            }],
            ..ImportReport::default()
        };
        let scripts = ["a;".to_owned(), "b;".to_owned()];
        assert_eq!(
            kept_text(&scripts, &passed_over("GRANT")).as_deref(),
            Some("a;\nb;")
        );
        assert_eq!(kept_text(&scripts, &passed_over("INSERT")), None);
        assert_eq!(kept_text(&scripts, &passed_over("COPY FROM")), None);
        let large = ["x".repeat(KEPT_MAX_BYTES)];
        assert_eq!(kept_text(&large, &ImportReport::default()), None);
    }
}
