//! Procedures of the system that say something about the structure: comments, types and names.

use super::{GRAMMAR, Reader};
use crate::cursor::{Cursor, Fault, Read};
use crate::standard::lexer::{Lexer, SQL_SERVER};
use crate::standard::name::text_value;
use crate::token::Kind;
use model::schema::Domain;
use std::collections::HashMap;

/// What a call gives: by name, or by place as `0`, `1`.
type Arguments = HashMap<String, String>;

impl Reader<'_> {
    /// Reads what follows `EXEC`.
    pub(super) fn execute(&mut self, mut cursor: Cursor<'_>) -> Read<()> {
        let at = cursor.offset();
        if cursor.is_symbol(b'(') {
            let inside = cursor.group()?;
            return self.text(&inside);
        }
        // `@result = procedure`.
        if cursor
            .peek()
            .is_some_and(|token| cursor.text_of(token).starts_with('@'))
        {
            cursor.step();
            cursor.accept_operator("=");
        }
        let name = self.reading.name(&mut cursor)?;
        let procedure = name.name.to_lowercase();
        if procedure == "sp_executesql" {
            let first = cursor.split_commas().into_iter().next();
            return match first {
                Some(first) => self.text(&first),
                None => Ok(()),
            };
        }
        let given = arguments(&cursor);
        let read = match procedure.as_str() {
            "sp_addextendedproperty" | "sp_updateextendedproperty" => self.property(&given, at),
            "sp_addtype" => self.add_type(&given, at),
            "sp_rename" => self.rename(&given, at),
            _ => {
                self.reading.tally.pass("EXEC");
                return Ok(());
            }
        };
        self.reading.tally.structure |= read.is_err();
        read
    }

    /// A comment: the property `MS_Description` of a table, a view or a column.
    fn property(&mut self, given: &Arguments, at: usize) -> Read<()> {
        let get = |name: &str, place: usize| -> Option<&str> {
            given
                .get(name)
                .or_else(|| given.get(&place.to_string()))
                .map(String::as_str)
        };
        let is = |value: Option<&str>, word: &str| {
            value.is_some_and(|value| value.eq_ignore_ascii_case(word))
        };
        if !is(get("@name", 0), "MS_Description") {
            self.reading.tally.pass("EXEC sp_addextendedproperty");
            return Ok(());
        }
        let value = get("@value", 1).unwrap_or_default().to_owned();
        let comment = (!value.is_empty()).then_some(value);
        let schema = get("@level0name", 3);
        let object = get("@level1type", 4);
        let inner = get("@level2type", 6);
        let (Some(name), true) = (
            get("@level1name", 5),
            is(object, "TABLE") || is(object, "VIEW"),
        ) else {
            self.reading.tally.pass("EXEC sp_addextendedproperty");
            return Ok(());
        };
        let Some(id) = self.reading.draft.find(schema, name) else {
            return Err(Fault {
                at,
                message: format!(
                    "The script has not created a table or view “{name}” before this."
                ),
            });
        };
        match get("@level2name", 7) {
            Some(column) if is(inner, "COLUMN") => {
                match self.reading.draft.column_mut(id, column) {
                    Some(found) => found.comment = comment,
                    None => {
                        self.reading.spelled(id, &[column.to_owned()], at)?;
                    }
                }
            }
            Some(_) => {
                self.reading.tally.pass("EXEC sp_addextendedproperty");
                return Ok(());
            }
            None => {
                if let Some(table) = self.reading.draft.table_mut(id) {
                    table.comment = comment;
                }
            }
        }
        self.reading.tally.read();
        Ok(())
    }

    /// `sp_addtype 'name', 'varchar(11)', 'NOT NULL'`.
    fn add_type(&mut self, given: &Arguments, at: usize) -> Read<()> {
        let get = |name: &str, place: &str| given.get(name).or_else(|| given.get(place));
        let (Some(name), Some(written)) = (get("@typename", "0"), get("@phystype", "1")) else {
            return Err(Fault {
                at,
                message: "sp_addtype needs a name and a type.".to_owned(),
            });
        };
        let tokens = Lexer::all(written, SQL_SERVER);
        let data_type = GRAMMAR
            .data_type(&mut Cursor::new(written, &tokens))
            .map_err(|fault| Fault { at, ..fault })?;
        let nullable =
            !get("@nulltype", "2").is_some_and(|null| null.to_uppercase().starts_with("NOT"));
        let domain = Domain {
            name: self.reading.draft.full(None, name),
            data_type,
            nullable,
            default: None,
            checks: Vec::new(),
            comment: None,
        };
        self.add_domain(domain, at, false)
    }

    /// `sp_rename 'dbo.t.old', 'new', 'COLUMN'`.
    fn rename(&mut self, given: &Arguments, at: usize) -> Read<()> {
        let get = |name: &str, place: &str| given.get(name).or_else(|| given.get(place));
        let (Some(old), Some(new)) = (get("@objname", "0"), get("@newname", "1")) else {
            return Err(Fault {
                at,
                message: "sp_rename needs a name and another.".to_owned(),
            });
        };
        let tokens = Lexer::all(old, SQL_SERVER);
        let mut path: Vec<String> = tokens
            .iter()
            .filter_map(|token| GRAMMAR.naming.of(token.text(old), token.kind))
            .collect();
        let kind = get("@objtype", "2").map(|kind| kind.to_uppercase());
        let last = path.pop().unwrap_or_default();
        let missing = || Fault {
            at,
            message: format!("The script has not created “{old}” before this."),
        };
        let draft = &mut self.reading.draft;
        if matches!(kind.as_deref(), Some("COLUMN" | "INDEX")) {
            let table = path.pop().unwrap_or_default();
            let id = draft
                .find(path.last().map(String::as_str), &table)
                .ok_or_else(missing)?;
            if kind.as_deref() == Some("COLUMN") {
                if draft.column(id, &last).is_none() {
                    return Err(missing());
                }
                draft.rename_column(id, &last, new, SQL_SERVER);
            } else if !draft.rename_index(id, &last, new) {
                return Err(missing());
            }
        } else {
            let schema = path.last().map(String::as_str);
            if let Some(id) = draft.find(schema, &last) {
                draft.rename(id, new);
            } else {
                let home = (0..draft.entries.len()).find(|id| draft.has_constraint(*id, &last));
                let id = home.ok_or_else(missing)?;
                draft.rename_constraint(id, &last, new);
            }
        }
        self.reading.tally.read();
        Ok(())
    }
}

/// The arguments of a call, texts without their quotes.
fn arguments(cursor: &Cursor<'_>) -> Arguments {
    let mut found = Arguments::new();
    for (place, part) in cursor.split_commas().into_iter().enumerate() {
        let mut value = part.clone();
        let mut key = place.to_string();
        let named = part
            .peek()
            .map(|token| part.text_of(token))
            .filter(|text| text.starts_with('@'))
            .filter(|_| {
                part.peek_at(1)
                    .is_some_and(|token| part.text_of(token) == "=")
            });
        if let Some(name) = named {
            key = name.to_lowercase();
            value.step();
            value.step();
        }
        if let Some(token) = value.peek() {
            let text = value.text_of(token);
            if token.kind == Kind::Word && text.eq_ignore_ascii_case("NULL") {
                continue;
            }
            let text = match token.kind {
                Kind::Text => text_value(text),
                _ => GRAMMAR
                    .naming
                    .of(text, token.kind)
                    .unwrap_or_else(|| text.to_owned()),
            };
            found.insert(key, text);
        }
    }
    found
}
