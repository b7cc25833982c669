//! What stands above a page: palette and toasts, opened in the markup.

use crate::frame::shell;
use leptos::prelude::*;
use ui::*;

/// The page.
pub(crate) fn page() -> AnyView {
    let option = |icon, name: &'static str, place: &'static str, chosen: bool| {
        view! {
            <a class="palette-option" role="option" href="#" aria-selected=if chosen { "true" } else { "false" }>
                <Icon name=icon/>
                <span class="palette-name mono"><mark>"ord"</mark>{name}</span>
                <span class="palette-where">{place}</span>
            </a>
        }
    };
    let page = view! {
        <div class="page">
            <PageHeader title="Above the page"/>
            <Notice>"Behind the palette."</Notice>
        </div>
        <dialog class="palette" open=true>
            <div class="palette-line">
                <Icon name=IconName::Search/>
                <input class="palette-input" value="ord" aria-label="Search"/>
                <Kbd keys="Esc"/>
            </div>
            <div class="palette-list" role="listbox" aria-label="Results">
                <div class="palette-group">"Tables"</div>
                {option(IconName::Table, "ers", "warehouse / sales", true)}
                {option(IconName::Table, "er_lines", "warehouse / sales", false)}
                {option(IconName::View, "ers_by_day", "warehouse / reporting", false)}
                <div class="palette-group">"Columns"</div>
                {option(IconName::Column, "er_id", "shipments, bigint", false)}
                {option(IconName::Column, "er_status", "sales.orders, order_status", false)}
            </div>
            <div class="palette-foot"><span>"↑↓ choose"</span><span>"↵ open"</span><span>"Ctrl ↵ in the diagram"</span></div>
        </dialog>
        <div class="toast-region">
            <div class="notice notice-success toast">
                <Icon name=IconName::Success/>
                <div>"Description saved."</div>
                <Button variant=ButtonVariant::Ghost size=ButtonSize::Small icon=IconName::Close label="Dismiss"/>
            </div>
        </div>
    }
    .into_any();
    shell(vec![Crumb::here("Above")], "Home", page)
}
