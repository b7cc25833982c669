//! What somebody looks for, in the forms that the questions need.

use crate::pattern::{containing, escaped};

/// What somebody looks for.
#[derive(Debug)]
pub(super) struct SearchText {
    /// The text as a name would be written: blanks become underscores.
    pub(super) key: String,
    /// What stands before the last dot that has something before it.
    pub(super) qualifier: Option<String>,
    /// What follows that dot.
    pub(super) rest: Option<String>,
    /// For names of databases, which people write with blanks.
    pub(super) database_pattern: String,
    /// For names that contain the text; a blank stands for anything.
    pub(super) pattern: String,
    /// For names of which a later word begins with it.
    pub(super) word_pattern: String,
}

impl SearchText {
    /// None when there is nothing to look for.
    pub(super) fn read(text: &str) -> Option<Self> {
        // PostgreSQL has no text with a zero byte, so no name holds one.
        let text = text.trim();
        if text.is_empty() || text.contains('\0') {
            return None;
        }
        let words: Vec<&str> = text.split_whitespace().collect();
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
        Some(Self {
            qualifier,
            rest,
            database_pattern: containing(&words.join(" ")),
            pattern: format!("%{loose}%"),
            word_pattern: format!(r"%\_{loose}%"),
            key,
        })
    }

    /// Whether the text is long enough for an index of trigrams to narrow anything.
    pub(super) fn has_trigrams(&self) -> bool {
        self.key.chars().count() >= 3
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_in_all_its_forms() {
        let text = SearchText::read("  shop.Order  items ").unwrap();
        assert_eq!(text.key, "shop.Order_items");
        assert_eq!(text.qualifier.as_deref(), Some("shop"));
        assert_eq!(text.rest.as_deref(), Some("Order_items"));
        assert_eq!(text.pattern, "%shop.Order%items%");
        let text = SearchText::read("a.b.c").unwrap();
        assert_eq!(text.qualifier.as_deref(), Some("b"));
        assert_eq!(SearchText::read(".x").unwrap().qualifier, None);
        for nothing in ["", "  ", "a\0b"] {
            assert!(SearchText::read(nothing).is_none());
        }
    }
}
