//! Where the canvas stands, and what becomes of the picture when that is elsewhere.

use crate::canvas::canvas_stage::CanvasStage;
use crate::canvas::stage::fitted;
use diagram::geometry::{Point, Size, Transform};

/// A canvas on its page.
#[derive(Clone, Copy, PartialEq)]
pub struct Seat {
    /// The window's size, in pixels.
    window: Size,
    /// The upper left corner of the canvas on the page, in pixels.
    at: Point,
}

impl CanvasStage {
    /// The canvas has another size, in pixels. What somebody looks at stays before them. Where only the
    /// page around it takes more or less room, everything stays where it was on the screen; in another
    /// window, or one that was turned, the whole if it was shown, and else what was in the middle.
    pub(super) fn sit(&self, size: Size) {
        let seat = self.seat_now();
        let before = self.seat.replace(seat);
        let mut view = self.view.borrow_mut();
        let old = std::mem::replace(&mut view.size, size);
        let (Some(before), Some(seat)) = (before, seat) else {
            return;
        };
        if old.width <= 1.0 || old.height <= 1.0 {
            return;
        }
        let transform = view.transform;
        let bounds = self.with_scene(|scene| scene.bounds());
        view.transform = if before.window == seat.window {
            transform.pan(before.at.x - seat.at.x, before.at.y - seat.at.y)
        } else if is_same(&transform, &fitted(&bounds, old)) {
            fitted(&bounds, size)
        } else {
            let middle = Point::new(old.width / 2.0, old.height / 2.0);
            Transform::centered(transform.invert(middle), transform.scale(), size)
        };
        if view.transform == transform {
            return;
        }
        drop(view);
        self.tell();
    }

    fn seat_now(&self) -> Option<Seat> {
        let window = web_sys::window()?;
        let length = |value: Result<wasm_bindgen::JsValue, _>| value.ok()?.as_f64();
        let rect = self.canvas.get_bounding_client_rect();
        Some(Seat {
            window: Size::new(
                length(window.inner_width())?,
                length(window.inner_height())?,
            ),
            at: Point::new(
                rect.left() + window.scroll_x().ok()?,
                rect.top() + window.scroll_y().ok()?,
            ),
        })
    }
}

/// Whether two transforms show the same, but for what rounding does.
fn is_same(one: &Transform, other: &Transform) -> bool {
    let near = |a: f64, b: f64| (a - b).abs() < 0.5;
    let scale = (one.scale() / other.scale() - 1.0).abs() < 1e-6;
    let (one, other) = (one.offset(), other.offset());
    scale && near(one.x, other.x) && near(one.y, other.y)
}
