//! How much is drawn of a table: what the person asked for, and what can be read at the zoom.

use serde::{Deserialize, Serialize};

/// How much of a table the person wants to see. It decides the size of the boxes and is therefore
/// an input of the layout.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Detail {
    /// The header only.
    Names,
    /// The columns of keys, and those that a link ends at.
    Keys,
    /// The columns of keys, and those that queries use most ([`ColumnRow::used`]).
    ///
    /// [`ColumnRow::used`]: crate::graph::ColumnRow::used
    Used,
    /// All columns.
    #[default]
    All,
}

impl Detail {
    /// All of them, the least first.
    pub const ALL: [Self; 4] = [Self::Names, Self::Keys, Self::Used, Self::All];

    /// The word in addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Names => "names",
            Self::Keys => "keys",
            Self::Used => "used",
            Self::All => "all",
        }
    }

    /// Reads what [`Detail::as_str`] wrote.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }
}

/// What is drawn inside a box at a zoom. The box itself does not change with the zoom: a picture
/// that keeps its shape while zooming is easier to follow than one that reflows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lod {
    /// A filled rectangle.
    Block,
    /// The name, enlarged to fill the box while it is too small to read otherwise.
    Name,
    /// Header and the rows of keys; other rows are hinted at.
    Keys,
    /// All there is.
    Columns,
}

impl Lod {
    /// From this zoom on, headers and rows are drawn at their own size.
    pub const READABLE: f64 = 0.44;
    /// Below this zoom, boxes are filled rectangles.
    pub const BLOCK_BELOW: f64 = 0.11;

    /// The level at `zoom` (screen pixels per world unit), never more than `detail` asks for.
    #[must_use]
    pub fn at(zoom: f64, detail: Detail) -> Self {
        let most = match detail {
            Detail::Names => Self::Name,
            Detail::Keys | Detail::Used | Detail::All => Self::Columns,
        };
        let readable = if zoom < Self::BLOCK_BELOW {
            Self::Block
        } else if zoom < Self::READABLE {
            Self::Name
        } else if zoom < 0.5 {
            Self::Keys
        } else {
            Self::Columns
        };
        readable.min(most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_zoom_never_shows_less() {
        for detail in Detail::ALL {
            let levels: Vec<Lod> = (1..400)
                .map(|i| Lod::at(f64::from(i) / 100.0, detail))
                .collect();
            assert!(levels.is_sorted());
        }
        assert_eq!(Lod::at(1.0, Detail::Names), Lod::Name);
        assert_eq!(Lod::at(1.0, Detail::All), Lod::Columns);
        assert_eq!(Lod::at(0.02, Detail::All), Lod::Block);
    }
}
