//! Tokens: the smallest pieces of a script, as positions in its text.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A bare word: a keyword or a name that the dialect folds.
    Word,
    /// A name in double quotes.
    Quoted,
    /// A name in double quotes with Unicode escapes, `U&"…"`.
    UnicodeQuoted,
    /// A string constant of any kind, dollar-quoted ones too.
    Text,
    /// A number.
    Number,
    /// A positional parameter, `$1`.
    Parameter,
    /// A single character that groups or separates: `( ) [ ] , ; . :`.
    Symbol(u8),
    /// The cast, `::`.
    Cast,
    /// Any other operator.
    Operator,
    /// A backtick, which quotes names in other dialects.
    Backtick,
    /// A backslash: in a script for psql, the beginning of one of its own commands.
    Backslash,
    /// A string, name or comment that is never closed; it reaches to the end of the text.
    Unclosed(Unclosed),
}

/// What can be left open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unclosed {
    /// `'…`
    Text,
    /// `"…`
    Name,
    /// `$tag$…`
    Dollar,
    /// `/*…`
    Comment,
}

impl Unclosed {
    /// The thing in words, for a message.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Text => "The text in single quotes",
            Self::Name => "The name in double quotes",
            Self::Dollar => "The dollar-quoted text",
            Self::Comment => "The comment",
        }
    }
}

/// One token.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Token {
    /// What it is.
    pub(crate) kind: Kind,
    /// The offset of its first byte.
    pub(crate) start: usize,
    /// The offset after its last byte.
    pub(crate) end: usize,
}

impl Token {
    /// Whether it is that symbol.
    pub(crate) fn is_symbol(&self, symbol: u8) -> bool {
        self.kind == Kind::Symbol(symbol)
    }

    /// Its text.
    pub(crate) fn text<'a>(&self, source: &'a str) -> &'a str {
        source.get(self.start..self.end).unwrap_or_default()
    }
}

/// Finds lines by byte offset.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    /// Notes where the lines of a text begin.
    pub(crate) fn of(text: &str) -> Self {
        let starts = text
            .bytes()
            .enumerate()
            .filter_map(|(at, byte)| (byte == b'\n').then_some(at))
            .collect();
        Self { starts }
    }

    /// The line, from 1, of a byte.
    pub(crate) fn line(&self, offset: usize) -> u64 {
        self.starts.partition_point(|newline| *newline < offset) as u64 + 1
    }
}

/// The beginning of a piece of text on one line, at most 160 characters.
pub(crate) fn excerpt(text: &str) -> String {
    const LENGTH: usize = 160;
    let mut result = String::new();
    let mut count = 0;
    let mut space = false;
    for character in text.chars() {
        if character.is_whitespace() || character.is_control() {
            space = !result.is_empty();
            continue;
        }
        let needed = if space { 2 } else { 1 };
        if count + needed >= LENGTH {
            result.push('…');
            break;
        }
        if space {
            result.push(' ');
            space = false;
        }
        result.push(character);
        count += needed;
    }
    result
}
