//! Reading the text of a search.

use super::{
    FILTERS_MAX, FilterKey, SearchFilter, SearchNote, SearchQuery, TEXT_MAX_CHARS, WORDS_MAX,
};
use std::convert::Infallible;
use std::str::FromStr;

/// A filter's key is longer than one letter (`c:` is a drive) and no longer than this.
const KEY_CHARS: std::ops::RangeInclusive<usize> = 2..=20;

/// Any text is a search.
impl FromStr for SearchQuery {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        let mut query = Self::default();
        // PostgreSQL has no text with a zero byte, and no name has a line's end.
        let mut characters = text
            .chars()
            .map(|one| if one.is_control() { ' ' } else { one });
        let cut: String = characters.by_ref().take(TEXT_MAX_CHARS).collect();
        if characters.any(|one| !one.is_whitespace()) {
            query.note(SearchNote::TooLong);
        }
        for token in tokens(&cut) {
            query.read(token);
        }
        Ok(query)
    }
}

/// What stands between blanks outside of quotes: what came before the first colon outside of
/// quotes, and the rest.
struct Token {
    key: Option<String>,
    value: String,
}

/// A quote that is not closed reaches to the end.
fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut token = Token {
        key: None,
        value: String::new(),
    };
    let mut quoted = false;
    let mut begun = false;
    for character in text.chars() {
        match character {
            // Within a name a quote is a character like any other.
            '"' if quoted || token.value.is_empty() => {
                quoted = !quoted;
                begun = true;
            }
            ':' if !quoted && token.key.is_none() && !begun => {
                token.key = Some(std::mem::take(&mut token.value));
            }
            blank if blank.is_whitespace() && !quoted => {
                tokens.push(std::mem::replace(
                    &mut token,
                    Token {
                        key: None,
                        value: String::new(),
                    },
                ));
                begun = false;
            }
            other => token.value.push(other),
        }
    }
    tokens.push(token);
    tokens
}

impl SearchQuery {
    fn note(&mut self, note: SearchNote) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    fn read(&mut self, token: Token) {
        let value = token.value.split_whitespace().collect::<Vec<_>>().join(" ");
        let Some(key) = token.key else {
            self.word(value);
            return;
        };
        let lower = key.to_lowercase();
        let known = FilterKey::ALL.into_iter().find(|one| one.word() == lower);
        match known {
            Some(_) if value.is_empty() => self.note(SearchNote::NoValue(lower)),
            Some(known) if known.accepts(&value) => {
                let filter = SearchFilter::new(known, value);
                if self.has(&filter) {
                    return;
                }
                if self.filters.len() < FILTERS_MAX {
                    self.filters.push(filter);
                } else {
                    self.note(SearchNote::TooMany);
                }
            }
            _ => {
                let like_a_key = KEY_CHARS.contains(&key.chars().count())
                    && key.chars().all(|one| one.is_ascii_alphabetic());
                if like_a_key && !value.is_empty() && !value.starts_with([':', '/']) {
                    let said = match known {
                        Some(_) => format!("{lower}:{value}"),
                        None => format!("{lower}:"),
                    };
                    self.note(SearchNote::UnknownFilter(said));
                }
                self.word(format!("{key}:{value}"));
            }
        }
    }

    fn word(&mut self, word: String) {
        if word.is_empty() {
            return;
        }
        if self.words.len() < WORDS_MAX {
            self.words.push(word);
        } else {
            self.note(SearchNote::TooMany);
        }
    }
}

impl FilterKey {
    fn accepts(self, value: &str) -> bool {
        match self {
            Self::Has => value.eq_ignore_ascii_case("note"),
            Self::Is => value.eq_ignore_ascii_case("undocumented"),
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> SearchQuery {
        text.parse().unwrap_or_default()
    }

    #[test]
    fn words_and_filters_stand_in_any_order() {
        let query = read(r#"customer db:"Sample shop"  TYPE:uuid id has:note is:Undocumented"#);
        assert_eq!(query.words, ["customer", "id"]);
        assert_eq!(
            query.filters,
            [
                SearchFilter::new(FilterKey::Database, "Sample shop"),
                SearchFilter::new(FilterKey::Type, "uuid"),
                SearchFilter::new(FilterKey::Has, "note"),
                SearchFilter::new(FilterKey::Is, "Undocumented"),
            ]
        );
        assert!(query.notes.is_empty());
        assert_eq!(query.values(FilterKey::Type).collect::<Vec<_>>(), ["uuid"]);
    }

    #[test]
    fn filters_that_there_are_not_are_text_and_said() {
        let query = read("colour:red has:wheels name");
        assert_eq!(query.words, ["colour:red", "has:wheels", "name"]);
        assert!(query.filters.is_empty());
        assert_eq!(
            query.notes,
            [
                SearchNote::UnknownFilter("colour:".to_owned()),
                SearchNote::UnknownFilter("has:wheels".to_owned()),
            ]
        );
        // Names and paths hold colons too.
        for text in ["std::vec", "c:x", "a1:b", ":x", "https://x"] {
            assert_eq!(read(text).words, [text]);
            assert!(read(text).notes.is_empty(), "{text}");
        }
    }

    #[test]
    fn filters_without_a_value_are_left_out_and_said() {
        let query = read(r#"db: schema:"" x"#);
        assert_eq!(query.words, ["x"]);
        assert!(query.filters.is_empty());
        assert_eq!(
            query.notes,
            [
                SearchNote::NoValue("db".to_owned()),
                SearchNote::NoValue("schema".to_owned())
            ]
        );
    }

    #[test]
    fn quotes_keep_words_together_and_need_no_end() {
        assert_eq!(
            read(r#""order  lines" x"#).words,
            ["order lines".to_owned(), "x".to_owned()]
        );
        assert_eq!(
            read(r#"db:"Sample shop"#).filters,
            [SearchFilter::new(FilterKey::Database, "Sample shop")]
        );
        assert_eq!(read(r#""db:x""#).words, ["db:x"]);
        assert_eq!(read(r#"a"b"#).words, [r#"a"b"#]);
        assert!(read(r#"""#).is_empty());
    }

    #[test]
    fn odd_texts_are_read_without_harm() {
        assert!(read(" \0\n\t ").is_empty());
        assert_eq!(read("a\0b").words, ["a", "b"]);
        assert_eq!(read(r"100% _ \").words, ["100%", "_", r"\"]);
        let many = read(&"x ".repeat(100));
        assert_eq!(many.words.len(), WORDS_MAX);
        assert_eq!(many.notes, [SearchNote::TooMany]);
        let long = read(&"é".repeat(1000));
        assert_eq!(long.words.concat().chars().count(), TEXT_MAX_CHARS);
        assert_eq!(long.notes, [SearchNote::TooLong]);
        let tags: String = (0..40).map(|number| format!("tag:{number} ")).collect();
        assert_eq!(read(&tags).filters.len(), FILTERS_MAX);
        assert_eq!(read("tag:a tag:A tag:a").filters.len(), 1);
    }
}
