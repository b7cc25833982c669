//! What SQLite, SQL Server and Oracle share: the SQL of the standard with each one's words, and a
//! database under construction without what only PostgreSQL has (inheritance, a search path,
//! names that the server makes by rule).

pub(crate) mod column;
pub(crate) mod constraint;
pub(crate) mod draft;
pub(crate) mod drop;
pub(crate) mod expression;
pub(crate) mod finish;
pub(crate) mod index;
pub(crate) mod lexer;
pub(crate) mod name;
pub(crate) mod query;
pub(crate) mod reading;
pub(crate) mod rename;
pub(crate) mod routine;
pub(crate) mod table;
pub(crate) mod view;

use lexer::Rules;
use model::provider::Provider;
use name::Naming;

/// What sets a dialect apart from the others here.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Grammar {
    /// The system.
    pub(crate) provider: Provider,
    /// How it stores names.
    pub(crate) naming: Naming,
    /// What it takes for names, texts and comments.
    pub(crate) rules: Rules,
    /// The schema of names without one.
    pub(crate) schema: &'static str,
    /// The access method of an index that names none.
    pub(crate) method: &'static str,
}

impl Grammar {
    /// Whether it is that system's.
    pub(crate) fn is(&self, provider: Provider) -> bool {
        self.provider == provider
    }
}
