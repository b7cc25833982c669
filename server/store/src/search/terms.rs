//! The words that somebody looks for, in the forms that the questions need.

use crate::pattern::{containing, escaped};

/// The words that somebody looks for.
#[derive(Debug)]
pub(super) struct Terms {
    /// The words as a name would be written: blanks become underscores.
    pub(super) key: String,
    /// What stands before the last dot that has something before it.
    pub(super) qualifier: Option<String>,
    /// What follows that dot.
    pub(super) rest: Option<String>,
    /// For names of databases, which people write with blanks.
    pub(super) database_pattern: String,
    /// For names that contain the words in their order, with anything between.
    pub(super) pattern: String,
    /// For names of which a later word begins with them.
    pub(super) word_pattern: String,
    /// The words without punctuation, as texts are indexed, in small letters.
    pub(super) lexemes: Vec<String>,
    /// All that is highlighted: the words as typed, and without punctuation.
    pub(super) marks: Vec<String>,
}

impl Terms {
    /// None when there is nothing to look for.
    pub(super) fn read(words: &[String]) -> Option<Self> {
        let words: Vec<&str> = words
            .iter()
            .flat_map(|word| word.split_whitespace())
            .collect();
        if words.is_empty() {
            return None;
        }
        let key = words.join("_");
        let (qualifier, rest) = match key.rsplit_once('.') {
            // Of `a.b.c`, b and c say more than a.
            Some((before, rest)) if !before.is_empty() => {
                let qualifier = before.rsplit('.').next().unwrap_or(before);
                (Some(qualifier.to_owned()), Some(rest.to_owned()))
            }
            _ => (None, None),
        };
        let parts: Vec<String> = words.iter().map(|word| escaped(word)).collect();
        let loose = parts.join("%");
        let mut lexemes: Vec<String> = Vec::new();
        for lexeme in words
            .iter()
            .flat_map(|word| word.split(|one: char| !one.is_alphanumeric()))
            .filter(|lexeme| !lexeme.is_empty())
            .map(str::to_lowercase)
        {
            if !lexemes.contains(&lexeme) {
                lexemes.push(lexeme);
            }
        }
        let typed = words.iter().map(|word| word.to_lowercase());
        let marks = typed.chain(lexemes.iter().cloned()).collect();
        Some(Self {
            qualifier,
            rest,
            database_pattern: containing(&words.join(" ")),
            pattern: format!("%{loose}%"),
            word_pattern: format!(r"%\_{loose}%"),
            lexemes,
            marks,
            key,
        })
    }

    /// Whether the words are long enough for an index of trigrams to narrow anything.
    pub(super) fn has_trigrams(&self) -> bool {
        self.key.chars().count() >= 3
    }

    /// Texts in which all words begin a word, as a tsquery; none where nothing but punctuation
    /// was typed.
    pub(super) fn all_words(&self) -> Option<String> {
        (!self.lexemes.is_empty()).then(|| self.word_queries().join(" & "))
    }

    /// Texts in which some word begins a word, as a tsquery.
    pub(super) fn any_word(&self) -> String {
        self.word_queries().join(" | ")
    }

    /// For each word the texts in which it begins a word, as a tsquery.
    pub(super) fn word_queries(&self) -> Vec<String> {
        // Letters and digits only, so quotes need no escaping.
        self.lexemes
            .iter()
            .map(|lexeme| match lexeme.chars().nth(1) {
                Some(_) => format!("'{lexeme}':*"),
                // Of one letter begins a tenth of all words.
                None => format!("'{lexeme}'"),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Terms> {
        let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
        Terms::read(&words)
    }

    #[test]
    fn words_are_read_in_all_their_forms() {
        let terms = read("shop.Order items").unwrap();
        assert_eq!(terms.key, "shop.Order_items");
        assert_eq!(terms.qualifier.as_deref(), Some("shop"));
        assert_eq!(terms.rest.as_deref(), Some("Order_items"));
        assert_eq!(terms.pattern, "%shop.Order%items%");
        assert_eq!(terms.lexemes, ["shop", "order", "items"]);
        assert_eq!(
            terms.all_words().as_deref(),
            Some("'shop':* & 'order':* & 'items':*")
        );
        assert_eq!(read("a.b.c").unwrap().qualifier.as_deref(), Some("b"));
        assert_eq!(read(".x").unwrap().qualifier, None);
        assert!(read(" ").is_none());
    }

    #[test]
    fn punctuation_is_no_word() {
        let terms = read(r"%'\ &|!:*").unwrap();
        assert_eq!(terms.all_words(), None);
        assert_eq!(read("id ID i'd").unwrap().lexemes, ["id", "i", "d"]);
    }
}
