//! Relations that no source declares, behind a structure that was written: never as something that
//! would declare them. Mermaid has dotted lines for them, the others a comment or a list.

use super::{Format, comment, mermaid};
use model::relation::End;
use model::relation::verdict::Relation;
use model::schema::{QualifiedName, Schema, TableKind};
use std::collections::HashSet;
use std::fmt::Write as _;

/// What follows the text of a structure, for those relations whose tables are in it; empty without
/// any, and for JSON, which holds the structure as its source has it.
pub fn undeclared(schema: &Schema, format: Format, relations: &[Relation]) -> String {
    let tables: HashSet<&QualifiedName> = schema
        .tables
        .iter()
        .filter(|table| table.kind != TableKind::Partition)
        .map(|table| &table.name)
        .collect();
    let shown: Vec<(&Relation, &End)> = relations
        .iter()
        .filter(|relation| tables.contains(&relation.from.table))
        .flat_map(|relation| relation.targets().iter().map(move |to| (relation, to)))
        .filter(|(_, to)| tables.contains(&to.table))
        .collect();
    let mut out = String::new();
    if shown.is_empty() || format == Format::Json {
        return out;
    }
    match format {
        Format::Mermaid => {}
        Format::Markdown => out.push_str("\n## Relations that are not declared\n\n"),
        Format::Dbml => out.push_str("\n// Relations that are not declared\n"),
        Format::Ddl(_) => out.push_str("\n-- Relations that are not declared\n"),
        Format::Json => return out,
    }
    for (relation, to) in shown {
        let said = said(relation);
        let line = format!("{} references {to}: {said}", relation.from);
        match format {
            Format::Mermaid => mermaid::undeclared(&mut out, schema, relation, to, &said),
            Format::Markdown => {
                let _ = writeln!(out, "- {}", escaped(&line));
            }
            Format::Dbml => {
                let _ = writeln!(out, "// {}", on_one_line(&line));
            }
            Format::Ddl(_) => comment::push(&mut out, &on_one_line(&line)),
            Format::Json => {}
        }
    }
    out
}

/// What it rests on.
fn said(relation: &Relation) -> String {
    match (relation.accepted_by(), relation.confidence) {
        (Some(person), _) => format!("not declared, accepted by {person}"),
        (None, Some(confidence)) => {
            format!("not declared, proposed, {:.0} % sure", confidence * 100.0)
        }
        (None, None) => "not declared, proposed".to_owned(),
    }
}

pub(super) fn on_one_line(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            '\u{2028}' | '\u{2029}' => ' ',
            letter if letter.is_control() => ' ',
            letter => letter,
        })
        .collect()
}

/// As text of Markdown in which nothing is a mark.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in on_one_line(text).chars() {
        if "\\`*_{}[]<>#|~".contains(letter) {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::id::ColumnId;
    use model::provider::Provider;
    use model::relation::Target;
    use model::relation::verdict::{Decision, RelationKey, RelationState};
    use model::schema::Table;
    use model::time::Timestamp;

    fn relation(by: Option<&str>) -> Relation {
        let end = |name: &str, column: &str| {
            End::new(QualifiedName::new("s", name), vec![column.to_owned()])
        };
        Relation {
            key: RelationKey::of_pairs(vec![(ColumnId(1), ColumnId(2))]).unwrap(),
            state: RelationState::Accepted,
            from: end("orders", "customer\nid"),
            to: Target::Key(end("customers", "id")),
            confidence: Some(0.934),
            reason: String::new(),
            one_to_one: false,
            optional: false,
            warning: None,
            decision: Some(Decision {
                id: 1,
                by: by.map(str::to_owned),
                at: Timestamp(0),
                by_hand: false,
                note: None,
                declared: None,
                gone: false,
            }),
        }
    }

    #[test]
    fn no_format_declares_what_is_not_declared() {
        let schema = Schema {
            tables: ["orders", "customers"]
                .map(|name| Table::new(QualifiedName::new("s", name), TableKind::Table))
                .into(),
            ..Schema::default()
        };
        let all = [relation(Some("Ada; DROP\nTABLE x"))];
        let text = |format| undeclared(&schema, format, &all);
        for format in [Format::Dbml, Format::Ddl(Provider::MySql)] {
            let mark = if format == Format::Dbml { "//" } else { "--" };
            let text = text(format);
            assert!(text.contains("accepted by Ada"), "{text}");
            assert!(
                text.lines()
                    .all(|line| line.is_empty() || line.starts_with(mark)),
                "{text}"
            );
        }
        let mermaid = text(Format::Mermaid);
        assert!(
            mermaid.contains("\"customers\" ||..o{ \"orders\" : "),
            "{mermaid}"
        );
        assert_eq!(mermaid.lines().count(), 1, "{mermaid}");
        assert!(text(Format::Markdown).contains("- s.orders(customer id) references"));
        assert_eq!(text(Format::Json), "");
        let proposed = Relation {
            state: RelationState::Proposed,
            decision: None,
            ..relation(None)
        };
        assert!(undeclared(&schema, Format::Dbml, &[proposed]).contains("proposed, 93 % sure"));
        let none = Schema::default();
        assert_eq!(undeclared(&none, Format::Mermaid, &all), "");
    }
}
