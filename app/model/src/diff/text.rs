//! Texts of expressions and definitions, compared and with names put in their place.

/// Whether two texts of SQL say the same: white space between words and a last semicolon do not
/// matter, within quotes everything does.
pub(crate) fn same(left: &str, right: &str) -> bool {
    if left == right {
        return true;
    }
    // A line's end closes a comment, so that it is more than white space.
    if left.contains("--") || right.contains("--") {
        return left.trim() == right.trim();
    }
    squeeze(left) == squeeze(right)
}

/// [`same`] where both may be absent.
pub(crate) fn same_option(left: Option<&str>, right: Option<&str>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => same(left, right),
        (left, right) => left.is_none() && right.is_none(),
    }
}

fn squeeze(text: &str) -> String {
    let text = text.trim().trim_end_matches(';').trim_end();
    let mut squeezed = String::with_capacity(text.len());
    let mut quote = None;
    for letter in text.chars() {
        if quote.is_none() && letter.is_whitespace() {
            if !squeezed.ends_with(' ') {
                squeezed.push(' ');
            }
            continue;
        }
        squeezed.push(letter);
        match quote {
            Some(open) if open == letter => quote = None,
            None if letter == '\'' || letter == '"' => quote = Some(letter),
            _ => {}
        }
    }
    squeezed
}

/// The text with identifiers replaced as `new_name` says; what stands in single quotes is kept.
pub(crate) fn replace_identifiers(text: &str, new_name: &dyn Fn(&str) -> Option<String>) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut word = String::new();
    let mut literal = false;
    for letter in text.chars() {
        if !literal && (letter.is_alphanumeric() || letter == '_' || letter == '$') {
            word.push(letter);
            continue;
        }
        flush(&mut word, &mut replaced, new_name);
        if letter == '\'' {
            literal = !literal;
        }
        replaced.push(letter);
    }
    flush(&mut word, &mut replaced, new_name);
    replaced
}

fn flush(word: &mut String, into: &mut String, new_name: &dyn Fn(&str) -> Option<String>) {
    if word.is_empty() {
        return;
    }
    match new_name(word) {
        Some(name) => into.push_str(&name),
        None => into.push_str(word),
    }
    word.clear();
}

/// How alike two names are, 0 to 100: the share of neighbouring pairs of letters that they have
/// in common, capitals and `_` aside.
pub(crate) fn name_likeness(left: &str, right: &str) -> u32 {
    let left = pairs(left);
    let mut right = pairs(right);
    let total = left.len() + right.len();
    if total == 0 {
        return 0;
    }
    let mut common = 0;
    for pair in left {
        if let Some(found) = right.iter().position(|it| *it == pair) {
            right.swap_remove(found);
            common += 1;
        }
    }
    (200 * common / total) as u32
}

/// Pairs of neighbouring letters, with the edges, so that a name of one letter has some too.
fn pairs(name: &str) -> Vec<(char, char)> {
    let mut pairs = Vec::new();
    let mut last = ' ';
    for letter in name.chars().filter(|it| *it != '_').take(64) {
        let letter = letter.to_ascii_lowercase();
        pairs.push((last, letter));
        last = letter;
    }
    if last != ' ' {
        pairs.push((last, ' '));
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_matters_only_in_quotes() {
        assert!(same("SELECT  a\n FROM t;", "SELECT a FROM t"));
        assert!(!same("a = 'x  y'", "a = 'x y'"));
        assert!(!same("\"a  b\" > 1", "\"a b\" > 1"));
        assert!(!same("selecta", "select a"));
        assert!(!same("a -- b\n+ c", "a -- b + c"));
    }

    #[test]
    fn whole_words_are_replaced_outside_literals() {
        let new_name = |word: &str| (word == "id").then(|| "key".to_owned());
        assert_eq!(
            replace_identifiers("id > 0 AND paid_id <> 'id' AND t.id = \"id\"", &new_name),
            "key > 0 AND paid_id <> 'id' AND t.key = \"key\""
        );
    }

    #[test]
    fn names_are_alike_by_their_letters() {
        assert_eq!(name_likeness("customer", "customer"), 100);
        assert_eq!(name_likeness("CustomerId", "customer_id"), 100);
        assert!(name_likeness("customer", "customers") >= 80);
        assert!(name_likeness("invoice", "warehouse") < 40);
        assert_eq!(name_likeness("", ""), 0);
    }
}
