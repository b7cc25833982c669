//! The wheel over the picture.

use crate::canvas::stage::Stage;
use diagram::geometry::Point;
use leptos::ev;

/// The wheel turned over the canvas.
pub(super) fn turn(stage: &dyn Stage, event: &ev::WheelEvent) {
    // Some wheels count lines or pages instead of pixels.
    let unit = match event.delta_mode() {
        1 => 16.0,
        2 => 400.0,
        _ => 1.0,
    };
    stage.wheel(
        Point::new(f64::from(event.offset_x()), f64::from(event.offset_y())),
        event.delta_x() * unit,
        event.delta_y() * unit,
        event.ctrl_key(),
        event.shift_key(),
    );
}
