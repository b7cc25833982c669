//! `ALTER TABLE`.

use super::column::{expression, read_column};
use super::constraint::{Element, begins_element, read_element};
use super::options::{read_option, read_partitions};
use super::{Reader, name, types};
use crate::catalog::RelationId;
use crate::cursor::{Cursor, Fault, Name, Read};
use crate::token::Kind;

/// What comes last, whatever its place in the statement: keys may name columns that stand
/// behind them, and generated names take the table's old name.
#[derive(Default)]
pub(crate) struct Later {
    pub(crate) elements: Vec<Element>,
    rename: Option<Name>,
}

/// What an action does to foreign keys comes before what rests on it.
fn drops_foreign_key(action: &Cursor<'_>) -> bool {
    action.are(&["DROP", "FOREIGN", "KEY"]) || action.are(&["DROP", "CONSTRAINT"])
}

/// Actions that the model holds nothing of, by their first words.
const PASSED: [&[&str]; 24] = [
    &["ADD", "PARTITION"],
    &["DROP", "PARTITION"],
    &["TRUNCATE", "PARTITION"],
    &["COALESCE", "PARTITION"],
    &["REORGANIZE", "PARTITION"],
    &["EXCHANGE", "PARTITION"],
    &["CONVERT", "PARTITION"],
    &["CONVERT", "TABLE"],
    &["ANALYZE", "PARTITION"],
    &["CHECK", "PARTITION"],
    &["OPTIMIZE", "PARTITION"],
    &["REBUILD", "PARTITION"],
    &["REPAIR", "PARTITION"],
    &["DISCARD"],
    &["IMPORT"],
    &["DISABLE", "KEYS"],
    &["ENABLE", "KEYS"],
    &["ALGORITHM"],
    &["LOCK"],
    &["FORCE"],
    &["ORDER", "BY"],
    &["WITH", "VALIDATION"],
    &["WITHOUT", "VALIDATION"],
    &["DROP", "SYSTEM"],
];

fn passed(action: &Cursor<'_>) -> bool {
    PASSED.iter().any(|words| action.are(words))
}

impl Reader<'_> {
    /// Reads what follows `ALTER TABLE`. An action that cannot be read costs only itself.
    pub(crate) fn alter_table(&mut self, mut cursor: Cursor<'_>) -> Read<()> {
        cursor.accept_all(&["IF", "EXISTS"]);
        let written = name::qualified(&mut cursor)?;
        if cursor.accept("WAIT") {
            cursor.step();
        } else {
            cursor.accept("NOWAIT");
        }
        let mut actions = cursor.split_commas();
        if !actions.is_empty() && actions.iter().all(passed) {
            // Dumps of rows alone switch the keys of tables off that they do not create.
            self.tally.pass("ALTER TABLE");
            return Ok(());
        }
        let id = self.table(&written)?;
        let mut later = Later::default();
        actions.sort_by_key(|action| !drops_foreign_key(action));
        for mut action in actions {
            let at = action.offset();
            let read = self
                .alter_action(id, &mut action, &mut later)
                .and_then(|()| action.end());
            if let Err(fault) = read {
                self.part_problem(at, fault);
            }
        }
        self.add_elements(id, later.elements);
        if let Some(new) = later.rename {
            self.rename_relation(id, &new)?;
        }
        self.tally.read();
        Ok(())
    }

    fn alter_action(
        &mut self,
        id: RelationId,
        action: &mut Cursor<'_>,
        later: &mut Later,
    ) -> Read<()> {
        if passed(action) {
            action.skip_rest();
            return Ok(());
        }
        if action.accept("ADD") {
            return self.add(id, action, later);
        }
        if action.accept("DROP") {
            return self.drop_part(id, action);
        }
        if action.accept("MODIFY") {
            action.accept("COLUMN");
            let if_exists = action.accept_all(&["IF", "EXISTS"]);
            let def = read_column(action)?;
            let old = def.column.name.clone();
            return self.change(id, action, &old, def, if_exists, later);
        }
        if action.accept("CHANGE") {
            action.accept("COLUMN");
            let if_exists = action.accept_all(&["IF", "EXISTS"]);
            let old = name::label(action)?;
            let def = read_column(action)?;
            return self.change(id, action, &old, def, if_exists, later);
        }
        if action.accept("ALTER") {
            return self.alter_part(id, action);
        }
        if action.accept("RENAME") {
            return self.rename_part(id, action, later);
        }
        if action.accept_all(&["PARTITION", "BY"]) {
            let key = read_partitions(action)?;
            if let Some(relation) = self.catalog.relation_mut(id) {
                relation.partition_key = Some(key);
            }
            return Ok(());
        }
        if action.accept_all(&["REMOVE", "PARTITIONING"]) {
            if let Some(relation) = self.catalog.relation_mut(id) {
                relation.partition_key = None;
            }
            return Ok(());
        }
        if action.accept_all(&["CONVERT", "TO"]) {
            return self.convert(id, action);
        }
        self.set_options(id, action)
    }

    /// `ENGINE = …`, `COMMENT = …` and so on.
    fn set_options(&mut self, id: RelationId, action: &mut Cursor<'_>) -> Read<()> {
        let mut options = self.options.get(&id).cloned().unwrap_or_default();
        let before = action.place();
        while read_option(action, &mut options)? {}
        if action.place() == before {
            return action.expected("an action of ALTER TABLE");
        }
        if let Some(relation) = self.catalog.relation_mut(id)
            && let Some(comment) = &options.comment
        {
            relation.comment = Some(comment.clone()).filter(|text| !text.is_empty());
        }
        self.options.insert(id, options);
        Ok(())
    }

    /// `CONVERT TO CHARACTER SET x [COLLATE y]` gives it to all columns too.
    fn convert(&mut self, id: RelationId, action: &mut Cursor<'_>) -> Read<()> {
        let options = self.options.entry(id).or_default();
        let charset = types::charset(action)?;
        options.charset = (!charset.eq_ignore_ascii_case("DEFAULT")).then_some(charset);
        options.collation = match action.accept("COLLATE") {
            true => {
                action.accept_operator("=");
                Some(types::word_or_text(action)?)
            }
            false => None,
        };
        if let Some(relation) = self.catalog.relation_mut(id) {
            for row in &mut relation.columns {
                row.column.collation = None;
            }
        }
        Ok(())
    }

    /// Reads what follows `ADD`.
    fn add(&mut self, id: RelationId, action: &mut Cursor<'_>, later: &mut Later) -> Read<()> {
        if action.accept_all(&["SYSTEM", "VERSIONING"]) {
            return Ok(());
        }
        if begins_element(action) {
            let element = read_element(action)?;
            later.elements.push(element);
            return Ok(());
        }
        action.accept("COLUMN");
        let if_not_exists = action.accept_all(&["IF", "NOT", "EXISTS"]);
        if action.is_symbol(b'(') {
            for mut part in action.group()?.split_commas() {
                let at = part.offset();
                let read = match begins_element(&part) {
                    true => read_element(&mut part).map(|element| later.elements.push(element)),
                    false => self.add_column(id, &mut part, if_not_exists, later),
                };
                if let Err(fault) = read {
                    self.part_problem(at, fault);
                }
            }
            return Ok(());
        }
        self.add_column(id, action, if_not_exists, later)
    }

    /// Reads what follows `DROP`.
    fn drop_part(&mut self, id: RelationId, action: &mut Cursor<'_>) -> Read<()> {
        let at = action.offset();
        if action.accept_all(&["PRIMARY", "KEY"]) {
            if self.remove_index(id, "PRIMARY") {
                return Ok(());
            }
            let message = "The table has no primary key.".to_owned();
            return Err(Fault { at, message });
        }
        let foreign = action.accept_all(&["FOREIGN", "KEY"]);
        let index = !foreign && (action.accept("INDEX") || action.accept("KEY"));
        let check = !foreign && !index && action.accept("CHECK");
        let constraint = !foreign && !index && !check && action.accept("CONSTRAINT");
        if !foreign && !index && !check && !constraint {
            action.accept("COLUMN");
        }
        let if_exists = action.accept_all(&["IF", "EXISTS"]);
        let part = name::label(action)?;
        if !action.accept("RESTRICT") {
            action.accept("CASCADE");
        }
        if foreign {
            let dropped = self.remove_foreign_key(id, &part);
            return self.dropped_or(dropped, if_exists, at, "foreign key", &part);
        }
        if index {
            let dropped = self.remove_index(id, &part);
            return self.dropped_or(dropped, if_exists, at, "index", &part);
        }
        if check || constraint {
            let dropped = self.remove_check(id, &part)
                || (constraint
                    && (self.remove_foreign_key(id, &part) || self.remove_index(id, &part)));
            return self.dropped_or(dropped, if_exists, at, "constraint", &part);
        }
        match self.stored_column(id, &part, at) {
            Ok(column) => self.drop_column(id, &column, at),
            Err(_) if if_exists => self.dropped_or(false, true, at, "column", &part),
            Err(fault) => Err(fault),
        }
    }

    fn dropped_or(
        &mut self,
        dropped: bool,
        if_exists: bool,
        at: usize,
        what: &str,
        part: &str,
    ) -> Read<()> {
        if !dropped && if_exists {
            self.tally
                .pass(&format!("DROP {} that does not exist", what.to_uppercase()));
        } else if !dropped {
            let message = format!("The table has no {what} “{part}”.");
            return Err(Fault { at, message });
        }
        Ok(())
    }

    fn remove_foreign_key(&mut self, id: RelationId, key: &str) -> bool {
        let Some(relation) = self.catalog.relation_mut(id) else {
            return false;
        };
        let before = relation.foreign_keys.len();
        relation
            .foreign_keys
            .retain(|row| !name::same(&row.key.name, key));
        relation.foreign_keys.len() < before
    }

    fn remove_check(&mut self, id: RelationId, check: &str) -> bool {
        let Some(relation) = self.catalog.relation_mut(id) else {
            return false;
        };
        let before = relation.checks.len();
        relation
            .checks
            .retain(|row| !name::same(&row.check.name, check));
        relation.checks.len() < before
    }

    /// Reads what follows `ALTER` within `ALTER TABLE`.
    fn alter_part(&mut self, id: RelationId, action: &mut Cursor<'_>) -> Read<()> {
        // Whether an index is seen, or a check is enforced, is not part of the model.
        let next_is_name = action
            .peek_at(1)
            .is_some_and(|token| matches!(token.kind, Kind::Word | Kind::Quoted));
        let setting = ["SET", "DROP"]
            .iter()
            .any(|word| action.token_is(action.peek_at(1), word));
        if action.is_any(&["INDEX", "KEY", "CHECK", "CONSTRAINT"]) && next_is_name && !setting {
            action.skip_rest();
            return Ok(());
        }
        if action.is("COLUMN") && !setting {
            action.step();
        }
        action.accept_all(&["IF", "EXISTS"]);
        let at = action.offset();
        let column = name::label(action)?;
        let stored = self.stored_column(id, &column, at)?;
        let default = if action.accept_all(&["DROP", "DEFAULT"]) {
            None
        } else if action.accept_all(&["SET", "DEFAULT"]) {
            Some(expression(action)?).filter(|text| !text.eq_ignore_ascii_case("NULL"))
        } else if action.is("SET") {
            // SET VISIBLE, SET INVISIBLE.
            action.skip_rest();
            return Ok(());
        } else {
            return action.expected("SET DEFAULT or DROP DEFAULT");
        };
        if let Some(row) = self
            .catalog
            .relation_mut(id)
            .and_then(|relation| relation.column_mut(&stored))
        {
            row.column.default = default;
        }
        Ok(())
    }

    /// Reads what follows `RENAME` within `ALTER TABLE`.
    fn rename_part(
        &mut self,
        id: RelationId,
        action: &mut Cursor<'_>,
        later: &mut Later,
    ) -> Read<()> {
        let at = action.offset();
        if action.accept("COLUMN") {
            action.accept_all(&["IF", "EXISTS"]);
            let old = name::label(action)?;
            action.expect("TO")?;
            let new = name::label(action)?;
            let stored = self.stored_column(id, &old, at)?;
            return self.rename_column(id, &stored, &new, at);
        }
        if action.accept("INDEX") || action.accept("KEY") {
            action.accept_all(&["IF", "EXISTS"]);
            let old = name::label(action)?;
            action.expect("TO")?;
            let new = name::label(action)?;
            let relation = self.catalog.relation_mut(id);
            let row = relation.and_then(|relation| {
                let mut rows = relation.indexes.iter_mut();
                rows.find(|row| name::same(&row.index.name, &old))
            });
            return match row {
                Some(row) => {
                    row.index.name = new;
                    Ok(())
                }
                None => Err(Fault {
                    at,
                    message: format!("The table has no index “{old}”."),
                }),
            };
        }
        if !action.accept("TO") && !action.accept("AS") {
            action.accept_operator("=");
        }
        later.rename = Some(name::qualified(action)?);
        Ok(())
    }
}
