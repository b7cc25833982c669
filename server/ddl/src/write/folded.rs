//! Groups that a picture draws as one box, behind a structure that was written: their tables are not in
//! it, which is said.

use super::undeclared::{escaped, on_one_line};
use super::{Format, comment};
use model::number::counted;
use std::fmt::Write as _;

/// What follows the text of a structure for groups, each with its name and how many tables it stands
/// for; empty without any, and for JSON, which has no comments.
pub fn folded(format: Format, groups: &[(String, u64)]) -> String {
    let mut out = String::new();
    if groups.is_empty() || format == Format::Json {
        return out;
    }
    match format {
        Format::Markdown => out.push_str("\n## Folded groups\n\n"),
        _ => out.push('\n'),
    }
    for (name, tables) in groups {
        let tables = counted(usize::try_from(*tables).unwrap_or(usize::MAX), "table");
        let line = on_one_line(&format!(
            "{name} is folded: its {tables} are not written out"
        ));
        match format {
            Format::Markdown => {
                let _ = writeln!(out, "- {}", escaped(&line));
            }
            Format::Mermaid => {
                let _ = writeln!(out, "%% {line}");
            }
            Format::Dbml => {
                let _ = writeln!(out, "// {line}");
            }
            Format::Ddl(_) => comment::push(&mut out, &line),
            Format::Json => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::provider::Provider;

    #[test]
    fn what_is_folded_is_named_and_never_ends_its_comment() {
        let groups = [("growth.*".to_owned(), 9), ("odd\nDROP.*".to_owned(), 1)];
        for format in [
            Format::Mermaid,
            Format::Dbml,
            Format::Markdown,
            Format::Ddl(Provider::PostgreSql),
        ] {
            let text = folded(format, &groups);
            assert!(text.contains("9 tables are not written out"), "{text}");
            assert!(!text.contains("\nDROP"), "{text}");
        }
        assert_eq!(folded(Format::Json, &groups), "");
        assert_eq!(folded(Format::Dbml, &[]), "");
    }
}
