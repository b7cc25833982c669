//! Cells of `information_schema`.
//!
//! The two systems, and their versions, give the same column as text, as bytes or as numbers of
//! different widths. Everything is therefore asked for as text and read from its bytes.

use super::error;
use crate::error::ConnectError;
use sqlx::Row;
use sqlx::mysql::MySqlRow;

/// Reads cells by the name of their column.
pub(super) trait Cells {
    /// A text; none for null.
    fn maybe(&self, column: &str) -> Result<Option<String>, ConnectError>;

    /// A text, empty for null.
    fn text(&self, column: &str) -> Result<String, ConnectError> {
        Ok(self.maybe(column)?.unwrap_or_default())
    }

    /// A number that the statement casts to a text; none for null.
    fn number(&self, column: &str) -> Result<Option<i64>, ConnectError> {
        Ok(self.maybe(column)?.and_then(|text| text.parse().ok()))
    }

    /// A fraction that the statement casts to a text; none for null.
    fn fraction(&self, column: &str) -> Result<Option<f64>, ConnectError> {
        Ok(self.maybe(column)?.and_then(|text| text.parse().ok()))
    }

    /// A text; none for null and where it is empty.
    fn filled(&self, column: &str) -> Result<Option<String>, ConnectError> {
        Ok(self.maybe(column)?.filter(|text| !text.is_empty()))
    }
}

impl Cells for MySqlRow {
    fn maybe(&self, column: &str) -> Result<Option<String>, ConnectError> {
        let bytes: Option<Vec<u8>> = self.try_get_unchecked(column).map_err(error::sort)?;
        Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }
}
