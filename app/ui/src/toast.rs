//! Short messages that come and go.

use crate::button::{Button, ButtonSize, ButtonVariant};
use crate::icon::{Icon, IconName};
use crate::tone::Tone;
use leptos::prelude::*;
use std::time::Duration;

/// How long a message stays. Errors stay until they are closed.
const STAY: Duration = Duration::from_secs(6);

#[derive(Clone, PartialEq, Eq)]
struct Toast {
    id: u32,
    tone: Tone,
    text: String,
}

/// Where messages are sent. It lives as long as the application.
#[derive(Clone, Copy)]
pub struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
}

impl Toasts {
    /// Shows a message. Call it from event handlers and effects only.
    pub fn show(self, tone: Tone, text: impl Into<String>) {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        let text = text.into();
        self.shown
            .update(|shown| shown.push(Toast { id, tone, text }));
        if tone != Tone::Error {
            set_timeout(move || self.close(id), STAY);
        }
    }

    fn close(self, id: u32) {
        let _ = self
            .shown
            .try_update(|shown| shown.retain(|toast| toast.id != id));
    }
}

/// Makes [`Toasts`] available to everything below; once, in the application's root.
pub fn provide_toasts() -> Toasts {
    let toasts = Toasts {
        shown: RwSignal::new(Vec::new()),
        next: StoredValue::new(0),
    };
    provide_context(toasts);
    toasts
}

/// Where messages appear; once, at the end of the application's root.
#[component]
pub fn ToastRegion(
    /// What [`provide_toasts`] gave.
    toasts: Toasts,
) -> AnyView {
    view! {
        <div class="toast-region" role="status" aria-live="polite" data-testid="toasts">
            <For each=move || toasts.shown.get() key=|toast| toast.id let:toast>
                <div class=format!("{} toast", toast.tone.notice_class())>
                    <Icon name=toast.tone.icon()/>
                    <div>{toast.text}</div>
                    <Button
                        variant=ButtonVariant::Ghost
                        size=ButtonSize::Small
                        icon=IconName::Close
                        label="Dismiss"
                        on_click=Callback::new(move |_| toasts.close(toast.id))
                    />
                </div>
            </For>
        </div>
    }
    .into_any()
}
