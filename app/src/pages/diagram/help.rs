//! The keys of the diagram.

use leptos::prelude::*;
use ui::{Dialog, Kbd};

/// Keys and what they do.
type Key = (&'static [&'static str], &'static str);

/// The keys of the picture.
const PICTURE: &[Key] = &[
    (&["←", "→", "↑", "↓"], "Select the next table on that side"),
    (&["]", "["], "Step through the links of the selected table"),
    (
        &["Enter"],
        "Go to the other end of the link, open the table, or unfold the group",
    ),
    (&["+", "−"], "Zoom"),
    (&["0"], "Show all"),
    (&["Z"], "Show what is selected, or both ends of the link"),
    (&["/", "Ctrl F"], "Find a table or column"),
    (&["M"], "Fold the small map, or show it"),
    (
        &["Shift ←", "Shift →", "Shift ↑", "Shift ↓"],
        "Select the next table too",
    ),
    (&["Ctrl A"], "Select all tables"),
    (&["Esc"], "Let go of the link, then of the table"),
    (&["?"], "Show these keys"),
];

/// The keys of those who may arrange.
const ARRANGE: &[Key] = &[
    (
        &["Alt ←", "Alt →", "Alt ↑", "Alt ↓"],
        "Move what is selected; with Shift farther",
    ),
    (
        &["Ctrl ←", "Ctrl →", "Ctrl ↑", "Ctrl ↓"],
        "Resize areas and memos; with Shift by more",
    ),
    (&["P"], "Pin tables, or let them go"),
    (&["H"], "Hide tables"),
    (&["Del"], "Take areas and memos away"),
    (&["Ctrl Z", "Ctrl Y"], "Take back, do again"),
];

/// What a pointer does, with the keys that are held.
const POINTER: &[Key] = &[
    (
        &["Shift click", "Ctrl click"],
        "Select a table, area or memo too, or let go of it",
    ),
    (&["Shift drag"], "Select what lies in a frame"),
    (
        &["Space drag", "Middle button"],
        "Move the picture, wherever it is taken hold of",
    ),
    (&["Double click"], "Open the table, or unfold the group"),
];

/// The keys of the line that finds.
const FIND: &[Key] = &[
    (&["Enter", "↓"], "Go to the next that is found"),
    (&["Shift Enter", "↑"], "Go to the one before"),
    (&["Esc"], "Back to the picture"),
];

/// The keys of the tree.
const TREE: &[Key] = &[
    (&["↑", "↓", "Home", "End"], "Go through the rows"),
    (&["→", "←"], "Open and close a table’s columns and links"),
    (&["Space"], "Open or close it"),
    (
        &["Enter"],
        "Open the table’s page, unfold the group, go to the other end of the link, or write on the area or memo",
    ),
    (
        &["Ctrl ↑", "Ctrl ↓"],
        "Go through the rows without selecting",
    ),
    (&["Ctrl Space"], "Select the table too, or let go of it"),
    (&["a … z"], "Go to the next table that begins so"),
    (&["Esc"], "Back to the picture"),
];

/// The dialog with the keys.
#[component]
pub(super) fn Help(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Whether the person may arrange.
    may_arrange: bool,
) -> impl IntoView {
    // Nobody opens it without scripts, and few with them.
    let parts = move || open.get().then(|| tables(may_arrange));
    view! {
        <Dialog open title="Keys of the diagram" id="diagram-help" text=true testid="diagram-help">
            {parts}
        </Dialog>
    }
}

fn tables(may_arrange: bool) -> AnyView {
    let parts = [
        Some(("In the picture", PICTURE)),
        may_arrange.then_some(("Arranging, in the picture", ARRANGE)),
        Some(("With a pointer", POINTER)),
        Some(("While finding", FIND)),
        Some(("In the list of tables", TREE)),
    ];
    parts
        .into_iter()
        .flatten()
        .map(|(place, keys)| {
            let rows = keys
                .iter()
                .map(|(keys, text)| {
                    let keys = keys
                        .iter()
                        .map(|key| view! { <Kbd keys=*key/>" " })
                        .collect_view();
                    view! { <tr><th scope="row">{keys}</th><td>{*text}</td></tr> }
                })
                .collect_view();
            view! {
                <table class="key-table">
                    <caption>{place}</caption>
                    <tbody>{rows}</tbody>
                </table>
            }
        })
        .collect_view()
        .into_any()
}
