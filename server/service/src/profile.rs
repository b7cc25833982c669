//! A close look at the rows of a live table, on demand.

use crate::audit::Entry;
use crate::connection::refused;
use crate::database::database_not_found;
use crate::error::OrAnswer as _;
use crate::services::Services;
use connect::introspection::Limits;
use connect::live;
use contract::context::Ctx;
use contract::error::AppError;
use model::catalog::DatabaseOrigin;
use model::id::DatabaseId;
use model::profile::{ColumnProfile, TableProfile, ValueProfile};
use model::schema::QualifiedName;
use serde_json::json;
use std::time::Duration;
use store::profiles::NewProfile;

/// How long one statement may take on the source.
const STATEMENT_LIMIT: Duration = Duration::from_secs(30);
/// How long the whole look may take: a table can have many columns.
const WHOLE_LIMIT: Duration = Duration::from_secs(90);

impl Services {
    /// Looks at the values of a table's columns and keeps what was found.
    pub(crate) async fn profile(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        name: &QualifiedName,
    ) -> Result<TableProfile, AppError> {
        // It reaches the source and reads people's rows there, which is more than reading here.
        self.editable(ctx, id).await?;
        let stored = self
            .store
            .source_fetch(id)
            .await
            .or_answer(ctx)?
            .ok_or_else(database_not_found)?;
        if stored.origin != DatabaseOrigin::Connection {
            return Err(AppError::invalid(
                "There is no live database behind this table, so there are no rows to look at.",
            ));
        }
        let table = self
            .store
            .table_fetch(id, name)
            .await
            .or_answer(ctx)?
            .ok_or_else(|| AppError::not_found("This table"))?;
        let columns: Vec<String> = table
            .columns
            .into_iter()
            .map(|column| column.name)
            .collect();
        let target = self.target_of_stored(ctx, id, &stored)?;
        let turn = self.looks.take().await.or_answer(ctx)?;
        let limits = Limits {
            statement: STATEMENT_LIMIT,
            ..Limits::default()
        };
        let look = live::profile(&target, name, &columns, &limits);
        let Ok(look) = tokio::time::timeout(WHOLE_LIMIT, look).await else {
            return Err(AppError::unavailable(format!(
                "The look took longer than {} seconds and was given up. The table has too many \
                 columns, or its server is busy.",
                WHOLE_LIMIT.as_secs()
            )));
        };
        let look = look.map_err(|error| AppError {
            // There is no form to show a field in.
            field: None,
            ..refused(ctx, &error)
        })?;
        drop(turn);
        let found = NewProfile {
            rows: look
                .columns
                .iter()
                .map(|column| column.rows)
                .max()
                .unwrap_or_default(),
            sampled: look.sampled,
            columns: look
                .columns
                .into_iter()
                .map(|column| ColumnProfile {
                    column: column.column,
                    values: ValueProfile {
                        nulls: column.nulls,
                        distinct: column.distinct,
                        min: column.min.map(storable),
                        max: column.max.map(storable),
                        top: column
                            .top
                            .into_iter()
                            .map(|(value, count)| (storable(value), count))
                            .collect(),
                    },
                })
                .collect(),
        };
        let audit = Entry::new("UPDATE", "table")
            .of(table.summary.id, &name.to_string())
            .with(json!({ "profile": { "rows": found.rows, "sampled": found.sampled } }))
            .by(ctx);
        let taken_at = self
            .store
            .profile_write(table.summary.id, &found, &audit)
            .await
            .or_answer(ctx)?
            .ok_or_else(|| AppError::not_found("This table"))?;
        Ok(TableProfile {
            taken_at,
            rows: found.rows,
            sampled: found.sampled,
            columns: found.columns,
        })
    }
}

/// A value as PostgreSQL's JSON can hold it: MySQL and SQLite have texts with zero bytes.
fn storable(value: String) -> String {
    if value.contains('\0') {
        value.replace('\0', "\u{fffd}")
    } else {
        value
    }
}
