//! Texts that somebody typed, as patterns of `LIKE`.

/// A pattern for texts that contain `text`.
pub(crate) fn containing(text: &str) -> String {
    format!("%{}%", escaped(text))
}

/// The text with everything escaped that `LIKE` takes for a wildcard.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '\\' | '%' | '_') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_are_taken_as_they_are() {
        assert_eq!(containing(r"100%_\a"), r"%100\%\_\\a%");
    }
}
