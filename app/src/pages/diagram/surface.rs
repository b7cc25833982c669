//! The picture itself: as SVG from the server, then on a canvas.

use crate::canvas::canvas_stage::CanvasStage;
use crate::canvas::stage::{Held, Listener, Press, Stage, Start, Tool, ZOOM_STEP};
use crate::canvas::view_state::{TABLES_MAX, ViewState};
use crate::canvas::view_sync;
use crate::pages::diagram::arrange_bar::ArrangeBar;
use crate::pages::diagram::asked::Asked;
use crate::pages::diagram::columns::Columns;
use crate::pages::diagram::drawer::Drawer;
use crate::pages::diagram::find::Find;
use crate::pages::diagram::follow::follow_size_and_theme;
use crate::pages::diagram::fonts::load_fonts;
use crate::pages::diagram::help::Help;
use crate::pages::diagram::hidden::chosen_at_first;
use crate::pages::diagram::legend::Legend;
use crate::pages::diagram::lost::{Lost, LostNotice};
use crate::pages::diagram::minimap::{MapFrame, Minimap};
use crate::pages::diagram::outline::Reach;
use crate::pages::diagram::page_of;
use crate::pages::diagram::picture::{server_picture, take_down};
use crate::pages::diagram::reach::unfolded;
use crate::pages::diagram::sync::{SyncSlot, sync_of};
use crate::pages::diagram::views::OpenState;
use crate::pages::diagram::voice::{Heard, Tip, Voice};
use crate::pages::diagram::wheel::turn;
use crate::pages::embed::is_embedded;
use crate::query::use_query;
use contract::catalog::DiagramData;
use diagram::geometry::Point;
use diagram::graph::NodeKind;
use leptos::ev;
use leptos::html::{Canvas, Div};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use model::diagram::DiagramQuery;
use model::number::{counted, decimal};
use send_wrapper::SendWrapper;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use ui::{Button, ButtonVariant, IconName};
use wasm_bindgen::JsCast as _;

/// The stage, once the browser has one.
///
/// Empty it may be dropped on any thread, as the server does with the views it has rendered.
pub(super) type StageSlot = StoredValue<Option<SendWrapper<Rc<dyn Stage>>>>;

/// Does something with the stage, once there is one.
pub(super) fn with_stage(slot: StageSlot, mut act: impl FnMut(&dyn Stage)) {
    // A copy outside of the slot, so that what is called may reach the slot again.
    if let Some(stage) = slot.try_with_value(|stage| stage.clone()).flatten() {
        act(&**stage);
    }
}

/// Milliseconds of rest after which the address takes the view over.
const ADDRESS_REST_MS: u64 = 250;

/// The diagram of some tables: canvas, controls, outline and drawer.
#[component]
pub(super) fn Surface(
    data: Arc<DiagramData>,
    /// What the address asks for, with the view that is open: it may be made meanwhile.
    query: Signal<DiagramQuery>,
    open: OpenState,
) -> impl IntoView {
    let (tables, links) = (data.graph.tables.len(), data.graph.links.len());
    let columns = Columns::new(&data);
    let state = RwSignal::new("loading");
    let zoom = RwSignal::new(0.0);
    let focused_link = RwSignal::new(None::<usize>);
    let pointed_link = RwSignal::new(None::<(usize, Point)>);
    let help = RwSignal::new(false);
    let voice = Voice::new();
    let (finds, found) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let (map, lost) = (MapFrame::new(), Lost::new(voice));
    let center = RwSignal::new(None::<Point>);
    let may_arrange = data.may_arrange && !is_embedded();
    let (parameters, asked) = (use_query(), Asked::now());
    // The table that the address names is told of beside the picture before any script runs.
    let named = parameters.with_untracked(|parameters| {
        let name = parameters.get_all("table").next()?;
        let mut tables = data.graph.tables.iter();
        tables.position(|node| node.qualified_name() == name)
    });
    let selected = RwSignal::new(named);
    let chosen = RwSignal::new(chosen_at_first(&data, named));
    let hidden = Memo::new(move |_| chosen.with(|it| it.hidden_here.clone()));
    let root = NodeRef::<Div>::new();
    let canvas = NodeRef::<Canvas>::new();
    let slot: StageSlot = StoredValue::new(None);

    let label = format!(
        "ER diagram of {}: {}, {}",
        data.database_name,
        counted(tables, "table"),
        counted(links, "link")
    );
    // The browser never needs the server's picture: it paints its own.
    let picture = if cfg!(feature = "ssr") {
        let view = ViewState::from_query(&parameters.get_untracked());
        server_picture(&data, named, &view, &label)
    } else {
        String::new()
    };
    let picture_ref = NodeRef::<Div>::new();

    let sync = SyncSlot::default();
    let sync_start = untrack(|| query.with(|query| sync_of(&data, query, open, asked)));
    let navigate = use_navigate();
    let open_page = {
        let data = data.clone();
        let leads = !is_embedded();
        move |table: usize| {
            let Some(node) = data.graph.tables.get(table).filter(|_| leads) else {
                return;
            };
            let page = match node.kind {
                NodeKind::Group => {
                    let open = unfolded(&data, &query.get_untracked(), node);
                    Some(open.address(&data.database_id))
                }
                _ => page_of(&data, node),
            };
            match page {
                Some(page) => navigate(&page, Default::default()),
                None => voice.say(format!("{} has no page.", node.qualified_name())),
            }
        }
    };
    let start = {
        let data = data.clone();
        let open_page = open_page.clone();
        move |canvas: web_sys::HtmlCanvasElement| {
            let wrote = RefCell::new(None::<leptos::leptos_dom::helpers::TimeoutHandle>);
            let shown = data.clone();
            let rested = Rc::new(Cell::new((None, 0)));
            let listener = Listener {
                changed: Box::new(move |stage| {
                    // Told with every frame: what has not changed must not draw the page again.
                    set_if_other(zoom, stage.zoom());
                    set_if_other(selected, stage.selected());
                    set_if_other(chosen, stage.chosen());
                    set_if_other(focused_link, stage.focused_link());
                    let here = (stage.selected(), percents(stage.zoom()));
                    // What the page showed at first is what its address says already.
                    if state.get_untracked() != "ready" {
                        rested.set(here);
                        return;
                    }
                    let view = view_of(&shown, stage);
                    // Browsers refuse an address that changes with every frame.
                    if let Some(earlier) = wrote.borrow_mut().take() {
                        earlier.clear();
                    }
                    *wrote.borrow_mut() = set_timeout_with_handle(
                        {
                            let rested = rested.clone();
                            move || {
                                // The end of the way is told of again. Who has left the diagram,
                                // or is on the way to another, has another page's address.
                                let mut is_elsewhere = true;
                                with_stage(slot, |stage| is_elsewhere = stage.is_gliding());
                                if is_elsewhere || !asked.is_asked() {
                                    return;
                                }
                                view.write_to_address();
                                with_stage(slot, |stage| rests(stage, center, lost));
                                // Who selects something else hears of that instead.
                                let before = rested.replace(here);
                                if before.0 == here.0 && before.1 != here.1 {
                                    voice.say(format!("Zoom {} percent.", here.1));
                                }
                            }
                        },
                        std::time::Duration::from_millis(ADDRESS_REST_MS),
                    )
                    .ok();
                }),
                opened: Box::new(open_page.clone()),
                edited: Box::new(move |changes| {
                    if may_arrange {
                        sync.arranged(changes);
                    }
                }),
                pointed: Box::new(move |link| set_if_other(pointed_link, link)),
                said: Box::new(move |sentence| voice.say(sentence)),
            };
            Start {
                canvas,
                data: data.clone(),
                view: ViewState::from_query(&parameters.get_untracked()),
                arrangement: data.arrangement.clone(),
                may_arrange,
                listener,
            }
        }
    };
    let started = move |made: Option<Rc<dyn Stage>>| {
        let Some(made) = made else {
            // The server's picture stays, with its links, and shows nothing of what others do.
            sync.end();
            state.set("error");
            return;
        };
        let stage = made.clone();
        // Until now the page may have been left.
        if slot.try_set_value(Some(SendWrapper::new(made))).is_some() {
            return;
        }
        state.set("ready");
        voice.say(format!(
            "{} and {} are shown.",
            counted(tables, "table"),
            counted(links, "link")
        ));
        rests(&*stage, center, lost);
        // The canvas answers from here on; the rest may come after its first frame.
        after_frame(move || {
            let Some(picture) = picture_ref.try_get_untracked() else {
                return;
            };
            if let Some(picture) = picture {
                take_down(&picture, canvas);
            }
            sync.attach(&stage);
            map.attach(&*stage);
        });
    };
    Effect::new(move || {
        let Some(canvas) = canvas.get() else { return };
        let (start, sync_start) = (start.clone(), sync_start.clone());
        leptos::task::spawn_local(async move {
            load_fonts(&canvas, slot).await;
            // While the fonts came, the page may have been left.
            if slot.try_with_value(|_| ()).is_none() {
                return;
            }
            // First, so that nothing is arranged that nobody sends.
            if let Some(start) = sync_start.take() {
                sync.put(view_sync::start(start));
            }
            started(CanvasStage::start(start(canvas)));
        });
    });
    follow_size_and_theme(root, slot);
    let shown = data.clone();
    open.settles(Callback::new(move |()| {
        if asked.is_asked() {
            with_stage(slot, |stage| view_of(&shown, stage).write_to_address());
        }
    }));
    let on_stage = move |act: &dyn Fn(&dyn Stage)| {
        with_stage(slot, act);
    };
    let reach = Reach {
        select: Callback::new(move |table| {
            on_stage(&|stage| match table {
                Some(table) => stage.reveal(table),
                None => stage.select(None),
            });
        }),
        add: Callback::new(move |table| on_stage(&|stage| stage.toggle(table))),
        focus_link: Callback::new(move |link| on_stage(&|stage| stage.focus_link(link))),
        note: Callback::new(move |id: String| on_stage(&|stage| stage.go_to_note(&id))),
        open: Callback::new(open_page),
        leave: Callback::new(move |()| {
            if let Some(canvas) = canvas.get_untracked() {
                // Refused only where it is hidden.
                let _ = canvas.focus();
            }
        }),
        help: Callback::new(move |()| help.set(true)),
        show: Callback::new(move |table: Option<usize>| {
            on_stage(&|stage| {
                stage.work(table.map_or(Tool::ShowHidden, Tool::ShowTable));
                if let Some(table) = table {
                    stage.reveal(table);
                }
            });
            let is_there = slot.with_value(Option::is_some);
            // The button that had the keyboard is gone with it.
            if let Some(canvas) = canvas.get_untracked().filter(|_| is_there) {
                let _ = canvas.focus();
            }
            is_there
        }),
    };
    let overlay_word = data
        .shown
        .overlay
        .clone()
        .filter(|_| data.overlay.is_some());
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
            data-zoom=move || decimal(zoom.get(), 3)
            data-layout=layout_origin
            data-overlay=overlay_word
            data-center=move || center.get().map(|it| format!("{},{}", decimal(it.x, 0), decimal(it.y, 0)))
            data-found=move || found.get()
            data-selected=move || chosen.with(|it| it.tables)
            data-place=move || chosen.with(|it| it.place.map(|(x, y)| format!("{},{}", decimal(x, 1), decimal(y, 1))))
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
                    let middle = event.button() == 1;
                    if event.button() == 0 || middle {
                        // A middle press would scroll the page, or paste.
                        if middle {
                            event.prevent_default();
                        }
                        capture(&event);
                        on_stage(&|stage| stage.press(Press {
                            pointer: event.pointer_id(),
                            at: place(&event),
                            held: held(&event),
                            middle,
                            finger: event.pointer_type() == "touch",
                        }));
                    }
                }
                on:pointermove=move |event| on_stage(&|stage| {
                    // That it went up was heard by nobody.
                    if event.buttons() == 0 {
                        stage.release(event.pointer_id(), None);
                    }
                    stage.moved(event.pointer_id(), place(&event), held(&event));
                })
                on:pointerup=move |event| on_stage(&|stage| {
                    stage.release(event.pointer_id(), Some(place(&event)));
                })
                on:pointercancel=move |event| on_stage(&|stage| stage.release(event.pointer_id(), None))
                on:lostpointercapture=move |event| on_stage(&|stage| stage.release(event.pointer_id(), None))
                on:pointerleave=move |event| on_stage(&|stage| {
                    // A finger that goes up leaves too; what it tapped stays named.
                    if event.pointer_type() != "touch" {
                        stage.leave();
                    }
                })
                on:dblclick=move |event| on_stage(&|stage| {
                    stage.open_at(Point::new(f64::from(event.offset_x()), f64::from(event.offset_y())));
                })
                on:wheel=move |event: ev::WheelEvent| {
                    event.prevent_default();
                    on_stage(&|stage| turn(stage, &event));
                }
                on:keydown=move |event| {
                    if shortcut(&event, help, finds, map) {
                        event.prevent_default();
                        return;
                    }
                    let held = Held {
                        shift: event.shift_key(),
                        control: event.ctrl_key() || event.meta_key(),
                        alt: event.alt_key(),
                    };
                    on_stage(&|stage| {
                        if stage.key(&event.key(), held) {
                            event.prevent_default();
                            set_if_other(focused_link, stage.focused_link());
                        } else if event.key() == "Escape" {
                            // A tip that is in the way.
                            pointed_link.set(None);
                        }
                    });
                }
                on:keyup=move |event| on_stage(&|stage| stage.key_up(&event.key()))
                on:blur=move |_| on_stage(&|stage| stage.key_up(" "))
            ></canvas>
            <Legend data=data.clone() query/>
            {may_arrange.then(|| view! {
                <ArrangeBar
                    chosen
                    on_tool=Callback::new(move |tool: Tool| on_stage(&|stage| stage.work(tool.clone())))
                    on_undo=Callback::new(move |()| on_stage(&|stage| stage.undo()))
                    on_redo=Callback::new(move |()| on_stage(&|stage| stage.redo()))
                    leave=reach.leave
                />
            })}
            <p id="diagram-keys" class="visually-hidden">
                "Arrow keys walk from table to table, brackets through the links of one; slash finds a table or column. Enter opens the table or follows the link, Escape lets go, question mark lists all keys. The list beside the picture says the same as a tree."
                {may_arrange.then_some(" With Alt, arrow keys move what is selected, with Shift farther; P pins, H hides, Delete removes areas and memos, Control Z takes back.")}
            </p>
            <Heard voice/>
            <Tip data=data.clone() named=pointed_link.into()/>
            <Minimap frame=map stage=slot/>
            <LostNotice lost stage=slot leave=reach.leave/>
            <Find data=data.clone() query columns hidden=hidden.into() stage=slot voice open=finds found leave=reach.leave/>
            <div class="diagram-controls" role="group" aria-label="Zoom and keys">
                <Button variant=ButtonVariant::Ghost icon=IconName::Info label="Keys of the diagram" testid="diagram-keys-open"
                    on_click=Callback::new(move |_| help.set(true))/>
                <Button variant=ButtonVariant::Ghost icon=IconName::Search label="Find in the diagram" testid="find-open"
                    on_click=Callback::new(move |_| finds.set(true))/>
                <Button variant=ButtonVariant::Ghost icon=IconName::ZoomOut label="Zoom out" testid="zoom-out"
                    on_click=Callback::new(move |_| on_stage(&|stage| stage.zoom_by(1.0 / ZOOM_STEP)))/>
                <output class="button button-ghost diagram-zoom" aria-live="off">{move || percent(zoom.get())}</output>
                <Button variant=ButtonVariant::Ghost icon=IconName::ZoomIn label="Zoom in" testid="zoom-in"
                    on_click=Callback::new(move |_| on_stage(&|stage| stage.zoom_by(ZOOM_STEP)))/>
                <Button variant=ButtonVariant::Ghost icon=IconName::ZoomTo label="Zoom to the selection" testid="zoom-selection"
                    on_click=Callback::new(move |_| on_stage(&|stage| stage.frame_selection()))/>
                <Button variant=ButtonVariant::Ghost icon=IconName::Fit label="Show all" testid="zoom-fit"
                    on_click=Callback::new(move |_| on_stage(&|stage| stage.fit()))/>
            </div>
        </div>
        <Drawer
            data=data.clone()
            query
            selected=selected.into()
            several=Memo::new(move |_| chosen.with(|it| it.several.clone())).into()
            focused_link=focused_link.into()
            hidden=hidden.into()
            is_hidden=Memo::new(move |_| chosen.with(|it| it.is_hidden)).into()
            notes=Memo::new(move |_| chosen.with(|it| it.notes.clone())).into()
            columns
            reach
        />
        <Help open=help may_arrange/>
    }
}

fn set_if_other<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|it| *it != value) {
        signal.set(value);
    }
}

/// Where one looks and what is selected, as the address says it.
fn view_of(data: &DiagramData, stage: &dyn Stage) -> ViewState {
    let mut selected = stage.chosen().several;
    if selected.is_empty() {
        selected.extend(stage.selected());
    }
    let selected = selected.iter().take(TABLES_MAX);
    let tables = selected.filter_map(|it| data.graph.tables.get(*it));
    ViewState {
        at: Some((stage.center(), stage.zoom())),
        tables: tables
            .map(diagram::graph::TableNode::qualified_name)
            .collect(),
    }
}

/// The picture has come to rest.
fn rests(stage: &dyn Stage, center: RwSignal<Option<Point>>, lost: Lost) {
    set_if_other(center, Some(stage.center()));
    lost.look(stage);
}

/// Keys of the picture that open and fold what lies over it. Says whether this was one.
fn shortcut(
    event: &ev::KeyboardEvent,
    help: RwSignal<bool>,
    finds: RwSignal<bool>,
    map: MapFrame,
) -> bool {
    let held = event.ctrl_key() || event.meta_key();
    match (event.key().as_str(), held) {
        ("?", _) => help.set(true),
        ("/", false) | ("f" | "F", true) => finds.set(true),
        ("m" | "M", false) if !event.alt_key() => map.toggle(),
        _ => return false,
    }
    true
}

/// The zoom in whole percents.
fn percents(zoom: f64) -> i64 {
    (zoom * 100.0).round() as i64
}

/// Whole percents; nothing before there is a zoom.
fn percent(zoom: f64) -> String {
    if zoom > 0.0 {
        format!("{} %", percents(zoom))
    } else {
        String::new()
    }
}

/// The keys that are held while a pointer does something.
fn held(event: &ev::PointerEvent) -> Held {
    Held {
        shift: event.shift_key(),
        control: event.ctrl_key() || event.meta_key(),
        alt: event.alt_key(),
    }
}

/// Where on the canvas a pointer is, in CSS pixels.
fn place(event: &ev::PointerEvent) -> Point {
    Point::new(f64::from(event.offset_x()), f64::from(event.offset_y()))
}

/// Keeps a drag going when the pointer leaves its canvas.
pub(super) fn capture(event: &ev::PointerEvent) {
    if let Some(canvas) = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
    {
        // Refused for a pointer that is gone already; then there is nothing to keep.
        let _ = canvas.set_pointer_capture(event.pointer_id());
    }
}

/// Calls after the next frame has been painted.
fn after_frame(call: impl FnOnce() + 'static) {
    request_animation_frame(move || set_timeout(call, std::time::Duration::ZERO));
}
