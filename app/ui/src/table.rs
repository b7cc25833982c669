//! Tables of data: the frame, heads that sort, cells.

use crate::icon::{Icon, IconName};
use leptos::prelude::*;

/// Which way a column is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortDirection {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// The frame of a table: it scrolls by itself where the screen is narrow, and can take the focus
/// so that a keyboard scrolls it too.
#[component]
pub fn TableFrame(
    /// What the table lists; read aloud, not shown.
    #[prop(into)]
    label: String,
    /// The cells of the head, `<th>` by `<th>`.
    head: AnyView,
    /// Scrolls in place at any width.
    #[prop(optional)]
    scroll: bool,
    /// Test hook, on the table.
    #[prop(optional)]
    testid: Option<&'static str>,
    /// The rows.
    children: Children,
) -> AnyView {
    let class = if scroll {
        "table-frame table-frame-scroll"
    } else {
        "table-frame"
    };
    view! {
        <div class=class role="group" aria-label=label tabindex="0">
            <table class="table" aria-label=label.clone() data-testid=testid>
                <thead>
                    <tr>{head}</tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// The head of a column that sorts. It is a link, so it works without wasm, and the address says
/// how the table is sorted.
#[component]
pub fn SortHeader(
    /// The column's name.
    #[prop(into)]
    label: String,
    /// The address that sorts by it.
    #[prop(into)]
    href: String,
    /// How it is sorted now, if it is.
    #[prop(optional_no_strip)]
    direction: Option<SortDirection>,
    /// Numbers: aligned at the end.
    #[prop(optional)]
    number: bool,
) -> AnyView {
    let (state, icon) = match direction {
        Some(SortDirection::Ascending) => (Some("ascending"), IconName::SortUp),
        Some(SortDirection::Descending) => (Some("descending"), IconName::SortDown),
        None => (None, IconName::SortDown),
    };
    view! {
        <th scope="col" class=number.then_some("num") aria-sort=state>
            <a class="sort-link" href=href>{label}<Icon name=icon/></a>
        </th>
    }
    .into_any()
}

/// A cell with a number, or a dimmed dash where there is none.
#[component]
pub fn NumberCell(
    /// The number as it is shown.
    #[prop(optional_no_strip, into)]
    value: Option<String>,
    /// The exact number on hover.
    #[prop(optional, into)]
    title: Option<String>,
) -> AnyView {
    match value {
        Some(value) => view! { <td class="num" title=title>{value}</td> }.into_any(),
        None => view! { <td class="num dim" title=title>"—"</td> }.into_any(),
    }
}

/// A cell with text, or a dimmed dash where there is none.
#[component]
pub fn DimCell(
    /// The text.
    #[prop(optional_no_strip, into)]
    value: Option<String>,
    /// A long text that may wrap.
    #[prop(optional)]
    wrap: bool,
) -> AnyView {
    let class = if wrap { "soft wrap" } else { "soft" };
    match value.filter(|text| !text.is_empty()) {
        Some(value) => view! { <td class=class>{value}</td> }.into_any(),
        None => view! { <td class="dim">"—"</td> }.into_any(),
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_sorted_head_says_so() {
        let owner = Owner::new();
        owner.set();
        let html = view! {
            <SortHeader label="Rows" href="?sort=-rows" direction=Some(SortDirection::Descending) number=true/>
        }
        .to_html();
        assert!(html.contains(r#"aria-sort="descending""#), "{html}");
        assert!(html.contains(r#"class="num""#), "{html}");
        let html = view! { <SortHeader label="Name" href="?sort=name"/> }.to_html();
        assert!(!html.contains("aria-sort"), "{html}");
    }

    #[test]
    fn empty_cells_are_dimmed() {
        let owner = Owner::new();
        owner.set();
        let html = view! { <DimCell value=Some(String::new())/> }.to_html();
        assert!(html.contains(r#"class="dim">—"#), "{html}");
        let html = view! { <NumberCell value=Some("1".to_owned())/> }.to_html();
        assert!(html.contains(r#"class="num">1"#), "{html}");
    }

    #[test]
    fn the_frame_can_be_reached_by_keyboard_and_has_a_name() {
        let owner = Owner::new();
        owner.set();
        let head = view! { <th scope="col">"A"</th> }.into_any();
        let html =
            view! { <TableFrame label="Columns" head><tr><td>"x"</td></tr></TableFrame> }.to_html();
        assert!(html.contains(r#"tabindex="0""#), "{html}");
        assert!(html.contains("<tbody><tr><td>x"), "{html}");
    }
}
