//! A picture of the whole scene as a PNG file, by the painter that draws the screen. It is painted in
//! strips with a rest after each, so that the page goes on answering.

use crate::canvas::painter::CanvasPainter;
use crate::canvas::palette::Palette;
use diagram::geometry::{Rect, Size, Transform};
use diagram::paint::{LEGEND_MARGIN, View, legend_size, paint};
use diagram::scene::Scene;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{CanvasRenderingContext2d, OffscreenCanvas, OffscreenCanvasRenderingContext2d};

/// Around the picture, in CSS pixels.
const PADDING: f64 = 32.0;
/// Browsers refuse canvases with a longer side, in device pixels.
const SIDE_MAX: f64 = 16_000.0;
/// And with more pixels.
const PIXELS_MAX: f64 = 160_000_000.0;
/// Height of a strip, in device pixels.
const STRIP: u32 = 1_024;

/// Paints the scene with `scale` pixels per world unit, fewer where the browser has no room for so
/// many, and hands the file to the person.
///
/// # Errors
/// When the browser has no such canvas, or no memory for the picture.
pub async fn save(
    scene: Rc<RefCell<Scene>>,
    palette: Palette,
    scale: f64,
    file_name: String,
) -> Result<(), JsValue> {
    let (around, legend) = extent(&scene.borrow());
    let fitting = (SIDE_MAX / around.width().max(around.height()))
        .min((PIXELS_MAX / (around.width() * around.height())).sqrt());
    let scale = scale.min(fitting).max(0.01);
    let (width, height) = (
        (around.width() * scale).ceil() as u32,
        (around.height() * scale).ceil() as u32,
    );
    let canvas = OffscreenCanvas::new(width.max(1), height.max(1))?;
    let context = context_of(&canvas)?;
    let mut top = 0;
    while top < height {
        // The last strip holds the legend as a whole.
        let rest = height - top;
        let legend_pixels = (legend * scale).ceil() as u32;
        let tall = if rest < STRIP.saturating_add(legend_pixels) {
            rest
        } else {
            STRIP
        };
        let strip = OffscreenCanvas::new(width.max(1), tall)?;
        let size = Size::new(f64::from(width) / scale, f64::from(tall) / scale);
        let seen = Rect::new(around.min.offset(0.0, f64::from(top) / scale), size);
        let mut view = View::new(Transform::fit(&seen, size, 0.0, 1.0), size);
        view.legend = top + tall >= height;
        let strip_context = context_of(&strip)?;
        let mut painter = CanvasPainter::new(&strip_context, &palette, scale);
        paint(&scene.borrow(), &view, &mut painter);
        context.draw_image_with_offscreen_canvas(&strip, 0.0, f64::from(top))?;
        top += tall;
        rest_a_moment().await?;
    }
    let blob: web_sys::Blob = JsFuture::from(canvas.convert_to_blob()?)
        .await?
        .dyn_into()?;
    let address = web_sys::Url::create_object_url_with_blob(&blob)?;
    let link: web_sys::HtmlAnchorElement = leptos::prelude::document()
        .create_element("a")?
        .dyn_into()?;
    link.set_href(&address);
    link.set_download(&file_name);
    link.click();
    // The browser takes hold of the file while it follows the link.
    leptos::prelude::set_timeout(
        move || {
            let _ = web_sys::Url::revoke_object_url(&address);
        },
        std::time::Duration::from_secs(60),
    );
    Ok(())
}

/// What the picture holds, in world units, and how high its legend is.
fn extent(scene: &Scene) -> (Rect, f64) {
    let mut around = scene.bounds().grow(PADDING);
    let Some(overlay) = scene.overlay() else {
        return (around, 0.0);
    };
    let legend = legend_size(overlay, scene.metrics());
    around.max.y += legend.height;
    let wide = around.min.x + legend.width + 2.0 * LEGEND_MARGIN;
    around.max.x = around.max.x.max(wide);
    (around, legend.height + LEGEND_MARGIN)
}

/// The two kinds of context offer the same primitives by the same names; the painter is written
/// for one of them.
pub(super) fn context_of(canvas: &OffscreenCanvas) -> Result<CanvasRenderingContext2d, JsValue> {
    let context = canvas
        .get_context("2d")?
        .ok_or(JsValue::UNDEFINED)?
        .dyn_into::<OffscreenCanvasRenderingContext2d>()?;
    Ok(context.unchecked_into())
}

/// Lets the browser answer to what has happened meanwhile.
async fn rest_a_moment() -> Result<(), JsValue> {
    let timer = js_sys::Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            // Refused only where there is no window; then there is nobody to wait for.
            let _ = window.set_timeout_with_callback(&resolve);
        }
    });
    JsFuture::from(timer).await.map(drop)
}
