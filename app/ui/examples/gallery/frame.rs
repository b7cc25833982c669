//! The shell around the mock pages.

use leptos::prelude::*;
use model::time::Timestamp;
use ui::{
    Breadcrumb, Crumb, Icon, IconName, Kbd, Menu, MenuItem, MenuPlacement, MenuSeparator, Now,
    RailItem, RailSection, Shell,
};

/// The moment that the mock pages call now.
pub(crate) const NOW: Now = Now(Timestamp(1_795_248_000_000));

/// A moment so many minutes before now.
pub(crate) fn before(minutes: i64) -> Timestamp {
    Timestamp(NOW.0.0 - minutes * 60_000)
}

/// The shell with the rail of the whole product.
pub(crate) fn shell(crumbs: Vec<Crumb>, current: &str, page: AnyView) -> AnyView {
    let item = |href: &str, label: &str, icon| RailItem::new(href, label, icon, label == current);
    let items = vec![
        item("/", "Home", IconName::Home),
        item("/databases", "Databases", IconName::Database),
        item("/diagrams", "Diagrams", IconName::Diagram),
        item("/history", "History", IconName::History),
        item("/sql", "SQL", IconName::Sql),
        item("/notes", "Notes", IconName::Note),
        item("/insight", "Insight", IconName::Insight),
    ];
    let sections = vec![RailSection {
        title: "Views".to_owned(),
        items: vec![
            item("/v/1", "billing / invoices", IconName::View),
            item("/v/2", "growth / funnel", IconName::View),
            item("/v/3", "ops / incidents", IconName::View),
        ],
    }];
    let foot = vec![item("/admin", "Administration", IconName::Settings)];
    let trigger = view! {
        <span class="avatar" aria-hidden="true">"A"</span>
        <span class="truncate">"Ada Example"</span>
    }
    .into_any();
    let user = view! {
        <Menu id="user-menu" label="Ada Example" trigger class="rail-user" placement=MenuPlacement::Up>
            <div class="menu-head">"ada@example.com"</div>
            <MenuItem href="/me" icon=IconName::User>"Profile"</MenuItem>
            <MenuSeparator/>
            <MenuItem icon=IconName::Logout>"Sign out"</MenuItem>
        </Menu>
    }
    .into_any();
    let breadcrumb = view! { <Breadcrumb crumbs/> }.into_any();
    let search = view! {
        <button class="search-button" type="button" aria-label="Search">
            <Icon name=IconName::Search/>
            <span class="search-label">"Find a table, column, query…"</span>
            <Kbd keys="Ctrl K"/>
        </button>
    }
    .into_any();
    view! {
        <Shell items sections foot user breadcrumb search>
            {page}
        </Shell>
    }
    .into_any()
}
