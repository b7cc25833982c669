//! The few things that components ask of the browser.

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

/// Puts a text on the clipboard. Pages served without TLS have no clipboard interface; there the
/// older command does it, by way of a text area that exists for a moment.
pub(crate) fn copy_text(text: &str) {
    if window().is_secure_context() {
        let _ = window().navigator().clipboard().write_text(text);
        return;
    }
    let Some(body) = document().body() else {
        return;
    };
    let Some(area) = document()
        .create_element("textarea")
        .ok()
        .and_then(|element| element.dyn_into::<web_sys::HtmlTextAreaElement>().ok())
    else {
        return;
    };
    area.set_value(text);
    if body.append_child(&area).is_ok() {
        area.select();
        if let Some(document) = document().dyn_ref::<web_sys::HtmlDocument>() {
            let _ = document.exec_command("copy");
        }
        area.remove();
    }
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
