//! What a search finds, as its page shows it.

use super::{FilterKey, SearchQuery};
use crate::catalog::SearchHit;
use serde::{Deserialize, Serialize};

/// A page of what was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SearchResults {
    /// The search as it was understood.
    pub query: SearchQuery,
    /// What is on this page, the best first.
    pub hits: Vec<SearchFind>,
    /// How many were found and put in order, on all pages.
    pub total: u32,
    /// Whether there are more than those that were put in order.
    pub more: bool,
    /// Whether nothing fits, and these only resemble the words.
    pub similar: bool,
    /// The words that were searched for instead, where nothing fits those typed.
    pub corrected: Option<String>,
    /// The number of this page, from 1.
    pub page: u32,
    /// How many pages there are; 0 where nothing was found.
    pub pages: u32,
    /// Filters that would narrow what was found, with how many they would leave of it.
    pub facets: Vec<SearchFacet>,
}

/// One thing found, with what fits the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SearchFind {
    /// What it is and where.
    pub hit: SearchHit,
    /// Its name, in pieces.
    pub name: Vec<TextPiece>,
    /// The text that fits, where the name does not say it all.
    pub matched: Option<SearchMatch>,
}

/// A text that fits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SearchMatch {
    /// Which of its texts it is.
    pub place: MatchPlace,
    /// An excerpt.
    pub text: Vec<TextPiece>,
}

/// Which of a thing's texts fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MatchPlace {
    /// What people wrote about it.
    Description,
    /// What its source says about it.
    Comment,
    /// Its tags.
    Tags,
    /// What a column means.
    SemanticType,
    /// A column's type.
    DataType,
    /// What kind of table it is.
    Kind,
}

impl MatchPlace {
    /// How pages call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Description => "description",
            Self::Comment => "source comment",
            Self::Tags => "tags",
            Self::SemanticType => "semantic type",
            Self::DataType => "type",
            Self::Kind => "kind",
        }
    }
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TextPiece {
    /// The text.
    pub text: String,
    /// Whether it is what was searched for.
    pub hit: bool,
}

/// A filter that would narrow what was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SearchFacet {
    /// What the filter is about.
    pub key: FilterKey,
    /// Its value.
    pub value: String,
    /// How many it would leave of what was found.
    pub count: u32,
}

/// Where in a text a word counts as a hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marking {
    /// Anywhere: names.
    Anywhere,
    /// Where a word of the text begins: sentences.
    WordBegins,
}

/// The text in pieces: where one of the words stands, whatever its case, is a hit. Of a text
/// longer than `longest` characters only the surroundings of its first hit are kept.
pub fn pieces(text: &str, words: &[String], marking: Marking, longest: usize) -> Vec<TextPiece> {
    let characters: Vec<char> = text
        .chars()
        .map(|one| if one.is_whitespace() { ' ' } else { one })
        .collect();
    // Letters whose small form is longer (İ) stay as they are, so that places stay the same.
    let lower: Vec<char> = characters.iter().map(|one| small(*one)).collect();
    let mut marked = vec![false; characters.len()];
    for word in words {
        let word: Vec<char> = word.chars().map(small).collect();
        if word.is_empty() {
            continue;
        }
        for (start, window) in lower.windows(word.len()).enumerate() {
            let begins = marking == Marking::Anywhere
                || start == 0
                || lower
                    .get(start - 1)
                    .is_some_and(|before| !before.is_alphanumeric());
            if begins && window == word.as_slice() {
                marked
                    .iter_mut()
                    .skip(start)
                    .take(word.len())
                    .for_each(|mark| *mark = true);
            }
        }
    }
    let first = marked.iter().position(|mark| *mark).unwrap_or_default();
    let start = if characters.len() > longest {
        // A third before the hit, and from the beginning of a word.
        let from = first.saturating_sub(longest / 3);
        let from = from.min(characters.len().saturating_sub(longest));
        (from..first)
            .find(|place| *place == 0 || characters.get(place - 1) == Some(&' '))
            .unwrap_or(from)
    } else {
        0
    };
    let mut pieces: Vec<TextPiece> = Vec::new();
    if start > 0 {
        pieces.push(TextPiece {
            text: "…".to_owned(),
            hit: false,
        });
    }
    for (character, hit) in characters.iter().zip(&marked).skip(start).take(longest) {
        match pieces.last_mut() {
            Some(last) if last.hit == *hit => last.text.push(*character),
            _ => pieces.push(TextPiece {
                text: character.to_string(),
                hit: *hit,
            }),
        }
    }
    if start + longest < characters.len() {
        match pieces.last_mut() {
            Some(last) if !last.hit => last.text.push('…'),
            _ => pieces.push(TextPiece {
                text: "…".to_owned(),
                hit: false,
            }),
        }
    }
    pieces
}

fn small(character: char) -> char {
    let mut lower = character.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        _ => character,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, words: &[&str], longest: usize) -> String {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        pieces(text, &words, Marking::Anywhere, longest)
            .iter()
            .map(|piece| match piece.hit {
                true => format!("[{}]", piece.text),
                false => piece.text.clone(),
            })
            .collect()
    }

    #[test]
    fn words_are_marked_whatever_their_case() {
        assert_eq!(
            shown("Customer of the customers", &["custom"], 100),
            "[Custom]er of the [custom]ers"
        );
        assert_eq!(shown("order_lines", &["lin", "line"], 100), "order_[line]s");
        assert_eq!(shown("GRÖSSE İx", &["größ", "x"], 100), "GRÖSSE İ[x]");
        assert_eq!(shown("", &["a"], 100), "");
        assert_eq!(shown("a\nb", &[], 100), "a b");
    }

    #[test]
    fn in_sentences_words_are_marked_where_they_begin() {
        let marked = pieces(
            "provided by id",
            &["id".to_owned()],
            Marking::WordBegins,
            99,
        );
        assert_eq!(marked.len(), 2);
        assert_eq!(marked[0].text, "provided by ");
        assert!(marked[1].hit);
    }

    #[test]
    fn long_texts_are_cut_around_the_hit() {
        let text = format!("{} refund {}", "before ".repeat(50), "after ".repeat(50));
        let cut = shown(&text, &["refund"], 60);
        assert!(cut.starts_with("…before "), "{cut}");
        assert!(cut.contains("[refund]") && cut.ends_with('…'), "{cut}");
        assert!(cut.chars().count() <= 64, "{cut}");
        assert_eq!(shown("abcdef", &["zz"], 3), "abc…");
    }
}
