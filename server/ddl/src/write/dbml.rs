//! DBML. What it has no words for (checks, views, partitions) stands in comments.

use model::provider::Provider;
use model::schema::{
    Column, ForeignKey, Index, QualifiedName, ReferentialAction, Schema, Table, TableKind,
};
use std::collections::HashSet;
use std::fmt::Write as _;

/// The columns that own a sequence.
type Owned<'a> = HashSet<(&'a QualifiedName, &'a str)>;

/// Writes the document.
pub(super) fn write(schema: &Schema, source: Provider) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "Project \"database\" {{\n  database_type: {}\n}}\n",
        text(source.label())
    );
    for found in &schema.enums {
        if let Some(words) = &found.comment {
            comment(&mut out, "", words);
        }
        let _ = writeln!(out, "Enum {} {{", full(&found.name));
        for value in &found.values {
            if value.is_empty() {
                comment(&mut out, "  ", "The empty value; DBML has none.");
            } else {
                let _ = writeln!(out, "  {}", name(value));
            }
        }
        out.push_str("}\n\n");
    }
    for domain in &schema.domains {
        let checks: Vec<&str> = domain
            .checks
            .iter()
            .map(|check| check.expression.as_str())
            .collect();
        let line = format!(
            "Domain {}: {} {}",
            domain.name,
            domain.data_type,
            checks.join(" and ")
        );
        comment(&mut out, "", line.trim_end());
    }
    if !schema.domains.is_empty() {
        out.push('\n');
    }
    let owned: Owned<'_> = schema
        .sequences
        .iter()
        .filter_map(|sequence| sequence.owned_by.as_ref())
        .map(|(table, column)| (table, column.as_str()))
        .collect();
    let mut left: Vec<&Table> = Vec::new();
    for table in &schema.tables {
        match table.kind {
            TableKind::Table | TableKind::ForeignTable => write_table(&mut out, &owned, table),
            _ => left.push(table),
        }
    }
    let written: HashSet<&QualifiedName> = schema
        .tables
        .iter()
        .filter(|table| matches!(table.kind, TableKind::Table | TableKind::ForeignTable))
        .map(|table| &table.name)
        .collect();
    for table in &schema.tables {
        if !written.contains(&table.name) {
            continue;
        }
        for (at, key) in table.foreign_keys.iter().enumerate() {
            // Only one reference may join the same columns.
            let before = table.foreign_keys.get(..at).unwrap_or_default();
            let repeated = before.iter().any(|other| {
                other.columns == key.columns
                    && other.target == key.target
                    && other.target_columns == key.target_columns
            });
            let reason = match (written.contains(&key.target), repeated) {
                (false, _) => Some("It leads to a table that is not shown here"),
                (true, true) => Some("It joins the same columns as one before"),
                (true, false) => None,
            };
            reference(&mut out, table, key, reason);
        }
    }
    for table in left {
        let words = match &table.partition_of {
            Some(part) => format!(
                "Partition {} of {}: {}",
                table.name, part.parent, part.bounds
            ),
            None => format!(
                "The {} {} is left out: DBML has none.",
                table.kind.label(),
                table.name
            ),
        };
        comment(&mut out, "", &words);
        if let Some(definition) = &table.definition {
            comment(&mut out, "", definition);
        }
    }
    while out.ends_with("\n\n") {
        out.pop();
    }
    out
}

fn write_table(out: &mut String, owned: &Owned<'_>, table: &Table) {
    if table.columns.is_empty() {
        let words = format!("{} has no columns; DBML takes no such table.", table.name);
        comment(out, "", &words);
        left_over(out, table);
        out.push('\n');
        return;
    }
    let _ = writeln!(out, "Table {} {{", full(&table.name));
    for column in &table.columns {
        write_column(out, owned, table, column);
    }
    let key = table
        .primary_key
        .as_ref()
        .filter(|key| key.columns.len() > 1);
    let plain = || {
        table
            .indexes
            .iter()
            .filter(|index| index.constraint.is_none() && index.predicate.is_none())
    };
    let composite = || {
        table
            .unique_keys
            .iter()
            .filter(|key| !is_single(table, &key.columns))
    };
    if key.is_some() || composite().next().is_some() || plain().next().is_some() {
        out.push_str("\n  indexes {\n");
        if let Some(key) = key {
            let _ = writeln!(
                out,
                "    ({}) [pk, name: {}]",
                names(&key.columns),
                text(&key.name)
            );
        }
        for key in composite() {
            let _ = writeln!(
                out,
                "    ({}) [unique, name: {}]",
                names(&key.columns),
                text(&key.name)
            );
        }
        for index in plain() {
            write_index(out, index);
        }
        out.push_str("  }\n");
    }
    if let Some(words) = &table.comment {
        let _ = writeln!(out, "\n  Note: {}", text(words));
    }
    out.push_str("}\n");
    left_over(out, table);
    out.push('\n');
}

/// Whether a unique key is written at its column.
fn is_single(table: &Table, columns: &[String]) -> bool {
    match columns {
        [column] => table.column(column).is_some(),
        _ => false,
    }
}

fn write_column(out: &mut String, owned: &Owned<'_>, table: &Table, column: &Column) {
    let mut settings: Vec<String> = Vec::new();
    let mut after: Option<String> = None;
    let alone = |columns: &[String]| columns.len() == 1 && columns.contains(&column.name);
    if table
        .primary_key
        .as_ref()
        .is_some_and(|key| alone(&key.columns))
    {
        settings.push("pk".to_owned());
    }
    let counted = counts(owned, table, column);
    if counted {
        settings.push("increment".to_owned());
    }
    if !column.nullable {
        settings.push("not null".to_owned());
    }
    if table.unique_keys.iter().any(|key| alone(&key.columns)) {
        settings.push("unique".to_owned());
    }
    if let Some(default) = column.default.as_ref().filter(|_| !counted) {
        match default_value(default) {
            Some(value) => settings.push(format!("default: {value}")),
            None => after = Some(format!("Default of {}: {default}", column.name)),
        }
    }
    if let Some(words) = &column.comment {
        settings.push(format!("note: {}", text(words)));
    }
    let _ = write!(
        out,
        "  {} {}",
        name(&column.name),
        data_type(&column.data_type)
    );
    if !settings.is_empty() {
        let _ = write!(out, " [{}]", settings.join(", "));
    }
    out.push('\n');
    if let Some(generated) = &column.generated {
        after = Some(format!("{} is generated: {generated}", column.name));
    }
    if let Some(words) = after {
        comment(out, "  ", &words);
    }
}

/// Whether the database counts a column up: an identity, or one that owns its sequence.
fn counts(owned: &Owned<'_>, table: &Table, column: &Column) -> bool {
    let next = column.default.as_deref().is_some_and(|default| {
        default
            .trim_start()
            .to_ascii_lowercase()
            .starts_with("nextval(")
    });
    column.identity.is_some() || (next && owned.contains(&(&table.name, column.name.as_str())))
}

fn write_index(out: &mut String, index: &Index) {
    let parts: Option<Vec<String>> = index
        .parts
        .iter()
        .map(|part| match &part.column {
            Some(column) if crate::fold::quoted(column) == part.text || *column == part.text => {
                Some(name(column))
            }
            // Expressions, and columns with an order of their own.
            _ if !part.text.contains('`') => Some(format!("`{}`", one_line(&part.text))),
            _ => None,
        })
        .collect();
    let Some(parts) = parts else {
        comment(
            out,
            "    ",
            &format!("Index {}: it has backticks.", index.name),
        );
        return;
    };
    let mut settings = vec![format!("name: {}", text(&index.name))];
    if index.unique {
        settings.insert(0, "unique".to_owned());
    }
    // Only these two are words of DBML.
    if matches!(index.method.as_str(), "btree" | "hash") {
        settings.push(format!("type: {}", index.method));
    }
    let _ = writeln!(out, "    ({}) [{}]", parts.join(", "), settings.join(", "));
    if !matches!(index.method.as_str(), "btree" | "hash" | "") {
        comment(
            out,
            "    ",
            &format!("{} is a {} index.", index.name, index.method),
        );
    }
    if !index.include.is_empty() {
        comment(
            out,
            "    ",
            &format!("{} includes {}.", index.name, index.include.join(", ")),
        );
    }
}

/// What of a table DBML cannot say.
fn left_over(out: &mut String, table: &Table) {
    for check in &table.checks {
        comment(
            out,
            "",
            &format!("Check {}: {}", check.name, check.expression),
        );
    }
    for exclusion in &table.exclusions {
        comment(
            out,
            "",
            &format!("Exclusion {}: {}", exclusion.name, exclusion.definition),
        );
    }
    for index in &table.indexes {
        if let (Some(predicate), None) = (&index.predicate, index.constraint) {
            let parts: Vec<&str> = index.parts.iter().map(|part| part.text.as_str()).collect();
            let unique = if index.unique { "unique " } else { "" };
            let words = format!(
                "Partial {unique}index {}: ({}) where {predicate}",
                index.name,
                parts.join(", ")
            );
            comment(out, "", &words);
        }
    }
    if let Some(key) = &table.partition_key {
        comment(out, "", &format!("Partitioned by {key}"));
    }
    for parent in &table.inherits {
        comment(out, "", &format!("Inherits from {parent}"));
    }
}

fn reference(out: &mut String, table: &Table, key: &ForeignKey, reason: Option<&str>) {
    let mut settings = Vec::new();
    for (word, action) in [("delete", key.on_delete), ("update", key.on_update)] {
        if action != ReferentialAction::NoAction {
            settings.push(format!("{word}: {}", action.as_sql().to_lowercase()));
        }
    }
    let settings = match settings.is_empty() {
        true => String::new(),
        false => format!(" [{}]", settings.join(", ")),
    };
    let line = format!(
        "Ref {}: {}.{} > {}.{}{settings}",
        name(&key.name),
        full(&table.name),
        end(&key.columns),
        full(&key.target),
        end(&key.target_columns)
    );
    match reason {
        None if !key.target_columns.is_empty() => {
            out.push_str(&line);
            out.push('\n');
        }
        None => comment(
            out,
            "",
            &format!("The columns that it references are not known: {line}"),
        ),
        Some(reason) => comment(out, "", &format!("{reason}: {line}")),
    }
}

fn end(columns: &[String]) -> String {
    match columns {
        [column] => name(column),
        _ => format!("({})", names(columns)),
    }
}

fn comment(out: &mut String, indent: &str, words: &str) {
    for line in words.split(['\n', '\r']) {
        let _ = writeln!(out, "{}", format!("{indent}// {line}").trim_end());
    }
}

fn full(qualified: &QualifiedName) -> String {
    format!("{}.{}", name(&qualified.schema), name(&qualified.name))
}

fn names(columns: &[String]) -> String {
    let quoted: Vec<String> = columns.iter().map(|column| name(column)).collect();
    quoted.join(", ")
}

/// A name, in quotes where it needs them.
fn name(word: &str) -> String {
    let plain = word.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && word
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    // These begin something else within a table.
    let taken = ["note", "indexes", "checks", "ref"].contains(&word.to_ascii_lowercase().as_str());
    if plain && !taken {
        return word.to_owned();
    }
    let escaped = word.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", escaped.replace('\n', "\\n").replace('\r', "\\r"))
}

/// A text: in single quotes, or in three where it has several lines.
fn text(words: &str) -> String {
    let escaped = words.replace('\\', "\\\\").replace('\'', "\\'");
    if words.contains(['\n', '\r']) {
        format!("'''{escaped}'''")
    } else {
        format!("'{escaped}'")
    }
}

fn one_line(words: &str) -> String {
    words.replace(['\n', '\r'], " ")
}

/// A type: bare as a word with its numbers, else in quotes.
fn data_type(words: &str) -> String {
    let words = if words.is_empty() { "unknown" } else { words };
    let (head, tail) = match words.split_once('(') {
        Some((head, tail)) => (head, tail.strip_suffix(')')),
        None => (words, Some("")),
    };
    let plain = name(head) == head
        && tail.is_some_and(|tail| {
            tail.bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b',')
        });
    if plain {
        words.to_owned()
    } else {
        let escaped = words.replace('\\', "\\\\").replace('"', "\\\"");
        format!("\"{}\"", one_line(&escaped))
    }
}

/// A default: a number, a text, a word, or an expression in backticks.
fn default_value(default: &str) -> Option<String> {
    let trimmed = default.trim();
    let number =
        trimmed.parse::<f64>().is_ok_and(f64::is_finite) && !trimmed.contains(['e', 'E', '+']);
    if number || matches!(trimmed, "true" | "false" | "null") {
        return Some(trimmed.to_owned());
    }
    let inner = trimmed
        .strip_prefix('\'')
        .and_then(|rest| rest.strip_suffix('\''));
    if let Some(inner) = inner {
        let bare = inner.replace("''", "");
        if !bare.contains('\'') && trimmed.len() > 1 {
            return Some(text(&inner.replace("''", "'")));
        }
    }
    (!trimmed.contains('`')).then(|| format!("`{}`", one_line(trimmed)))
}
