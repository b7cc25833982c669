//! A part of a schema that can stand by itself.

use crate::fold;
use crate::lexer::Lexer;
use crate::token::Kind;
use model::schema::{QualifiedName, Schema, Table, TableKind};
use std::collections::{HashMap, HashSet};

/// The part of a schema that belongs to some tables: the tables themselves, the types that they
/// use, the sequences that they own or take values from, their triggers and the routines that
/// any of these call. Foreign keys that lead outside stay in the model, so that a writer can say
/// so in a comment; partitions and children whose parents are outside stand alone.
pub fn select(schema: &Schema, tables: &[QualifiedName]) -> Schema {
    let chosen: HashSet<&QualifiedName> = tables.iter().collect();
    let mut result = Schema {
        tables: schema
            .tables
            .iter()
            .filter(|table| chosen.contains(&table.name))
            .cloned()
            .collect(),
        ..Schema::default()
    };
    for table in &mut result.tables {
        table.inherits.retain(|parent| chosen.contains(parent));
        let outside = |part: &model::schema::PartitionOf| !chosen.contains(&part.parent);
        if table.partition_of.as_ref().is_some_and(outside) {
            table.partition_of = None;
            table.kind = TableKind::Table;
            for key in &mut table.foreign_keys {
                key.inherited = false;
            }
        }
    }
    result.triggers = schema
        .triggers
        .iter()
        .filter(|trigger| chosen.contains(&trigger.table))
        .cloned()
        .collect();
    let taken = sequences_taken(&result.tables);
    result.sequences = schema
        .sequences
        .iter()
        .filter(|sequence| match &sequence.owned_by {
            Some((table, _)) if chosen.contains(table) => true,
            _ => is_taken(&taken, &sequence.name),
        })
        .cloned()
        .collect();
    for sequence in &mut result.sequences {
        let owner = sequence.owned_by.take();
        sequence.owned_by = owner.filter(|(table, _)| chosen.contains(table));
    }
    let mut used: HashSet<String> = HashSet::new();
    for table in &result.tables {
        texts(table, &mut |text| names(text, &mut used));
    }
    for trigger in &result.triggers {
        names(&trigger.definition, &mut used);
    }
    // A domain may rest on another that comes before it.
    for domain in schema.domains.iter().rev() {
        if used.contains(&domain.name.name) {
            names(&domain.data_type, &mut used);
            for check in &domain.checks {
                names(&check.expression, &mut used);
            }
            names(domain.default.as_deref().unwrap_or_default(), &mut used);
            result.domains.push(domain.clone());
        }
    }
    result.domains.reverse();
    let is_used = |name: &QualifiedName| used.contains(&name.name);
    let enums = schema.enums.iter().filter(|found| is_used(&found.name));
    result.enums = enums.cloned().collect();
    let routines = schema.routines.iter().filter(|found| is_used(&found.name));
    result.routines = routines.cloned().collect();
    result
}

/// All texts of a table in which other things may be named.
fn texts<'a>(table: &'a Table, look: &mut impl FnMut(&'a str)) {
    for column in &table.columns {
        look(&column.data_type);
        for text in [&column.default, &column.generated].into_iter().flatten() {
            look(text);
        }
    }
    for check in &table.checks {
        look(&check.expression);
    }
    for exclusion in &table.exclusions {
        look(&exclusion.definition);
    }
    for index in &table.indexes {
        for part in &index.parts {
            look(&part.text);
        }
        look(index.predicate.as_deref().unwrap_or_default());
    }
    look(table.definition.as_deref().unwrap_or_default());
}

/// Adds the names in a text.
fn names(text: &str, used: &mut HashSet<String>) {
    let mut lexer = Lexer::new(text);
    while let Some(token) = lexer.next_token() {
        if matches!(token.kind, Kind::Word | Kind::Quoted) {
            used.insert(fold::name(token.text(text)));
        }
    }
}

/// The sequences from which defaults take values, `nextval('public.numbers'::regclass)`: by each
/// word of their names all words of them.
fn sequences_taken(tables: &[Table]) -> HashMap<String, Vec<HashSet<String>>> {
    let mut taken: HashMap<String, Vec<HashSet<String>>> = HashMap::new();
    let columns = tables.iter().flat_map(|table| &table.columns);
    for default in columns.filter_map(|column| column.default.as_deref()) {
        if !default.to_ascii_lowercase().contains("nextval") {
            continue;
        }
        let mut lexer = Lexer::new(default);
        while let Some(token) = lexer.next_token() {
            if token.kind == Kind::Text {
                let mut words: HashSet<String> = HashSet::new();
                names(&fold::string(token.text(default)), &mut words);
                for word in &words {
                    taken.entry(word.clone()).or_default().push(words.clone());
                }
            }
        }
    }
    taken
}

fn is_taken(taken: &HashMap<String, Vec<HashSet<String>>>, sequence: &QualifiedName) -> bool {
    taken.get(&sequence.name).is_some_and(|all| {
        all.iter()
            .any(|words| words.len() == 1 || words.contains(&sequence.schema))
    })
}
