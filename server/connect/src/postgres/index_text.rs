//! The parts of an index, out of the statement that the server prints for it.
//!
//! The server prints single parts only without their order and operator class, so the whole is
//! taken apart. Its own output has no comments and no dollar quotes outside of strings.

/// The texts of an index's key parts, in order; empty where the statement cannot be read.
pub(super) fn parts(definition: &str) -> Vec<&str> {
    let Some(begin) = key_begin(definition) else {
        return Vec::new();
    };
    let rest = definition.get(begin..).unwrap_or_default();
    let mut found = Vec::new();
    let mut from = 0;
    let mut depth = 0_usize;
    let mut scan = Scan::new(rest);
    while let Some((at, byte)) = scan.step() {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' if depth == 0 => {
                found.push(rest.get(from..at).unwrap_or_default().trim());
                break;
            }
            b')' | b']' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => {
                found.push(rest.get(from..at).unwrap_or_default().trim());
                from = at + 1;
            }
            _ => {}
        }
    }
    found
}

/// Where the key begins: after the first parenthesis outside of quotes, since no name before it
/// has one outside of quotes.
fn key_begin(definition: &str) -> Option<usize> {
    let mut scan = Scan::new(definition);
    while let Some((at, byte)) = scan.step() {
        if byte == b'(' {
            return Some(at + 1);
        }
    }
    None
}

/// Goes through a text byte by byte, past names and strings in quotes.
struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Scan<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            bytes: text.as_bytes(),
            at: 0,
        }
    }

    /// The next byte outside of quotes, and where it is.
    fn step(&mut self) -> Option<(usize, u8)> {
        loop {
            let at = self.at;
            let byte = *self.bytes.get(at)?;
            self.at += 1;
            if byte != b'"' && byte != b'\'' {
                return Some((at, byte));
            }
            // The server prints strings with backslashes as E'…', where a backslash escapes.
            let before = at.checked_sub(1).and_then(|at| self.bytes.get(at));
            let escapes = byte == b'\'' && before == Some(&b'E');
            self.skip_quoted(byte, escapes);
        }
    }

    /// Past the closing quote. A doubled one opens again at once, which comes to the same.
    fn skip_quoted(&mut self, quote: u8, escapes: bool) {
        while let Some(byte) = self.bytes.get(self.at) {
            self.at += 1;
            if *byte == quote {
                if self.bytes.get(self.at) != Some(&quote) {
                    return;
                }
                self.at += 1;
            } else if escapes && *byte == b'\\' {
                self.at += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn parts_keep_order_class_and_commas_of_their_own() {
        assert_eq!(
            parts(
                "CREATE UNIQUE INDEX i ON public.t USING btree (a DESC NULLS LAST, \
                 lower((b)::text) text_pattern_ops, COALESCE(c, 'x,)''('::text), d[1]) \
                 INCLUDE (e) WHERE (a > 0)"
            ),
            [
                "a DESC NULLS LAST",
                "lower((b)::text) text_pattern_ops",
                "COALESCE(c, 'x,)''('::text)",
                "d[1]",
            ]
        );
    }

    #[test]
    fn names_and_strings_hide_what_is_in_them() {
        assert_eq!(
            parts(
                "CREATE INDEX \"a (\"\" USING\" ON public.\"t (\" USING gin (\"x,)\", \"y\"\"(\")"
            ),
            ["\"x,)\"", "\"y\"\"(\""]
        );
        assert_eq!(
            parts("CREATE INDEX i ON t USING btree (replace(a, E'\\\\', E'\\'),('::text), b)"),
            ["replace(a, E'\\\\', E'\\'),('::text)", "b"]
        );
        assert!(parts("CREATE INDEX i").is_empty());
    }
}
