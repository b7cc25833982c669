//! The tools that arrange what is selected, over the picture.

use crate::canvas::stage::{Chosen, Tool};
use diagram::arrange::Arrange;
use leptos::prelude::*;
use model::view::ViewColour;
use ui::{Button, ButtonVariant, Icon, IconName, Menu, MenuItem, MenuPlacement, TextArea};

/// How tables are put in line, with words for people.
const ALIGN: [(Arrange, &str); 6] = [
    (Arrange::Left, "Left edges"),
    (Arrange::Centre, "Centres"),
    (Arrange::Right, "Right edges"),
    (Arrange::Top, "Tops"),
    (Arrange::Middle, "Middles"),
    (Arrange::Bottom, "Bottoms"),
];

/// How they are put evenly apart.
const DISTRIBUTE: [(Arrange, &str); 2] = [
    (Arrange::Across, "Side by side"),
    (Arrange::Down, "One below the other"),
];

/// The tools. Nothing of it is there for people who may not arrange.
#[component]
pub(super) fn ArrangeBar(
    /// What is selected.
    chosen: RwSignal<Chosen>,
    /// Uses a tool on it.
    on_tool: Callback<Tool>,
    /// Takes back what was done last.
    on_undo: Callback<()>,
    /// Does it again.
    on_redo: Callback<()>,
) -> AnyView {
    // Told with every frame of a drag: only what differs may draw anew.
    let tables = Memo::new(move |_| chosen.with(|it| it.tables));
    let pinned = Memo::new(move |_| chosen.with(|it| it.pinned));
    let hidden = Memo::new(move |_| chosen.with(|it| it.hidden));
    let can_undo = Memo::new(move |_| chosen.with(|it| it.can_undo));
    let can_redo = Memo::new(move |_| chosen.with(|it| it.can_redo));
    let has_area = Memo::new(move |_| chosen.with(|it| it.area.is_some()));
    let has_memo = Memo::new(move |_| chosen.with(|it| it.memo.is_some()));
    let several = move || tables.get() > 1;
    let some = move || tables.get() > 0;
    let has_any = move || some() || has_area.get() || has_memo.get();
    view! {
        <div class="arrange-bar" role="group" aria-label="Arrange" data-testid="arrange-bar">
            <Button variant=ButtonVariant::Ghost testid="arrange-undo" disabled=Signal::derive(move || !can_undo.get())
                on_click=Callback::new(move |_| on_undo.run(()))>"Undo"</Button>
            <Button variant=ButtonVariant::Ghost testid="arrange-redo" disabled=Signal::derive(move || !can_redo.get())
                on_click=Callback::new(move |_| on_redo.run(()))>"Redo"</Button>
            {move || several().then(|| for_several(on_tool))}
            {move || some().then(|| view! {
                <Button variant=ButtonVariant::Ghost testid="arrange-pin" pressed=Signal::from(pinned)
                    on_click=Callback::new(move |_| on_tool.run(Tool::Pin(!pinned.get_untracked())))>"Pin"</Button>
            })}
            {move || (some() || has_area.get()).then(|| colours(on_tool, some()))}
            {move || some().then(|| tool("Hide", "arrange-hide", on_tool, Tool::Hide))}
            {tool("Area", "arrange-area", on_tool, Tool::Area)}
            {tool("Memo", "arrange-memo", on_tool, Tool::Memo)}
            {move || (has_any() && !some()).then(|| tool("Remove", "arrange-remove", on_tool, Tool::Remove))}
            {move || (hidden.get() > 0).then(|| {
                let label = format!("Show hidden ({})", hidden.get());
                view! {
                    <Button variant=ButtonVariant::Ghost testid="arrange-show-hidden"
                        on_click=Callback::new(move |_| on_tool.run(Tool::ShowHidden))>{label}</Button>
                }
            })}
            {move || has_area.get().then(|| title(chosen, on_tool))}
            {move || has_memo.get().then(|| text(chosen, on_tool))}
        </div>
    }
    .into_any()
}

fn tool(label: &'static str, testid: &'static str, on_tool: Callback<Tool>, tool: Tool) -> AnyView {
    view! {
        <Button variant=ButtonVariant::Ghost testid on_click=Callback::new(move |_| on_tool.run(tool.clone()))>
            {label}
        </Button>
    }
    .into_any()
}

/// What only makes sense with two tables or more.
fn for_several(on_tool: Callback<Tool>) -> AnyView {
    let items = move |orders: &'static [(Arrange, &'static str)]| {
        orders
            .iter()
            .map(|&(order, label)| {
                let give = Callback::new(move |_| on_tool.run(Tool::Arrange(order)));
                view! { <MenuItem on_click=give testid="arrange-item">{label}</MenuItem> }
            })
            .collect_view()
    };
    view! {
        <Menu id="arrange-align" label="Align the selected tables" trigger=trigger("Align")
            placement=MenuPlacement::Start testid="arrange-align">{items(&ALIGN)}</Menu>
        <Menu id="arrange-distribute" label="Distribute the selected tables" trigger=trigger("Distribute")
            placement=MenuPlacement::Start testid="arrange-distribute">{items(&DISTRIBUTE)}</Menu>
        {tool("Tidy", "arrange-tidy", on_tool, Tool::Arrange(Arrange::Tidy))}
    }
    .into_any()
}

fn colours(on_tool: Callback<Tool>, tables: bool) -> AnyView {
    let items = ViewColour::ALL
        .into_iter()
        .map(|colour| {
            let give = Callback::new(move |_| on_tool.run(Tool::Colour(Some(colour))));
            let word = colour.as_str();
            let class = format!("arrange-swatch arrange-{word}");
            view! {
                <MenuItem on_click=give testid="arrange-colour-item">
                    <span class=class aria-hidden="true"></span>{capital(word)}
                </MenuItem>
            }
        })
        .collect_view();
    let none = Callback::new(move |_| on_tool.run(Tool::Colour(None)));
    view! {
        <Menu id="arrange-colour" label="Colour of what is selected" trigger=trigger("Colour")
            placement=MenuPlacement::Start testid="arrange-colour">
            {items}
            {tables.then(|| view! { <MenuItem on_click=none testid="arrange-colour-item">"None"</MenuItem> })}
        </Menu>
    }
    .into_any()
}

fn title(chosen: RwSignal<Chosen>, on_tool: Callback<Tool>) -> AnyView {
    let title = Memo::new(move |_| chosen.with(|it| it.area.clone().unwrap_or_default()));
    view! {
        <label class="arrange-field">
            <span class="visually-hidden">"Title of the area"</span>
            <input class="input" type="text" maxlength="200" autocomplete="off" placeholder="Title" data-testid="arrange-title"
                prop:value=move || title.get()
                on:change=move |event| on_tool.run(Tool::Title(event_target_value(&event)))/>
        </label>
    }
    .into_any()
}

fn text(chosen: RwSignal<Chosen>, on_tool: Callback<Tool>) -> AnyView {
    let written = RwSignal::new(chosen.with_untracked(|it| it.memo.clone().unwrap_or_default()));
    let stored = Memo::new(move |_| chosen.with(|it| it.memo.clone().unwrap_or_default()));
    Effect::new(move || {
        let stored = stored.get();
        if written.get_untracked() != stored {
            written.set(stored);
        }
    });
    view! {
        <div class="arrange-text" on:change=move |_| on_tool.run(Tool::Text(written.get_untracked()))>
            <TextArea label="Memo, in Markdown" name="memo-text" bind=written maxlength=10_000 testid="arrange-text"/>
        </div>
    }
    .into_any()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|it| it.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

fn trigger(text: &'static str) -> AnyView {
    view! { <span>{text}</span><Icon name=IconName::ChevronDown/> }.into_any()
}
