//! Tables, their constraints and indexes, partitions, children and foreign keys.

use super::{Writer, unknown_routine};
use crate::fold;
use crate::write::comment;
use model::schema::{
    Check, Column, ConstraintKind, ForeignKey, Index, QualifiedName, ReferentialAction, Table,
    TableKind,
};
use std::collections::HashMap;
use std::fmt::Write as _;

/// A line of a table's definition, and what stands in a comment after it.
struct Line {
    text: String,
    note: Option<String>,
}

impl<'a> Writer<'a> {
    /// A table with its keys, checks and indexes.
    pub(super) fn table(&mut self, table: &'a Table) {
        self.within(&table.name.schema);
        let name = self.name(&table.name);
        let mut left = String::new();
        let mut lines: Vec<Line> = Vec::new();
        for column in &table.columns {
            lines.push(self.column(table, column, &mut left));
        }
        self.constraints(table, &name, &mut lines, &mut left);
        let _ = write!(self.out, "CREATE TABLE {name} (");
        self.push_lines(&lines);
        self.out.push(')');
        if let Some(key) = &table.partition_key {
            let _ = write!(self.out, " PARTITION BY {key}");
        }
        self.out.push_str(";\n");
        self.indexes(table, &name, &mut left);
        self.out.push_str(&left);
        for note in self.translated.notes_of(&table.name) {
            comment::push(&mut self.out, note);
        }
        self.out.push('\n');
    }

    fn push_lines(&mut self, lines: &[Line]) {
        for (at, line) in lines.iter().enumerate() {
            let comma = if at + 1 < lines.len() { "," } else { "" };
            let _ = write!(self.out, "\n    {}{comma}", line.text);
            if let Some(note) = &line.note {
                let _ = write!(self.out, " -- {note}");
            }
        }
        if !lines.is_empty() {
            self.out.push('\n');
        }
    }

    fn column(&self, table: &Table, column: &Column, left: &mut String) -> Line {
        let name = fold::quoted(&column.name);
        let mut note = None;
        let mut line = if column.data_type.trim().is_empty() {
            note = Some("its type is not known".to_owned());
            format!("{name} text")
        } else {
            let data_type = self.data_type(&column.data_type, &table.name.schema);
            format!("{name} {data_type}")
        };
        if let Some(collation) = &column.collation {
            let _ = write!(line, " COLLATE {}", fold::quoted(collation));
        }
        let mut expression = |expression: &str, what: &str| {
            let routine = self.routines.called_in(expression);
            if let Some(routine) = &routine {
                let words = format!(
                    "The {what} of {name} calls {routine}, whose body is not known: {expression}"
                );
                comment::push(left, &words);
            }
            routine.is_none()
        };
        if let Some(default) = &column.default
            && expression(default, "default")
        {
            let _ = write!(line, " DEFAULT {default}");
        }
        if let Some(generated) = &column.generated
            && expression(generated, "expression")
        {
            let _ = write!(line, " GENERATED ALWAYS AS ({generated}) STORED");
        }
        if !column.nullable {
            line.push_str(" NOT NULL");
        }
        if let Some(identity) = &column.identity {
            let kind = if identity == "always" {
                "ALWAYS"
            } else {
                "BY DEFAULT"
            };
            let _ = write!(line, " GENERATED {kind} AS IDENTITY");
            if let Some(sequence) = self.identity_sequence(table, &column.name) {
                let _ = write!(line, " (SEQUENCE NAME {})", self.name(sequence));
            }
        }
        Line { text: line, note }
    }

    /// The sequence of an identity column, unless its name is the one that it would get anyway.
    fn identity_sequence(&self, table: &Table, column: &str) -> Option<&'a QualifiedName> {
        let usual = fold::compose(&table.name.name, Some(column), "seq");
        self.owned
            .get(&(&table.name, column))
            .copied()
            .filter(|name| name.schema != table.name.schema || name.name != usual)
    }

    fn constraints(&self, table: &Table, name: &str, lines: &mut Vec<Line>, left: &mut String) {
        let keys = table.primary_key.iter().map(|key| (key, "PRIMARY KEY"));
        for (key, kind) in keys.chain(table.unique_keys.iter().map(|key| (key, "UNIQUE"))) {
            let mut line = format!(
                "CONSTRAINT {} {kind} ({})",
                fold::quoted(&key.name),
                list(&key.columns)
            );
            let index = table.indexes.iter().find(|index| index.name == key.name);
            if let Some(index) = index.filter(|index| !index.include.is_empty()) {
                let _ = write!(line, " INCLUDE ({})", list(&index.include));
            }
            lines.push(Line {
                text: line,
                note: None,
            });
        }
        for check in &table.checks {
            let constraint = self.check(table, check);
            match self.routines.called_in(&check.expression) {
                None => lines.push(Line {
                    text: constraint,
                    note: None,
                }),
                Some(routine) => comment::push_statement(
                    left,
                    &unknown_routine(&routine),
                    &format!("ALTER TABLE {name} ADD {constraint};"),
                ),
            }
        }
        for exclusion in &table.exclusions {
            let constraint = format!(
                "CONSTRAINT {} EXCLUDE {}",
                fold::quoted(&exclusion.name),
                exclusion.definition
            );
            match self.routines.called_in(&exclusion.definition) {
                None => lines.push(Line {
                    text: constraint,
                    note: None,
                }),
                Some(routine) => comment::push_statement(
                    left,
                    &unknown_routine(&routine),
                    &format!("ALTER TABLE {name} ADD {constraint};"),
                ),
            }
        }
    }

    fn check(&self, table: &Table, check: &Check) -> String {
        // The model does not say which checks children do without; a child that lacks one does.
        let lacks = self.parents.contains(&table.name)
            && self
                .schema
                .tables
                .iter()
                .filter(|child| child.inherits.contains(&table.name))
                .any(|child| child.checks.iter().all(|own| own.name != check.name));
        let no_inherit = if lacks { " NO INHERIT" } else { "" };
        format!(
            "CONSTRAINT {} CHECK ({}){no_inherit}",
            fold::quoted(&check.name),
            check.expression
        )
    }

    /// The indexes that no constraint brings along.
    pub(super) fn indexes(&mut self, table: &Table, name: &str, left: &mut String) {
        for index in &table.indexes {
            if index.constraint.is_some() && has_constraint(table, index) {
                continue;
            }
            let only = self.stands_alone(table, index);
            let statement = match only {
                true => index_statement(index, &format!("ONLY {name}")),
                false => index_statement(index, name),
            };
            let texts = index.parts.iter().map(|part| part.text.as_str());
            let routine = texts
                .chain(index.predicate.as_deref())
                .find_map(|text| self.routines.called_in(text));
            match routine {
                None if only => self.after_families.push(statement),
                None => {
                    self.out.push_str(&statement);
                    self.out.push('\n');
                }
                Some(routine) => {
                    comment::push_statement(left, &unknown_routine(&routine), &statement);
                }
            }
        }
    }

    /// Whether an index of a partitioned table is missing from one of its partitions, which
    /// would get it on being attached.
    fn stands_alone(&self, table: &Table, index: &Index) -> bool {
        if table.partition_key.is_none() {
            return false;
        }
        let mut partitions = self.schema.tables.iter().filter(|child| {
            let parent = child.partition_of.as_ref().map(|part| &part.parent);
            parent == Some(&table.name)
        });
        partitions.any(|child| {
            child.indexes.iter().all(|own| {
                own.method != index.method
                    || own.unique != index.unique
                    || own.parts != index.parts
                    || own.include != index.include
                    || own.predicate != index.predicate
            })
        })
    }

    /// A foreign table: its server is not known.
    pub(super) fn foreign_table(&mut self, table: &'a Table) {
        let name = self.name(&table.name);
        let mut left = String::new();
        let lines: Vec<Line> = table
            .columns
            .iter()
            .map(|column| self.column(table, column, &mut left))
            .collect();
        let begin = self.out.len();
        let _ = write!(self.out, "CREATE FOREIGN TABLE {name} (");
        self.push_lines(&lines);
        self.out.push_str(") SERVER …;");
        let statement = self.out.split_off(begin);
        let reason = format!("{name} is a foreign table, and its server is not known:");
        comment::push_statement(&mut self.out, &reason, &statement);
        self.out.push_str(&left);
        self.out.push('\n');
        self.omitted.insert(&table.name);
    }

    /// Attaches partitions and puts children below their parents.
    pub(super) fn families(&mut self) {
        let mut any = false;
        for table in &self.schema.tables {
            let name = self.name(&table.name);
            if let Some(part) = &table.partition_of {
                let statement = format!(
                    "ALTER TABLE {} ATTACH PARTITION {name} {};",
                    self.name(&part.parent),
                    part.bounds
                );
                self.push_if_known(&part.parent, &statement);
                any = true;
            }
            for parent in &table.inherits {
                let statement = format!("ALTER TABLE {name} INHERIT {};", self.name(parent));
                self.push_if_known(parent, &statement);
                any = true;
            }
        }
        for statement in std::mem::take(&mut self.after_families) {
            self.out.push_str(&statement);
            self.out.push('\n');
        }
        self.gap(any);
    }

    fn push_if_known(&mut self, table: &QualifiedName, statement: &str) {
        if self.relation(table).is_some() && !self.omitted.contains(table) {
            self.out.push_str(statement);
            self.out.push('\n');
        } else {
            let reason = format!("{table} is not part of this script:");
            comment::push_statement(&mut self.out, &reason, statement);
        }
    }

    /// All foreign keys but those that partitions have from their parents.
    pub(super) fn foreign_keys(&mut self) {
        let tables: HashMap<&QualifiedName, &Table> = self
            .schema
            .tables
            .iter()
            .map(|table| (&table.name, table))
            .collect();
        let mut any = false;
        for table in &self.schema.tables {
            for key in table.foreign_keys.iter().filter(|key| !key.inherited) {
                any = true;
                let statement = self.foreign_key(table, key);
                let target = tables.get(&key.target);
                let reason = match target {
                    _ if self.omitted.contains(&table.name) => {
                        Some("Its table is not created here:".to_owned())
                    }
                    None => Some(format!("{} is not part of this script:", key.target)),
                    Some(target) if !is_key(target, &key.target_columns) => Some(format!(
                        "The columns that it references are no key of {}:",
                        key.target
                    )),
                    Some(_) => None,
                };
                match reason {
                    None => {
                        self.out.push_str(&statement);
                        self.out.push('\n');
                    }
                    Some(reason) => comment::push_statement(&mut self.out, &reason, &statement),
                }
            }
        }
        self.gap(any);
    }

    fn foreign_key(&self, table: &Table, key: &ForeignKey) -> String {
        let mut statement = format!(
            "ALTER TABLE {} ADD CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {}",
            self.name(&table.name),
            fold::quoted(&key.name),
            list(&key.columns),
            self.name(&key.target)
        );
        if !key.target_columns.is_empty() {
            let _ = write!(statement, " ({})", list(&key.target_columns));
        }
        if key.on_update != ReferentialAction::NoAction {
            let _ = write!(statement, " ON UPDATE {}", key.on_update.as_sql());
        }
        if key.on_delete != ReferentialAction::NoAction {
            let _ = write!(statement, " ON DELETE {}", key.on_delete.as_sql());
        }
        if key.deferrable {
            statement.push_str(" DEFERRABLE");
        }
        statement.push(';');
        statement
    }
}

/// Whether a table names the constraint that an index serves.
fn has_constraint(table: &Table, index: &Index) -> bool {
    match index.constraint {
        Some(ConstraintKind::PrimaryKey) => table.primary_key.is_some(),
        Some(ConstraintKind::Unique) => table.unique_keys.iter().any(|key| key.name == index.name),
        Some(ConstraintKind::Exclusion) => table
            .exclusions
            .iter()
            .any(|found| found.name == index.name),
        None => false,
    }
}

/// Whether columns are a key that others may reference.
fn is_key(table: &Table, columns: &[String]) -> bool {
    if matches!(
        table.kind,
        TableKind::View | TableKind::MaterializedView | TableKind::ForeignTable
    ) {
        return false;
    }
    let same = |own: &mut dyn Iterator<Item = &String>| {
        let mut own: Vec<&String> = own.collect();
        let mut wanted: Vec<&String> = columns.iter().collect();
        own.sort();
        wanted.sort();
        own == wanted
    };
    let keys = table.primary_key.iter().chain(&table.unique_keys);
    let mut indexes = table.indexes.iter().filter(|index| {
        index.unique
            && index.predicate.is_none()
            && index.parts.iter().all(|part| part.column.is_some())
    });
    keys.into_iter().any(|key| same(&mut key.columns.iter()))
        || indexes
            .any(|index| same(&mut index.parts.iter().filter_map(|part| part.column.as_ref())))
}

fn index_statement(index: &Index, table: &str) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    let method = if index.method == "btree" || index.method.is_empty() {
        String::new()
    } else {
        format!(" USING {}", fold::quoted(&index.method))
    };
    let parts: Vec<&str> = index.parts.iter().map(|part| part.text.as_str()).collect();
    let mut statement = format!(
        "CREATE {unique}INDEX {} ON {table}{method} ({})",
        fold::quoted(&index.name),
        parts.join(", ")
    );
    if !index.include.is_empty() {
        let _ = write!(statement, " INCLUDE ({})", list(&index.include));
    }
    if let Some(predicate) = &index.predicate {
        let _ = write!(statement, " WHERE {predicate}");
    }
    statement.push(';');
    statement
}

/// Columns, separated by commas.
fn list(columns: &[String]) -> String {
    let quoted: Vec<String> = columns.iter().map(|column| fold::quoted(column)).collect();
    quoted.join(", ")
}
