//! The fonts of the picture.

use crate::canvas::palette::Palette;
use crate::pages::diagram::surface::{StageSlot, with_stage};
use js_sys::{Array, Promise};
use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlCanvasElement;

/// Milliseconds after which the picture is painted in another face.
const PATIENCE: i32 = 1_000;

/// Waits for the fonts of the page: text drawn before would be drawn in another face. A font that
/// stalls or cannot be had must not hold the diagram up; when it comes later, all is painted anew.
pub(super) async fn load_fonts(canvas: &HtmlCanvasElement, stage: StageSlot) {
    let loads = document().fonts();
    let face = Palette::of(canvas).face;
    // Both are on their way before one is waited for.
    let faces = ["", "700 "].map(|weight| loads.load(&format!("{weight}13px {face}")));
    let all = Promise::all(&faces.iter().collect::<Array>());
    let patience = Promise::new(&mut |done, _| {
        let timer = window().set_timeout_with_callback_and_timeout_and_arguments_0(&done, PATIENCE);
        if timer.is_err() {
            // Only a window that is going away has no timers.
            let _ = done.call0(&wasm_bindgen::JsValue::UNDEFINED);
        }
    });
    let first = JsFuture::from(Promise::race(&Array::of2(&all, &patience))).await;
    // The fonts are a list.
    if first.is_ok_and(|first| first.is_undefined()) {
        leptos::task::spawn_local(async move {
            if JsFuture::from(all).await.is_ok() {
                with_stage(stage, |stage| stage.retheme());
            }
        });
    }
}
