//! Terms: how the address of a diagram names tables, schemas, groups and columns.

use crate::diagram::NONE;

/// Splits a `show` expression at commas outside quotes, trims, and drops what is empty.
pub fn split_terms(text: &str) -> Vec<String> {
    let mut terms = Vec::new();
    let mut term = String::new();
    let mut quoted = false;
    for character in text.chars() {
        quoted ^= character == '"';
        if character == ',' && !quoted {
            terms.push(std::mem::take(&mut term));
        } else {
            term.push(character);
        }
    }
    terms.push(term);
    terms
        .into_iter()
        .map(|term| term.trim().to_owned())
        .filter(|term| !term.is_empty())
        .collect()
}

/// The term of a `show` expression for one table, with quotes where its names need them.
pub fn term_of(schema: &str, name: &str) -> String {
    if schema.is_empty() {
        part(name)
    } else {
        format!("{}.{}", part(schema), part(name))
    }
}

/// Of the terms of `fold` the one for every community.
pub const COMMUNITIES: &str = "~*";

/// The term of `fold` for the community that a table is in. Others are names of schemas.
pub fn community_term(schema: &str, name: &str) -> String {
    format!("~{}", term_of(schema, name))
}

/// What the box of a community is called, by the term of its hub.
pub fn community_name(term: &str) -> String {
    format!("around {}", term.trim_start_matches('~'))
}

/// The term of `fold` for the box of this name, if it is a community's.
pub fn community_of(name: &str) -> Option<String> {
    name.strip_prefix("around ").map(|hub| format!("~{hub}"))
}

/// The term of a `show` expression for all tables of a schema.
pub fn schema_term(schema: &str) -> String {
    format!("{}.*", part(schema))
}

/// The term of `hide` for a column wherever it is called so.
pub fn column_term(column: &str) -> String {
    part(column)
}

/// The groups that a text folds, each written as [`term_of`] and [`community_term`] write it.
pub fn fold_terms(text: &str) -> Vec<String> {
    let mut terms: Vec<String> = Vec::new();
    for term in split_terms(text) {
        let term = match term.starts_with('~') {
            true => term,
            false => part(&unquoted(&term)),
        };
        if !terms.contains(&term) {
            terms.push(term);
        }
    }
    terms
}

/// The name that a term says, without the quotes around it.
pub fn unquoted(term: &str) -> String {
    let inside = term.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    match inside {
        Some(name) => name.replace("\"\"", "\""),
        None => term.to_owned(),
    }
}

/// A part of a name, in quotes where it would mean something else without.
fn part(text: &str) -> String {
    let plain = !text.is_empty()
        && text != NONE
        && text
            .chars()
            .all(|character| character.is_alphanumeric() || matches!(character, '_' | '$'));
    if plain {
        text.to_owned()
    } else {
        format!("\"{}\"", text.replace('"', "\"\""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::DiagramQuery;
    use crate::id::ViewId;

    #[test]
    fn names_that_would_mean_something_else_are_quoted() {
        assert_eq!(term_of("sales", "orders"), "sales.orders");
        assert_eq!(term_of("", "naïve_tables"), "naïve_tables");
        assert_eq!(term_of("a.b", "or\"ders"), r#""a.b"."or""ders""#);
        assert_eq!(term_of("s", "-all*"), r#"s."-all*""#);
        assert_eq!(column_term("none"), r#""none""#);
        assert_eq!(
            split_terms(r#" sales.orders , "a, b"+1,,x"#),
            ["sales.orders", r#""a, b"+1"#, "x"]
        );
    }

    #[test]
    fn groups_are_known_however_they_are_written() {
        let text = r#""sales", ~s.orders,sales,"odd,name","say ""so""""#;
        let terms = fold_terms(text);
        assert_eq!(
            terms,
            ["sales", "~s.orders", r#""odd,name""#, r#""say ""so""""#]
        );
        let names: Vec<String> = terms.iter().map(|term| unquoted(term)).collect();
        assert_eq!(names, ["sales", "~s.orders", "odd,name", r#"say "so""#]);
        for name in [r#"""#, r#"a""#, r#""a"#, "plain", ""] {
            assert_eq!(unquoted(&part(name)), name);
        }
    }

    #[test]
    fn what_is_called_none_is_folded_and_hidden_like_others() {
        let view = DiagramQuery::default();
        let folded = view.toggling_fold(None, &fold_terms("\"none\"").join(","));
        let hidden = folded.hiding(None, &column_term("none"));
        let shown = hidden.over(&DiagramQuery::of_view(&ViewId::from_entropy([0; 10])));
        assert_eq!(shown.fold.as_deref().map(unquoted).as_deref(), Some("none"));
        assert_eq!(shown.hide.as_deref().map(unquoted).as_deref(), Some("none"));
        let unfolded = shown.toggling_fold(shown.fold.as_deref(), "\"none\"");
        assert_eq!(unfolded.fold, None);
    }

    #[test]
    fn columns_are_hidden_and_shown_again() {
        let one = DiagramQuery::default().hiding(None, "created_at");
        assert_eq!(one.hide.as_deref(), Some("created_at"));
        let two = one.hiding(one.hide.as_deref(), &column_term("odd, name"));
        assert_eq!(two.hide.as_deref(), Some(r#"created_at,"odd, name""#));
        let back = two.not_hiding(two.hide.as_deref(), Some(r#""odd, name""#));
        assert_eq!(back, one);
        assert_eq!(
            back.not_hiding(back.hide.as_deref(), None),
            DiagramQuery::default()
        );
        // What the view hides is only shown by saying so.
        let id = ViewId::from_entropy([0; 10]);
        let shown = DiagramQuery::of_view(&id).not_hiding(Some("created_at"), Some("created_at"));
        assert_eq!(shown.hide.as_deref(), Some(NONE));
        assert_eq!(shown.over(&one).hide, None);
        assert_eq!(DiagramQuery::of_view(&id).over(&one).hide, one.hide);
    }
}
