//! Comments of SQL, for what a script cannot hold.

/// Adds each line of a text as a comment of its own, so that nothing of it can run.
pub(crate) fn push(out: &mut String, text: &str) {
    for line in text.split([
        '\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}',
    ]) {
        out.push_str("--");
        let line = line.trim_end();
        if !line.is_empty() {
            out.push(' ');
            out.push_str(line);
        }
        out.push('\n');
    }
}

/// Adds a statement that is not to run, with the reason before it.
pub(crate) fn push_statement(out: &mut String, reason: &str, statement: &str) {
    push(out, reason);
    push(out, statement.trim_end());
}
