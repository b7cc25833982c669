//! What people queried.

use crate::error::StoreError;
use crate::moment::{moment, timestamp};
use crate::store::Store;
use model::catalog::{FrequentQuery, TableUsage, USAGE_DAYS};
use model::id::{DatabaseId, UserId};
use model::schema::QualifiedName;
use model::time::Timestamp;
use serde_json::{Value, json};
use std::collections::HashMap;
use time::{Duration, OffsetDateTime, Time, UtcOffset};

/// So many runs are written by one statement.
const BATCH: usize = 5_000;
/// So many statements are listed as those run most often.
const FREQUENT_MAX: i64 = 5;

/// So many statements of a database are told, those that are run most often.
pub const STATEMENTS_MAX: i64 = 2_000;
/// What is longer is cut, in characters.
const STATEMENT_MAX: i32 = 20_000;

/// One run of a query.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryEntry {
    /// Names the run; unique in the whole history.
    pub query_id: String,
    /// The database that it ran on, where the catalog has it.
    pub database_id: Option<DatabaseId>,
    /// Who ran it, where they are known here.
    pub user_id: Option<UserId>,
    /// The text as sent.
    pub query_text: String,
    /// Equal for texts that differ only in literals and layout.
    pub fingerprint: Option<String>,
    /// `SELECT`, `INSERT`, `UPDATE`, `DELETE`, `CREATE`, …
    pub query_type: String,
    /// `pending`, `running`, `success`, `failed` or `cancelled`.
    pub query_status: String,
    /// Tables that it touched, as `schema.table`.
    pub tables_accessed: Vec<String>,
    /// Rows read.
    pub rows_read: Option<i64>,
    /// Rows written.
    pub rows_written: Option<i64>,
    /// Bytes read.
    pub bytes_read: Option<i64>,
    /// Bytes written.
    pub bytes_written: Option<i64>,
    /// From start to end.
    pub execution_time_ms: Option<i32>,
    /// When it was started. It decides the month in which the run is kept.
    pub started_at: Timestamp,
    /// When it ended.
    pub completed_at: Option<Timestamp>,
    /// What the database said, unless it succeeded.
    pub error_message: Option<String>,
    /// The name of the error.
    pub error_type: Option<String>,
    /// Anything more.
    pub metadata: Option<Value>,
}

/// Of which days all that is told of usage is. Only what succeeded used anything.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UsageWindow {
    from: Option<OffsetDateTime>,
    until: Option<OffsetDateTime>,
}

impl UsageWindow {
    /// All that is known.
    pub const ALL: Self = Self {
        from: None,
        until: None,
    };

    /// The days (of UTC) that end with the day of `now`, so many.
    pub fn last(days: u32, now: Timestamp) -> Self {
        let (from, until) = bounds(i64::from(days), now);
        Self {
            from: Some(from),
            until: Some(until),
        }
    }
}

impl Store {
    /// Adds runs to the history: all of them or none.
    ///
    /// # Errors
    /// Conflict with `query_history_query_id_key` when a run's id is taken.
    pub async fn history_insert_many(&self, entries: &[HistoryEntry]) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        if let Some(oldest) = entries.iter().map(|entry| entry.started_at).min() {
            months_ensure_in_txn(&mut transaction, oldest).await?;
        }
        for batch in entries.chunks(BATCH) {
            history_insert_in_txn(&mut transaction, batch).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Whether any run on the database is known.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn history_exists(&self, database_id: &DatabaseId) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar!(
            r#"select exists (
                select 1 from query_history where database_id = $1
            ) as "exists!""#,
            database_id.as_str()
        )
        .fetch_one(&self.pool)
        .await?)
    }

    /// The statements that used tables of the database in these days, each with how often it was run;
    /// what differs in literals only is one. Those run most often first, at most [`STATEMENTS_MAX`].
    /// None when the database has no history at all.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn statements_run(
        &self,
        database_id: &DatabaseId,
        window: UsageWindow,
    ) -> Result<Option<Vec<(String, u64)>>, StoreError> {
        let rows = sqlx::query!(
            r#"select run.text, coalesce(run.runs, 0) as "runs!", exists (
                select 1 from query_history
                where database_id = $1 and cardinality(tables_accessed) > 0
            ) as "known!"
            from (select 1) as one left join (
                select left(min(query_text collate "C"), $2) as text, count(*) as runs
                from query_history
                where database_id = $1 and cardinality(tables_accessed) > 0
                    and query_status = 'success'
                    and created_at >= coalesce($4, '-infinity'::timestamptz)
                    and created_at < coalesce($5, 'infinity'::timestamptz)
                group by coalesce(query_fingerprint, md5(query_text))
                order by count(*) desc, 1
                limit $3
            ) run on true
            order by run.runs desc, run.text"#,
            database_id.as_str(),
            STATEMENT_MAX,
            STATEMENTS_MAX,
            window.from,
            window.until
        )
        .fetch_all(&self.pool)
        .await?;
        let is_known = rows.iter().any(|row| row.known);
        let run = rows
            .into_iter()
            .filter_map(|row| Some((row.text?, row.runs.unsigned_abs())));
        Ok(is_known.then(|| run.collect()))
    }

    /// How many statements used each table in these days; none when the database has no history at
    /// all. A table that is not there was not used.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn usage_counts(
        &self,
        database_id: &DatabaseId,
        window: UsageWindow,
    ) -> Result<Option<HashMap<String, u64>>, StoreError> {
        let rows = sqlx::query!(
            r#"select used.name, coalesce(used.uses, 0) as "uses!", exists (
                select 1 from query_history
                where database_id = $1 and cardinality(tables_accessed) > 0
            ) as "known!"
            from (select 1) as one left join (
                select name, count(*) as uses
                from query_history, unnest(tables_accessed) as name
                where database_id = $1 and query_status = 'success'
                    and created_at >= coalesce($2, '-infinity'::timestamptz)
                    and created_at < coalesce($3, 'infinity'::timestamptz)
                group by name
            ) used on true"#,
            database_id.as_str(),
            window.from,
            window.until
        )
        .fetch_all(&self.pool)
        .await?;
        let is_known = rows.iter().any(|row| row.known);
        let used = rows
            .into_iter()
            .filter_map(|row| Some((row.name?, row.uses.unsigned_abs())));
        Ok(is_known.then(|| used.collect()))
    }

    /// How a table was used in the [`USAGE_DAYS`] days (of UTC) that end with the day of `now`;
    /// none when the database has no history at all.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn table_usage(
        &self,
        database_id: &DatabaseId,
        table: &QualifiedName,
        now: Timestamp,
    ) -> Result<Option<TableUsage>, StoreError> {
        let name = table.to_string();
        let days = i64::try_from(USAGE_DAYS).unwrap_or(i64::MAX);
        let (from, until) = bounds(days, now);
        let days = sqlx::query!(
            r#"with touched as (
                select floor(extract(epoch from created_at - $3) / 86400)::int as day, user_id
                from query_history
                where database_id = $1 and tables_accessed @> array[$2]
                    and query_status = 'success' and created_at >= $3 and created_at < $4
            )
            select day as "day?", count(*) as "runs!",
                (select count(distinct user_id) from touched) as "people!",
                exists (select 1 from query_history where database_id = $1) as "known!"
            from touched
            group by grouping sets ((day), ())"#,
            database_id.as_str(),
            name,
            from,
            until
        )
        .fetch_all(&self.pool)
        .await?;
        let mut usage = TableUsage {
            per_day: vec![0; USAGE_DAYS],
            people: 0,
            frequent: Vec::new(),
        };
        for row in days {
            if !row.known {
                return Ok(None);
            }
            usage.people = u32::try_from(row.people).unwrap_or(u32::MAX);
            let place = row.day.and_then(|day| usize::try_from(day).ok());
            if let Some(runs) = place.and_then(|place| usage.per_day.get_mut(place)) {
                *runs = u32::try_from(row.runs).unwrap_or(u32::MAX);
            }
        }
        usage.frequent = self
            .queries_frequent(database_id, &name, from, until)
            .await?;
        Ok(Some(usage))
    }

    async fn queries_frequent(
        &self,
        database_id: &DatabaseId,
        table: &str,
        from: OffsetDateTime,
        until: OffsetDateTime,
    ) -> Result<Vec<FrequentQuery>, StoreError> {
        let rows = sqlx::query!(
            r#"with frequent as (
                select count(*) as runs, max(created_at) as last_at,
                    (array_agg(id order by created_at desc, id desc))[1] as last_id,
                    mode() within group (order by user_id) as mostly_by,
                    coalesce(percentile_disc(0.95) within group (order by execution_time_ms), 0)
                        as p95_ms
                from query_history
                where database_id = $1 and tables_accessed @> array[$2]
                    and query_status = 'success' and created_at >= $3 and created_at < $4
                group by coalesce(query_fingerprint, md5(query_text))
                order by count(*) desc, max(created_at) desc
                limit $5
            )
            select q.query_text, f.runs as "runs!", f.last_at as "last_at!", f.p95_ms as "p95_ms!",
                coalesce(nullif(u.full_name, ''), u.username) as mostly_by
            from frequent f
                join query_history q on q.id = f.last_id and q.created_at = f.last_at
                left join users u on u.id = f.mostly_by
            order by f.runs desc, f.last_at desc"#,
            database_id.as_str(),
            table,
            from,
            until,
            FREQUENT_MAX
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| FrequentQuery {
                text: row.query_text,
                mostly_by: row.mostly_by,
                runs: u32::try_from(row.runs).unwrap_or(u32::MAX),
                p95_ms: i64::from(row.p95_ms),
                last_at: timestamp(row.last_at),
            })
            .collect())
    }
}

/// From the first midnight of so many days to the one after the last of them, the day of `now`.
fn bounds(days: i64, now: Timestamp) -> (OffsetDateTime, OffsetDateTime) {
    let today = moment(now)
        .to_offset(UtcOffset::UTC)
        .replace_time(Time::MIDNIGHT);
    let before = Duration::days(days.saturating_sub(1).max(0));
    (
        today.saturating_sub(before),
        today.saturating_add(Duration::DAY),
    )
}

/// Makes the months back to that of the oldest run, so that history that comes late has its place
/// too. What is older than two years goes where everything goes that has no month.
async fn months_ensure_in_txn(
    connection: &mut sqlx::PgConnection,
    oldest: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query_scalar!(
        r#"select ensure_month_partitions(
            'query_history',
            greatest($1::timestamptz at time zone 'UTC',
                     now() at time zone 'UTC' - interval '2 years')::date,
            (now() at time zone 'UTC')::date
        ) as "made!""#,
        moment(oldest)
    )
    .fetch_one(connection)
    .await?;
    Ok(())
}

async fn history_insert_in_txn(
    connection: &mut sqlx::PgConnection,
    entries: &[HistoryEntry],
) -> Result<(), StoreError> {
    let texts = |of: fn(&HistoryEntry) -> &str| -> Vec<&str> { entries.iter().map(of).collect() };
    let options = |of: fn(&HistoryEntry) -> Option<&str>| -> Vec<Option<&str>> {
        entries.iter().map(of).collect()
    };
    let numbers = |of: fn(&HistoryEntry) -> Option<i64>| -> Vec<Option<i64>> {
        entries.iter().map(of).collect()
    };
    let tables: Vec<Value> = entries
        .iter()
        .map(|entry| entry.tables_accessed.iter().map(String::as_str).collect())
        .collect();
    let times: Vec<Option<i32>> = entries
        .iter()
        .map(|entry| entry.execution_time_ms)
        .collect();
    let starts: Vec<OffsetDateTime> = entries
        .iter()
        .map(|entry| moment(entry.started_at))
        .collect();
    let ends: Vec<Option<OffsetDateTime>> = entries
        .iter()
        .map(|entry| entry.completed_at.map(moment))
        .collect();
    let metadata: Vec<Value> = entries
        .iter()
        .map(|entry| entry.metadata.clone().unwrap_or_else(|| json!({})))
        .collect();
    sqlx::query!(
        r#"insert into query_history (
            query_id, database_id, user_id, query_text, query_fingerprint, query_type,
            query_status, tables_accessed, rows_read, rows_written, bytes_read, bytes_written,
            execution_time_ms, started_at, created_at, completed_at, error_message, error_type,
            metadata
        )
        select h.query_id, h.database_id, h.user_id, h.query_text, h.fingerprint, h.query_type,
            h.query_status, array(select jsonb_array_elements_text(h.tables_accessed)),
            h.rows_read, h.rows_written, h.bytes_read, h.bytes_written, h.execution_time_ms,
            h.started_at, h.started_at, h.completed_at, h.error_message, left(h.error_type, 100),
            h.metadata
        from unnest(
            $1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[],
            $8::jsonb[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::int[],
            $14::timestamptz[], $15::timestamptz[], $16::text[], $17::text[], $18::jsonb[]
        ) as h (query_id, database_id, user_id, query_text, fingerprint, query_type, query_status,
            tables_accessed, rows_read, rows_written, bytes_read, bytes_written, execution_time_ms,
            started_at, completed_at, error_message, error_type, metadata)"#,
        &texts(|entry| &entry.query_id) as &[&str],
        &options(|entry| entry.database_id.as_ref().map(DatabaseId::as_str)) as &[Option<&str>],
        &numbers(|entry| entry.user_id.map(|id| id.0)) as &[Option<i64>],
        &texts(|entry| &entry.query_text) as &[&str],
        &options(|entry| entry.fingerprint.as_deref()) as &[Option<&str>],
        &texts(|entry| &entry.query_type) as &[&str],
        &texts(|entry| &entry.query_status) as &[&str],
        &tables,
        &numbers(|entry| entry.rows_read) as &[Option<i64>],
        &numbers(|entry| entry.rows_written) as &[Option<i64>],
        &numbers(|entry| entry.bytes_read) as &[Option<i64>],
        &numbers(|entry| entry.bytes_written) as &[Option<i64>],
        &times as &[Option<i32>],
        &starts,
        &ends as &[Option<OffsetDateTime>],
        &options(|entry| entry.error_message.as_deref()) as &[Option<&str>],
        &options(|entry| entry.error_type.as_deref()) as &[Option<&str>],
        &metadata
    )
    .execute(connection)
    .await?;
    Ok(())
}
