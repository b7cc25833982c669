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
pub(super) struct Voice {
    heard: RwSignal<String>,
    /// What is to be said when all of this turn is known.
    turn: StoredValue<Vec<String>>,
}

impl Voice {
    /// A voice that has said nothing yet.
    pub(super) fn new() -> Self {
        Self {
            heard: RwSignal::new(String::new()),
            turn: StoredValue::new(Vec::new()),
        }
    }

    /// Says a sentence, after those of the same turn: what replaces another within a turn was never
    /// there for those who listen.
    pub(super) fn say(self, sentence: impl Into<String>) {
        // By then the page may have been left.
        let said = self.turn.try_update_value(|turn| {
            turn.push(sentence.into());
            turn.len()
        });
        if said == Some(1) {
            queue_microtask(move || {
                let turn = self.turn.try_update_value(std::mem::take);
                let before = self.heard.try_get_untracked();
                if let (Some(turn), Some(before)) = (turn, before) {
                    let _ = self.heard.try_set(together(&turn, &before));
                }
            });
        }
    }
}

/// The sentences of a turn as one text, which is another than the one before.
fn together(turn: &[String], before: &str) -> String {
    let mut text = turn.join(" ");
    if text == before {
        text.push(UNHEARD);
    }
    text
}

/// Where the voice is heard.
#[component]
pub(super) fn Heard(voice: Voice) -> impl IntoView {
    view! {
        <p class="visually-hidden" role="status" aria-live="polite" data-testid="diagram-said">
            {move || voice.heard.get()}
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_sentences_of_a_turn_are_heard_and_the_same_again() {
        let turn = ["One is hidden.".to_owned(), "Two is in view.".to_owned()];
        let said = together(&turn, "");
        assert_eq!(said, "One is hidden. Two is in view.");
        let again = together(&turn, &said);
        assert_ne!(again, said);
        assert_eq!(again.trim_end(), said);
        assert_eq!(together(&turn, &again), said);
    }
}
