//! Columns.

use super::connection::Session;
use super::expression;
use super::row::Cells as _;
use super::server::Kind;
use super::tables::Relations;
use crate::error::ConnectError;
use model::schema::{Column, TableKind};

const COLUMNS: &str = "
    SELECT table_name AS table_name, column_name AS name, column_type AS data_type,
           is_nullable AS may_be_null, column_default AS default_text, extra AS extra,
           generation_expression AS expression, collation_name AS collation_name,
           column_comment AS note
    FROM information_schema.columns
    WHERE table_schema = ?
      AND (@@lower_case_table_names <> 0 OR CAST(table_schema AS BINARY) = CAST(? AS BINARY))
    ORDER BY table_name, ordinal_position";

/// Reads the columns of every relation.
pub(super) async fn read(
    session: &mut Session,
    relations: &mut Relations,
) -> Result<(), ConnectError> {
    let kind = session.server().kind;
    for row in &session.fetch(COLUMNS).await? {
        let table_name = row.text("table_name")?;
        let own = relations.collation(&table_name).map(str::to_owned);
        let Some(table) = relations.get_mut(&table_name) else {
            continue;
        };
        let data_type = row.text("data_type")?;
        let extra = row.text("extra")?.to_lowercase();
        let generated = row.filled("expression")?;
        // A view's column has the default of the column below it, which is not the view's.
        let default = match row.maybe("default_text")? {
            Some(text) if generated.is_none() && table.kind != TableKind::View => match kind {
                Kind::MariaDb => expression::mariadb_default(&text),
                Kind::MySql => expression::mysql_default(&text, &data_type, &extra),
            },
            _ => None,
        };
        table.columns.push(Column {
            name: row.text("name")?,
            nullable: row.text("may_be_null")? == "YES",
            default: expression::with_update(default, &extra),
            generated: generated.map(|text| expression::clean(&text, kind)),
            // A value that is given is taken, one that is not is counted up.
            identity: extra
                .contains("auto_increment")
                .then(|| "by default".to_owned()),
            collation: row
                .maybe("collation_name")?
                .filter(|collation| own.is_some_and(|own| own != *collation)),
            comment: row.filled("note")?,
            data_type,
        });
    }
    Ok(())
}
