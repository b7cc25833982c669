//! Tables: columns, keys, checks and foreign keys.

use super::types::{self, Meaning};
use super::{Work, default, expression};
use crate::fold;
use model::provider::Provider;
use model::schema::{
    Check, Column, ConstraintKind, EnumType, ForeignKey, QualifiedName, ReferentialAction, Table,
    TableKind,
};
use std::collections::HashSet;

/// What a column's type comes to, through enumerated types and domains.
struct Resolved {
    meaning: Meaning,
    /// The default of a domain.
    default: Option<String>,
    /// The checks of domains, in the words of the source, about `VALUE`.
    checks: Vec<Check>,
    nullable: bool,
}

impl Work<'_> {
    pub(super) fn table(&mut self, table: &Table) {
        let name = self.place(&table.name);
        let mut made = Table::new(name.clone(), TableKind::Table);
        made.comment.clone_from(&table.comment);
        let keys = self.key_columns(table);
        for column in &table.columns {
            let column = self.column(
                table,
                &mut made,
                column,
                keys.contains(column.name.as_str()),
            );
            made.columns.push(column);
        }
        made.primary_key.clone_from(&table.primary_key);
        made.unique_keys.clone_from(&table.unique_keys);
        if let Some(key) = &mut made.primary_key
            && key.name == "PRIMARY"
        {
            key.name = fold::compose(&name.name, None, "pkey");
        }
        for check in &table.checks {
            self.check(table, &mut made, check);
        }
        for exclusion in &table.exclusions {
            let words = format!(
                "The exclusion constraint {} has no equal: EXCLUDE {}",
                exclusion.name, exclusion.definition
            );
            self.out.note(&name, words);
        }
        for key in &table.foreign_keys {
            self.foreign_key(&mut made, key);
        }
        self.part_from_actions(&mut made);
        for index in &table.indexes {
            self.index(table, &mut made, index);
        }
        if let Some(key) = &table.partition_key {
            let words = format!("The table is partitioned by {key} in {}.", self.source);
            self.out.note(&name, words);
        }
        for parent in &table.inherits {
            let words = format!("The table inherits from {parent} in {}.", self.source);
            self.out.note(&name, words);
        }
        self.out.schema.tables.push(made);
    }

    /// The columns that some key or index needs.
    fn key_columns<'t>(&self, table: &'t Table) -> HashSet<&'t str> {
        let keys = table.primary_key.iter().chain(&table.unique_keys);
        let mut found: HashSet<&str> = keys
            .flat_map(|key| &key.columns)
            .chain(table.foreign_keys.iter().flat_map(|key| &key.columns))
            .map(String::as_str)
            .collect();
        let parts = table.indexes.iter().flat_map(|index| &index.parts);
        for part in parts {
            match &part.column {
                Some(column) => found.extend([column.as_str()]),
                // An expression's type follows from its columns.
                None => found.extend(
                    table
                        .columns
                        .iter()
                        .map(|column| column.name.as_str())
                        .filter(|name| part.text.contains(name)),
                ),
            }
        }
        found
    }

    fn resolve(&self, data_type: &str) -> Resolved {
        let mut resolved = Resolved {
            meaning: Meaning::Other,
            default: None,
            checks: Vec::new(),
            nullable: true,
        };
        let mut text = data_type.to_owned();
        // Domains may rest on domains, but not for ever.
        for _ in 0..16 {
            // Each dialect quotes in its own way.
            let bare = text.replace(['[', ']', '"', '`'], "");
            if let Some(found) = self.enums.get(&bare) {
                resolved.meaning = Meaning::Values(found.values.clone());
                return resolved;
            }
            let Some(domain) = self.domains.get(&bare) else {
                break;
            };
            resolved.nullable &= domain.nullable;
            resolved.checks.extend(domain.checks.iter().cloned());
            if resolved.default.is_none() {
                resolved.default.clone_from(&domain.default);
            }
            text.clone_from(&domain.data_type);
        }
        resolved.meaning = types::read(&text, self.source);
        resolved
    }

    /// The columns about which an expression means the same in the target: those whose types
    /// behave alike. A truth value is a number in some dialects and none in others.
    pub(super) fn speakable(&self, table: &Table) -> Vec<String> {
        let numbers = matches!(self.target, Provider::MySql | Provider::Sqlite);
        let columns =
            table
                .columns
                .iter()
                .filter(|column| match self.resolve(&column.data_type).meaning {
                    Meaning::Boolean => numbers,
                    Meaning::Array | Meaning::Other | Meaning::Interval | Meaning::Bits(_) => false,
                    _ => true,
                });
        columns.map(|column| column.name.clone()).collect()
    }

    fn column(&mut self, table: &Table, made: &mut Table, column: &Column, key: bool) -> Column {
        let name = made.name.clone();
        let resolved = self.resolve(&column.data_type);
        let (data_type, lost) = types::print(&resolved.meaning, self.target, key);
        let mut result = Column {
            name: column.name.clone(),
            data_type,
            nullable: column.nullable && resolved.nullable,
            identity: column.identity.clone(),
            comment: column.comment.clone(),
            ..Column::default()
        };
        if lost {
            let words = match column.data_type.as_str() {
                "" => format!("The type of {} is not known.", column.name),
                data_type => format!(
                    "The type of {} is {data_type} in {}.",
                    column.name, self.source
                ),
            };
            self.out.note(&name, words);
        }
        self.values(made, &mut result, &resolved.meaning);
        for check in &resolved.checks {
            let about = fold::quoted(&column.name);
            let expression = replace_value(&check.expression, &about);
            let check = Check {
                name: fold::compose(&table.name.name, Some(&column.name), "check"),
                expression,
            };
            self.check(table, made, &check);
        }
        let default = column.default.as_ref().or(resolved.default.as_ref());
        if let Some(default) = default {
            self.default(&name, &mut result, default, &resolved.meaning);
        }
        if let Some(generated) = &column.generated {
            let columns = self.speakable(table);
            let translated = expression::translate(generated, self.source, self.target, &columns);
            if translated.is_none() {
                let words = format!(
                    "{} is generated in {}: {generated}",
                    column.name, self.source
                );
                self.out.note(&name, words);
            }
            result.generated = translated;
        }
        if let Some(collation) = &column.collation {
            let words = format!(
                "The collation of {} is {collation} in {}.",
                column.name, self.source
            );
            self.out.note(&name, words);
        }
        result
    }

    /// Sees to the values that an enumerated type allows.
    fn values(&mut self, made: &mut Table, column: &mut Column, meaning: &Meaning) {
        let Meaning::Values(values) = meaning else {
            return;
        };
        match self.target {
            Provider::MySql => {}
            Provider::PostgreSql => {
                let name = self.free_type(made, &column.name);
                column.data_type = match name.schema == "public" {
                    true => fold::quoted(&name.name),
                    false => format!(
                        "{}.{}",
                        fold::quoted(&name.schema),
                        fold::quoted(&name.name)
                    ),
                };
                self.out.schema.enums.push(EnumType {
                    name,
                    values: values.clone(),
                    comment: None,
                });
            }
            Provider::Sqlite | Provider::SqlServer | Provider::Oracle => {
                let values: Vec<String> = values
                    .iter()
                    .map(|value| expression::text(value, self.target))
                    .collect();
                made.checks.push(Check {
                    name: fold::compose(&made.name.name, Some(&column.name), "values"),
                    expression: format!(
                        "{} IN ({})",
                        expression::quoted(&column.name, self.target, false),
                        values.join(", ")
                    ),
                });
            }
        }
    }

    /// A name for a column's enumerated type. Types share their names with tables.
    fn free_type(&self, made: &Table, column: &str) -> QualifiedName {
        let schema = &made.name.schema;
        let own = format!("{}_{column}", made.name.name);
        let mut name = QualifiedName::new(schema.clone(), fold::truncate(&own));
        let taken = |name: &QualifiedName| {
            self.out
                .schema
                .enums
                .iter()
                .any(|found| found.name == *name)
                || self.written.iter().any(|table| self.place(table) == *name)
        };
        let mut number = 0;
        while taken(&name) {
            number += 1;
            name.name = fold::compose(&made.name.name, Some(column), &number.to_string());
        }
        name
    }

    fn default(
        &mut self,
        table: &QualifiedName,
        column: &mut Column,
        text: &str,
        meaning: &Meaning,
    ) {
        let counted = text
            .trim_start()
            .to_ascii_lowercase()
            .starts_with("nextval(");
        if counted {
            column.identity = Some("by default".to_owned());
            return;
        }
        // MySQL's reader keeps what happens on a change behind the default.
        let (value, change) = match text.split_once(" ON UPDATE ") {
            Some((value, change)) if self.source == Provider::MySql => (value, Some(change)),
            _ => (text, None),
        };
        if let Some(change) = change {
            let words = format!("{} is set on every update: {change}", column.name);
            self.out.note(table, words);
        }
        if value.trim().eq_ignore_ascii_case("NULL") {
            return;
        }
        column.default = match (self.source, meaning) {
            // An empty array in JSON is what an empty array becomes.
            (_, Meaning::Values(_)) => {
                let constant = value.rsplit_once("'::").map(|(head, _)| format!("{head}'"));
                let constant = constant.unwrap_or_else(|| value.to_owned());
                expression::translate(&constant, self.source, self.target, &[])
            }
            _ => default::translate(value, meaning, self.source, self.target),
        };
        if column.default.is_none() {
            let words = format!(
                "The default of {} is {value} in {}.",
                column.name, self.source
            );
            self.out.note(table, words);
        }
    }

    fn check(&mut self, table: &Table, made: &mut Table, check: &Check) {
        let columns = self.speakable(table);
        let translated =
            expression::translate(&check.expression, self.source, self.target, &columns);
        match translated {
            Some(expression) => made.checks.push(Check {
                name: check.name.clone(),
                expression,
            }),
            None => {
                let words = format!(
                    "The check {} is in the words of {}: {}",
                    check.name, self.source, check.expression
                );
                self.out.note(&made.name.clone(), words);
            }
        }
    }

    /// MySQL refuses a check on a column that a foreign key may change, or that counts up.
    fn part_from_actions(&mut self, made: &mut Table) {
        if self.target != Provider::MySql {
            return;
        }
        let changes = |action| {
            !matches!(
                action,
                ReferentialAction::NoAction | ReferentialAction::Restrict
            )
        };
        let changed: Vec<String> = made
            .foreign_keys
            .iter()
            .filter(|key| {
                changes(key.on_update)
                    || changes(key.on_delete) && key.on_delete != ReferentialAction::Cascade
            })
            .flat_map(|key| &key.columns)
            .chain(
                made.columns
                    .iter()
                    .filter(|column| column.identity.is_some())
                    .map(|column| &column.name),
            )
            .map(|column| expression::quoted(column, self.target, false))
            .collect();
        let (left, kept) = std::mem::take(&mut made.checks)
            .into_iter()
            .partition(|check| changed.iter().any(|name| check.expression.contains(name)));
        made.checks = kept;
        let left: Vec<Check> = left;
        for check in left {
            let words = format!(
                "The check {} is about a column that the database itself may change: {}",
                check.name, check.expression
            );
            self.out.note(&made.name, words);
        }
    }

    fn foreign_key(&mut self, made: &mut Table, key: &ForeignKey) {
        let name = made.name.clone();
        let mut translated = key.clone();
        translated.inherited = false;
        translated.target = self.place(&key.target);
        if !self.written.contains(&key.target) || key.target_columns.is_empty() {
            let words = format!(
                "The foreign key {} ({}) references {} ({}), which is no table here.",
                key.name,
                key.columns.join(", "),
                key.target,
                key.target_columns.join(", ")
            );
            self.out.note(&name, words);
            return;
        }
        let target = self.target;
        let columns = &made.columns;
        let nullable = key.columns.iter().all(|name| {
            let column = columns.iter().find(|column| column.name == *name);
            column.is_some_and(|column| column.nullable)
        });
        let takes = |action: ReferentialAction, update: bool| match (target, action) {
            (_, ReferentialAction::NoAction) => true,
            // They refuse the key where PostgreSQL refuses the change.
            (Provider::MySql | Provider::SqlServer, ReferentialAction::SetNull) => nullable,
            (Provider::Oracle, ReferentialAction::Cascade | ReferentialAction::SetNull) => !update,
            (Provider::Oracle, _) => false,
            (Provider::MySql, ReferentialAction::SetDefault) => false,
            (Provider::SqlServer, ReferentialAction::Restrict) => false,
            _ => true,
        };
        let actions = [
            ("DELETE", &mut translated.on_delete, false),
            ("UPDATE", &mut translated.on_update, true),
        ];
        for (event, action, update) in actions {
            if !takes(*action, update) {
                let words = format!(
                    "The foreign key {} has ON {event} {} in {}.",
                    key.name,
                    action.as_sql(),
                    self.source
                );
                self.out.note(&name, words);
                *action = ReferentialAction::NoAction;
            }
        }
        if key.deferrable && matches!(target, Provider::MySql | Provider::SqlServer) {
            translated.deferrable = false;
            let words = format!(
                "The foreign key {} is deferrable in {}.",
                key.name, self.source
            );
            self.out.note(&name, words);
        }
        made.foreign_keys.push(translated);
    }
}

/// A domain's check, about a column instead of `VALUE`.
fn replace_value(expression: &str, column: &str) -> String {
    let mut result = String::new();
    let mut quote: Option<char> = None;
    let mut word = String::new();
    let flush = |word: &mut String, result: &mut String| {
        if word.eq_ignore_ascii_case("value") {
            result.push_str(column);
        } else {
            result.push_str(word);
        }
        word.clear();
    };
    for character in expression.chars() {
        let inside = character.is_alphanumeric() || character == '_';
        if quote.is_none() && inside {
            word.push(character);
            continue;
        }
        flush(&mut word, &mut result);
        result.push(character);
        match quote {
            Some(open) if open == character => quote = None,
            None if matches!(character, '\'' | '"') => quote = Some(character),
            _ => {}
        }
    }
    flush(&mut word, &mut result);
    result
}

/// Whether an index serves a key that the table has.
pub(super) fn serves_key(kind: Option<ConstraintKind>) -> bool {
    matches!(
        kind,
        Some(ConstraintKind::PrimaryKey | ConstraintKind::Unique)
    )
}
