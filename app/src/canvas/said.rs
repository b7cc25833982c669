//! Changes in words, for those who do not see the picture.

use model::box_id::is_group;
use model::number::counted;
use model::view::{Arrangement, ViewChange, ViewSubject};
use std::collections::BTreeMap;

/// What changes do to what was arranged before, without an end mark: `2 tables moved, 1 area added`.
pub(super) fn summary(before: &Arrangement, changes: &[ViewChange]) -> String {
    // Of several changes to one thing the last counts.
    let last: BTreeMap<ViewSubject, &ViewChange> =
        changes.iter().map(|it| (it.subject(), it)).collect();
    let mut parts: Vec<(&str, String, usize)> = Vec::new();
    for change in last.into_values() {
        let (noun, done) = words(before, change);
        let known = parts.iter_mut().find(|it| it.0 == noun && it.1 == done);
        match known {
            Some((_, _, number)) => *number += 1,
            None => parts.push((noun, done, 1)),
        }
    }
    let parts: Vec<String> = parts
        .into_iter()
        .map(|(noun, done, number)| format!("{} {done}", counted(number, noun)))
        .collect();
    parts.join(", ")
}

fn words(before: &Arrangement, change: &ViewChange) -> (&'static str, String) {
    let note = |was: bool, is: bool| match (was, is) {
        (false, true) => "added",
        (_, true) => "changed",
        (_, false) => "removed",
    };
    let noun = |id: i64| if is_group(id) { "group" } else { "table" };
    match change {
        ViewChange::Place { table, .. } => (noun(*table), "moved".to_owned()),
        ViewChange::Pin { table, pinned } => {
            let done = if *pinned {
                "pinned"
            } else {
                "no longer pinned"
            };
            (noun(*table), done.to_owned())
        }
        ViewChange::Hide { table, hidden } => {
            let done = if *hidden { "hidden" } else { "shown again" };
            (noun(*table), done.to_owned())
        }
        ViewChange::Colour { table, colour } => {
            let done = colour.map(|colour| format!("coloured {}", colour.as_str()));
            let done = done.unwrap_or_else(|| "without a colour".to_owned());
            (noun(*table), done)
        }
        ViewChange::Area { id, area } => {
            let done = note(before.areas.contains_key(id), area.is_some());
            ("area", done.to_owned())
        }
        ViewChange::Memo { id, memo } => {
            let done = note(before.memos.contains_key(id), memo.is_some());
            ("memo", done.to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::box_id::schema_box;
    use model::view::{Memo, Spot, ViewColour};

    const AT: Spot = Spot { x: 0.0, y: 0.0 };

    fn memo(id: &str, memo: bool) -> ViewChange {
        ViewChange::Memo {
            id: id.to_owned(),
            memo: memo.then(|| Memo {
                text: "M".to_owned(),
                at: AT,
                width: 1.0,
                height: 1.0,
            }),
        }
    }

    #[test]
    fn changes_are_counted_by_what_they_do() {
        let mut before = Arrangement::default();
        before.apply(&memo("old", true));
        before.apply(&memo("older", true));
        let place = |table| ViewChange::Place {
            table,
            at: Some(AT),
        };
        let hide = |table, hidden| ViewChange::Hide { table, hidden };
        let colour = |table, colour| ViewChange::Colour { table, colour };
        let all = [
            place(1),
            place(2),
            // Twice the same table.
            place(1),
            hide(1, true),
            hide(2, false),
            hide(3, false),
            colour(1, Some(ViewColour::Red)),
            colour(2, Some(ViewColour::Red)),
            colour(3, None),
            memo("new", true),
            memo("old", true),
            memo("older", false),
        ];
        assert_eq!(
            summary(&before, &all),
            "2 tables moved, 1 table hidden, 2 tables shown again, 2 tables coloured red, \
             1 table without a colour, 1 memo added, 1 memo changed, 1 memo removed"
        );
        let pin = ViewChange::Pin {
            table: 1,
            pinned: false,
        };
        assert_eq!(summary(&before, &[pin]), "1 table no longer pinned");
        let group = schema_box("sales");
        assert_eq!(
            summary(&before, &[place(group), place(1), hide(group, true)]),
            "1 group moved, 1 table moved, 1 group hidden"
        );
    }
}
