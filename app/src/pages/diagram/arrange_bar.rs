//! The tools that arrange what is selected, over the picture.

use crate::canvas::stage::{Chosen, Tool, Written};
use diagram::arrange::Arrange;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use model::view::ViewColour;
use std::time::Duration;
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

/// What is typed is made part of the picture after such a rest.
const TYPING_REST: Duration = Duration::from_millis(400);

/// The id of the field for the title of an area.
pub(super) const TITLE_FIELD: &str = "arrange-title";
/// The id of the field for the text of a memo.
pub(super) const MEMO_FIELD: &str = "memo-text";

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
    /// Gives the keyboard to the picture.
    leave: Callback<()>,
) -> AnyView {
    // Told with every frame of a drag: only what differs may draw anew.
    let tables = Memo::new(move |_| chosen.with(|it| it.tables));
    let pinned = Memo::new(move |_| chosen.with(|it| it.pinned));
    let hidden = Memo::new(move |_| chosen.with(|it| it.hidden));
    let colour = Memo::new(move |_| chosen.with(|it| it.colour));
    let can_undo = Memo::new(move |_| chosen.with(|it| it.can_undo));
    let can_redo = Memo::new(move |_| chosen.with(|it| it.can_redo));
    let id = |note: &Option<Written>| note.as_ref().map(|it| it.id.clone());
    let area = Memo::new(move |_| chosen.with(|it| id(&it.area)));
    let memo = Memo::new(move |_| chosen.with(|it| id(&it.memo)));
    let several = Memo::new(move |_| tables.get() > 1);
    let some = Memo::new(move |_| chosen.with(|it| it.lasting) > 0);
    let fleeting = Memo::new(move |_| chosen.with(|it| it.tables > it.lasting));
    let may_colour = Memo::new(move |_| some.get() || area.with(Option::is_some));
    let may_remove = Memo::new(move |_| {
        tables.get() == 0 && (area.with(Option::is_some) || memo.with(Option::is_some))
    });
    let has_hidden = Memo::new(move |_| hidden.get() > 0);
    // The button that had the keyboard goes away with what it was for; so does one that can do no more.
    let on_last = Callback::new(move |tool: Tool| {
        on_tool.run(tool);
        leave.run(());
    });
    view! {
        <div class="arrange-bar" role="group" aria-label="Arrange" data-testid="arrange-bar">
            <Button variant=ButtonVariant::Ghost testid="arrange-undo" disabled=Signal::derive(move || !can_undo.get())
                on_click=Callback::new(move |_| {
                    on_undo.run(());
                    if !can_undo.get_untracked() {
                        leave.run(());
                    }
                })>"Undo"</Button>
            <Button variant=ButtonVariant::Ghost testid="arrange-redo" disabled=Signal::derive(move || !can_redo.get())
                on_click=Callback::new(move |_| {
                    on_redo.run(());
                    if !can_redo.get_untracked() {
                        leave.run(());
                    }
                })>"Redo"</Button>
            {move || several.get().then(|| for_several(on_tool))}
            {move || some.get().then(|| view! {
                <Button variant=ButtonVariant::Ghost testid="arrange-pin" pressed=Signal::from(pinned)
                    on_click=Callback::new(move |_| on_tool.run(Tool::Pin(!pinned.get_untracked())))>"Pin"</Button>
            })}
            {move || may_colour.get().then(|| colours(on_tool, some, colour))}
            {move || some.get().then(|| tool("Hide", "arrange-hide", on_last, Tool::Hide))}
            {tool("Area", "arrange-area", on_tool, Tool::Area)}
            {tool("Memo", "arrange-memo", on_tool, Tool::Memo)}
            {move || may_remove.get().then(|| tool("Remove", "arrange-remove", on_last, Tool::Remove))}
            {move || has_hidden.get().then(|| view! {
                <Button variant=ButtonVariant::Ghost testid="arrange-show-hidden"
                    on_click=Callback::new(move |_| on_last.run(Tool::ShowHidden))>
                    {move || format!("Show hidden ({})", hidden.get())}
                </Button>
            })}
            {move || fleeting.get().then(|| view! {
                <span class="dim" data-testid="arrange-fleeting">"The place of a table of an older version is not kept."</span>
            })}
            {move || area.get().map(|id| title(id, chosen, on_tool))}
            {move || memo.get().map(|id| text(id, chosen, on_tool))}
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

fn colours(
    on_tool: Callback<Tool>,
    tables: Memo<bool>,
    current: Memo<Option<ViewColour>>,
) -> AnyView {
    let item = move |colour: Option<ViewColour>| {
        let give = Callback::new(move |_| on_tool.run(Tool::Colour(colour)));
        let swatch = colour.map(|colour| {
            let class = format!("arrange-swatch arrange-{}", colour.as_str());
            view! { <span class=class aria-hidden="true"></span> }
        });
        let word = capital(colour.map_or("none", ViewColour::as_str));
        let is_current = colour.is_some() && current.get() == colour;
        view! {
            <MenuItem on_click=give current=is_current testid="arrange-colour-item">{swatch}{word}</MenuItem>
        }
    };
    let items = move || {
        let all = ViewColour::ALL.into_iter().map(Some);
        let none = tables.get().then_some(None);
        all.chain(none).map(item).collect_view()
    };
    view! {
        <Menu id="arrange-colour" label="Colour of what is selected" trigger=trigger("Colour")
            placement=MenuPlacement::Start testid="arrange-colour">
            {items}
        </Menu>
    }
    .into_any()
}

/// What somebody writes on an area or a memo. The picture gets it after a rest, when the field is
/// left, and when it goes away: a finger elsewhere lets go of the note before the field hears of it,
/// and by then something else may be selected.
#[derive(Clone, Copy)]
struct Writing {
    id: StoredValue<String>,
    /// What the picture does not have yet, and the timer after which it gets it.
    typed: StoredValue<Option<(String, Option<TimeoutHandle>)>>,
    on_tool: Callback<Tool>,
}

impl Writing {
    /// On the area or memo `id`, for as long as the field for it is there.
    fn on(id: String, on_tool: Callback<Tool>) -> Self {
        let writing = Self {
            id: StoredValue::new(id),
            typed: StoredValue::new(None),
            on_tool,
        };
        on_cleanup(move || writing.finish());
        writing
    }

    /// Something was typed: all of the text.
    fn typed(self, text: String) {
        let timer = set_timeout_with_handle(move || self.finish(), TYPING_REST).ok();
        let before = self
            .typed
            .try_update_value(|typed| typed.replace((text, timer)));
        if let Some((_, Some(timer))) = before.flatten() {
            timer.clear();
        }
    }

    /// True while the picture does not have what was typed.
    fn waits(self) -> bool {
        self.typed.try_with_value(Option::is_some) == Some(true)
    }

    /// Gives the picture what it does not have yet. Browsers tell a field that is taken away that it
    /// has changed, so this may be called when nothing of it is left.
    fn finish(self) {
        let Some((text, timer)) = self.typed.try_update_value(Option::take).flatten() else {
            return;
        };
        if let Some(timer) = timer {
            timer.clear();
        }
        let Some(id) = self.id.try_get_value() else {
            return;
        };
        // When the whole page goes away there may be nobody left to do it.
        self.on_tool.try_run(Tool::Write(Written { id, text }));
    }
}

/// What is written on the note `id`, while it is the one that is selected.
fn stored(note: Option<&Written>, id: &str) -> Option<String> {
    note.filter(|it| it.id == id).map(|it| it.text.clone())
}

fn title(id: String, chosen: RwSignal<Chosen>, on_tool: Callback<Tool>) -> AnyView {
    let writing = Writing::on(id.clone(), on_tool);
    let stored = Memo::new(move |_| chosen.with(|it| stored(it.area.as_ref(), &id)));
    let written = RwSignal::new(stored.get_untracked().unwrap_or_default());
    Effect::new(move || fill(written, stored.get(), writing));
    view! {
        <label class="arrange-field">
            <span class="visually-hidden">"Title of the area"</span>
            <input class="input" id=TITLE_FIELD type="text" maxlength="200" autocomplete="off" placeholder="Title" data-testid="arrange-title"
                prop:value=move || written.get()
                on:input=move |event| {
                    written.set(event_target_value(&event));
                    writing.typed(event_target_value(&event));
                }
                on:change=move |_| writing.finish()/>
        </label>
    }
    .into_any()
}

fn text(id: String, chosen: RwSignal<Chosen>, on_tool: Callback<Tool>) -> AnyView {
    let writing = Writing::on(id.clone(), on_tool);
    let stored = Memo::new(move |_| chosen.with(|it| stored(it.memo.as_ref(), &id)));
    let written = RwSignal::new(stored.get_untracked().unwrap_or_default());
    Effect::new(move || fill(written, stored.get(), writing));
    view! {
        <div class="arrange-text" on:input=move |event| writing.typed(event_target_value(&event))
            on:change=move |_| writing.finish()>
            <TextArea label="Memo, in Markdown" name=MEMO_FIELD bind=written maxlength=10_000 testid="arrange-text"/>
        </div>
    }
    .into_any()
}

/// Fills a field with what is written, unless somebody is writing there.
fn fill(field: RwSignal<String>, stored: Option<String>, writing: Writing) {
    if let Some(stored) = stored.filter(|it| *it != field.get_untracked() && !writing.waits()) {
        field.set(stored);
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|it| it.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// What stands on the button of a menu.
pub(super) fn trigger(text: &'static str) -> AnyView {
    view! { <span>{text}</span><Icon name=IconName::ChevronDown/> }.into_any()
}
