//! A script that is to be run, as the server gets it.

/// One statement of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The line of the script on which it begins, from 1.
    pub line: u64,
    /// Its text, without what ended it.
    pub text: String,
}
