//! How many device pixels a CSS pixel has: another number on another screen, although the canvas
//! stays as large as it was.

use crate::canvas::canvas_stage::CanvasStage;
use crate::canvas::stage::Stage as _;
use std::rc::Weak;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;
use web_sys::MediaQueryList;

/// Hears of every change of the density.
pub(super) struct Density {
    changed: Closure<dyn FnMut()>,
    /// Browsers can only be asked about the density that there is now, so each change needs a new
    /// question.
    query: Option<MediaQueryList>,
}

impl Density {
    /// Tells the stage from now on.
    pub(super) fn new(stage: Weak<CanvasStage>) -> Self {
        let changed = Closure::<dyn FnMut()>::new(move || {
            if let Some(stage) = stage.upgrade() {
                stage.resize();
                stage.density.borrow_mut().ask();
            }
        });
        let mut density = Self {
            changed,
            query: None,
        };
        density.ask();
        density
    }

    fn ask(&mut self) {
        self.end();
        self.query = web_sys::window().and_then(|window| {
            let here = format!("(resolution: {}dppx)", window.device_pixel_ratio());
            window.match_media(&here).ok().flatten()
        });
        if let Some(query) = &self.query {
            let changed = self.changed.as_ref().unchecked_ref();
            // Refused by no browser that knows the query.
            let _ = query.add_event_listener_with_callback("change", changed);
        }
    }

    fn end(&mut self) {
        if let Some(query) = self.query.take() {
            let changed = self.changed.as_ref().unchecked_ref();
            let _ = query.remove_event_listener_with_callback("change", changed);
        }
    }
}

impl Drop for Density {
    fn drop(&mut self) {
        self.end();
    }
}
