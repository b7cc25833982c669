//! The words of a `CREATE` statement, as far as they must be told apart.

/// A word, a quoted name, a quoted text, or one other letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word<'a> {
    /// As written.
    pub(super) text: &'a str,
    /// Where it begins in the statement, in bytes.
    pub(super) start: usize,
    /// Where it ends.
    pub(super) end: usize,
}

impl Word<'_> {
    /// Whether it is that keyword; a quoted word never is.
    pub(super) fn is(&self, keyword: &str) -> bool {
        self.text.eq_ignore_ascii_case(keyword)
    }

    /// The name that it stands for, without quotes.
    pub(super) fn name(&self) -> String {
        let mut letters = self.text.chars();
        let inside = match (letters.next(), letters.next_back()) {
            (Some('['), Some(']')) => return letters.as_str().to_owned(),
            (Some(open @ ('"' | '`' | '\'')), Some(close)) if open == close => open,
            _ => return self.text.to_owned(),
        };
        letters
            .as_str()
            .replace(&format!("{inside}{inside}"), &inside.to_string())
    }
}

/// Splits a statement; comments and blanks are left out.
pub(super) fn words(statement: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut start = 0;
    while let Some(rest) = statement.get(start..).filter(|rest| !rest.is_empty()) {
        let length = length(rest);
        let text = rest.get(..length).unwrap_or(rest);
        let skipped = text.starts_with("--")
            || text.starts_with("/*")
            || text.chars().all(char::is_whitespace);
        if !skipped {
            words.push(Word {
                text,
                start,
                end: start + text.len(),
            });
        }
        start += text.len();
    }
    words
}

/// How long the first word of the text is, in bytes.
fn length(text: &str) -> usize {
    let first = text.chars().next().unwrap_or(' ');
    let until = |end: &str| text.find(end).map_or(text.len(), |found| found + end.len());
    match first {
        '-' if text.starts_with("--") => until("\n"),
        '/' if text.starts_with("/*") => until("*/"),
        '[' => until("]"),
        '\'' | '"' | '`' => quoted_length(text, first),
        _ if is_word(first) => text.find(|letter| !is_word(letter)).unwrap_or(text.len()),
        _ => first.len_utf8(),
    }
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || letter == '$'
}

/// A doubled quote stands for itself.
fn quoted_length(text: &str, quote: char) -> usize {
    let mut letters = text.char_indices().skip(1).peekable();
    while let Some((place, letter)) = letters.next() {
        if letter != quote {
            continue;
        }
        if letters.peek().is_some_and(|(_, next)| *next == quote) {
            letters.next();
            continue;
        }
        return place + letter.len_utf8();
    }
    text.len()
}

/// The place of the parenthesis that closes the one at `open`.
pub(super) fn closing(words: &[Word<'_>], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (place, word) in words.iter().enumerate().skip(open) {
        match word.text {
            "(" => depth += 1,
            ")" => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(place);
                }
            }
            _ => {}
        }
    }
    None
}

/// The words between `open` and its parenthesis, split at the commas between them.
pub(super) fn items<'w, 'a>(words: &'w [Word<'a>], open: usize) -> Vec<&'w [Word<'a>]> {
    let Some(inside) = closing(words, open).and_then(|close| words.get(open + 1..close)) else {
        return Vec::new();
    };
    let mut depth = 0_i64;
    inside
        .split(|word| {
            match word.text {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            depth == 0 && word.text == ","
        })
        .collect()
}

/// The statement's text from the first to the last of some words.
pub(super) fn between<'a>(statement: &'a str, words: &[Word<'_>]) -> &'a str {
    match (words.first(), words.last()) {
        (Some(first), Some(last)) => statement.get(first.start..last.end).unwrap_or_default(),
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_quotes() {
        let statement = "a \"b\"\"c\" [d e] `f``g` 'it''s' -- no ( here\n /* nor ) */ é_1,";
        let names: Vec<String> = words(statement).iter().map(Word::name).collect();
        assert_eq!(names, ["a", "b\"c", "d e", "f`g", "it's", "é_1", ","]);
    }

    #[test]
    fn items_are_split_at_their_own_commas() {
        let statement = "(a, f(b, c), ')', d)";
        let words = words(statement);
        let items: Vec<&str> = items(&words, 0)
            .into_iter()
            .map(|item| between(statement, item))
            .collect();
        assert_eq!(items, ["a", "f(b, c)", "')'", "d"]);
    }

    #[test]
    fn what_does_not_end_is_read_to_its_end() {
        for statement in ["'", "\"a", "[", "/*", "(", "((", "é'"] {
            let words = words(statement);
            assert!(closing(&words, 0).is_none(), "{statement}");
        }
    }
}
