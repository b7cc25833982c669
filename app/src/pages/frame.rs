//! The frame around every page of somebody who is signed in: rail, breadcrumb, search, messages.

use crate::bootstrap::use_bootstrap;
use crate::pages::embed::is_embedded;
use crate::pages::palette::Palette;
use leptos::prelude::*;
use model::account::{CurrentUser, Permission};
use ui::{
    Breadcrumb, Crumb, IconName, Menu, MenuItem, MenuPlacement, MenuSeparator, Notice, RailItem,
    Shell, Theme, ThemeSwitch, Tone,
};

/// Which entry of the rail the page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// The first page.
    Home,
    /// Databases and all that is in them.
    Databases,
    /// What is catalogued without a database.
    Datasets,
    /// None of them.
    None,
}

/// How the page uses its room.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum FrameKind {
    /// A column of readable width.
    #[default]
    Page,
    /// As wide as the window.
    Wide,
    /// The whole room below the top bar, without padding.
    Full,
}

/// The frame around a page.
#[component]
pub fn Frame(
    /// The path to the page, the page itself last.
    crumbs: Vec<Crumb>,
    /// The entry of the rail that is marked.
    section: Section,
    /// How the page uses its room.
    #[prop(optional)]
    kind: FrameKind,
    children: Children,
) -> AnyView {
    // Another site shows what it wants to show around it.
    if is_embedded() {
        let main = view! { <main id="main" class="embed">{children()}</main> };
        return main.into_any();
    }
    let bootstrap = use_bootstrap();
    let items = vec![
        RailItem::new("/", "Home", IconName::Home, section == Section::Home),
        RailItem::new(
            "/databases",
            "Databases",
            IconName::Database,
            section == Section::Databases,
        ),
        RailItem::new(
            "/datasets",
            "Datasets",
            IconName::Box,
            section == Section::Datasets,
        ),
    ];
    // What is about a field stands beside the field.
    let flash = bootstrap
        .flash
        .filter(|flash| flash.field.is_none())
        .map(|flash| {
            let tone = if flash.success {
                Tone::Success
            } else {
                Tone::Error
            };
            view! { <Notice tone testid="flash">{flash.message}</Notice> }
        });
    let theme = Theme::from_word(bootstrap.theme.as_deref());
    let user = bootstrap
        .user
        .map(|user| user_menu(&user, theme))
        .unwrap_or_else(|| ().into_any());
    let breadcrumb = view! { <Breadcrumb crumbs/> }.into_any();
    let search = view! { <Palette/> }.into_any();
    let class = match kind {
        FrameKind::Page => "page",
        FrameKind::Wide => "page page-wide",
        FrameKind::Full => "page-full",
    };
    view! {
        <Shell items user breadcrumb search>
            <div class=class>
                {flash}
                {children()}
            </div>
        </Shell>
    }
    .into_any()
}

fn user_menu(user: &CurrentUser, theme: Theme) -> AnyView {
    // What is read aloud begins with what is seen.
    let label = format!("{}, your account", user.display_name());
    let is_administrator = user.role.allows(Permission::Administer);
    let initial: String = user.display_name().chars().take(1).collect();
    let trigger = view! {
        // The letter is an ornament: as text it would be part of the name that is read aloud.
        <span class="avatar" aria-hidden="true" data-initial=initial></span>
        <span class="rail-label">{user.display_name().to_owned()}</span>
    }
    .into_any();
    view! {
        // The menu's entries post this form, so that signing out works without scripts.
        <form id="logout" method="post" action="/rpc/logout" hidden></form>
        <Menu id="user-menu" label trigger class="rail-user" placement=MenuPlacement::Up testid="user-menu">
            <MenuItem href="/me" icon=IconName::User>"Your account"</MenuItem>
            {is_administrator.then(|| view! {
                <MenuItem href="/admin/groups" icon=IconName::Users testid="groups-link">"Groups"</MenuItem>
            })}
            <MenuSeparator/>
            <div class="menu-row"><ThemeSwitch theme/></div>
            <MenuSeparator/>
            <MenuItem form="logout" icon=IconName::Logout testid="logout">"Sign out"</MenuItem>
        </Menu>
    }
    .into_any()
}
