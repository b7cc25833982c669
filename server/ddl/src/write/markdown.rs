//! Documentation in Markdown. The source's comments and what people wrote stand apart.

use super::Texts;
use model::provider::Provider;
use model::schema::{Column, QualifiedName, ReferentialAction, Schema, Table, TableKind};
use std::collections::HashMap;
use std::fmt::Write as _;

/// Writes the document: an overview, then a section for each table.
pub(super) fn write(schema: &Schema, source: Provider, texts: &Texts) -> String {
    let mut out = String::new();
    let counts = schema.counts();
    let _ = writeln!(out, "# Database documentation\n");
    let _ = writeln!(
        out,
        "{source}: {}, {}, {}.\n",
        amount(counts.tables, "table"),
        amount(counts.views, "view"),
        amount(counts.foreign_keys, "foreign key")
    );
    let listed = || {
        schema
            .tables
            .iter()
            .filter(|table| table.kind != TableKind::Partition)
    };
    if listed().next().is_some() {
        out.push_str("| Table | Kind | Columns | Description |\n| --- | --- | --: | --- |\n");
    }
    for table in listed() {
        let words = texts.table(&table.name).or(table.comment.as_deref());
        let first = words.and_then(|words| words.lines().next());
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} |",
            cell(&table.name.to_string()),
            table.kind.label(),
            table.columns.len(),
            cell(first.unwrap_or_default())
        );
    }
    let mut parents: HashMap<&QualifiedName, Vec<String>> = HashMap::new();
    for table in listed() {
        for key in &table.foreign_keys {
            parents.entry(&key.target).or_default().push(format!(
                "{} ({})",
                table.name,
                key.columns.join(", ")
            ));
        }
    }
    for table in listed() {
        section(&mut out, schema, table, texts);
        if let Some(children) = parents.get(&table.name) {
            out.push_str("\nReferenced by:\n\n");
            for child in children {
                let _ = writeln!(out, "- {}", inline(child));
            }
        }
    }
    enums(&mut out, schema);
    out
}

fn amount(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

fn section(out: &mut String, schema: &Schema, table: &Table, texts: &Texts) {
    let _ = writeln!(out, "\n## {}\n", inline(&table.name.to_string()));
    if table.kind != TableKind::Table {
        let _ = writeln!(out, "A {}.\n", table.kind.label());
    }
    if let Some(text) = texts.table(&table.name) {
        let _ = writeln!(out, "{}\n", paragraphs(text));
    }
    if let Some(comment) = &table.comment {
        let _ = writeln!(out, "Comment in the database: {}\n", paragraphs(comment));
    }
    if let Some(key) = &table.partition_key {
        let partitions = schema
            .tables
            .iter()
            .filter(|part| part.partition_of.as_ref().map(|of| &of.parent) == Some(&table.name))
            .count();
        let _ = writeln!(
            out,
            "Partitioned by {}, {}.\n",
            code(key),
            amount(partitions as u64, "partition")
        );
    }
    columns(out, table, texts);
    let mut lines: Vec<String> = Vec::new();
    for key in &table.unique_keys {
        lines.push(format!(
            "unique ({}): {}",
            inline(&key.columns.join(", ")),
            code(&key.name)
        ));
    }
    for check in &table.checks {
        lines.push(format!(
            "check {}: {}",
            code(&check.expression),
            code(&check.name)
        ));
    }
    for exclusion in &table.exclusions {
        lines.push(format!(
            "exclusion {}: {}",
            code(&exclusion.definition),
            code(&exclusion.name)
        ));
    }
    list(out, "Constraints", &lines);
    let lines: Vec<String> = table
        .foreign_keys
        .iter()
        .map(|key| {
            let mut line = format!(
                "({}) → {} ({})",
                inline(&key.columns.join(", ")),
                inline(&key.target.to_string()),
                inline(&key.target_columns.join(", "))
            );
            for (words, action) in [("delete", key.on_delete), ("update", key.on_update)] {
                if action != ReferentialAction::NoAction {
                    let _ = write!(line, ", on {words} {}", action.as_sql().to_lowercase());
                }
            }
            line
        })
        .collect();
    list(out, "Foreign keys", &lines);
    let lines: Vec<String> = table
        .indexes
        .iter()
        .filter(|index| index.constraint.is_none())
        .map(|index| {
            let parts: Vec<&str> = index.parts.iter().map(|part| part.text.as_str()).collect();
            let unique = if index.unique { "unique " } else { "" };
            let mut line = format!(
                "{}: {unique}{} {}",
                code(&index.name),
                inline(&index.method),
                code(&format!("({})", parts.join(", ")))
            );
            if !index.include.is_empty() {
                let _ = write!(line, " with {}", inline(&index.include.join(", ")));
            }
            if let Some(predicate) = &index.predicate {
                let _ = write!(line, " where {}", code(predicate));
            }
            line
        })
        .collect();
    list(out, "Indexes", &lines);
    let lines: Vec<String> = schema
        .triggers
        .iter()
        .filter(|trigger| trigger.table == table.name)
        .map(|trigger| code(&trigger.name))
        .collect();
    list(out, "Triggers", &lines);
    if let Some(definition) = &table.definition {
        let _ = writeln!(out, "\nQuery:\n\n{}", fenced(definition));
    }
}

fn columns(out: &mut String, table: &Table, texts: &Texts) {
    if table.columns.is_empty() {
        return;
    }
    let comments = table.columns.iter().any(|column| column.comment.is_some());
    let described = table
        .columns
        .iter()
        .any(|column| texts.column(&table.name, &column.name).is_some());
    let mut head = "| Column | Type | Null | Key | Default |".to_owned();
    let mut rule = "| --- | --- | --- | --- | --- |".to_owned();
    for (shown, title) in [
        (described, "Description"),
        (comments, "Comment in the database"),
    ] {
        if shown {
            let _ = write!(head, " {title} |");
            rule.push_str(" --- |");
        }
    }
    let _ = writeln!(out, "{head}\n{rule}");
    for column in &table.columns {
        let _ = write!(
            out,
            "| {} | {} | {} | {} | {} |",
            cell(&column.name),
            cell(&column.data_type),
            if column.nullable { "yes" } else { "no" },
            marks(table, column),
            cell(&default(column))
        );
        if described {
            let _ = write!(
                out,
                " {} |",
                cell(texts.column(&table.name, &column.name).unwrap_or_default())
            );
        }
        if comments {
            let _ = write!(
                out,
                " {} |",
                cell(column.comment.as_deref().unwrap_or_default())
            );
        }
        out.push('\n');
    }
}

fn default(column: &Column) -> String {
    match (&column.default, &column.generated, &column.identity) {
        (Some(default), _, _) => default.clone(),
        (_, Some(expression), _) => format!("= {expression}"),
        (_, _, Some(identity)) => format!("identity, {identity}"),
        _ => String::new(),
    }
}

fn marks(table: &Table, column: &Column) -> String {
    let has = |columns: &[String]| columns.contains(&column.name);
    let primary = table.primary_key.iter().any(|key| has(&key.columns));
    let foreign = table.foreign_keys.iter().any(|key| has(&key.columns));
    let unique = table.unique_keys.iter().any(|key| has(&key.columns));
    [
        (primary, "primary"),
        (foreign, "foreign"),
        (unique, "unique"),
    ]
    .into_iter()
    .filter_map(|(set, word)| set.then_some(word))
    .collect::<Vec<_>>()
    .join(", ")
}

fn list(out: &mut String, title: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{title}:\n");
    for line in lines {
        let _ = writeln!(out, "- {line}");
    }
}

fn enums(out: &mut String, schema: &Schema) {
    if schema.enums.is_empty() && schema.domains.is_empty() {
        return;
    }
    out.push_str("\n## Types\n\n");
    for found in &schema.enums {
        let values: Vec<String> = found.values.iter().map(|value| code(value)).collect();
        let _ = writeln!(
            out,
            "- {}: {}",
            inline(&found.name.to_string()),
            values.join(", ")
        );
    }
    for domain in &schema.domains {
        let _ = writeln!(
            out,
            "- {}: {}",
            inline(&domain.name.to_string()),
            code(&domain.data_type)
        );
    }
}

/// Text in which nothing is markup, on one line.
fn inline(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '!' | '$' => {
                result.push('\\');
                result.push(character);
            }
            '<' => result.push_str("&lt;"),
            '>' => result.push_str("&gt;"),
            '&' => result.push_str("&amp;"),
            other if other.is_control() => result.push(' '),
            other => result.push(other),
        }
    }
    result
}

/// The same for a cell of a table, lines kept.
fn cell(text: &str) -> String {
    let lines: Vec<String> = text.trim().lines().map(inline).collect();
    lines.join("<br>")
}

/// The same for running text, lines kept.
fn paragraphs(text: &str) -> String {
    let lines: Vec<String> = text.trim().lines().map(inline).collect();
    lines.join("  \n")
}

/// Text as code on one line.
fn code(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|character| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        })
        .collect();
    let fence = "`".repeat(longest_run(&text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') || text.is_empty() {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Text as a block of code.
fn fenced(text: &str) -> String {
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    format!("{fence}sql\n{}\n{fence}", text.trim_end())
}

fn longest_run(text: &str) -> usize {
    let runs = text.split(|character| character != '`');
    runs.map(str::len).max().unwrap_or_default()
}
