//! From DBML to tokens.

/// What a token is, with its value where it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// A bare word or number.
    Word(String),
    /// A name in double quotes.
    Quoted(String),
    /// A text in one or three single quotes.
    Text(String),
    /// An expression in backticks.
    Expression(String),
    /// Any other character; `<>` is two of them.
    Symbol(char),
    /// The end of a line.
    Newline,
    /// A quote or comment that is never closed.
    Unclosed(&'static str),
}

/// A token and where it stands, in bytes.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Reads all tokens of a document.
pub(super) fn tokens(source: &str) -> Vec<Token> {
    let mut lexer = Lexer { source, at: 0 };
    let mut tokens = Vec::new();
    while let Some(token) = lexer.next() {
        tokens.push(token);
    }
    tokens
}

struct Lexer<'a> {
    source: &'a str,
    at: usize,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn next(&mut self) -> Option<Token> {
        loop {
            let rest = self.rest();
            let first = rest.chars().next()?;
            if first != '\n' && (first.is_whitespace() || first == '\u{feff}') {
                self.at += first.len_utf8();
            } else if rest.starts_with("//") {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                match rest.find("*/") {
                    Some(length) => self.at += length + 2,
                    None => return Some(self.unclosed("The comment")),
                }
            } else {
                break;
            }
        }
        let start = self.at;
        let kind = self.kind()?;
        Some(Token {
            kind,
            start,
            end: self.at,
        })
    }

    fn unclosed(&mut self, what: &'static str) -> Token {
        let start = self.at;
        self.at = self.source.len();
        Token {
            kind: Kind::Unclosed(what),
            start,
            end: self.at,
        }
    }

    fn kind(&mut self) -> Option<Kind> {
        let rest = self.rest();
        let first = rest.chars().next()?;
        if rest.starts_with("'''") {
            return Some(match self.quoted("'''", true) {
                Some(raw) => Kind::Text(dedent(&raw)),
                None => Kind::Unclosed("The text in three quotes"),
            });
        }
        Some(match first {
            '\n' => {
                self.at += 1;
                Kind::Newline
            }
            '\'' => match self.quoted("'", false) {
                Some(raw) => Kind::Text(raw),
                None => Kind::Unclosed("The text in single quotes"),
            },
            '"' => match self.quoted("\"", false) {
                Some(raw) => Kind::Quoted(raw),
                None => Kind::Unclosed("The name in double quotes"),
            },
            '`' => {
                let body = rest.get(1..).unwrap_or_default();
                let Some(length) = body.find('`') else {
                    let end = body.find('\n').unwrap_or(body.len());
                    self.at += end + 1;
                    return Some(Kind::Unclosed("The expression in backticks"));
                };
                let expression = body.get(..length).unwrap_or_default().to_owned();
                self.at += length + 2;
                Kind::Expression(expression)
            }
            _ if is_word(first) => {
                let length = rest
                    .find(|character| !is_word(character))
                    .unwrap_or(rest.len());
                let word = rest.get(..length).unwrap_or_default().to_owned();
                self.at += length;
                Kind::Word(word)
            }
            other => {
                self.at += other.len_utf8();
                Kind::Symbol(other)
            }
        })
    }

    /// Reads up to the closing mark; what is open at the end of its line (or of the text) was
    /// never closed.
    fn quoted(&mut self, mark: &str, lines: bool) -> Option<String> {
        self.at += mark.len();
        let mut value = String::new();
        while let Some(character) = self.rest().chars().next() {
            if self.rest().starts_with(mark) {
                self.at += mark.len();
                return Some(value);
            }
            if character == '\n' && !lines {
                return None;
            }
            self.at += character.len_utf8();
            if character != '\\' {
                value.push(character);
                continue;
            }
            let escaped = self.rest().chars().next()?;
            match escaped {
                // A line that goes on in the next.
                '\n' if lines => {}
                '\n' => return None,
                'n' => value.push('\n'),
                't' => value.push('\t'),
                'r' => value.push('\r'),
                other => value.push(other),
            }
            self.at += escaped.len_utf8();
        }
        None
    }
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// A text of several lines without the indentation that all of them share, and without the
/// empty lines at which its quotes stand.
fn dedent(raw: &str) -> String {
    let mut lines: Vec<&str> = raw.split('\n').collect();
    if lines.len() == 1 {
        return raw.to_owned();
    }
    if lines.first().is_some_and(|line| line.trim().is_empty()) {
        lines.remove(0);
    }
    if lines.last().is_some_and(|line| line.trim().is_empty()) {
        lines.pop();
    }
    let indent = |line: &&str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let shared = lines
        .iter()
        .filter(|line| !line.trim().is_empty())
        .map(indent)
        .min()
        .unwrap_or_default();
    let cut: Vec<&str> = lines
        .iter()
        .map(|line| {
            line.get(shared..)
                .unwrap_or_default()
                .trim_end_matches('\r')
        })
        .collect();
    cut.join("\n")
}
