//! What is said of the picture: to those who listen, and in a tip beside a link.

use crate::pages::diagram::sign;
use contract::catalog::DiagramData;
use diagram::geometry::Point;
use leptos::html::Div;
use leptos::prelude::*;
use std::sync::Arc;

/// From the pointer to the tip, in pixels.
const AWAY: f64 = 14.0;
/// A character that is not heard: the same sentence twice is two sentences.
const UNHEARD: char = '\u{a0}';

/// The way to those who listen.
#[derive(Clone, Copy)]
pub(super) struct Voice(RwSignal<String>);

impl Voice {
    /// A voice that has said nothing yet.
    pub(super) fn new() -> Self {
        Self(RwSignal::new(String::new()))
    }

    /// Says a sentence, after what is being said.
    pub(super) fn say(self, sentence: impl Into<String>) {
        let mut sentence = sentence.into();
        // By then the page may have been left.
        let again = self.0.try_with_untracked(|said| *said == sentence);
        if again == Some(true) {
            sentence.push(UNHEARD);
        }
        let _ = self.0.try_set(sentence);
    }
}

/// Where the voice is heard.
#[component]
pub(super) fn Heard(voice: Voice) -> impl IntoView {
    view! {
        <p class="visually-hidden" role="status" aria-live="polite" data-testid="diagram-said">
            {move || voice.0.get()}
        </p>
    }
}

/// The columns of the link under the pointer, or of the one that has the keyboard's focus.
#[component]
pub(super) fn Tip(
    data: Arc<DiagramData>,
    /// The link, and where on the pane it is named.
    named: Signal<Option<(usize, Point)>>,
) -> impl IntoView {
    let tip = NodeRef::<Div>::new();
    let link = Memo::new(move |_| named.get().map(|(link, _)| link));
    Effect::new(move || {
        let (Some(tip), Some((_, at))) = (tip.get(), named.get()) else {
            return;
        };
        let Some(pane) = tip.parent_element() else {
            return;
        };
        let (width, height) = (
            f64::from(pane.client_width()),
            f64::from(pane.client_height()),
        );
        // Towards the middle there is room for it.
        let across = if at.x > width / 2.0 {
            [("left", None), ("right", Some(width - at.x + AWAY))]
        } else {
            [("left", Some(at.x + AWAY)), ("right", None)]
        };
        let down = if at.y > height / 2.0 {
            [("top", None), ("bottom", Some(height - at.y + AWAY))]
        } else {
            [("top", Some(at.y + AWAY)), ("bottom", None)]
        };
        let style = web_sys::HtmlElement::style(&tip);
        for (property, pixels) in across.into_iter().chain(down) {
            let value = pixels.map_or("auto".to_owned(), |pixels| {
                format!("{}px", pixels.round() as i64)
            });
            // A length is refused by no browser.
            let _ = style.set_property(property, &value);
        }
    });
    let text = move || {
        let place = link.get()?;
        let link = data.graph.links.get(place)?;
        let sentence = data.graph.link_sentence(link);
        let name = (!link.name.is_empty())
            .then(|| view! { <span class="mono dim">{link.name.clone()}</span> });
        let mark = data
            .overlay
            .as_ref()
            .and_then(|overlay| overlay.link(place));
        let mark = mark.map(|mark| view! { <span>{sign(mark)}" "{mark.label.clone()}</span> });
        Some(view! { <span class="mono">{sentence}</span>{name}{mark} })
    };
    // Hidden from those who listen: they have heard it already.
    view! {
        <div class="diagram-tip" node_ref=tip hidden=move || link.get().is_none() aria-hidden="true"
            data-testid="diagram-tip">{text}</div>
    }
}
