//! The few things that components ask of the browser.

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;

/// Puts a text on the clipboard. Pages served without TLS have no clipboard interface; there the
/// older command does it, by way of a text area that exists for a moment. Says whether it is there
/// now: browsers may refuse.
pub(crate) fn copy_text(text: &str) -> impl Future<Output = bool> + use<> {
    // Now, while the browser still knows of the press.
    let secure = window().is_secure_context();
    let written = secure.then(|| window().navigator().clipboard().write_text(text));
    let commanded = !secure && copy_by_command(text);
    async move {
        match written {
            Some(written) => JsFuture::from(written).await.is_ok(),
            None => commanded,
        }
    }
}

fn copy_by_command(text: &str) -> bool {
    let Some(body) = document().body() else {
        return false;
    };
    let Some(area) = document()
        .create_element("textarea")
        .ok()
        .and_then(|element| element.dyn_into::<web_sys::HtmlTextAreaElement>().ok())
    else {
        return false;
    };
    area.set_value(text);
    let mut copied = false;
    if body.append_child(&area).is_ok() {
        area.select();
        if let Some(document) = document().dyn_ref::<web_sys::HtmlDocument>() {
            copied = document.exec_command("copy").unwrap_or(false);
        }
        area.remove();
    }
    copied
}

/// Writes a cookie, given whole.
pub(crate) fn set_cookie(cookie: &str) {
    if let Some(document) = document().dyn_ref::<web_sys::HtmlDocument>() {
        let _ = document.set_cookie(cookie);
    }
}

/// The element that has the focus.
pub(crate) fn focused() -> Option<web_sys::Element> {
    document().active_element()
}

/// Gives an element the focus.
pub(crate) fn focus(element: &web_sys::Element) {
    if let Some(element) = element.dyn_ref::<web_sys::HtmlElement>() {
        let _ = element.focus();
    }
}
