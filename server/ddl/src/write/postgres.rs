//! DDL for PostgreSQL that a server takes as it stands.
//!
//! Tables are created whole but apart: partitions are attached and children inherit afterwards,
//! so that columns, names of indexes and defaults stay as they are. Foreign keys come when all
//! tables are there. A routine is known by name only; what calls one becomes a comment.

mod known;
mod table;
mod view;

use super::comment;
use super::translate::Translated;
use crate::fold;
use known::Routines;
use model::schema::{Domain, EnumType, QualifiedName, Schema, Sequence, Table, TableKind};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;

/// Writes the script.
pub(super) fn write(translated: &Translated) -> String {
    let mut writer = Writer::new(translated);
    writer.script();
    writer.out
}

struct Writer<'a> {
    out: String,
    translated: &'a Translated,
    schema: &'a Schema,
    /// All schemas but `public`.
    schemas: BTreeSet<&'a str>,
    /// The schema that unqualified names mean at this place of the script.
    current: Option<&'a str>,
    routines: Routines,
    /// Relations that the script only mentions in comments.
    omitted: HashSet<&'a QualifiedName>,
    /// The sequences that columns own.
    owned: HashMap<(&'a QualifiedName, &'a str), &'a QualifiedName>,
    /// Tables from which others inherit.
    parents: HashSet<&'a QualifiedName>,
    /// Indexes of partitioned tables that partitions are not to get.
    after_families: Vec<String>,
}

impl<'a> Writer<'a> {
    fn new(translated: &'a Translated) -> Self {
        let schema = &translated.schema;
        let mut schemas: BTreeSet<&str> = schema
            .tables
            .iter()
            .map(|table| &table.name)
            .chain(schema.enums.iter().map(|found| &found.name))
            .chain(schema.domains.iter().map(|found| &found.name))
            .chain(schema.sequences.iter().map(|found| &found.name))
            .map(|name| name.schema.as_str())
            .collect();
        schemas.remove("public");
        Self {
            out: String::new(),
            translated,
            schema,
            schemas,
            current: None,
            routines: Routines::of(schema),
            omitted: HashSet::new(),
            owned: schema
                .sequences
                .iter()
                .filter_map(|sequence| Some((owner(sequence)?, &sequence.name)))
                .collect(),
            parents: schema
                .tables
                .iter()
                .flat_map(|table| &table.inherits)
                .collect(),
            after_families: Vec::new(),
        }
    }

    fn script(&mut self) {
        comment::push(&mut self.out, "DDL for PostgreSQL.");
        self.out.push('\n');
        self.extensions_and_schemas();
        for found in &self.schema.enums {
            self.enum_type(found);
        }
        for domain in &self.schema.domains {
            self.domain(domain);
        }
        let identities = self.identity_sequences();
        let mut any = false;
        for sequence in &self.schema.sequences {
            if !identities.contains(&sequence.name) {
                let _ = writeln!(self.out, "CREATE SEQUENCE {};", self.name(&sequence.name));
                any = true;
            }
        }
        self.gap(any);
        for table in &self.schema.tables {
            match table.kind {
                TableKind::Table | TableKind::Partition => self.table(table),
                TableKind::ForeignTable => self.foreign_table(table),
                TableKind::View | TableKind::MaterializedView => {}
            }
        }
        self.ownership(&identities);
        self.families();
        self.foreign_keys();
        self.views();
        self.comments();
        self.routines_and_triggers();
        for note in &self.translated.general {
            comment::push(&mut self.out, note);
        }
        if self.current.is_some() {
            self.out.push_str("RESET search_path;\n");
        }
        while self.out.ends_with("\n\n") {
            self.out.pop();
        }
    }

    fn gap(&mut self, any: bool) {
        if any && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// A name as the script writes it: with its schema unless all is in `public`.
    fn name(&self, name: &QualifiedName) -> String {
        if self.schemas.is_empty() && name.schema == "public" {
            fold::quoted(&name.name)
        } else {
            full(name)
        }
    }

    /// Makes unqualified names in expressions mean that schema's first, then those of `public`
    /// and of the others.
    fn within(&mut self, schema: &'a str) {
        if self.schemas.is_empty() || self.current == Some(schema) {
            return;
        }
        self.current = Some(schema);
        let others = self.schemas.iter().copied();
        let mut path: Vec<String> = vec![fold::quoted(schema)];
        for other in std::iter::once("public").chain(others) {
            if other != schema {
                path.push(fold::quoted(other));
            }
        }
        let _ = writeln!(self.out, "SET search_path = {};\n", path.join(", "));
    }

    fn extensions_and_schemas(&mut self) {
        let extensions = known::extensions(self.schema);
        let mut schemas = self.schemas.clone();
        schemas.extend(extensions.values().flatten().map(String::as_str));
        schemas.retain(|schema| !matches!(*schema, "public" | "pg_catalog"));
        let any = !schemas.is_empty() || !extensions.is_empty();
        for schema in &schemas {
            let _ = writeln!(
                self.out,
                "CREATE SCHEMA IF NOT EXISTS {};",
                fold::quoted(schema)
            );
        }
        for (extension, schema) in &extensions {
            let place = schema
                .as_ref()
                .filter(|schema| !matches!(schema.as_str(), "public" | "pg_catalog"))
                .map(|schema| format!(" WITH SCHEMA {}", fold::quoted(schema)))
                .unwrap_or_default();
            let _ = writeln!(
                self.out,
                "CREATE EXTENSION IF NOT EXISTS {}{place};",
                fold::quoted(extension)
            );
        }
        self.gap(any);
    }

    fn enum_type(&mut self, found: &EnumType) {
        let values: Vec<String> = found.values.iter().map(|value| text(value)).collect();
        let _ = writeln!(
            self.out,
            "CREATE TYPE {} AS ENUM ({});\n",
            self.name(&found.name),
            values.join(", ")
        );
    }

    fn domain(&mut self, domain: &'a Domain) {
        self.within(&domain.name.schema);
        let mut lines = String::new();
        let mut left = String::new();
        let name = self.name(&domain.name);
        if let Some(default) = &domain.default {
            match self.routines.called_in(default) {
                None => {
                    let _ = write!(lines, " DEFAULT {default}");
                }
                Some(routine) => {
                    comment::push(
                        &mut left,
                        &format!("The default of {name} calls {routine}: {default}"),
                    );
                }
            }
        }
        if !domain.nullable {
            lines.push_str(" NOT NULL");
        }
        for check in &domain.checks {
            let constraint = format!(
                "CONSTRAINT {} CHECK ({})",
                fold::quoted(&check.name),
                check.expression
            );
            match self.routines.called_in(&check.expression) {
                None => {
                    let _ = write!(lines, "\n    {constraint}");
                }
                Some(routine) => comment::push_statement(
                    &mut left,
                    &unknown_routine(&routine),
                    &format!("ALTER DOMAIN {name} ADD {constraint};"),
                ),
            }
        }
        let data_type = self.data_type(&domain.data_type, &domain.name.schema);
        let _ = writeln!(self.out, "CREATE DOMAIN {name} AS {data_type}{lines};");
        self.out.push_str(&left);
        self.out.push('\n');
    }

    /// A type's text. A type of `public` is printed without its schema; where another schema in
    /// front has one of that name, it needs it.
    fn data_type(&self, data_type: &str, schema: &str) -> String {
        if self.schemas.is_empty() || schema == "public" {
            return data_type.to_owned();
        }
        let end = data_type.find(['(', '[']).unwrap_or(data_type.len());
        let bare = fold::name(data_type.get(..end).unwrap_or_default().trim());
        let types = || {
            let enums = self.schema.enums.iter().map(|found| &found.name);
            enums.chain(self.schema.domains.iter().map(|found| &found.name))
        };
        let shadowed = types().any(|name| name.schema == schema && name.name == bare)
            && types().any(|name| name.schema == "public" && name.name == bare);
        if shadowed {
            format!("public.{data_type}")
        } else {
            data_type.to_owned()
        }
    }

    /// The sequences that identity columns bring along.
    fn identity_sequences(&self) -> HashSet<&'a QualifiedName> {
        let identity: HashSet<(&QualifiedName, &str)> = self
            .schema
            .tables
            .iter()
            .flat_map(|table| table.columns.iter().map(move |column| (table, column)))
            .filter(|(_, column)| column.identity.is_some())
            .map(|(table, column)| (&table.name, column.name.as_str()))
            .collect();
        self.schema
            .sequences
            .iter()
            .filter(|sequence| {
                owner(sequence).is_some_and(|(table, column)| identity.contains(&(table, column)))
            })
            .map(|sequence| &sequence.name)
            .collect()
    }

    fn ownership(&mut self, identities: &HashSet<&QualifiedName>) {
        let mut any = false;
        for sequence in &self.schema.sequences {
            let Some((table, column)) = owner(sequence) else {
                continue;
            };
            if !identities.contains(&sequence.name) && !self.omitted.contains(table) {
                let _ = writeln!(
                    self.out,
                    "ALTER SEQUENCE {} OWNED BY {}.{};",
                    self.name(&sequence.name),
                    self.name(table),
                    fold::quoted(column)
                );
                any = true;
            }
        }
        self.gap(any);
    }

    fn comments(&mut self) {
        let mut any = false;
        for found in &self.schema.enums {
            any |= self.comment_on("TYPE", &self.name(&found.name), found.comment.as_deref());
        }
        for domain in &self.schema.domains {
            let name = self.name(&domain.name);
            any |= self.comment_on("DOMAIN", &name, domain.comment.as_deref());
        }
        for table in &self.schema.tables {
            let name = self.name(&table.name);
            let kind = match table.kind {
                TableKind::View => "VIEW",
                TableKind::MaterializedView => "MATERIALIZED VIEW",
                TableKind::ForeignTable => "FOREIGN TABLE",
                TableKind::Table | TableKind::Partition => "TABLE",
            };
            let begin = self.out.len();
            any |= self.comment_on(kind, &name, table.comment.as_deref());
            for column in &table.columns {
                let column_name = format!("{name}.{}", fold::quoted(&column.name));
                any |= self.comment_on("COLUMN", &column_name, column.comment.as_deref());
            }
            if self.omitted.contains(&table.name) && self.out.len() > begin {
                let statements = self.out.split_off(begin);
                comment::push(&mut self.out, statements.trim_end());
            }
        }
        self.gap(any);
    }

    fn comment_on(&mut self, kind: &str, name: &str, words: Option<&str>) -> bool {
        let Some(words) = words.filter(|words| !words.is_empty()) else {
            return false;
        };
        let _ = writeln!(self.out, "COMMENT ON {kind} {name} IS {};", text(words));
        true
    }

    fn routines_and_triggers(&mut self) {
        if !self.schema.routines.is_empty() {
            comment::push(
                &mut self.out,
                "Functions and procedures. Their bodies are not known, so that they are not created:",
            );
            for routine in &self.schema.routines {
                let line = format!("{}({})", full(&routine.name), routine.arguments);
                comment::push(&mut self.out, &line);
            }
            self.out.push('\n');
        }
        let mut runs: Vec<(&'a str, &'a str)> = Vec::new();
        let mut left = String::new();
        for trigger in &self.schema.triggers {
            if known::trigger_runs(&trigger.definition, &self.routines)
                && !self.omitted.contains(&trigger.table)
            {
                runs.push((&trigger.table.schema, &trigger.definition));
            } else if !self.is_inherited(trigger) {
                let definition = trigger.definition.trim_end_matches([';', ' ']);
                comment::push(&mut left, &format!("{definition};"));
            }
        }
        let any = !runs.is_empty();
        for (schema, definition) in runs {
            self.within(schema);
            let _ = writeln!(self.out, "{definition};");
        }
        self.gap(any);
        if !left.is_empty() {
            comment::push(
                &mut self.out,
                "Triggers. The functions that they call are not known, so that they are not created:",
            );
            self.out.push_str(&left);
            self.out.push('\n');
        }
    }

    /// Whether a partition has a trigger from its parent.
    fn is_inherited(&self, trigger: &model::schema::Trigger) -> bool {
        let parent = self
            .schema
            .tables
            .iter()
            .find(|table| table.name == trigger.table)
            .and_then(|table| table.partition_of.as_ref());
        parent.is_some_and(|part| {
            self.schema
                .triggers
                .iter()
                .any(|other| other.table == part.parent && other.definition == trigger.definition)
        })
    }

    fn relation(&self, name: &QualifiedName) -> Option<&'a Table> {
        self.schema.tables.iter().find(|table| table.name == *name)
    }
}

/// A name with its schema.
fn full(name: &QualifiedName) -> String {
    format!(
        "{}.{}",
        fold::quoted(&name.schema),
        fold::quoted(&name.name)
    )
}

fn owner(sequence: &Sequence) -> Option<(&QualifiedName, &str)> {
    sequence
        .owned_by
        .as_ref()
        .map(|(table, column)| (table, column.as_str()))
}

/// A text constant.
fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

fn unknown_routine(routine: &str) -> String {
    format!("It calls {routine}, whose body is not known:")
}
