//! What is dragged to the edge of the window takes the picture along.

use crate::canvas::canvas_stage::CanvasStage;
use crate::canvas::frame::now;
use crate::canvas::stage::Held;
use diagram::geometry::{Point, Size};

/// So near to an edge the picture begins to move, in pixels.
const REACH: f64 = 24.0;
/// The most that it moves, in pixels a second.
const SPEED: f64 = 900.0;
/// The longest time between two frames that counts, in milliseconds.
const STEP_MOST: f64 = 50.0;

/// A pointer that drags something, for as long as it does.
#[derive(Default)]
pub(super) struct Edge {
    /// It has been away from the edges: who takes hold of something beside one does not mean to
    /// leave.
    is_armed: bool,
    /// Where it is at an edge, with the clock at the last frame.
    held_there: Option<(i32, Point, Held, Option<f64>)>,
}

impl Edge {
    /// The pointer is there now.
    pub(super) fn meet(&mut self, pointer: i32, at: Point, held: Held, screen: Size) {
        if push(at, screen) == (0.0, 0.0) {
            self.is_armed = true;
            self.held_there = None;
        } else if self.is_armed {
            let clock = self.held_there.and_then(|it| it.3);
            self.held_there = Some((pointer, at, held, clock));
        }
    }
}

impl CanvasStage {
    /// Moves the picture a little where something is held at an edge. Says whether that goes on.
    pub(super) fn pan_at_edge(&self) -> bool {
        let (pointer, at, held, step) = {
            let mut hand = self.hand.borrow_mut();
            let Some((pointer, at, held, clock)) = hand.edge.held_there.as_mut() else {
                return false;
            };
            let time = now();
            let step = (time - clock.unwrap_or(time)).min(STEP_MOST);
            *clock = Some(time);
            (*pointer, *at, *held, step)
        };
        let (transform, screen) = {
            let view = self.view.borrow();
            (view.transform, view.size)
        };
        let (x, y) = push(at, screen);
        let far = SPEED * step / 1_000.0;
        self.look(transform.pan(-x * far, -y * far));
        // What is held stays under the pointer.
        self.pointer_moved(pointer, at, held);
        true
    }
}

/// How much, from -1 to 1, a pointer pushes against the edges of the screen.
fn push(at: Point, screen: Size) -> (f64, f64) {
    let against = |at: f64, side: f64| {
        let (before, after) = ((REACH - at) / REACH, (at - (side - REACH)) / REACH);
        // A window of a few pixels is all edge.
        if side < 4.0 * REACH {
            0.0
        } else {
            after.clamp(0.0, 1.0) - before.clamp(0.0, 1.0)
        }
    };
    (against(at.x, screen.width), against(at.y, screen.height))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCREEN: Size = Size::new(800.0, 600.0);

    #[test]
    fn edges_push_and_the_middle_does_not() {
        assert_eq!(push(Point::new(400.0, 300.0), SCREEN), (0.0, 0.0));
        assert_eq!(push(Point::new(0.0, 300.0), SCREEN), (-1.0, 0.0));
        assert_eq!(push(Point::new(-90.0, 900.0), SCREEN), (-1.0, 1.0));
        assert_eq!(push(Point::new(788.0, 300.0), SCREEN), (0.5, 0.0));
        assert_eq!(
            push(Point::new(1.0, 1.0), Size::new(40.0, 40.0)),
            (0.0, 0.0)
        );
    }

    #[test]
    fn who_takes_hold_beside_an_edge_does_not_leave() {
        let mut edge = Edge::default();
        let held = Held::default();
        edge.meet(1, Point::new(2.0, 300.0), held, SCREEN);
        assert!(edge.held_there.is_none());
        edge.meet(1, Point::new(200.0, 300.0), held, SCREEN);
        edge.meet(1, Point::new(2.0, 300.0), held, SCREEN);
        assert!(edge.held_there.is_some());
        edge.meet(1, Point::new(100.0, 300.0), held, SCREEN);
        assert!(edge.held_there.is_none());
    }
}
