//! What keys do in the tree.

use super::{TREE, Tree, focus};
use diagram::outline::Row;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// Letters that follow each other faster than this, in milliseconds, are one beginning of a name.
const TYPING_MS: f64 = 700.0;
/// Rows of a step with the page keys.
const PAGE_ROWS: usize = 12;

impl Tree {
    pub(super) fn key_in_filter(self, event: &KeyboardEvent) {
        match event.key().as_str() {
            "Enter" => self.go_to(0),
            "ArrowDown" => focus(TREE),
            _ => return,
        }
        event.prevent_default();
    }

    /// With Control the picture stays as it is while somebody walks, and tables are chosen one by one.
    fn key_with_control(self, event: &KeyboardEvent) {
        let rows = self.rows;
        let active = self.active.get_untracked();
        let place = rows.with_untracked(|rows| {
            let is_active = |row: &Row| Some(*row) == active;
            rows.iter().position(is_active)
        });
        let there = match (event.key().as_str(), place) {
            ("ArrowDown", Some(place)) => place.saturating_add(1),
            ("ArrowDown", None) => 0,
            ("ArrowUp", Some(place)) => place.saturating_sub(1),
            (" ", Some(place)) => {
                if let Some(Row::Table(table)) = active {
                    self.reach.add.run(table);
                }
                place
            }
            _ => return,
        };
        event.prevent_default();
        if let Some(row) = rows.with_untracked(|rows| rows.get(there).copied()) {
            self.active.set(Some(row));
        }
    }

    pub(super) fn key(self, event: &KeyboardEvent) {
        if event.alt_key() {
            return;
        }
        if event.ctrl_key() || event.meta_key() {
            self.key_with_control(event);
            return;
        }
        let active = self.active.get_untracked();
        let place = active.and_then(|active| {
            let rows = self.rows;
            rows.with_untracked(|rows| rows.iter().position(|row| *row == active))
        });
        let here = place.unwrap_or_default();
        let is_open = |table| self.open.with_untracked(|open| open.contains(&table));
        match (event.key().as_str(), active.filter(|_| place.is_some())) {
            ("ArrowDown", None) => self.go_to(0),
            ("ArrowDown", _) => self.go_to(here.saturating_add(1)),
            ("ArrowUp", _) => self.go_to(here.saturating_sub(1)),
            ("PageDown", _) => self.go_to(here.saturating_add(PAGE_ROWS)),
            ("PageUp", _) => self.go_to(here.saturating_sub(PAGE_ROWS)),
            ("Home", _) => self.go_to(0),
            ("End", _) => self.go_to(usize::MAX),
            ("ArrowRight", Some(Row::Table(table))) => {
                let children = self.outline.with_value(|it| it.has_children(table));
                match (children, is_open(table)) {
                    (true, true) => self.go_to(here + 1),
                    (true, false) => self.toggle(table),
                    (false, _) => {}
                }
            }
            ("ArrowLeft", Some(Row::Table(table))) if is_open(table) => self.toggle(table),
            ("ArrowLeft", Some(Row::Column(table, _) | Row::Link(table, _))) => {
                self.go(Row::Table(table));
            }
            ("ArrowRight" | "ArrowLeft", _) => {}
            ("Enter", Some(Row::Table(table))) => self.reach.open.run(table),
            ("Enter", Some(Row::Link(table, link))) => self.cross(table, link),
            ("Enter", Some(Row::Note(note))) => self.write(note),
            (" ", Some(Row::Table(table))) => self.toggle(table),
            ("Enter" | " ", _) => {}
            ("Escape", _) => self.reach.leave.run(()),
            ("?", _) => self.reach.help.run(()),
            (letter, _) if letter.chars().count() == 1 => self.type_letter(event, letter, here),
            _ => return,
        }
        event.prevent_default();
    }

    fn type_letter(self, event: &KeyboardEvent, letter: &str, here: usize) {
        let now = event.time_stamp();
        let (mut typed, at) = self.typed.get_value();
        if now - at > TYPING_MS {
            typed.clear();
        }
        typed.push_str(letter);
        // The first letter goes on, those after it say more of the same name.
        let stay = typed.chars().count() > 1;
        let found = self.outline.with_value(|outline| {
            let rows = self.rows;
            rows.with_untracked(|rows| outline.starting_with(rows, here, &typed, stay))
        });
        self.typed.set_value((typed, now));
        if let Some(place) = found {
            self.go_to(place);
        }
    }
}
