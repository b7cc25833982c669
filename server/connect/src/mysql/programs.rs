//! What runs in the database: triggers, functions and procedures.

use super::connection::Session;
use super::row::Cells as _;
use crate::error::ConnectError;
use model::schema::{QualifiedName, Routine, Trigger};

const TRIGGERS: &str = "
    SELECT trigger_name AS name, event_object_table AS table_name, action_timing AS timing,
           event_manipulation AS event, action_orientation AS orientation,
           action_statement AS body
    FROM information_schema.triggers
    WHERE trigger_schema = ?
      AND (@@lower_case_table_names <> 0 OR CAST(trigger_schema AS BINARY) = CAST(? AS BINARY))
    ORDER BY event_object_table, trigger_name";

/// One list of two kinds of rows, as with foreign keys. A function and a procedure may have the
/// same name.
const ROUTINES: &str = "
    SELECT CAST(routine_type AS CHAR) AS kind, CAST(specific_name AS CHAR) AS name,
           '' AS position,
           NULL AS parameter_mode, NULL AS parameter, NULL AS data_type
    FROM information_schema.routines
    WHERE routine_schema = ?
      AND (@@lower_case_table_names <> 0 OR CAST(routine_schema AS BINARY) = CAST(? AS BINARY))
      AND routine_type IN ('FUNCTION', 'PROCEDURE')
    UNION ALL
    SELECT CAST(routine_type AS CHAR), CAST(specific_name AS CHAR),
           LPAD(ordinal_position, 6, '0'),
           parameter_mode, parameter_name, dtd_identifier
    FROM information_schema.parameters
    WHERE specific_schema = ?
      AND (@@lower_case_table_names <> 0 OR CAST(specific_schema AS BINARY) = CAST(? AS BINARY))
      AND ordinal_position > 0
    ORDER BY name, kind, position";

/// The rights that the login has itself on the database, and a mark where it has a role, whose
/// rights are not listed.
const RIGHTS: &str = "
    SELECT CAST(privilege_type AS CHAR) AS right_name
    FROM information_schema.user_privileges
    WHERE REPLACE(grantee, '''', '') = CURRENT_USER()
    UNION ALL
    SELECT CAST(privilege_type AS CHAR)
    FROM information_schema.schema_privileges
    WHERE REPLACE(grantee, '''', '') = CURRENT_USER() AND ? LIKE table_schema
    UNION ALL
    SELECT 'ROLE' FROM DUAL WHERE COALESCE(CURRENT_ROLE(), 'NONE') <> 'NONE'";

/// What a login may see of programs.
pub(super) struct Sight {
    /// Whether it would see triggers if there were any.
    pub(super) triggers: bool,
    /// Whether it would see routines if there were any.
    pub(super) routines: bool,
}

/// Asks what the login would see. The server leaves out without a word what it may not.
pub(super) async fn read_sight(session: &mut Session) -> Result<Sight, ConnectError> {
    let mut sight = Sight {
        triggers: false,
        routines: false,
    };
    for row in &session.fetch(RIGHTS).await? {
        match row.text("right_name")?.as_str() {
            "ROLE" => {
                sight.triggers = true;
                sight.routines = true;
            }
            "TRIGGER" => sight.triggers = true,
            "EXECUTE" | "CREATE ROUTINE" | "ALTER ROUTINE" | "SHOW_ROUTINE" => {
                sight.routines = true;
            }
            _ => {}
        }
    }
    Ok(sight)
}

/// Reads the triggers that the login may see.
pub(super) async fn read_triggers(session: &mut Session) -> Result<Vec<Trigger>, ConnectError> {
    let rows = session.fetch(TRIGGERS).await?;
    let schema = session.schema();
    rows.iter()
        .map(|row| {
            let name = row.text("name")?;
            let table = row.text("table_name")?;
            Ok(Trigger {
                definition: format!(
                    "CREATE TRIGGER {} {} {} ON {} FOR EACH {} {}",
                    quote(&name),
                    row.text("timing")?,
                    row.text("event")?,
                    quote(&table),
                    row.text("orientation")?,
                    row.text("body")?
                ),
                table: QualifiedName::new(schema, table),
                name,
            })
        })
        .collect()
}

/// Reads functions and procedures with their arguments.
pub(super) async fn read_routines(session: &mut Session) -> Result<Vec<Routine>, ConnectError> {
    let rows = session.fetch(ROUTINES).await?;
    let mut found: Vec<(String, Routine)> = Vec::new();
    for row in &rows {
        let (kind, name) = (row.text("kind")?, row.text("name")?);
        let Some(parameter) = row.maybe("parameter")? else {
            let name = QualifiedName::new(session.schema(), name);
            let routine = Routine {
                name,
                arguments: String::new(),
            };
            found.push((kind, routine));
            continue;
        };
        let owner = found
            .iter_mut()
            .rfind(|(other, routine)| *other == kind && routine.name.name == name);
        let Some((_, routine)) = owner else { continue };
        if !routine.arguments.is_empty() {
            routine.arguments.push_str(", ");
        }
        // A function's parameters all come in, and its declaration does not say so.
        if kind == "PROCEDURE"
            && let Some(mode) = row.filled("parameter_mode")?
        {
            routine.arguments.push_str(&mode);
            routine.arguments.push(' ');
        }
        routine.arguments.push_str(&parameter);
        routine.arguments.push(' ');
        routine.arguments.push_str(&row.text("data_type")?);
    }
    Ok(found.into_iter().map(|(_, routine)| routine).collect())
}

/// A name between backticks.
pub(super) fn quote(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}
