//! The browser's entry point: takes over the page that the server rendered.

use wasm_bindgen::prelude::wasm_bindgen;

/// Attaches the application to the document, once the code of the page that is shown is there. A
/// page whose code cannot be had stays as the server sent it, which reads well.
#[wasm_bindgen]
pub async fn hydrate() {
    console_error_panic_hook::set_once();
    let path = leptos::prelude::window().location().pathname();
    if app::parts::load_for(&path.unwrap_or_default())
        .await
        .is_ok()
    {
        leptos::mount::hydrate_body(app::app::App);
    }
}
