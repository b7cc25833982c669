//! The small map in the corner. It is decoration: who does not see it has the tree of the tables.

use crate::canvas::minimap::MapParts;
use crate::canvas::stage::Stage;
use crate::canvas::view_sync::storage;
use crate::pages::diagram::surface::{StageSlot, capture, with_stage};
use diagram::geometry::Point;
use leptos::ev::PointerEvent;
use leptos::html::{Canvas, Div};
use leptos::prelude::*;
use ui::{Icon, IconName};

/// Under this name the browser keeps that somebody has folded the map.
const KEPT: &str = "crowfoot.minimap";

/// The map's elements, for the stage, and whether it is folded.
#[derive(Clone, Copy)]
pub(super) struct MapFrame {
    root: NodeRef<Div>,
    canvas: NodeRef<Canvas>,
    window: NodeRef<Div>,
    is_folded: RwSignal<bool>,
}

impl MapFrame {
    pub(super) fn new() -> Self {
        Self {
            root: NodeRef::new(),
            canvas: NodeRef::new(),
            window: NodeRef::new(),
            is_folded: RwSignal::new(false),
        }
    }

    /// From now on the stage paints it.
    pub(super) fn attach(self, stage: &dyn Stage) {
        if let Some(storage) = storage()
            && let Ok(Some(word)) = storage.get_item(KEPT)
        {
            self.is_folded.set(word == "folded");
        }
        let parts = (
            self.root.get_untracked(),
            self.canvas.get_untracked(),
            self.window.get_untracked(),
        );
        if let (Some(root), Some(canvas), Some(window)) = parts {
            stage.attach_map(MapParts {
                root: root.into(),
                canvas,
                window: window.into(),
            });
        }
    }

    /// Folds it away, or shows it again; the browser remembers.
    pub(super) fn toggle(self) {
        let is_folded = !self.is_folded.get_untracked();
        self.is_folded.set(is_folded);
        if let Some(storage) = storage() {
            // Where nothing can be kept it holds as long as the page.
            let _ = storage.set_item(KEPT, if is_folded { "folded" } else { "open" });
        }
    }
}

/// The map; the stage hides it while everything is in the window.
#[component]
pub(super) fn Minimap(frame: MapFrame, stage: StageSlot) -> AnyView {
    let is_folded = frame.is_folded;
    let icon = move || {
        if is_folded.get() {
            view! { <Icon name=IconName::Diagram/> }
        } else {
            view! { <Icon name=IconName::ChevronDown/> }
        }
    };
    let point = move |event: &PointerEvent, presses: bool| {
        let at = Point::new(f64::from(event.offset_x()), f64::from(event.offset_y()));
        with_stage(stage, |stage| stage.map_pointed(at, presses));
    };
    view! {
        <div class="minimap" node_ref=frame.root hidden=true aria-hidden="true" class:is-folded=move || is_folded.get()
            data-testid="diagram-minimap"
            // The keyboard stays where it is.
            on:mousedown=move |event| event.prevent_default()>
            <div class="minimap-picture">
                <canvas
                    class="minimap-canvas"
                    node_ref=frame.canvas
                    data-testid="minimap-canvas"
                    on:pointerdown=move |event| {
                        if event.button() == 0 {
                            capture(&event);
                            point(&event, true);
                        }
                    }
                    on:pointermove=move |event| {
                        if event.buttons() & 1 == 1 {
                            point(&event, false);
                        }
                    }
                ></canvas>
                <div class="minimap-window" node_ref=frame.window data-testid="minimap-window"></div>
            </div>
            <button class="button button-ghost button-icon button-small minimap-fold" type="button" tabindex="-1"
                title=move || if is_folded.get() { "Show the map (M)" } else { "Fold the map (M)" }
                data-testid="minimap-fold" on:click=move |_| frame.toggle()>{icon}</button>
        </div>
    }
    .into_any()
}
