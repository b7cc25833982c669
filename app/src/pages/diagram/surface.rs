//! The picture itself: as SVG from the server, then on a canvas.

use crate::canvas::stage::{FIT_PADDING, Listener, Stage, ZOOM_STEP};
use crate::pages::diagram::drawer::Drawer;
use crate::pages::diagram::state::ViewState;
use contract::catalog::DiagramData;
use diagram::geometry::Point;
use diagram::graph::Graph;
use diagram::layout::Layout;
use diagram::measure::TextMetrics;
use diagram::scene::Scene;
use leptos::ev;
use leptos::html::{Canvas, Div};
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};
use model::address::table_address;
use send_wrapper::SendWrapper;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use ui::{Button, ButtonVariant, IconName};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;

/// The stage, once the browser has one.
///
/// Empty it may be dropped on any thread, as the server does with the views it has rendered.
type StageSlot = StoredValue<Option<SendWrapper<Rc<Stage>>>>;

/// Milliseconds of rest after which the address takes the view over.
const ADDRESS_REST_MS: u64 = 250;

/// The diagram of some tables: canvas, controls, outline and drawer.
#[component]
pub fn Surface(data: DiagramData) -> impl IntoView {
    let data = Arc::new(data);
    let (tables, links) = (data.graph.tables.len(), data.graph.links.len());
    let state = RwSignal::new("loading");
    let zoom = RwSignal::new(String::new());
    let selected = RwSignal::new(None::<usize>);
    let root = NodeRef::<Div>::new();
    let canvas = NodeRef::<Canvas>::new();
    let stage: StageSlot = StoredValue::new(None);
    let query = use_query_map();

    let label = format!(
        "ER diagram of {}: {tables} tables, {links} links",
        data.database_name
    );
    // The browser never needs the server's picture: it paints its own.
    let picture = if cfg!(feature = "ssr") {
        server_picture(&data, &label)
    } else {
        String::new()
    };
    let picture_ref = NodeRef::<Div>::new();

    let navigate = use_navigate();
    let open = {
        let data = data.clone();
        move |table: usize| {
            if let Some(node) = data.graph.tables.get(table) {
                navigate(
                    &table_address(&data.database_id, &node.schema, &node.name),
                    Default::default(),
                );
            }
        }
    };
    let start = {
        let data = data.clone();
        move |canvas: web_sys::HtmlCanvasElement| {
            let scene = Scene::new(data.graph.clone(), &data.layout, TextMetrics::default());
            let wrote = RefCell::new(None::<leptos::leptos_dom::helpers::TimeoutHandle>);
            let listener = Listener {
                changed: Box::new(move |stage| {
                    zoom.set(format!("{:.3}", stage.zoom()));
                    selected.set(stage.selected());
                    // What the page showed at first is what its address says already.
                    if state.get_untracked() != "ready" {
                        return;
                    }
                    let view = ViewState::of(stage);
                    // Browsers refuse an address that changes with every frame.
                    if let Some(earlier) = wrote.borrow_mut().take() {
                        earlier.clear();
                    }
                    *wrote.borrow_mut() = set_timeout_with_handle(
                        move || view.write_to_address(),
                        std::time::Duration::from_millis(ADDRESS_REST_MS),
                    )
                    .ok();
                }),
                opened: Box::new(open.clone()),
            };
            let Some(made) = Stage::new(canvas, scene, listener) else {
                // The server's picture stays, with its links.
                state.set("error");
                return;
            };
            let asked = ViewState::from_query(&query.get_untracked());
            match asked.at {
                Some((center, zoom)) => made.look_at(center, zoom),
                None => made.fit(),
            }
            if let Some(table) = asked
                .table
                .and_then(|name| made.with_scene(|scene| scene.find(&name)))
            {
                if asked.at.is_some() {
                    made.select(Some(table));
                } else {
                    made.reveal(table);
                }
            }
            made.paint_now();
            if let Some(picture) = picture_ref.get_untracked() {
                picture.set_inner_html("");
            }
            stage.set_value(Some(SendWrapper::new(made)));
            state.set("ready");
        }
    };
    Effect::new(move || {
        let Some(canvas) = canvas.get() else { return };
        when_fonts_are_loaded(start.clone(), canvas);
    });
    follow_size_and_theme(root, stage);

    let on_stage = move |act: &dyn Fn(&Stage)| {
        stage.with_value(|stage| {
            if let Some(stage) = stage {
                act(stage);
            }
        });
    };
    let layout_origin = if data.layout_cached {
        "cached"
    } else {
        "computed"
    };
    view! {
        <div
            class="diagram-pane"
            node_ref=root
            data-testid="er-diagram"
            data-state=move || state.get()
            data-tables=tables
            data-links=links
            data-zoom=move || zoom.get()
            data-layout=layout_origin
        >
            <div class="diagram-picture" node_ref=picture_ref inner_html=picture></div>
            <canvas
                class="diagram-canvas"
                node_ref=canvas
                tabindex="0"
                role="application"
                aria-label=label
                aria-describedby="diagram-keys"
                on:pointerdown=move |event| {
                    if event.button() == 0 {
                        capture(&event);
                        on_stage(&|stage| stage.press(event.pointer_id(), place(&event)));
                    }
                }
                on:pointermove=move |event| on_stage(&|stage| {
                    stage.moved(event.pointer_id(), place(&event));
                })
                on:pointerup=move |event| on_stage(&|stage| {
                    stage.release(event.pointer_id(), Some(place(&event)));
                })
                on:pointercancel=move |event| on_stage(&|stage| stage.release(event.pointer_id(), None))
                on:pointerleave=move |_| on_stage(&Stage::leave)
                on:dblclick=move |event| on_stage(&|stage| {
                    stage.open_at(Point::new(f64::from(event.offset_x()), f64::from(event.offset_y())));
                })
                on:wheel=move |event: ev::WheelEvent| {
                    event.prevent_default();
                    on_stage(&|stage| turn(stage, &event));
                }
                on:keydown=move |event| {
                    if event.ctrl_key() || event.meta_key() || event.alt_key() {
                        return;
                    }
                    on_stage(&|stage| {
                        if stage.key(&event.key()) {
                            event.prevent_default();
                        }
                    });
                }
            ></canvas>
            <p id="diagram-keys" class="visually-hidden">
                "Arrow keys walk from table to table, Enter opens one, plus and minus zoom, 0 shows all, Escape lets go."
            </p>
            <div class="diagram-controls" role="group" aria-label="Zoom">
                <Button variant=ButtonVariant::Ghost icon=IconName::ZoomOut label="Zoom out" testid="zoom-out"
                    on_click=Callback::new(move |_| on_stage(&|stage| stage.zoom_by(1.0 / ZOOM_STEP)))/>
                <output class="button button-ghost diagram-zoom" aria-live="off">{move || percent(&zoom.get())}</output>
                <Button variant=ButtonVariant::Ghost icon=IconName::ZoomIn label="Zoom in" testid="zoom-in"
                    on_click=Callback::new(move |_| on_stage(&|stage| stage.zoom_by(ZOOM_STEP)))/>
                <Button variant=ButtonVariant::Ghost icon=IconName::Fit label="Show all" testid="zoom-fit"
                    on_click=Callback::new(move |_| on_stage(&Stage::fit))/>
            </div>
        </div>
        <Drawer
            data=data.clone()
            selected=selected.into()
            on_select=Callback::new(move |table| on_stage(&|stage| match table {
                Some(table) => stage.reveal(table),
                None => stage.select(None),
            }))
        />
    }
}

/// The wheel turned over the canvas.
fn turn(stage: &Stage, event: &ev::WheelEvent) {
    // Some wheels count lines or pages instead of pixels.
    let unit = match event.delta_mode() {
        1 => 16.0,
        2 => 400.0,
        _ => 1.0,
    };
    stage.wheel(
        Point::new(f64::from(event.offset_x()), f64::from(event.offset_y())),
        event.delta_x() * unit,
        event.delta_y() * unit,
        event.ctrl_key(),
        event.shift_key(),
    );
}

fn percent(zoom: &str) -> String {
    zoom.parse::<f64>()
        .map_or_else(|_| String::new(), |zoom| format!("{:.0} %", zoom * 100.0))
}

/// Where on the canvas a pointer is, in CSS pixels.
fn place(event: &ev::PointerEvent) -> Point {
    Point::new(f64::from(event.offset_x()), f64::from(event.offset_y()))
}

/// Keeps a drag going when the pointer leaves the canvas.
fn capture(event: &ev::PointerEvent) {
    if let Some(canvas) = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
    {
        // Refused for a pointer that is gone already; then there is nothing to keep.
        let _ = canvas.set_pointer_capture(event.pointer_id());
    }
}

/// The picture that comes with the page: the whole diagram on a screen of usual size.
fn server_picture(data: &DiagramData, label: &str) -> String {
    use diagram::geometry::Size;
    use diagram::paint::View;
    use diagram::svg::{SvgOptions, svg_inline};
    let (graph, layout): (&Graph, &Layout) = (&data.graph, &data.layout);
    let scene = Scene::new(graph.clone(), layout, TextMetrics::default());
    let view = View::fit(
        &scene,
        Size {
            width: 1_160.0,
            height: 780.0,
        },
        FIT_PADDING,
    );
    let href = |table: &diagram::graph::TableNode| {
        Some(table_address(&data.database_id, &table.schema, &table.name))
    };
    svg_inline(
        &scene,
        &view,
        &SvgOptions {
            label,
            href: Some(&href),
        },
    )
}

/// Runs `start` when the fonts of the page are there: text drawn before would be drawn in another
/// face. A font that cannot be had must not hold the diagram up.
fn when_fonts_are_loaded(
    start: impl Fn(web_sys::HtmlCanvasElement) + 'static,
    canvas: web_sys::HtmlCanvasElement,
) {
    leptos::task::spawn_local(async move {
        let loads = document().fonts();
        let face = crate::canvas::palette::Palette::of(&canvas).face;
        for weight in ["", "700 "] {
            let promise = loads.load(&format!("{weight}13px {face}"));
            let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
        }
        start(canvas);
    });
}

/// Tells the stage when its place on the page, the theme or the density of pixels changes.
fn follow_size_and_theme(root: NodeRef<Div>, stage: StageSlot) {
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
        let kept = StoredValue::new_local(Some((resized, rethemed, sizes, themes, system)));
        on_cleanup(move || {
            let Some(Some((_resized, rethemed, sizes, themes, system))) =
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
            if let Some(system) = system {
                let _ = system.remove_event_listener_with_callback(
                    "change",
                    rethemed.as_ref().unchecked_ref(),
                );
            }
        });
    });
}
