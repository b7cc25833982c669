//! What keys do on the canvas.

use crate::canvas::canvas_stage::CanvasStage;
use crate::canvas::stage::{Held, Stage as _, Tool, ZOOM_STEP};
use diagram::scene::Direction;
use diagram::snap::GRID;
use model::number::counted;

/// So many steps of the grid at once with Shift.
const LEAP: f64 = 5.0;

impl CanvasStage {
    pub(super) fn key_pressed(&self, key: &str, held: Held) -> bool {
        if let Some(direction) = direction_of(key) {
            return self.arrow(direction, held);
        }
        // On many keyboards a bracket needs the keys that are asked for below.
        if matches!(key, "[" | "]") {
            self.step_link(key == "]");
            return true;
        }
        if held.control {
            return self.key_with_control(key, held);
        }
        if held.alt {
            return false;
        }
        match key {
            "+" | "=" => self.zoom_by(ZOOM_STEP),
            "-" => self.zoom_by(1.0 / ZOOM_STEP),
            "0" => {
                self.fit();
                self.say("All of it is in view.".to_owned());
            }
            "z" | "Z" => self.frame_selection(),
            "Enter" if self.follow_link() => {}
            "Escape" => return self.escape(),
            "Enter" => {
                if let Some(table) = self.selected() {
                    (self.listener.opened)(table);
                }
            }
            " " => {
                self.hand.borrow_mut().space = true;
            }
            "h" | "H" if self.may_arrange && !self.chosen_nothing() => self.use_tool(Tool::Hide),
            "p" | "P" if self.may_arrange && !self.chosen_nothing() => {
                self.use_tool(Tool::Pin(!self.chosen_now().pinned));
            }
            "Delete" | "Backspace" if self.may_arrange => self.use_tool(Tool::Remove),
            _ => return false,
        }
        true
    }

    fn key_with_control(&self, key: &str, held: Held) -> bool {
        match (key, held.shift) {
            ("a" | "A", false) => {
                let tables = self.with_scene(|scene| {
                    let all = 0..scene.graph().tables.len();
                    all.filter(|table| !scene.is_hidden(*table)).collect()
                });
                self.select_with(tables, self.notes_within(None));
                self.say_selected();
            }
            ("z" | "Z", false) if self.may_arrange => self.go_back(),
            ("z" | "Z", true) | ("y" | "Y", false) if self.may_arrange => self.go_on(),
            _ => return false,
        }
        true
    }

    /// Walks to the next table, or moves what is selected.
    fn arrow(&self, direction: Direction, held: Held) -> bool {
        let step = if held.shift { GRID * LEAP } else { GRID };
        let (dx, dy) = match direction {
            Direction::Left => (-step, 0.0),
            Direction::Right => (step, 0.0),
            Direction::Up => (0.0, -step),
            Direction::Down => (0.0, step),
        };
        if held.control {
            let resizes = self.may_arrange && !held.alt && !self.chosen_names().is_empty();
            if resizes {
                self.resize_selection(dx, dy);
            }
            return resizes;
        }
        if held.alt {
            if !self.may_arrange || self.chosen_nothing() {
                return false;
            }
            let said = self.nudge(dx, dy).unwrap_or_else(|| "Moved".to_owned());
            self.say(format!("{said}."));
            return true;
        }
        if held.shift && self.selected().is_some() {
            self.walk_on(direction);
            return true;
        }
        let next = match self.selected() {
            Some(table) => self.scene.borrow().nearest_table(table, direction),
            None => self.nearest_to_center(),
        };
        match next {
            Some(table) => {
                self.reveal(table);
                self.say(self.table_said(table));
            }
            None => self.say("No table lies that way.".to_owned()),
        }
        true
    }

    /// Selects the next table besides those that are selected, from the one that came last.
    fn walk_on(&self, direction: Direction) {
        let last = self.view.borrow().selected.last().copied();
        let next = last.and_then(|last| self.scene.borrow().nearest_table(last, direction));
        let Some(next) = next else {
            self.say("No table lies that way.".to_owned());
            return;
        };
        self.alter_selection(|view| {
            // One of them is walked through.
            view.selected.retain(|table| *table != next);
            view.selected.push(next);
        });
        self.bring_into_view(next);
        self.ask_frame();
        self.tell();
        let said = self.table_said(next);
        self.say(format!("{said}. {}", self.selected_said()));
    }

    /// Says how many tables are selected.
    pub(super) fn say_selected(&self) {
        self.say(self.selected_said());
    }

    fn selected_said(&self) -> String {
        let view = self.view.borrow();
        let (tables, notes) = (view.selected.len(), &view.selected_notes);
        let counts = [
            (tables, "table"),
            (notes.areas.len(), "area"),
            (notes.memos.len(), "memo"),
        ];
        let some = counts.into_iter().filter(|(count, _)| *count > 0);
        let some: Vec<String> = some.map(|(count, one)| counted(count, one)).collect();
        match (
            some.as_slice(),
            tables + notes.areas.len() + notes.memos.len(),
        ) {
            ([], _) => "No table is selected.".to_owned(),
            ([one], 1) => format!("{one} is selected."),
            (some, _) => format!("{} are selected.", some.join(", ")),
        }
    }

    fn escape(&self) -> bool {
        if self.call_off() {
            return true;
        }
        // A link lets go of the focus before the table does.
        if self.focused_link().is_some() {
            self.focus_link(None);
            return true;
        }
        let had = !self.chosen_nothing();
        self.select(None);
        if had {
            self.say("Nothing is selected.".to_owned());
        }
        had
    }

    fn chosen_nothing(&self) -> bool {
        let view = self.view.borrow();
        view.selected.is_empty()
            && view.selected_notes.areas.is_empty()
            && view.selected_notes.memos.is_empty()
    }
}

fn direction_of(key: &str) -> Option<Direction> {
    match key {
        "ArrowLeft" => Some(Direction::Left),
        "ArrowRight" => Some(Direction::Right),
        "ArrowUp" => Some(Direction::Up),
        "ArrowDown" => Some(Direction::Down),
        _ => None,
    }
}
