//! Long lists of which only a window is in the document.

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;

/// Rows kept ready above and below what is seen.
const MARGIN: usize = 8;
/// Rows the server renders, before anybody knows how tall the window is.
const FIRST: usize = 28;

/// A list of rows of equal height of which only those near the window are in the document. The
/// space of the others is held by two images of nothing, whose height is an attribute and no style.
#[component]
pub fn VirtualList(
    /// How many rows there are.
    #[prop(into)]
    length: Signal<usize>,
    /// Renders one row.
    #[prop(into)]
    row: Callback<usize, AnyView>,
    /// Changes when the rows' content does: all in sight are rendered anew.
    #[prop(optional, into)]
    version: Signal<u64>,
    /// The row to keep in sight, the one chosen with the keyboard.
    #[prop(optional, into)]
    active: Signal<Option<usize>>,
    /// How tall a row is before it could be measured.
    #[prop(default = 32)]
    row_height: u32,
    /// Further classes, for the list's own height.
    #[prop(optional)]
    class: &'static str,
    /// `list`, `listbox`, `tree`; rows carry the role that goes with it.
    #[prop(default = "list")]
    role: &'static str,
    /// Several rows may be selected at a time.
    #[prop(optional)]
    multiselectable: bool,
    /// What is listed.
    #[prop(into)]
    label: String,
    /// A unique id, for `aria-controls`.
    #[prop(optional)]
    id: Option<&'static str>,
    /// What the keyboard does where the list itself has the focus: then it is a stop of the tab key.
    #[prop(optional)]
    on_key: Option<Callback<KeyboardEvent>>,
    /// The id of the active row, which the focus of the list means.
    #[prop(optional, into)]
    active_id: Signal<Option<String>>,
    /// Test hook.
    #[prop(optional)]
    testid: Option<&'static str>,
) -> AnyView {
    let list = NodeRef::<html::Div>::new();
    let height = RwSignal::new(f64::from(row_height.max(1)));
    let top = RwSignal::new(0.0_f64);
    let seen = RwSignal::new(0.0_f64);

    // The style decides how tall rows and window are; they are measured when the list appears and
    // whenever it changes or scrolls.
    let measure = move || {
        let Some(list) = list.get_untracked() else {
            return;
        };
        // Whoever scrolls away from the active row is not brought back: what is as it was tells nobody.
        let put = |signal: RwSignal<f64>, now: i32| {
            let now = f64::from(now);
            if signal.get_untracked() != now {
                signal.set(now);
            }
        };
        put(top, list.scroll_top());
        put(seen, list.client_height());
        if let Ok(Some(row)) = list.query_selector(".virtual-row") {
            let measured = row.get_bounding_client_rect().height();
            if measured >= 1.0 && (measured - height.get_untracked()).abs() > 0.5 {
                height.set(measured);
            }
        }
    };
    Effect::new(move || {
        if list.get().is_some() {
            length.track();
            version.track();
            measure();
        }
    });
    follow_height(list, measure);
    Effect::new(move || {
        if let (Some(list), Some(active)) = (list.get(), active.get()) {
            // What comes beside the list takes room from it.
            seen.track();
            let start = active as f64 * height.get();
            let end = start + height.get();
            let from = f64::from(list.scroll_top());
            let room = f64::from(list.client_height());
            if start < from {
                list.set_scroll_top(start as i32);
            } else if end > from + room {
                list.set_scroll_top((end - room).ceil() as i32);
            }
        }
    });

    let window = Memo::new(move |_| {
        let length = length.get();
        let height = height.get();
        let seen = seen.get();
        let first = ((top.get() / height) as usize)
            .min(length)
            .saturating_sub(MARGIN);
        let count = if seen > 0.0 {
            (seen / height).ceil() as usize + 2 * MARGIN
        } else {
            FIRST
        };
        (first, (first + count).min(length))
    });
    // Somebody may have scrolled away from it; a name of what is not in the document names nothing.
    let is_there = Memo::new(move |_| {
        let (first, end) = window.get();
        active
            .get()
            .is_none_or(|active| (first..end).contains(&active))
    });
    let class = if class.is_empty() {
        "virtual-list".to_owned()
    } else {
        format!("virtual-list {class}")
    };
    let space = move |rows: usize| ((rows as f64) * height.get()).round() as u64;
    view! {
        <div
            class=class
            id=id
            role=role
            aria-multiselectable=multiselectable.then_some("true")
            aria-label=label
            tabindex=if on_key.is_some() { "0" } else { "-1" }
            aria-activedescendant=move || active_id.get().filter(|_| is_there.get())
            data-testid=testid
            node_ref=list
            on:keydown=move |event| {
                if let Some(on_key) = on_key {
                    on_key.run(event);
                }
            }
            on:scroll=move |_| measure()
        >
            <svg class="virtual-space" width="1" height=move || space(window.get().0) aria-hidden="true"></svg>
            <For
                each=move || {
                    let (first, end) = window.get();
                    let version = version.get();
                    (first..end).map(move |place| (place, version))
                }
                key=|key| *key
                let:key
            >
                <div class="virtual-row" role="presentation">{row.run(key.0)}</div>
            </For>
            <svg
                class="virtual-space"
                width="1"
                height=move || space(length.get().saturating_sub(window.get().1))
                aria-hidden="true"
            ></svg>
        </div>
    }
    .into_any()
}

/// Measures whenever the window of the list becomes taller or lower.
fn follow_height(list: NodeRef<html::Div>, measure: impl Fn() + Copy + 'static) {
    Effect::new(move || {
        let Some(list) = list.get() else { return };
        let resized = Closure::<dyn FnMut()>::new(measure);
        let observer = web_sys::ResizeObserver::new(resized.as_ref().unchecked_ref()).ok();
        if let Some(observer) = &observer {
            observer.observe(&list);
        }
        let kept = StoredValue::new_local(Some((resized, observer)));
        on_cleanup(move || {
            if let Some(Some((_resized, Some(observer)))) = kept.try_update_value(Option::take) {
                observer.disconnect();
            }
        });
    });
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn the_server_renders_the_first_rows_and_the_space_of_the_others() {
        let owner = Owner::new();
        owner.set();
        let html = view! {
            <VirtualList
                length=50_000_usize
                row=Callback::new(|place: usize| view! { <span>{place}</span> }.into_any())
                label="Tables"
            />
        }
        .to_html();
        assert_eq!(html.matches("virtual-row").count(), FIRST, "{html}");
        assert!(
            html.contains(&format!(r#"height="{}""#, (50_000 - FIRST) * 32)),
            "{html}"
        );
        assert!(!html.contains("style="), "{html}");
    }
}
