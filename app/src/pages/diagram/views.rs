//! The views of a database: which one is open, the others, and what can be done with them.

use crate::bootstrap::use_bootstrap;
use crate::canvas::view_sync::{SaveState, SyncNews};
use crate::pages::embed::is_embedded;
use contract::catalog::DiagramData;
use leptos::html::Div;
use leptos::prelude::*;
use model::address::view_address;
use model::diagram::DiagramQuery;
use model::id::DatabaseId;
use model::saved_view::ViewSummary;
use std::sync::Arc;
use ui::{Button, ButtonLink, Checkbox, Icon, IconName, SearchField};
use wasm_bindgen::JsCast as _;

/// From so many views on they can be searched.
const SEARCH_FROM: usize = 16;

/// The view that is open, and how it stands with what was arranged in it.
#[derive(Clone, Copy)]
pub(super) struct OpenState {
    /// The view; it may be made while the page is open.
    pub(super) view: RwSignal<Option<ViewSummary>>,
    /// The views to choose from.
    pub(super) views: RwSignal<Vec<ViewSummary>>,
    /// Whether everything is stored.
    pub(super) state: RwSignal<SaveState>,
    /// Whether the view shows something else by now. That stays so until the page is loaded anew,
    /// whatever becomes of what is arranged.
    is_outdated: RwSignal<bool>,
    /// Whether the page opened a view.
    was_open: bool,
    /// Writes where one looks into the address at once, as soon as there is a picture.
    settle: StoredValue<Option<Callback<()>>>,
}

impl OpenState {
    pub(super) fn new(data: &DiagramData) -> Self {
        Self {
            view: RwSignal::new(data.view.as_ref().map(|view| view.summary.clone())),
            views: RwSignal::new(data.views.clone()),
            state: RwSignal::new(SaveState::Idle),
            is_outdated: RwSignal::new(false),
            was_open: data.view.is_some(),
            settle: StoredValue::new(None),
        }
    }

    /// From now on the picture can say where one looks.
    pub(super) fn settles(self, settle: Callback<()>) {
        self.settle.set_value(Some(settle));
    }

    /// The address of what is shown: it follows the picture only when that rests.
    pub(super) fn here(self) -> String {
        if let Some(settle) = self.settle.get_value() {
            settle.run(());
        }
        window().location().href().unwrap_or_default()
    }

    /// Takes in what the browser's part heard.
    pub(super) fn hear(self, news: SyncNews) {
        match news {
            SyncNews::State(state) => {
                let _ = self.state.try_set(state);
            }
            SyncNews::Outdated => {
                let _ = self.is_outdated.try_set(true);
            }
            SyncNews::Made(summary) => {
                self.views.try_update(|views| {
                    // Made by an earlier attempt, it is among them already.
                    views.retain(|view| view.id != summary.id);
                    views.push((*summary).clone());
                });
                let _ = self.view.try_set(Some(*summary));
            }
        }
    }

    /// What the address asks for, with the view that is open.
    pub(super) fn address(self, query: &DiagramQuery) -> DiagramQuery {
        match self.view.get() {
            None => query.clone(),
            // A view that was made on this page holds what the address asked for.
            Some(view) if !self.was_open => DiagramQuery::of_view(&view.id),
            Some(view) => DiagramQuery {
                view: Some(view.id.to_string()),
                ..query.clone()
            },
        }
    }
}

/// The menu of views. A view may be made while it is open: what somebody types in it stays.
#[component]
pub(super) fn ViewsMenu(
    data: Arc<DiagramData>,
    /// What the address asks for.
    query: Signal<DiagramQuery>,
    open: OpenState,
) -> AnyView {
    let id = data.database_id.clone();
    let panel = NodeRef::<Div>::new();
    let filter = RwSignal::new(String::new());
    let label = move || match open.view.get() {
        Some(view) => view.name,
        None => "Views".to_owned(),
    };
    let name = move || match open.view.get() {
        Some(view) => format!("{}: the view that is open, and others", view.name),
        None => "Views of this database".to_owned(),
    };
    let has_search = Memo::new(move |_| open.views.with(Vec::len) >= SEARCH_FROM);
    let none_yet = Memo::new(move |_| open.views.with(Vec::is_empty));
    let may_arrange = data.may_arrange;
    let may_save = move || (may_arrange || open.view.with(Option::is_none)).to_string();
    let whole = {
        let id = id.clone();
        move || whole_link(&id, open)
    };
    let tree_id = id.clone();
    let tree = move || {
        let wanted = filter.get().trim().to_lowercase();
        let mut views = open.views.get();
        views.retain(|view| {
            wanted.is_empty()
                || view.name.to_lowercase().contains(&wanted)
                || view.folder.to_lowercase().contains(&wanted)
        });
        let current = open.view.get();
        tree(&tree_id, views, current.as_ref().map(|view| &view.id))
    };
    let save = use_bootstrap().user.is_some().then(|| {
        view! { <SaveForm id=id.clone() query may_share=data.may_edit panel suggested=folders(&open.views.get_untracked())/> }
    });
    let actions = move || {
        let (view, query) = (open.view.get()?, query.get());
        let keep = keep_form(&id, &view, &data.shown, &query);
        Some(view! { {actions(&id, view, data.may_edit, &query)} {keep} })
    };
    view! {
        <button class="button button-ghost views-trigger" type="button" popovertarget="diagram-views" aria-label=name
            data-testid="diagram-views" data-writable=may_save>
            <Icon name=IconName::View/><span class="views-label">{label}</span><Icon name=IconName::ChevronDown/>
        </button>
        <div id="diagram-views" class="menu menu-start views-menu" popover="auto" node_ref=panel>
            {move || has_search.get().then(|| view! {
                <SearchField label="Find a view" name="find-view" bind=filter testid="views-filter"/>
            })}
            <nav aria-label="Views">
                <ul class="views-tree" data-testid="views-tree">
                    <li>{whole}</li>
                    {tree}
                </ul>
            </nav>
            {move || none_yet.get().then(|| view! {
                <p class="menu-head">"A view keeps where tables stand. Move one, and it is made by itself; or save this diagram under a name."</p>
            })}
            {actions}
            {save}
        </div>
    }
    .into_any()
}

/// The way to the diagram without a view.
fn whole_link(id: &DatabaseId, open: OpenState) -> AnyView {
    let is_whole = open.view.with(Option::is_none);
    let has_default = open
        .views
        .with(|views| views.iter().any(|view| view.is_default));
    let query = match has_default {
        true => DiagramQuery::without_view(),
        false => DiagramQuery::default(),
    };
    // Where the view was made here, this address is the one that the page was opened with, and to
    // the router that is where it is: the browser has to load it.
    let rel = (!is_whole && !open.was_open).then_some("external");
    view! {
        <a class="menu-item" href=query.address(id) rel=rel aria-current=is_whole.then_some("true")
            data-testid="views-none">
            <Icon name=IconName::Diagram/>"Without a view"
        </a>
    }
    .into_any()
}

/// Views below the names of their folders.
fn tree(id: &DatabaseId, views: Vec<ViewSummary>, current: Option<&model::id::ViewId>) -> AnyView {
    if views.is_empty() {
        return ().into_any();
    }
    let mut folder = String::new();
    views
        .into_iter()
        .map(|view| {
            let head = (view.folder != folder).then(|| {
                folder.clone_from(&view.folder);
                let path = folder.clone();
                view! { <li class="views-folder">{path}</li> }
            });
            let is_current = current == Some(&view.id);
            let href = DiagramQuery::of_view(&view.id).address(id);
            let inside = !view.folder.is_empty();
            let class = if inside { "menu-item views-inside" } else { "menu-item" };
            let whose = match (&view.owner, view.is_own) {
                (Some(owner), false) => {
                    Some(view! { <span class="dim">{format!("by {}", owner.display_name())}</span> })
                }
                _ => None,
            };
            let sign = if view.is_shared {
                view! { <Icon name=IconName::Users/><span class="visually-hidden">"shared"</span> }
            } else {
                view! { <Icon name=IconName::Lock/><span class="visually-hidden">"private"</span> }
            };
            view! {
                {head}
                <li>
                    <a class=class href=href aria-current=is_current.then_some("true") data-testid="views-item">
                        <span class="views-name">{view.name}</span>
                        {view.is_default.then(|| view! {
                            <span class="views-star" title="Opens first"><Icon name=IconName::Star/><span class="visually-hidden">"opens first"</span></span>
                        })}
                        <span class="views-end">{whose}{sign}</span>
                    </a>
                </li>
            }
        })
        .collect_view()
        .into_any()
}

/// The folders there are, to choose from.
fn folders(views: &[ViewSummary]) -> Vec<String> {
    let mut folders: Vec<String> = views
        .iter()
        .map(|view| view.folder.clone())
        .filter(|folder| !folder.is_empty())
        .collect();
    folders.sort();
    folders.dedup();
    folders
}

/// What can be done with the view that is open.
fn actions(id: &DatabaseId, view: ViewSummary, may_edit: bool, query: &DiagramQuery) -> AnyView {
    let base = format!("/rpc/databases/{id}/views/{}", view.id);
    let page = view_address(id, &view.id);
    let history = format!("{page}#history");
    let back = query.address(id);
    let share = (view.is_own && may_edit)
        .then(|| share_form(id, &view, back.clone(), ("menu-item", "views-share")));
    let default = (may_edit && view.is_shared).then(|| {
        let (wanted, text) = match view.is_default {
            true => (String::new(), "Do not open first"),
            false => (view.id.to_string(), "Open first"),
        };
        view! {
            <form method="post" action=format!("/rpc/databases/{id}/default-view")>
                <input type="hidden" name="view" value=wanted/>
                <input type="hidden" name="back" value=back/>
                <button class="menu-item" type="submit" data-testid="views-default"><Icon name=IconName::Star/>{text}</button>
            </form>
        }
    });
    let embed = (may_edit && view.is_shared).then(|| {
        let href = format!("{page}#embed");
        view! { <a class="menu-item" href=href data-testid="views-embed"><Icon name=IconName::External/>"Embed"</a> }
    });
    let head = match view.may_edit {
        true => format!("“{}”", view.name),
        false => format!("“{}” — duplicate it to arrange it", view.name),
    };
    view! {
        <div class="menu-separator" role="separator"></div>
        <p class="menu-head" data-testid="views-current">{head}</p>
        <a class="menu-item" href=history data-testid="views-history"><Icon name=IconName::History/>"History"</a>
        <a class="menu-item" href=page data-testid="views-settings"><Icon name=IconName::Settings/>"Rename, move, delete"</a>
        <form method="post" action=format!("{base}/duplicate")>
            <button class="menu-item" type="submit" data-testid="views-duplicate"><Icon name=IconName::Copy/>"Duplicate"</button>
        </form>
        {share}
        {default}
        {embed}
    }
    .into_any()
}

/// Shares a view, or makes it private, and leads back.
pub(super) fn share_form(
    id: &DatabaseId,
    view: &ViewSummary,
    back: String,
    (class, testid): (&'static str, &'static str),
) -> AnyView {
    let action = format!("/rpc/databases/{id}/views/{}/change", view.id);
    let (wanted, text) = match view.is_shared {
        true => ("false", "Make it private"),
        false => ("true", "Share it"),
    };
    view! {
        <form method="post" action=action>
            <input type="hidden" name="shared" value=wanted/>
            <input type="hidden" name="back" value=back/>
            <button class=class type="submit" data-testid=testid><Icon name=IconName::Users/>{text}</button>
        </form>
    }
    .into_any()
}

/// Lets the view that is open show what the address asks for, where that is something else.
fn keep_form(
    id: &DatabaseId,
    view: &ViewSummary,
    shown: &DiagramQuery,
    query: &DiagramQuery,
) -> Option<AnyView> {
    if !view.may_edit || *query == DiagramQuery::of_view(&view.id) {
        return None;
    }
    let action = format!("/rpc/databases/{id}/views/{}/change", view.id);
    let back = DiagramQuery::of_view(&view.id).address(id);
    Some(
        view! {
            <form method="post" action=action>
                {parameters(shown)}
                <input type="hidden" name="keep" value="true"/>
                <input type="hidden" name="back" value=back/>
                <button class="menu-item" type="submit" data-testid="views-keep"><Icon name=IconName::Check/>"Show this from now on"</button>
            </form>
        }
        .into_any(),
    )
}

/// What an address asks for, as fields of a form.
fn parameters(query: &DiagramQuery) -> AnyView {
    query
        .parameters()
        .into_iter()
        // The form that keeps it has another field of that name.
        .map(|(name, value)| (if name == "keep" { "terms" } else { name }, value))
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view()
        .into_any()
}

/// Keeps what is shown under a name.
#[component]
fn SaveForm(
    id: DatabaseId,
    query: Signal<DiagramQuery>,
    may_share: bool,
    panel: NodeRef<Div>,
    suggested: Vec<String>,
) -> AnyView {
    let flash = use_bootstrap().flash.filter(|flash| !flash.success);
    let wrong = |field: &str| {
        flash
            .as_ref()
            .filter(|flash| flash.field.as_deref() == Some(field))
            .map(|flash| flash.message.clone())
    };
    let entered = |field: &str| {
        flash
            .as_ref()
            .and_then(|flash| flash.entered(field))
            .unwrap_or_default()
    };
    let (name_wrong, folder_wrong) = (wrong("name"), wrong("folder"));
    let has_fault = name_wrong.is_some() || folder_wrong.is_some() || wrong("shared").is_some();
    let (name, folder, shared) = (entered("name"), entered("folder"), entered("shared"));
    if has_fault {
        // What was refused is shown at once, with what was entered.
        Effect::new(move || {
            // Opened by its button, it stands beside it.
            if panel.get().is_some()
                && let Ok(Some(button)) = document().query_selector("[popovertarget=diagram-views]")
                && let Some(button) = button.dyn_ref::<web_sys::HtmlElement>()
            {
                button.click();
            }
        });
    }
    let kept = move || query.with(parameters);
    let options = suggested
        .into_iter()
        .map(|folder| view! { <option value=folder></option> })
        .collect_view();
    let error = |id: &'static str, text: Option<String>| {
        view! { <p class="field-error" id=id>{text.map(|text| view! { <Icon name=IconName::Error/><span>{text}</span> })}</p> }
    };
    view! {
        <div class="menu-separator" role="separator"></div>
        <details class="views-save" open=has_fault>
            <summary class="menu-item" data-testid="views-save"><Icon name=IconName::Plus/>"Save as a view…"</summary>
            <form method="post" action=format!("/rpc/databases/{id}/views")>
                {kept}
                <div class="field">
                    <label class="field-label" for="view-name">"Name"</label>
                    <input class="input" id="view-name" name="name" type="text" value=name required maxlength="120"
                        autocomplete="off" aria-invalid=name_wrong.is_some().then_some("true")
                        aria-describedby="view-name-error" data-testid="views-save-name"/>
                    {error("view-name-error", name_wrong)}
                </div>
                <div class="field">
                    <label class="field-label" for="view-folder">"Folder"</label>
                    <input class="input" id="view-folder" name="folder" type="text" value=folder placeholder="team / topic"
                        list="view-folders" autocomplete="off" aria-invalid=folder_wrong.is_some().then_some("true")
                        aria-describedby="view-folder-error" data-testid="views-save-folder"/>
                    <datalist id="view-folders">{options}</datalist>
                    {error("view-folder-error", folder_wrong)}
                </div>
                {may_share.then(|| view! {
                    <Checkbox label="Share with everybody who may read the database" name="shared" checked={shared == "true"} testid="views-save-shared"/>
                })}
                <Button submit=true testid="views-save-submit">"Save the view"</Button>
            </form>
        </details>
    }
    .into_any()
}

/// Takes a table that disappeared from its source out of the view.
pub(super) fn dismiss_form(data: &DiagramData, table: i64) -> Option<AnyView> {
    let view = data.view.as_ref()?;
    if !view.ghosts.contains(&table) {
        return None;
    }
    let action = format!(
        "/rpc/databases/{}/views/{}/dismiss",
        data.database_id, view.summary.id
    );
    let form = (view.summary.may_edit && !is_embedded()).then(|| {
        view! {
            <form method="post" action=action>
                <input type="hidden" name="table" value=table.to_string()/>
                <Button submit=true testid="view-dismiss">"Take it out of the view"</Button>
            </form>
        }
    });
    Some(
        view! {
            <p class="dim">"This table is no longer in its source. The view keeps its place."</p>
            {form}
        }
        .into_any(),
    )
}

/// How it stands with what was arranged, beside the picture.
#[component]
pub(super) fn ViewStatus<'a>(data: &'a DiagramData, open: OpenState) -> AnyView {
    let ghosts = data.view.as_ref().map(|view| view.ghosts.as_slice());
    let all_gone = ghosts.is_some_and(|ghosts| {
        let tables = &data.graph.tables;
        !tables.is_empty() && tables.iter().all(|table| ghosts.contains(&table.id))
    });
    let whole = DiagramQuery::without_view().address(&data.database_id);
    let text = move || status(open.state.get(), open.is_outdated.get());
    let reload = move || {
        let reload = Callback::new(|_| {
            // Refused only while the page is being left.
            let _ = window().location().reload();
        });
        view! {
            "Somebody changed what this view shows. "
            <Button testid="view-reload" on_click=reload>"Reload"</Button>
            " "
        }
    };
    view! {
        {all_gone.then(|| view! { <ButtonLink href=whole testid="diagram-way-out">"Show the database"</ButtonLink> })}
        <span class="view-status" role="status" data-testid="view-status" data-state=move || text().0>
            {move || open.is_outdated.get().then(reload)}
            {move || text().1}
        </span>
    }
    .into_any()
}

/// How it stands with what was arranged: a word for it, and words for people, where there is something
/// to say. Beside a view that shows something else by now only what is not saved.
fn status(state: SaveState, is_outdated: bool) -> (&'static str, Option<String>) {
    let (word, text) = match state {
        SaveState::Idle | SaveState::Saving | SaveState::Saved if is_outdated => {
            return ("outdated", None);
        }
        SaveState::Idle => return ("idle", None),
        SaveState::Saving => ("saving", "Saving…".to_owned()),
        SaveState::Saved => ("saved", "Saved".to_owned()),
        SaveState::Offline => ("offline", "Not saved yet: no connection".to_owned()),
        SaveState::Later(why) => ("later", format!("Not saved yet: {why}")),
        SaveState::Refused(why) => ("refused", format!("Not saved: {why}")),
        SaveState::Gone(why) => ("gone", why),
    };
    (word, Some(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_saved_is_said_of_a_view_that_shows_something_else_too() {
        let refused = SaveState::Refused("It is read only.".to_owned());
        for is_outdated in [false, true] {
            let (word, text) = status(refused.clone(), is_outdated);
            assert_eq!(word, "refused");
            assert_eq!(text.as_deref(), Some("Not saved: It is read only."));
            assert_eq!(status(SaveState::Offline, is_outdated).0, "offline");
        }
        assert_eq!(status(SaveState::Saved, true), ("outdated", None));
        assert_eq!(status(SaveState::Saved, false).1.as_deref(), Some("Saved"));
        assert_eq!(status(SaveState::Idle, false), ("idle", None));
    }
}
