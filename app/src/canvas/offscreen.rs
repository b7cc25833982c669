//! Canvases that nobody sees, for pictures that are kept.

use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{CanvasRenderingContext2d, OffscreenCanvas, OffscreenCanvasRenderingContext2d};

/// The two kinds of context offer the same primitives by the same names; the painter is written
/// for one of them.
pub(super) fn context_of(canvas: &OffscreenCanvas) -> Result<CanvasRenderingContext2d, JsValue> {
    let context = canvas
        .get_context("2d")?
        .ok_or(JsValue::UNDEFINED)?
        .dyn_into::<OffscreenCanvasRenderingContext2d>()?;
    Ok(context.unchecked_into())
}
