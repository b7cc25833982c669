//! Names inside statements that cannot bind them.

/// A name between double quotes, safe to stand in a statement whatever it holds.
pub fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text between single quotes, for the statements that take a literal and no parameter.
pub fn literal(text: &str) -> String {
    // With `standard_conforming_strings` off a backslash would escape; the E form is the same in
    // both settings.
    format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_ends_its_own_quotes() {
        assert_eq!(quote("orders"), "\"orders\"");
        assert_eq!(quote("a\"; DROP --"), "\"a\"\"; DROP --\"");
    }

    #[test]
    fn no_text_ends_its_own_quotes() {
        assert_eq!(literal("it's"), "E'it''s'");
        assert_eq!(literal("\\'"), "E'\\\\'''");
    }
}
