//! What keys do on the canvas.

use crate::canvas::canvas_stage::CanvasStage;
use crate::canvas::stage::{Held, Stage as _, Tool, ZOOM_STEP};
use diagram::scene::Direction;
use diagram::snap::GRID;

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
                self.select_tables(tables);
            }
            ("z" | "Z", false) if self.may_arrange => self.go_back(),
            ("z" | "Z", true) | ("y" | "Y", false) if self.may_arrange => self.go_on(),
            _ => return false,
        }
        true
    }

    /// Walks to the next table, or moves what is selected.
    fn arrow(&self, direction: Direction, held: Held) -> bool {
        if held.control {
            return false;
        }
        if held.alt {
            if !self.may_arrange || self.chosen_nothing() {
                return false;
            }
            let step = if held.shift { GRID * LEAP } else { GRID };
            let (dx, dy) = match direction {
                Direction::Left => (-step, 0.0),
                Direction::Right => (step, 0.0),
                Direction::Up => (0.0, -step),
                Direction::Down => (0.0, step),
            };
            self.nudge(dx, dy);
            self.say("Moved.".to_owned());
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
