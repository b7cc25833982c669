//! The shape of a statement, without the values of one run: statements of one shape are counted
//! as one.

/// Writes literals as `?`, drops comments, makes every run of blanks one space, and lowers what
/// is not between double quotes.
pub fn fingerprint(sql: &str) -> String {
    let mut shape = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(character) = rest.chars().next() {
        let taken = if character.is_whitespace() {
            blank(&mut shape);
            character.len_utf8()
        } else if rest.starts_with("--") {
            blank(&mut shape);
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            blank(&mut shape);
            comment_length(rest)
        } else if let Some(length) = string_length(rest) {
            shape.push('?');
            length
        } else if character == '"' {
            let length = quoted_length(rest, '"', false);
            shape.push_str(rest.get(..length).unwrap_or(rest));
            length
        } else if starts_word(character) {
            let length = rest
                .find(|next: char| !continues_word(next))
                .unwrap_or(rest.len());
            shape.push_str(&rest.get(..length).unwrap_or(rest).to_lowercase());
            length
        } else if let Some(length) = number_length(rest) {
            shape.push('?');
            length
        } else {
            shape.push(character);
            character.len_utf8()
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
    let end = shape.trim_end_matches([';', ' ']).len();
    shape.truncate(end);
    shape
}

/// One space, unless there is one or nothing stands before it.
fn blank(shape: &mut String) {
    if !shape.is_empty() && !shape.ends_with(' ') {
        shape.push(' ');
    }
}

fn starts_word(character: char) -> bool {
    character.is_alphabetic() || character == '_'
}

fn continues_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '$')
}

/// The length of a string constant that `rest` begins with, its prefix letter included.
fn string_length(rest: &str) -> Option<usize> {
    let prefix = match rest.as_bytes() {
        [b'\'', ..] => 0,
        [
            b'e' | b'E' | b'b' | b'B' | b'x' | b'X' | b'n' | b'N',
            b'\'',
            ..,
        ] => 1,
        [b'u' | b'U', b'&', b'\'', ..] => 2,
        [b'$', ..] => return dollar_length(rest),
        _ => return None,
    };
    let escapes = matches!(rest.as_bytes().first(), Some(b'e' | b'E'));
    Some(prefix + quoted_length(rest.get(prefix..)?, '\'', escapes))
}

/// The length of `$tag$ … $tag$`, or of a parameter's `$1`.
fn dollar_length(rest: &str) -> Option<usize> {
    let after = rest.get(1..)?;
    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 {
        return Some(1 + digits);
    }
    let tag_end = after.find('$')?;
    if !after
        .get(..tag_end)?
        .chars()
        .all(|c| c.is_alphanumeric() || c == '_')
    {
        return None;
    }
    let tag = rest.get(..tag_end + 2)?;
    let body = rest.get(tag.len()..)?;
    Some(match body.find(tag) {
        Some(end) => tag.len() + end + tag.len(),
        None => rest.len(),
    })
}

/// The length of what stands between two quotes, both included. A doubled quote does not end it.
fn quoted_length(rest: &str, quote: char, escapes: bool) -> usize {
    let mut characters = rest.char_indices().skip(1).peekable();
    while let Some((place, character)) = characters.next() {
        if escapes && character == '\\' {
            characters.next();
        } else if character == quote && characters.next_if(|(_, next)| *next == quote).is_none() {
            return place + quote.len_utf8();
        }
    }
    rest.len()
}

/// The length of a comment; comments nest.
fn comment_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut depth = 0_usize;
    let mut place = 0;
    while place < bytes.len() {
        match bytes.get(place..place + 2) {
            Some(b"/*") => {
                depth += 1;
                place += 2;
            }
            Some(b"*/") => {
                depth -= 1;
                place += 2;
                if depth == 0 {
                    return place;
                }
            }
            _ => place += 1,
        }
    }
    rest.len()
}

/// The length of a number: `12`, `1.5`, `.5`, `1e-3`.
fn number_length(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let digit = |place: usize| bytes.get(place).is_some_and(u8::is_ascii_digit);
    let begins = digit(0) || (bytes.first() == Some(&b'.') && digit(1));
    if !begins {
        return None;
    }
    let mut place = 0;
    while digit(place) || bytes.get(place) == Some(&b'.') || bytes.get(place) == Some(&b'_') {
        place += 1;
    }
    if matches!(bytes.get(place), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(place + 1), Some(b'+' | b'-')));
        if digit(place + 1 + sign) {
            place += 1 + sign;
            while digit(place) {
                place += 1;
            }
        }
    }
    Some(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_with_other_values_have_one_shape() {
        let shape = "select * from orders where id = ? and state = ?";
        for sql in [
            "SELECT * FROM orders WHERE id = 17 AND state = 'paid'",
            "select *\n  from orders\n where id = 18.5e3 and state = 'it''s';",
            "SELECT * FROM Orders -- newest\nWHERE id = $1 AND state = $2 ; ",
            "SELECT /* a /* nested */ one */ * FROM orders WHERE id = .5 AND state = E'\\''",
            "SELECT * FROM orders WHERE id = 1_000 AND state = $q$it's$q$",
        ] {
            assert_eq!(fingerprint(sql), shape, "{sql}");
        }
    }

    #[test]
    fn names_keep_their_digits_and_quotes() {
        assert_eq!(
            fingerprint("SELECT t1.c2, \"Odd 1 \"\" Name\" FROM T1"),
            "select t1.c2, \"Odd 1 \"\" Name\" from t1"
        );
    }

    #[test]
    fn broken_statements_end_somewhere() {
        for sql in [
            "", "'", "\"", "/*", "/*/", "$", "$a", "$a$", "--", "E'\\", "é'", "1e", "1e+",
        ] {
            fingerprint(sql);
        }
        assert_eq!(fingerprint("select 'open"), "select ?");
    }
}
