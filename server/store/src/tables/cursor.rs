//! Where a page of a list of tables ended.

use crate::error::StoreError;
use model::catalog::{TableSort, TableSummary};
use serde::{Deserialize, Serialize};

/// The last row of a page, as far as its place in the order goes. It travels as hexadecimal
/// JSON, so that nobody is tempted to write one.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Cursor {
    sort: TableSort,
    pub(super) measure: i64,
    pub(super) schema: String,
    pub(super) name: String,
}

impl Cursor {
    pub(super) fn after(table: &TableSummary, sort: TableSort) -> Self {
        Self {
            sort,
            measure: match sort {
                TableSort::Name => 0,
                TableSort::Rows => table.row_count.unwrap_or(-1),
                TableSort::Columns => i64::from(table.columns),
                TableSort::References => {
                    i64::from(table.references_out) + i64::from(table.references_in)
                }
            },
            schema: table.schema.clone(),
            name: table.name.clone(),
        }
    }

    pub(super) fn write(&self) -> Result<String, StoreError> {
        let json = serde_json::to_vec(self)?;
        Ok(json.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Reads what [`Cursor::write`] wrote for the same order.
    pub(super) fn read(text: &str, sort: TableSort) -> Result<Self, StoreError> {
        let bytes: Option<Vec<u8>> = (0..text.len())
            .step_by(2)
            .map(|start| u8::from_str_radix(text.get(start..start + 2)?, 16).ok())
            .collect();
        bytes
            .and_then(|bytes| serde_json::from_slice::<Self>(&bytes).ok())
            .filter(|cursor| cursor.sort == sort && cursor.fits())
            .ok_or(StoreError::InvalidCursor)
    }

    /// Whether PostgreSQL can compare with it: it has no text with a zero byte and no negative of
    /// the smallest number.
    fn fits(&self) -> bool {
        self.measure >= -1 && !self.schema.contains('\0') && !self.name.contains('\0')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_in_its_own_order_only() {
        let cursor = Cursor {
            sort: TableSort::Rows,
            measure: -1,
            schema: "públic".to_owned(),
            name: "a.b\"".to_owned(),
        };
        let text = cursor.write().unwrap();
        assert_eq!(Cursor::read(&text, TableSort::Rows).unwrap(), cursor);
        assert!(Cursor::read(&text, TableSort::Name).is_err());
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        let zero = Cursor {
            sort: TableSort::Name,
            measure: 0,
            schema: "\0".to_owned(),
            name: String::new(),
        };
        for text in ["", "7", "zz", "é", "7b7d", "+1+1", &zero.write().unwrap()] {
            assert!(Cursor::read(text, TableSort::Name).is_err(), "{text:?}");
        }
    }
}
