//! From the texts of one dialect to those of another.
//!
//! Types are said as well as the target can; expressions only where their words mean the same.
//! All else is noted, so that the script has it as a comment.

mod default;
pub(crate) mod expression;
mod index;
mod names;
mod table;
mod types;

use model::provider::Provider;
use model::schema::{Domain, EnumType, QualifiedName, Schema, Table, TableKind};
use std::collections::{HashMap, HashSet};

/// A schema in the texts of the target, and what had to stay behind.
pub(crate) struct Translated {
    /// The schema.
    pub(crate) schema: Schema,
    /// The dialect from which it comes.
    pub(crate) source: Provider,
    /// What could not be carried over, by table; each a comment of one or more lines.
    notes: HashMap<QualifiedName, Vec<String>>,
    /// What belongs to no table.
    pub(crate) general: Vec<String>,
}

impl Translated {
    /// What could not be carried over of a table.
    pub(crate) fn notes_of(&self, table: &QualifiedName) -> &[String] {
        self.notes.get(table).map_or(&[], Vec::as_slice)
    }

    fn note(&mut self, table: &QualifiedName, note: String) {
        self.notes.entry(table.clone()).or_default().push(note);
    }
}

/// The schema that unqualified names mean in a new database.
pub(crate) fn default_schema(provider: Provider) -> &'static str {
    match provider {
        Provider::PostgreSql => "public",
        Provider::SqlServer => "dbo",
        Provider::MySql | Provider::Sqlite => "main",
        Provider::Oracle => "USER",
    }
}

/// Translates a schema; of the same dialect, it stays as it is.
pub(crate) fn translate(schema: &Schema, source: Provider, target: Provider) -> Translated {
    if source == target {
        return Translated {
            schema: schema.clone(),
            source,
            notes: HashMap::new(),
            general: Vec::new(),
        };
    }
    let written: HashSet<&QualifiedName> = schema
        .tables
        .iter()
        .filter(|table| table.kind == TableKind::Table)
        .map(|table| &table.name)
        .collect();
    let mut work = Work {
        schema,
        source,
        target,
        written,
        enums: by_name(&schema.enums, |found| &found.name),
        domains: by_name(&schema.domains, |found| &found.name),
        out: Translated {
            schema: Schema::default(),
            source,
            notes: HashMap::new(),
            general: Vec::new(),
        },
    };
    for table in &schema.tables {
        work.relation(table);
    }
    work.rest();
    names::make_distinct(&mut work.out.schema, target);
    work.out
}

struct Work<'a> {
    schema: &'a Schema,
    source: Provider,
    target: Provider,
    /// The tables that become tables.
    written: HashSet<&'a QualifiedName>,
    /// Types that the schema makes, by their names with and without schemas.
    enums: HashMap<String, &'a EnumType>,
    domains: HashMap<String, &'a Domain>,
    out: Translated,
}

/// Things by their names; where two schemas have the same, the first has it without its schema.
fn by_name<'a, T>(
    things: &'a [T],
    name: impl Fn(&'a T) -> &'a QualifiedName,
) -> HashMap<String, &'a T> {
    let mut found = HashMap::new();
    for thing in things {
        let name = name(thing);
        found.insert(name.to_string(), thing);
        found.entry(name.name.clone()).or_insert(thing);
    }
    found
}

impl Work<'_> {
    /// Where something lives in the target.
    fn place(&self, name: &QualifiedName) -> QualifiedName {
        let home = default_schema(self.target);
        if name.schema == default_schema(self.source) {
            return QualifiedName::new(home, name.name.clone());
        }
        match self.target {
            // It has no schemas; the name keeps what it was.
            Provider::Sqlite => QualifiedName::new(home, name.to_string()),
            _ => name.clone(),
        }
    }

    fn relation(&mut self, table: &Table) {
        let name = &table.name;
        match table.kind {
            TableKind::Table => self.table(table),
            TableKind::Partition => {
                let words = match &table.partition_of {
                    Some(part) => format!(
                        "{name} is a partition of {}, {}: it is left out.",
                        part.parent, part.bounds
                    ),
                    None => format!("{name} is a partition: it is left out."),
                };
                self.out.general.push(words);
            }
            TableKind::ForeignTable => {
                let columns: Vec<String> = table
                    .columns
                    .iter()
                    .map(|column| format!("{} {}", column.name, column.data_type))
                    .collect();
                self.out.general.push(format!(
                    "{name} is a foreign table: it is left out. Its columns: {}.",
                    columns.join(", ")
                ));
            }
            TableKind::View | TableKind::MaterializedView => {
                let query = table.definition.as_deref().unwrap_or("not known");
                self.out.general.push(format!(
                    "{name} is a {}; its query is in the words of {}:\n{query}",
                    table.kind.label(),
                    self.source
                ));
            }
        }
    }

    /// What belongs to no table.
    fn rest(&mut self) {
        let sequences = matches!(
            self.target,
            Provider::PostgreSql | Provider::SqlServer | Provider::Oracle
        );
        for sequence in &self.schema.sequences {
            // Those of columns come with their identities.
            if sequence.owned_by.is_some() {
                continue;
            }
            if sequences {
                let name = self.place(&sequence.name);
                let sequence = model::schema::Sequence {
                    name,
                    owned_by: None,
                };
                self.out.schema.sequences.push(sequence);
            } else {
                let words = format!("{} is a sequence; {} has none.", sequence.name, self.target);
                self.out.general.push(words);
            }
        }
        for trigger in &self.schema.triggers {
            self.out.general.push(format!(
                "A trigger on {}, in the words of {}:\n{}",
                trigger.table, self.source, trigger.definition
            ));
        }
        for routine in &self.schema.routines {
            self.out.general.push(format!(
                "The function or procedure {}({}) is known by name only.",
                routine.name, routine.arguments
            ));
        }
    }
}
