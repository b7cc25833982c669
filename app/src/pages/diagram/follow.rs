//! What happens around the picture that it has to follow.

use crate::pages::diagram::surface::StageSlot;
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;

/// Tells the stage when its place on the page or the theme changes.
pub(super) fn follow_size_and_theme(root: NodeRef<Div>, stage: StageSlot) {
    Effect::new(move || {
        let Some(root) = root.get() else { return };
        let resized = Closure::<dyn FnMut()>::new(move || {
            stage.try_with_value(|stage| {
                if let Some(stage) = stage {
                    stage.resize();
                }
            });
        });
        let rethemed = Closure::<dyn FnMut()>::new(move || {
            stage.try_with_value(|stage| {
                if let Some(stage) = stage {
                    stage.retheme();
                }
            });
        });
        let sizes = web_sys::ResizeObserver::new(resized.as_ref().unchecked_ref()).ok();
        if let Some(sizes) = &sizes {
            sizes.observe(&root);
        }
        let themes = web_sys::MutationObserver::new(rethemed.as_ref().unchecked_ref()).ok();
        if let (Some(themes), Some(html)) = (&themes, document().document_element()) {
            let what = web_sys::MutationObserverInit::new();
            what.set_attributes(true);
            let _ = themes.observe_with_options(&html, &what);
        }
        let system = window()
            .match_media("(prefers-color-scheme: dark)")
            .ok()
            .flatten();
        if let Some(system) = &system {
            let _ = system
                .add_event_listener_with_callback("change", rethemed.as_ref().unchecked_ref());
        }
        let forced = window()
            .match_media("(forced-colors: active)")
            .ok()
            .flatten();
        if let Some(forced) = &forced {
            let _ = forced
                .add_event_listener_with_callback("change", rethemed.as_ref().unchecked_ref());
        }
        let media = [system, forced];
        let kept = StoredValue::new_local(Some((resized, rethemed, sizes, themes, media)));
        on_cleanup(move || {
            let Some(Some((_resized, rethemed, sizes, themes, media))) =
                kept.try_update_value(Option::take)
            else {
                return;
            };
            if let Some(sizes) = sizes {
                sizes.disconnect();
            }
            if let Some(themes) = themes {
                themes.disconnect();
            }
            for query in media.into_iter().flatten() {
                let _ = query.remove_event_listener_with_callback(
                    "change",
                    rethemed.as_ref().unchecked_ref(),
                );
            }
        });
    });
}
