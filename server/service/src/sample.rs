//! The sample: a real database of ours on the catalog's own server, with everything known of it.

use crate::audit::Entry;
use crate::clock::now;
use crate::error::{Fault, OrAnswer as _, with_causes};
use crate::fingerprint::fingerprint;
use crate::import::new_database_id;
use crate::services::Services;
use connect::admin::{Admin, DatabaseState};
use connect::error::ConnectError;
use connect::source::Source;
use connect::statistics::ColumnFacts;
use contract::context::Ctx;
use contract::error::AppError;
use model::account::{Permission, Role};
use model::catalog::{DatabaseOrigin, DatabaseSummary};
use model::id::{DatabaseId, UserId};
use model::time::Timestamp;
use std::collections::HashMap;
use store::access::Scope;
use store::accounts::NewUser;
use store::history::HistoryEntry;
use store::schema_write::{DatabaseSource, NewDatabase};
use store::statistics::{ColumnStatisticsRow, TableSize};
use time::OffsetDateTime;

/// Held by whoever makes or drops the sample.
const LOCK: &str = "crowfoot sample";
/// Any number will do; with one and the same the sample looks alike everywhere.
const HISTORY_SEED: u64 = 7;

impl Services {
    /// Creates the sample, or finds the one that is there.
    pub(crate) async fn sample(&self, ctx: &Ctx) -> Result<DatabaseSummary, AppError> {
        ctx.authorize(Permission::CatalogWrite)?;
        if let Some(summary) = self.sample_find(ctx).await? {
            if self.readable(ctx, &summary.id).await.is_err() {
                return Err(AppError::conflict(
                    "The sample cannot be made. Ask an administrator.",
                ));
            }
            return Ok(summary);
        }
        // A task of its own, so that somebody who closes the page half-way leaves nothing half
        // done.
        let (services, ctx_of_task) = (self.clone(), ctx.clone());
        tokio::spawn(async move { services.sample_make(&ctx_of_task).await })
            .await
            .map_err(Fault::from)
            .or_answer(ctx)?
    }

    /// The sample with all that belongs to it. The history is written last, so what has none is
    /// what is left of a server that ended half-way.
    async fn sample_find(&self, ctx: &Ctx) -> Result<Option<DatabaseSummary>, AppError> {
        let Some(sample) = self.sample_begun(ctx).await? else {
            return Ok(None);
        };
        let is_whole = self.store.history_exists(&sample.id).await.or_answer(ctx)?;
        Ok(is_whole.then_some(sample))
    }

    async fn sample_begun(&self, ctx: &Ctx) -> Result<Option<DatabaseSummary>, AppError> {
        let databases = self.store.database_list(Scope::All).await.or_answer(ctx)?;
        Ok(databases
            .into_iter()
            .find(|database| database.origin == DatabaseOrigin::Sample))
    }

    async fn sample_make(&self, ctx: &Ctx) -> Result<DatabaseSummary, AppError> {
        let admin = self.sample_admin().or_answer(ctx)?;
        let lock = admin.lock(LOCK).await.or_answer(ctx)?;
        let made = self.sample_make_locked(ctx, &admin).await;
        lock.release().await;
        made
    }

    async fn sample_make_locked(
        &self,
        ctx: &Ctx,
        admin: &Admin,
    ) -> Result<DatabaseSummary, AppError> {
        // Whoever held the lock before us may have made it.
        if let Some(summary) = self.sample_find(ctx).await? {
            return Ok(summary);
        }
        if let Some(unfinished) = self.sample_begun(ctx).await? {
            let audit = Entry::new("DELETE", "database")
                .of(&unfinished.id, &unfinished.name)
                .by(ctx);
            let removed = self.store.database_delete(&unfinished.id, &audit).await;
            removed.or_answer(ctx)?;
        }
        let name = &self.config.sample_database;
        let mark = mark_of(admin);
        match admin.database_state(name, &mark).await.or_answer(ctx)? {
            DatabaseState::Absent => {}
            DatabaseState::Ours => {
                admin.database_drop(name, &mark).await.or_answer(ctx)?;
            }
            DatabaseState::Foreign => return Err(foreign(name)),
        }
        match admin.database_create(name, &mark).await {
            Err(error @ ConnectError::Refused(_)) => {
                let cause = with_causes(&error);
                tracing::warn!(request.id = %ctx.request_id, %cause, "sample refused");
                return Err(AppError::unavailable(
                    "The PostgreSQL server does not let Crowfoot create a database for the \
                     sample. Give its role the right to (ALTER ROLE … CREATEDB) and try again.",
                ));
            }
            Err(ConnectError::Taken(_)) => return Err(foreign(name)),
            created => created.or_answer(ctx)?,
        }
        let filled = self.sample_fill(ctx, &admin.source(name)).await;
        if filled.is_err() {
            self.sample_drop(ctx, admin).await;
        }
        filled
    }

    /// Fills the new database and takes everything known of it into the catalog.
    async fn sample_fill(&self, ctx: &Ctx, source: &Source) -> Result<DatabaseSummary, AppError> {
        let today = OffsetDateTime::now_utc().date();
        let now = now();
        source
            .run_scripts(&[sample::ddl(), &sample::rows_sql(today)])
            .await
            .or_answer(ctx)?;
        source.analyze().await.or_answer(ctx)?;
        let facts = source.statistics().await.or_answer(ctx)?;
        let sizes = source.table_sizes().await.or_answer(ctx)?;
        let read = tokio::task::spawn_blocking(|| ddl::read_postgres(sample::ddl()))
            .await
            .map_err(Fault::from)
            .or_answer(ctx)?
            .map_err(|error| Fault::Inconsistent(error.to_string()))
            .or_answer(ctx)?;
        let new = NewDatabase {
            id: new_database_id().or_answer(ctx)?,
            name: self.sample_name(ctx).await?,
            provider: "postgresql".to_owned(),
            origin: DatabaseOrigin::Sample,
            sql_content: Some(sample::ddl().to_owned()),
            report: Some(read.report),
            created_by: ctx.user().map(|user| user.id),
            source: Some(DatabaseSource {
                database_name: Some(self.config.sample_database.clone()),
                ..DatabaseSource::default()
            }),
        };
        let audit = Entry::new("CREATE", "database").of(&new.id, &new.name);
        let line = audit.clone().by(ctx);
        let summary = self
            .import_structure(ctx, &new, &read.schema, &line)
            .await?;
        if let Err(answer) = self.sample_describe(ctx, &new.id, facts, sizes, now).await {
            // Whoever asks again begins anew.
            let undone = audit.instead("DELETE").by(ctx);
            let removed = self.store.database_delete(&new.id, &undone).await;
            removed.or_answer(ctx)?;
            return Err(answer);
        }
        tracing::info!(request.id = %ctx.request_id, database.id = %new.id, "sample created");
        Ok(summary)
    }

    /// A name for the sample that nobody has given to a database of their own.
    async fn sample_name(&self, ctx: &Ctx) -> Result<String, AppError> {
        let name = sample::DISPLAY_NAME;
        let databases = self.store.database_list(Scope::All).await.or_answer(ctx)?;
        let taken = |name: &str| {
            databases
                .iter()
                .any(|database| database.name.to_lowercase() == name.to_lowercase())
        };
        let mut candidates =
            std::iter::once(name.to_owned()).chain((2..).map(|number| format!("{name} {number}")));
        Ok(candidates
            .find(|candidate| !taken(candidate))
            .unwrap_or_else(|| name.to_owned()))
    }

    /// Adds what the structure does not tell: sizes, statistics, people and what they asked.
    async fn sample_describe(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        facts: Vec<ColumnFacts>,
        sizes: Vec<connect::statistics::TableSize>,
        now: Timestamp,
    ) -> Result<(), AppError> {
        let sizes: Vec<TableSize> = sizes
            .into_iter()
            .map(|size| TableSize {
                table: size.table,
                row_count: size.row_count,
                bytes: Some(size.size_bytes),
                index_bytes: Some(size.index_bytes),
            })
            .collect();
        let facts: Vec<ColumnStatisticsRow> = facts
            .into_iter()
            .map(|facts| ColumnStatisticsRow {
                table: facts.table,
                column: facts.column,
                statistics: facts.statistics,
            })
            .collect();
        self.store
            .table_sizes_write(id, &sizes)
            .await
            .or_answer(ctx)?;
        self.store
            .statistics_write(id, &facts)
            .await
            .or_answer(ctx)?;
        let people = self.analysts(ctx).await?;
        let database_id = id.clone();
        let history = tokio::task::spawn_blocking(move || {
            sample::history(now.0, HISTORY_SEED)
                .into_iter()
                .enumerate()
                .map(|(number, run)| history_entry(&database_id, number, run, &people))
                .collect::<Vec<_>>()
        })
        .await
        .map_err(Fault::from)
        .or_answer(ctx)?;
        self.store
            .history_insert_many(&history)
            .await
            .or_answer(ctx)
    }

    /// The people whose queries make the history, made where they are missing. They have no
    /// password and their accounts are closed, so that nobody can sign in as one of them.
    async fn analysts(&self, ctx: &Ctx) -> Result<HashMap<&'static str, UserId>, AppError> {
        let mut people = HashMap::new();
        for analyst in sample::analysts() {
            let known = self
                .store
                .user_by_login(analyst.email)
                .await
                .or_answer(ctx)?;
            let user = match known {
                Some(account) => account.user,
                None => {
                    let username = match self.store.user_by_login(analyst.username).await {
                        // Somebody real has the name; the address will do.
                        Ok(Some(_)) => analyst.email,
                        looked_up => looked_up.map(|_| analyst.username).or_answer(ctx)?,
                    };
                    let person = NewUser {
                        username: username.to_owned(),
                        email: analyst.email.to_owned(),
                        full_name: Some(analyst.full_name.to_owned()),
                        password_hash: None,
                        role: Role::Viewer,
                        is_active: false,
                    };
                    self.store.user_create(&person).await.or_answer(ctx)?
                }
            };
            people.insert(analyst.username, user.id);
        }
        Ok(people)
    }

    /// Drops the database of a sample that is no longer in the catalog. What is left behind when
    /// this fails is found and dropped by whoever makes the sample next.
    pub(crate) async fn sample_clean(&self, ctx: &Ctx) {
        let cleaned = async {
            let admin = self.sample_admin()?;
            let lock = admin.lock(LOCK).await?;
            // Somebody may have made it again before we had the lock.
            let gone = matches!(self.sample_find(ctx).await, Ok(None));
            if gone {
                self.sample_drop(ctx, &admin).await;
            }
            lock.release().await;
            Ok::<(), ConnectError>(())
        };
        if let Err(error) = cleaned.await {
            let cause = with_causes(&error);
            tracing::warn!(request.id = %ctx.request_id, %cause, "sample's database left behind");
        }
    }

    /// Drops the sample's database, if it is ours. Whoever calls this holds the lock.
    async fn sample_drop(&self, ctx: &Ctx, admin: &Admin) {
        let dropped = admin
            .database_drop(&self.config.sample_database, &mark_of(admin))
            .await;
        if let Err(error) = dropped {
            let cause = with_causes(&error);
            tracing::warn!(request.id = %ctx.request_id, %cause, "sample's database left behind");
        }
    }

    fn sample_admin(&self) -> Result<Admin, ConnectError> {
        Admin::new(self.config.database_url.reveal())
    }
}

/// The comment that marks a sample's database as made by the catalog at that address. What does
/// not carry it is never dropped: not a stranger's database, and not the sample of another
/// catalog on the same server.
pub fn mark_of(admin: &Admin) -> String {
    format!(
        "Sample database of the Crowfoot catalog in {:?}; Crowfoot may drop it at any time.",
        admin.database_name()
    )
}

/// A run of the sample's history as the store keeps it. Its id tells the sample's runs from any
/// other's.
fn history_entry(
    database_id: &DatabaseId,
    number: usize,
    run: sample::HistoryEntry,
    people: &HashMap<&'static str, UserId>,
) -> HistoryEntry {
    HistoryEntry {
        query_id: format!("{database_id}-{number}"),
        database_id: Some(database_id.clone()),
        user_id: people.get(run.analyst).copied(),
        fingerprint: Some(fingerprint(&run.query_text)),
        query_text: run.query_text,
        query_type: run.query_type.to_owned(),
        query_status: run.query_status.to_owned(),
        tables_accessed: run.tables_accessed,
        rows_read: Some(run.rows_read),
        rows_written: None,
        bytes_read: Some(run.bytes_read),
        bytes_written: None,
        execution_time_ms: Some(run.execution_time_ms),
        started_at: Timestamp(run.started_at_ms),
        completed_at: Some(Timestamp(run.completed_at_ms)),
        error_message: run.error_message,
        error_type: run.error_type,
        metadata: None,
    }
}

fn foreign(name: &str) -> AppError {
    AppError::conflict(format!(
        "The PostgreSQL server has a database named {name} already that this catalog did not \
         make. Rename or drop it, then try again."
    ))
}
