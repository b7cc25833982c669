//! What a script sets for its session: the search path and how strings are read.

use super::Reader;
use crate::cursor::Cursor;
use crate::fold;
use crate::token::Kind;

/// The schemas of a search path that can hold what a script creates; never none. A path that is
/// empty (as dumps set it) still needs a schema for names that have none.
pub(crate) fn effective(path: &[String]) -> Vec<String> {
    let schemas: Vec<String> = path
        .iter()
        .filter(|schema| !matches!(schema.as_str(), "$user" | "pg_catalog" | "pg_temp" | ""))
        .cloned()
        .collect();
    if schemas.is_empty() {
        vec!["public".to_owned()]
    } else {
        schemas
    }
}

impl Reader<'_, '_> {
    /// Back to the path of a new session.
    pub(crate) fn reset_path(&mut self) {
        self.path = effective(&self.options.search_path);
    }

    /// Sets the search path.
    pub(crate) fn set_path(&mut self, path: &[String]) {
        self.path = effective(path);
    }

    /// The search path that is in force.
    pub(crate) fn path(&self) -> Vec<String> {
        self.path.clone()
    }

    /// `SET`, `RESET`, `DISCARD`.
    pub(crate) fn set(&mut self, statement: &Cursor<'_>) {
        let mut cursor = statement.clone();
        if cursor.accept("DISCARD") {
            if cursor.is("ALL") {
                self.reset_path();
            }
            return;
        }
        if cursor.accept("RESET") {
            if cursor.is("search_path") || cursor.is("ALL") {
                self.reset_path();
            }
            return;
        }
        cursor.step();
        if !cursor.accept("LOCAL") {
            cursor.accept("SESSION");
        }
        if cursor.accept("SCHEMA") {
            if let Ok(schema) = cursor.string() {
                self.set_path(&[schema]);
            }
            return;
        }
        let Ok(name) = cursor.label() else { return };
        if !cursor.accept("TO") && !cursor.accept_operator("=") {
            return;
        }
        match name.as_str() {
            "search_path" if cursor.is("DEFAULT") => self.reset_path(),
            "search_path" => {
                let mut path = Vec::new();
                for mut part in cursor.split_commas() {
                    let quoted = part.peek().is_some_and(|token| token.kind == Kind::Text);
                    let schema = if quoted { part.string() } else { part.label() };
                    path.extend(schema);
                }
                self.set_path(&path);
            }
            "standard_conforming_strings" => {
                let value = cursor.peek().map(|token| match token.kind {
                    Kind::Text => fold::string(cursor.text_of(token)),
                    _ => fold::name(cursor.text_of(token)),
                });
                self.backslashes = value
                    .is_some_and(|value| matches!(value.as_str(), "off" | "false" | "0" | "no"));
            }
            _ => {}
        }
    }

    /// `SELECT pg_catalog.set_config('search_path', '', false)`, as dumps have it.
    pub(crate) fn set_config(&mut self, statement: &Cursor<'_>) {
        let mut cursor = statement.clone();
        cursor.step();
        if cursor.accept("pg_catalog") {
            cursor.accept_symbol(b'.');
        }
        if !cursor.accept("set_config") {
            return;
        }
        let Ok(arguments) = cursor.group() else {
            return;
        };
        let mut parts = arguments.split_commas().into_iter();
        let name = parts.next().and_then(|mut part| part.string().ok());
        let value = parts.next().and_then(|mut part| part.string().ok());
        if name.is_some_and(|name| name.eq_ignore_ascii_case("search_path"))
            && let Some(value) = value
        {
            let path: Vec<String> = value
                .split(',')
                .map(|schema| fold::name(schema.trim()))
                .collect();
            self.set_path(&path);
        }
    }

    /// A command for psql.
    pub(crate) fn command(&mut self, start: usize, end: usize) {
        let line = self.source.get(start..end).unwrap_or_default();
        let word: String = line
            .chars()
            .skip(1)
            .take_while(|character| character.is_ascii_alphanumeric() || *character == '_')
            .take(32)
            .collect();
        match word.as_str() {
            "i" | "ir" | "include" | "include_relative" => {
                let message = "This includes another file, which was not read; import that file \
                               too, at its place in the order.";
                self.problem(start, end, message.to_owned());
            }
            "c" | "connect" => {
                self.reset_path();
                self.tally.pass("\\connect");
            }
            _ => self.tally.pass(&format!("\\{word}")),
        }
    }
}
