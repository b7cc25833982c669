//! Views: a diagram that somebody arranged, named and kept. Here is what a view holds and how it
//! changes, one small change at a time, so that two people can work on one view: of two changes to
//! the same thing the later one counts, and changes to different things never meet.

use crate::box_id::is_lasting;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A place in the diagram: world units, to the right and down. For a table, an area or a memo, that
/// of its top left corner.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Spot {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
}

/// Colours that a person can give. Their shades are the theme's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ViewColour {
    /// Red.
    Red,
    /// Orange.
    Orange,
    /// Yellow.
    Yellow,
    /// Green.
    Green,
    /// Teal.
    Teal,
    /// Blue.
    Blue,
    /// Purple.
    Purple,
    /// Grey.
    Grey,
}

impl ViewColour {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 8] = [
        Self::Red,
        Self::Orange,
        Self::Yellow,
        Self::Green,
        Self::Teal,
        Self::Blue,
        Self::Purple,
        Self::Grey,
    ];

    /// The word for people, addresses and style sheets.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Red => "red",
            Self::Orange => "orange",
            Self::Yellow => "yellow",
            Self::Green => "green",
            Self::Teal => "teal",
            Self::Blue => "blue",
            Self::Purple => "purple",
            Self::Grey => "grey",
        }
    }
}

/// A coloured rectangle behind tables, with a title. Tables that stand on it move with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Area {
    /// The title; may be empty.
    pub title: String,
    /// The colour.
    pub colour: ViewColour,
    /// The top left corner.
    pub at: Spot,
    /// World units, above 0.
    pub width: f64,
    /// World units, above 0.
    pub height: f64,
}

/// A text on the diagram.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Memo {
    /// Markdown, as written.
    pub text: String,
    /// The top left corner.
    pub at: Spot,
    /// World units, above 0.
    pub width: f64,
    /// World units, above 0.
    pub height: f64,
}

/// One change to a view. Each names one thing and says what is so from now on, so that applying it
/// twice does nothing more, and the later of two counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ViewChange {
    /// Where a table stands; none gives it back to the layout. A table that disappeared from its
    /// source and is dismissed loses its place this way too.
    Place {
        /// The catalog's id of the table, or that of a folded group's box.
        table: i64,
        /// The new place.
        at: Option<Spot>,
    },
    /// Whether a table stays where it is when others are tidied.
    Pin {
        /// The catalog's id of the table, or that of a folded group's box.
        table: i64,
        /// Whether.
        pinned: bool,
    },
    /// Whether a table is left out of the picture.
    Hide {
        /// The catalog's id of the table, or that of a folded group's box.
        table: i64,
        /// Whether.
        hidden: bool,
    },
    /// The colour of a table; none for the usual.
    Colour {
        /// The catalog's id of the table, or that of a folded group's box.
        table: i64,
        /// The new colour.
        colour: Option<ViewColour>,
    },
    /// An area as it is from now on; none takes it away.
    Area {
        /// The area's name within its view, made up by whoever draws it.
        id: String,
        /// The new area.
        area: Option<Area>,
    },
    /// A memo as it is from now on; none takes it away.
    Memo {
        /// The memo's name within its view, made up by whoever writes it.
        id: String,
        /// The new memo.
        memo: Option<Memo>,
    },
}

/// What a change is about: of two changes with one subject the later counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ViewSubject {
    /// The place of a table.
    Place(i64),
    /// Whether a table is pinned.
    Pin(i64),
    /// Whether a table is hidden.
    Hide(i64),
    /// The colour of a table.
    Colour(i64),
    /// An area.
    Area(String),
    /// A memo.
    Memo(String),
}

impl ViewChange {
    /// What the change is about.
    pub fn subject(&self) -> ViewSubject {
        match self {
            Self::Place { table, .. } => ViewSubject::Place(*table),
            Self::Pin { table, .. } => ViewSubject::Pin(*table),
            Self::Hide { table, .. } => ViewSubject::Hide(*table),
            Self::Colour { table, .. } => ViewSubject::Colour(*table),
            Self::Area { id, .. } => ViewSubject::Area(id.clone()),
            Self::Memo { id, .. } => ViewSubject::Memo(id.clone()),
        }
    }

    /// Whether a view can keep it: a box that only this picture has, a table of an older version, is
    /// another one in the next picture.
    pub fn is_lasting(&self) -> bool {
        match self {
            Self::Place { table, .. }
            | Self::Pin { table, .. }
            | Self::Hide { table, .. }
            | Self::Colour { table, .. } => is_lasting(*table),
            Self::Area { .. } | Self::Memo { .. } => true,
        }
    }
}

/// Everything that was arranged in a view.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Arrangement {
    /// Where tables and the boxes of folded groups stand, by [their ids](crate::box_id).
    pub places: BTreeMap<i64, Spot>,
    /// Tables that stay where they are when others are tidied.
    pub pinned: BTreeSet<i64>,
    /// Tables that are left out of the picture.
    pub hidden: BTreeSet<i64>,
    /// Tables with a colour of their own.
    pub colours: BTreeMap<i64, ViewColour>,
    /// Areas, by their names.
    pub areas: BTreeMap<String, Area>,
    /// Memos, by their names.
    pub memos: BTreeMap<String, Memo>,
}

impl Arrangement {
    /// Makes a change.
    pub fn apply(&mut self, change: &ViewChange) {
        match change.clone() {
            ViewChange::Place { table, at } => put(&mut self.places, table, at),
            ViewChange::Pin { table, pinned } => mark(&mut self.pinned, table, pinned),
            ViewChange::Hide { table, hidden } => mark(&mut self.hidden, table, hidden),
            ViewChange::Colour { table, colour } => put(&mut self.colours, table, colour),
            ViewChange::Area { id, area } => put(&mut self.areas, id, area),
            ViewChange::Memo { id, memo } => put(&mut self.memos, id, memo),
        }
    }

    /// The change after which things are as they are now, for taking `change` back. Call it before
    /// `change` is made.
    pub fn inverse(&self, change: &ViewChange) -> ViewChange {
        match change {
            ViewChange::Place { table, .. } => ViewChange::Place {
                table: *table,
                at: self.places.get(table).copied(),
            },
            ViewChange::Pin { table, .. } => ViewChange::Pin {
                table: *table,
                pinned: self.pinned.contains(table),
            },
            ViewChange::Hide { table, .. } => ViewChange::Hide {
                table: *table,
                hidden: self.hidden.contains(table),
            },
            ViewChange::Colour { table, .. } => ViewChange::Colour {
                table: *table,
                colour: self.colours.get(table).copied(),
            },
            ViewChange::Area { id, .. } => ViewChange::Area {
                id: id.clone(),
                area: self.areas.get(id).cloned(),
            },
            ViewChange::Memo { id, .. } => ViewChange::Memo {
                id: id.clone(),
                memo: self.memos.get(id).cloned(),
            },
        }
    }
}

fn put<K: Ord, V>(map: &mut BTreeMap<K, V>, key: K, value: Option<V>) {
    match value {
        Some(value) => {
            map.insert(key, value);
        }
        None => {
            map.remove(&key);
        }
    }
}

fn mark(set: &mut BTreeSet<i64>, table: i64, marked: bool) {
    if marked {
        set.insert(table);
    } else {
        set.remove(&table);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(table: i64, x: f64) -> ViewChange {
        ViewChange::Place {
            table,
            at: Some(Spot { x, y: 0.0 }),
        }
    }

    fn area(id: &str, area: Option<Area>) -> ViewChange {
        ViewChange::Area {
            id: id.to_owned(),
            area,
        }
    }

    fn changes() -> Vec<ViewChange> {
        let money = Area {
            title: "Money".to_owned(),
            colour: ViewColour::Green,
            at: Spot { x: 1.0, y: 2.0 },
            width: 300.0,
            height: 200.0,
        };
        vec![
            place(1, 10.0),
            place(1, 20.0),
            ViewChange::Pin {
                table: 1,
                pinned: true,
            },
            ViewChange::Hide {
                table: 2,
                hidden: true,
            },
            ViewChange::Colour {
                table: 1,
                colour: Some(ViewColour::Blue),
            },
            area("a", Some(money.clone())),
            area(
                "a",
                Some(Area {
                    title: "Cash".to_owned(),
                    ..money
                }),
            ),
            ViewChange::Memo {
                id: "m".to_owned(),
                memo: Some(Memo {
                    text: "**Old**".to_owned(),
                    at: Spot { x: 0.0, y: 0.0 },
                    width: 200.0,
                    height: 80.0,
                }),
            },
            area("a", None),
            ViewChange::Place { table: 1, at: None },
        ]
    }

    #[test]
    fn taken_back_in_turn_everything_is_as_before() {
        let mut arrangement = Arrangement::default();
        let mut before = Vec::new();
        for change in changes() {
            before.push((arrangement.clone(), arrangement.inverse(&change)));
            arrangement.apply(&change);
        }
        for (earlier, inverse) in before.into_iter().rev() {
            arrangement.apply(&inverse);
            assert_eq!(arrangement, earlier);
        }
    }

    #[test]
    fn the_later_of_two_changes_to_one_thing_counts_and_others_do_not_meet() {
        let (left, right) = (place(1, 5.0), place(2, 7.0));
        let mut one = Arrangement::default();
        let mut other = Arrangement::default();
        for change in [&left, &right] {
            one.apply(change);
        }
        for change in [&right, &left] {
            other.apply(change);
        }
        assert_eq!(one, other);
        assert_ne!(left.subject(), right.subject());
        one.apply(&place(1, 9.0));
        assert_eq!(one.places.get(&1), Some(&Spot { x: 9.0, y: 0.0 }));
        assert_eq!(place(1, 9.0).subject(), left.subject());
    }
}
