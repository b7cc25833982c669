//! An entity-relationship diagram in Mermaid.
//!
//! Mermaid's names take few characters. Entities stand in quotes with the forbidden ones replaced
//! by their wide forms; a column whose name had to change has its own name in a comment.

use model::relation::End;
use model::relation::verdict::Relation;
use model::schema::{Column, ForeignKey, Schema, Table, TableKind};
use std::collections::HashSet;
use std::fmt::Write as _;

/// Writes the diagram. Partitions are left out; their parents stand for them.
pub(super) fn write(schema: &Schema) -> String {
    let mut out = "erDiagram\n".to_owned();
    let several = are_several(schema);
    let shown: Vec<&Table> = schema
        .tables
        .iter()
        .filter(|table| table.kind != TableKind::Partition)
        .collect();
    let names: HashSet<_> = shown.iter().map(|table| &table.name).collect();
    for table in &shown {
        let entity = entity(&table.name, several);
        if table.columns.is_empty() {
            let _ = writeln!(out, "    {entity}");
            continue;
        }
        let _ = writeln!(out, "    {entity} {{");
        let mut used = HashSet::new();
        for column in &table.columns {
            attribute(&mut out, table, column, &mut used);
        }
        out.push_str("    }\n");
    }
    for table in &shown {
        for key in &table.foreign_keys {
            let (child, parent) = (entity(&table.name, several), entity(&key.target, several));
            let columns = quotable(&key.columns.join(", "));
            if !names.contains(&key.target) {
                let target = quotable(&key.target.to_string());
                let _ = writeln!(
                    out,
                    "    %% {child} ({columns}) references {target}, not shown"
                );
                continue;
            }
            let _ = writeln!(
                out,
                "    {parent} {} {child} : \"{columns}\"",
                ends(table, key)
            );
        }
    }
    out
}

/// A relation that is not declared: a dotted line, with what is to be said of it.
pub(super) fn undeclared(
    out: &mut String,
    schema: &Schema,
    relation: &Relation,
    to: &End,
    said: &str,
) {
    let several = are_several(schema);
    let (child, parent) = (
        entity(&relation.from.table, several),
        entity(&to.table, several),
    );
    let ends = match (relation.optional, relation.one_to_one) {
        (true, true) => "|o..o|",
        (true, false) => "|o..o{",
        (false, true) => "||..o|",
        (false, false) => "||..o{",
    };
    let label = quotable(&format!("{}, {said}", relation.from.columns.join(", ")));
    let _ = writeln!(out, "    {parent} {ends} {child} : \"{label}\"");
}

/// Whether there is more than one schema, so that names need theirs.
fn are_several(schema: &Schema) -> bool {
    schema
        .tables
        .windows(2)
        .any(|pair| matches!(pair, [one, two] if one.name.schema != two.name.schema))
}

/// How many of each side there may be: the parent's mark, the line, the child's mark.
fn ends(table: &Table, key: &ForeignKey) -> &'static str {
    let optional = key
        .columns
        .iter()
        .any(|name| table.column(name).is_none_or(|column| column.nullable));
    let same = |columns: &[String]| {
        !columns.is_empty() && columns.iter().all(|column| key.columns.contains(column))
    };
    let one = table
        .primary_key
        .iter()
        .chain(&table.unique_keys)
        .any(|unique| same(&unique.columns));
    match (optional, one) {
        (true, true) => "|o--o|",
        (true, false) => "|o--o{",
        (false, true) => "||--o|",
        (false, false) => "||--o{",
    }
}

fn attribute(out: &mut String, table: &Table, column: &Column, used: &mut HashSet<String>) {
    let data_type = match column.data_type.as_str() {
        "" => "unknown".to_owned(),
        text => word(text),
    };
    let mut name = word(&column.name);
    while !used.insert(name.clone()) {
        name.push('_');
    }
    let _ = write!(out, "        {data_type} {name}");
    let primary = table
        .primary_key
        .as_ref()
        .is_some_and(|key| key.columns.contains(&column.name));
    let foreign = table
        .foreign_keys
        .iter()
        .any(|key| key.columns.contains(&column.name));
    let unique = table
        .unique_keys
        .iter()
        .any(|key| key.columns.len() == 1 && key.columns.contains(&column.name));
    let marks: Vec<&str> = [(primary, "PK"), (foreign, "FK"), (unique, "UK")]
        .into_iter()
        .filter_map(|(set, mark)| set.then_some(mark))
        .collect();
    if !marks.is_empty() {
        let _ = write!(out, " {}", marks.join(", "));
    }
    if name != column.name {
        let _ = write!(out, " \"{}\"", quotable(&column.name));
    }
    out.push('\n');
}

fn entity(name: &model::schema::QualifiedName, several: bool) -> String {
    match several {
        true => format!("\"{}\"", quotable(&name.to_string())),
        false => format!("\"{}\"", quotable(&name.name)),
    }
}

/// A text that may stand in quotes.
fn quotable(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '"' => '”',
            '%' => '％',
            '\\' => '＼',
            ';' => '；',
            '#' => '＃',
            '<' => '‹',
            '>' => '›',
            other if other.is_control() => ' ',
            other => other,
        })
        .collect()
}

/// A type or a column's name as a bare word.
fn word(text: &str) -> String {
    let mut result: String = text
        .chars()
        .map(|character| {
            let plain = character.is_ascii_alphanumeric()
                || matches!(character, '_' | '-' | '(' | ')' | '[' | ']');
            if plain { character } else { '_' }
        })
        .collect();
    if !result.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') {
        result.insert(0, '_');
    }
    // These would be read as marks of keys.
    if ["pk", "fk", "uk"].contains(&result.to_ascii_lowercase().as_str()) {
        result.push('_');
    }
    result
}
