//! Views as they are kept: what lists, pages and the browser know of them besides what is arranged.

use crate::access::Person;
use crate::diagram::DiagramQuery;
use crate::embed::ViewEmbed;
use crate::id::{DatabaseId, ViewId};
use crate::time::Timestamp;
use crate::view::{Arrangement, ViewChange};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What stands between the folders of a path.
pub const FOLDER_SEPARATOR: &str = " / ";
/// The longest name of a view or a folder, in characters.
pub const VIEW_NAME_MAX_CHARS: usize = 120;
/// The most folders, one in the other.
pub const FOLDERS_MAX: usize = 5;
/// The most changes of one request.
pub const CHANGES_MAX: usize = 5_000;
/// Coordinates and lengths that somebody arranges are no further from 0 than this, in world units: as
/// far as a diagram of thousands of tables reaches.
pub const COORDINATE_MAX: f64 = 100_000.0;
/// The longest title of an area, in characters.
pub const AREA_TITLE_MAX_CHARS: usize = 200;
/// The longest text of a memo, in characters.
pub const MEMO_MAX_CHARS: usize = 10_000;
/// The longest name that an area or a memo has within its view, in characters.
pub const PART_NAME_MAX_CHARS: usize = 40;

/// What lists and menus show of a view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewSummary {
    /// Which one.
    pub id: ViewId,
    /// Its name.
    pub name: String,
    /// The path of its folder, with [`FOLDER_SEPARATOR`] between; empty for none.
    pub folder: String,
    /// Whose it is; nobody's when that account is gone.
    pub owner: Option<Person>,
    /// Whether it belongs to the one who asks.
    pub is_own: bool,
    /// Whether everybody sees it who may read the database.
    pub is_shared: bool,
    /// Whether it opens when the address of the diagram says nothing.
    pub is_default: bool,
    /// Whether other sites show it, to people who are not signed in too.
    pub is_embedded: bool,
    /// Whether the one who asks may arrange, rename and move it.
    pub may_edit: bool,
    /// Whether the one who asks may share and delete it.
    pub may_manage: bool,
    /// Grows by one with every change of what it holds.
    pub revision: u64,
    /// When that was last.
    pub changed_at: Timestamp,
    /// Who did it.
    pub changed_by: Option<String>,
}

/// A view as a page shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ViewRecord {
    /// The database.
    pub database_id: DatabaseId,
    /// Its name.
    pub database_name: String,
    /// What lists show.
    pub summary: ViewSummary,
    /// What the view shows.
    pub query: DiagramQuery,
    /// Whether the one who asks may say which view opens by itself, and share views.
    pub may_edit_database: bool,
    /// How other sites show it, for those who may say so.
    pub embed: Option<ViewEmbed>,
}

/// What of an open diagram belongs to its view.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OpenView {
    /// What lists show.
    pub summary: ViewSummary,
    /// What the view shows where the address says nothing else.
    pub query: DiagramQuery,
    /// Tables that disappeared from their source and still have their place.
    pub ghosts: Vec<i64>,
    /// Tables of the view that are shown and have no place of their own yet; not those that only the
    /// address brings.
    pub unplaced: Vec<i64>,
}

/// A view that somebody wants to keep.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewView {
    /// Its name; none for one that is free.
    pub name: Option<String>,
    /// The path of its folder; empty for none.
    pub folder: String,
    /// Whether everybody sees it who may read the database.
    pub is_shared: bool,
    /// The diagram whose tables and places it begins with.
    pub query: DiagramQuery,
}

/// What of a view is to be different; what is none stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ViewPatch {
    /// Its name.
    pub name: Option<String>,
    /// The path of its folder; empty for none.
    pub folder: Option<String>,
    /// Whether everybody sees it who may read the database.
    pub is_shared: Option<bool>,
    /// What it shows.
    pub query: Option<DiagramQuery>,
}

/// What happened to a view since a revision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ViewNews {
    /// The view; it is new when the changes were made without one.
    pub summary: ViewSummary,
    /// The revision that this leads to.
    pub revision: u64,
    /// What is so now of each thing that changed, in the order of the changes.
    pub changes: Vec<ViewChange>,
    /// Whether the view shows something else since then, so that a diagram has to be drawn anew.
    pub has_other_query: bool,
}

/// A state of a view to go back to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewSnapshot {
    /// Its number within the view, from 1 on.
    pub number: u32,
    /// When the view came to be like this.
    pub changed_at: Timestamp,
    /// Who made it so.
    pub changed_by: Option<String>,
    /// When somebody began to change it.
    pub left_at: Timestamp,
    /// How many things are different now.
    pub differences: u32,
}

/// The states of a view that can be had again, the newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ViewHistory {
    /// The view.
    pub view: ViewRecord,
    /// Its states.
    pub snapshots: Vec<ViewSnapshot>,
}

/// A view's name as it is kept: one line, without spaces around it.
///
/// # Errors
/// What is wrong with it, as a sentence.
pub fn view_name(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("A view needs a name.".to_owned());
    }
    if text.chars().count() > VIEW_NAME_MAX_CHARS || text.contains(char::is_control) {
        return Err(format!(
            "A name is one line of at most {VIEW_NAME_MAX_CHARS} characters."
        ));
    }
    Ok(text.to_owned())
}

/// The path of a folder as it is kept, from what somebody wrote: `team/topic` is `team / topic`.
///
/// # Errors
/// What is wrong with it, as a sentence.
pub fn folder_path(text: &str) -> Result<String, String> {
    let folders: Vec<&str> = text
        .split('/')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    if folders.len() > FOLDERS_MAX {
        return Err(format!(
            "There are at most {FOLDERS_MAX} folders, one in the other."
        ));
    }
    if folders.iter().any(|folder| {
        folder.chars().count() > VIEW_NAME_MAX_CHARS || folder.contains(char::is_control)
    }) {
        return Err(format!(
            "A folder is called by one line of at most {VIEW_NAME_MAX_CHARS} characters."
        ));
    }
    Ok(folders.join(FOLDER_SEPARATOR))
}

/// Looks at changes that came from outside.
///
/// # Errors
/// What is wrong with the first that cannot be, as a sentence.
pub fn check_changes(changes: &[ViewChange]) -> Result<(), String> {
    if changes.len() > CHANGES_MAX {
        return Err(format!("There are at most {CHANGES_MAX} changes at once."));
    }
    changes.iter().try_for_each(check_change)
}

fn check_change(change: &ViewChange) -> Result<(), String> {
    let near = |numbers: &[f64]| match numbers
        .iter()
        .all(|number| number.is_finite() && number.abs() <= COORDINATE_MAX)
    {
        true => Ok(()),
        false => Err(format!(
            "Coordinates and lengths are numbers up to {COORDINATE_MAX}."
        )),
    };
    let sized = |width: f64, height: f64| match width > 0.0 && height > 0.0 {
        true => Ok(()),
        false => Err("Width and height are above 0.".to_owned()),
    };
    match change {
        ViewChange::Place { at, .. } => at.map_or(Ok(()), |at| near(&[at.x, at.y])),
        ViewChange::Pin { .. } | ViewChange::Hide { .. } | ViewChange::Colour { .. } => Ok(()),
        ViewChange::Area { id, area } => {
            check_part_name(id)?;
            let Some(area) = area else { return Ok(()) };
            if area.title.chars().count() > AREA_TITLE_MAX_CHARS || area.title.contains('\0') {
                return Err(format!(
                    "The title of an area has at most {AREA_TITLE_MAX_CHARS} characters."
                ));
            }
            near(&[area.at.x, area.at.y, area.width, area.height])?;
            sized(area.width, area.height)
        }
        ViewChange::Memo { id, memo } => {
            check_part_name(id)?;
            let Some(memo) = memo else { return Ok(()) };
            if memo.text.chars().count() > MEMO_MAX_CHARS || memo.text.contains('\0') {
                return Err(format!("A memo has at most {MEMO_MAX_CHARS} characters."));
            }
            near(&[memo.at.x, memo.at.y, memo.width, memo.height])?;
            sized(memo.width, memo.height)
        }
    }
}

fn check_part_name(id: &str) -> Result<(), String> {
    let fits = (1..=PART_NAME_MAX_CHARS).contains(&id.len())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    fits.then_some(()).ok_or_else(|| {
        format!(
            "An area or a memo is named by at most {PART_NAME_MAX_CHARS} letters, digits, - and _."
        )
    })
}

/// The changes that make one arrangement the other.
pub fn changes_between(from: &Arrangement, to: &Arrangement) -> Vec<ViewChange> {
    let mut changes = Vec::new();
    for table in differing(&from.places, &to.places) {
        changes.push(ViewChange::Place {
            table,
            at: to.places.get(&table).copied(),
        });
    }
    for table in from.pinned.symmetric_difference(&to.pinned) {
        changes.push(ViewChange::Pin {
            table: *table,
            pinned: to.pinned.contains(table),
        });
    }
    for table in from.hidden.symmetric_difference(&to.hidden) {
        changes.push(ViewChange::Hide {
            table: *table,
            hidden: to.hidden.contains(table),
        });
    }
    for table in differing(&from.colours, &to.colours) {
        changes.push(ViewChange::Colour {
            table,
            colour: to.colours.get(&table).copied(),
        });
    }
    for id in differing(&from.areas, &to.areas) {
        changes.push(ViewChange::Area {
            area: to.areas.get(&id).cloned(),
            id,
        });
    }
    for id in differing(&from.memos, &to.memos) {
        changes.push(ViewChange::Memo {
            memo: to.memos.get(&id).cloned(),
            id,
        });
    }
    changes
}

fn differing<K: Ord + Clone, V: PartialEq>(
    from: &BTreeMap<K, V>,
    to: &BTreeMap<K, V>,
) -> BTreeSet<K> {
    from.keys()
        .chain(to.keys())
        .filter(|key| from.get(*key) != to.get(*key))
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::{Area, Memo, Spot, ViewColour};

    fn memo(text: &str, width: f64) -> ViewChange {
        ViewChange::Memo {
            id: "m-1".to_owned(),
            memo: Some(Memo {
                text: text.to_owned(),
                at: Spot { x: 1.0, y: 2.0 },
                width,
                height: 40.0,
            }),
        }
    }

    #[test]
    fn a_folder_is_written_in_one_way() {
        for text in ["team/topic", " team / topic ", "/team//topic/"] {
            assert_eq!(folder_path(text).as_deref(), Ok("team / topic"));
        }
        assert_eq!(folder_path(" / ").as_deref(), Ok(""));
        assert!(folder_path("1/2/3/4/5/6").is_err());
        assert!(folder_path(&"x".repeat(121)).is_err());
        assert!(folder_path("a\nb").is_err());
    }

    #[test]
    fn what_no_diagram_can_show_is_refused() {
        let place = |x: f64| ViewChange::Place {
            table: 1,
            at: Some(Spot { x, y: 0.0 }),
        };
        assert_eq!(check_changes(&[place(-1e5), memo("x", 200.0)]), Ok(()));
        for wrong in [
            place(f64::NAN),
            place(f64::INFINITY),
            place(1e5 + 1.0),
            memo("x", 0.0),
            memo(&"x".repeat(10_001), 1.0),
            memo("a\0b", 1.0),
            ViewChange::Area {
                id: "<b>".to_owned(),
                area: None,
            },
            ViewChange::Memo {
                id: String::new(),
                memo: None,
            },
        ] {
            assert!(
                check_changes(std::slice::from_ref(&wrong)).is_err(),
                "{wrong:?}"
            );
        }
        assert!(check_changes(&vec![place(0.0); CHANGES_MAX + 1]).is_err());
    }

    #[test]
    fn the_changes_between_two_arrangements_lead_from_one_to_the_other() {
        let mut from = Arrangement::default();
        from.places.insert(1, Spot { x: 0.0, y: 0.0 });
        from.places.insert(2, Spot { x: 0.0, y: 9.0 });
        from.pinned.insert(1);
        from.hidden.insert(3);
        from.colours.insert(4, ViewColour::Red);
        from.apply(&memo("old", 10.0));
        let mut to = Arrangement::default();
        to.places.insert(1, Spot { x: 5.0, y: 0.0 });
        to.places.insert(3, Spot { x: 7.0, y: 0.0 });
        to.pinned.insert(2);
        to.apply(&memo("new", 10.0));
        to.areas.insert(
            "a".to_owned(),
            Area {
                title: String::new(),
                colour: ViewColour::Grey,
                at: Spot { x: 0.0, y: 0.0 },
                width: 1.0,
                height: 1.0,
            },
        );
        let changes = changes_between(&from, &to);
        for change in &changes {
            from.apply(change);
        }
        assert_eq!(from, to);
        assert_eq!(changes.len(), 9);
        assert_eq!(changes_between(&to, &to), Vec::new());
    }
}
