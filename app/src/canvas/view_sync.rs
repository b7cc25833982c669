//! Keeps a diagram and its view on the server alike: what is arranged here is sent, what others
//! arrange is shown. What cannot be sent is kept by the browser until it can. What is sent when, and
//! kept how long, is decided in [`delivery`](crate::canvas::delivery).

use crate::api::{self, PageAnswer, PageQuestion};
pub use crate::canvas::delivery::SaveState;
use crate::canvas::delivery::{AGAIN_MAX, Apart, Delivery, Orders, pause_after};
use crate::canvas::stage::Stage;
use crate::canvas::view_state::write_view_to_address;
use crate::error::ApiError;
use crate::wire;
use contract::error::{AppError, ErrorKind};
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::set_timeout_with_handle;
use model::diagram::DiagramQuery;
use model::id::{DatabaseId, ViewId};
use model::saved_view::{ViewNews, ViewSummary};
use model::view::ViewChange;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};
use std::time::Duration;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;
use web_sys::{EventSource, MessageEvent, Storage};

/// What the browser keeps begins with this.
const KEPT: &str = "crowfoot:view:";

/// What the page hears.
#[derive(Debug, Clone, PartialEq)]
pub enum SyncNews {
    /// How it stands.
    State(SaveState),
    /// The view shows something else now; the page has to be loaded anew.
    Outdated,
    /// The view was made just now.
    Made(Box<ViewSummary>),
}

/// What is to be kept alike.
pub struct SyncStart {
    /// The database.
    pub database: DatabaseId,
    /// What the address asks for.
    pub query: DiagramQuery,
    /// The view and the revision that the page shows; none before the first change.
    pub view: Option<(ViewId, u64)>,
    /// Whether the person may change it.
    pub may_arrange: bool,
    /// Where tables stand that the view has no place for; they are sent with the first change, so
    /// that they stay there.
    pub unplaced: Vec<ViewChange>,
    /// Tables that are shown elsewhere than the view has them, by the catalog's id.
    pub apart: BTreeMap<i64, Apart>,
    /// Whose changes these are; what is kept for one person is not sent by another.
    pub person: i64,
    /// Who wants to hear of it.
    pub told: Box<dyn Fn(SyncNews)>,
    /// Whether the address still asks for what the page shows.
    pub is_asked: Box<dyn Fn() -> bool>,
}

/// Sends and listens.
pub trait ViewSync {
    /// The stage that shows what others do. What was kept from an earlier visit is shown there too.
    fn attach(&self, stage: &Rc<dyn Stage>);
    /// Somebody arranged something.
    fn arranged(&self, changes: Vec<ViewChange>);
    /// The page is left: what is unsent is sent or kept, and nothing is shown any more.
    fn stop(&self);
}

/// Begins to keep a view and the server alike.
pub fn start(start: SyncStart) -> Rc<dyn ViewSync> {
    let sync = Rc::new_cyclic(|this| Sync {
        this: this.clone(),
        database: start.database,
        query: start.query,
        may_arrange: start.may_arrange,
        person: start.person,
        told: start.told,
        is_asked: start.is_asked,
        known: Cell::new(start.view.as_ref().map_or(0, |(_, revision)| *revision)),
        wanted: Cell::new(0),
        view: RefCell::new(start.view.map(|(view, _)| view)),
        unplaced: RefCell::new(start.unplaced),
        delivery: RefCell::new(Delivery::new(start.apart)),
        stage: RefCell::new(None),
        timer: RefCell::new(None),
        is_asking: Cell::new(false),
        unheard: Cell::new(0),
        made_as: RefCell::new(format!("{:x}", (js_sys::Math::random() * 4e15) as u64)),
        source: RefCell::new(None),
        page: RefCell::new(None),
    });
    sync.follow_page();
    sync.listen();
    sync
}

struct Sync {
    this: Weak<Self>,
    database: DatabaseId,
    query: DiagramQuery,
    may_arrange: bool,
    person: i64,
    told: Box<dyn Fn(SyncNews)>,
    is_asked: Box<dyn Fn() -> bool>,
    view: RefCell<Option<ViewId>>,
    /// The revision that the stage shows.
    known: Cell<u64>,
    /// The newest revision that was heard of.
    wanted: Cell<u64>,
    unplaced: RefCell<Vec<ViewChange>>,
    delivery: RefCell<Delivery>,
    stage: RefCell<Option<Rc<dyn Stage>>>,
    timer: RefCell<Option<TimeoutHandle>>,
    is_asking: Cell<bool>,
    /// How often news could not be had, one time after the other.
    unheard: Cell<u32>,
    /// The end of the name under which this page keeps what is unsent, and the name under which the
    /// server makes a view for it, one and no other, however often it is asked.
    made_as: RefCell<String>,
    source: RefCell<Option<Source>>,
    page: RefCell<Option<PageEvents>>,
}

/// An open stream of revisions.
struct Source {
    events: EventSource,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _error: Closure<dyn FnMut()>,
}

impl Drop for Source {
    fn drop(&mut self) {
        self.events.set_onmessage(None);
        self.events.set_onerror(None);
        self.events.close();
    }
}

/// What happens to the page as a whole.
struct PageEvents {
    closure: Closure<dyn FnMut(web_sys::Event)>,
}

const PAGE_EVENTS: [&str; 3] = ["online", "pagehide", "visibilitychange"];

impl Drop for PageEvents {
    fn drop(&mut self) {
        let heard = self.closure.as_ref().unchecked_ref();
        if let Some(window) = web_sys::window() {
            for name in PAGE_EVENTS {
                // Refused only for what was never added.
                let _ = window.remove_event_listener_with_callback(name, heard);
                if let Some(document) = window.document() {
                    let _ = document.remove_event_listener_with_callback(name, heard);
                }
            }
        }
    }
}

impl ViewSync for Sync {
    fn attach(&self, stage: &Rc<dyn Stage>) {
        let (kept, names) = self.kept_before();
        if !kept.is_empty() {
            stage.resume(&kept);
        }
        *self.stage.borrow_mut() = Some(stage.clone());
        let orders = self.delivery.borrow_mut().resumed(kept);
        self.follow(orders);
        // This page keeps it now.
        let own = self.kept_under() + &self.made_as.borrow();
        if let Some(storage) = storage() {
            for name in names.iter().filter(|name| **name != own) {
                let _ = storage.remove_item(name);
            }
        }
        self.catch_up();
    }

    fn arranged(&self, changes: Vec<ViewChange>) {
        if !self.may_arrange {
            return;
        }
        let older = || match &*self.view.borrow() {
            Some(_) => std::mem::take(&mut *self.unplaced.borrow_mut()),
            None => Vec::new(),
        };
        let orders = self.delivery.borrow_mut().arranged(changes, older);
        self.follow(orders);
    }

    fn stop(&self) {
        *self.stage.borrow_mut() = None;
        *self.source.borrow_mut() = None;
        *self.page.borrow_mut() = None;
        let orders = self.delivery.borrow_mut().stopped();
        self.follow(orders);
    }
}

impl Sync {
    /// Does what is to be done.
    fn follow(&self, orders: Orders) {
        if orders.keep {
            self.keep();
        }
        if let Some(state) = orders.tell {
            (self.told)(SyncNews::State(state));
        }
        match orders.send {
            Some(Duration::ZERO) => self.send(),
            Some(later) => self.send_soon(later),
            None => {}
        }
    }

    fn is_stopped(&self) -> bool {
        self.delivery.borrow().is_stopped()
    }

    fn tell(&self, state: SaveState) {
        if !self.is_stopped() {
            (self.told)(SyncNews::State(state));
        }
    }

    /// Sends in a while, unless that is to happen already.
    fn send_soon(&self, later: Duration) {
        let mut timer = self.timer.borrow_mut();
        if timer.is_some() {
            return;
        }
        let this = self.this.clone();
        *timer = set_timeout_with_handle(
            move || {
                if let Some(this) = this.upgrade() {
                    this.timer.borrow_mut().take();
                    this.send();
                }
            },
            later,
        )
        .ok();
    }

    /// Sends now, unless something is on its way: then that is waited for.
    fn send(&self) {
        if let Some(timer) = self.timer.borrow_mut().take() {
            timer.clear();
        }
        let changes = self.delivery.borrow_mut().begin();
        let Some(this) = self.this.upgrade().filter(|_| !changes.is_empty()) else {
            return;
        };
        let Ok(text) = wire::write_changes(&changes) else {
            let orders = self.delivery.borrow_mut().failed(&AppError::internal());
            self.follow(orders);
            return;
        };
        let view = self.view.borrow().clone();
        let question = PageQuestion::Arrange {
            id: self.database.to_string(),
            view: view.as_ref().map(ToString::to_string),
            query: self.query.clone(),
            made_as: self.made_as.borrow().clone(),
            changes: text,
        };
        leptos::task::spawn_local(async move {
            match ask(question).await {
                Ok(news) => this.arrived(news, view.is_none()),
                Err(error) => {
                    let orders = this.delivery.borrow_mut().failed(&error.0);
                    this.follow(orders);
                }
            }
        });
    }

    fn arrived(&self, news: ViewNews, is_new: bool) {
        let orders = self.delivery.borrow_mut().arrived();
        if is_new {
            // Before the view has its name: what was kept is under that of the address.
            self.forget();
            let id = news.summary.id.clone();
            *self.view.borrow_mut() = Some(id.clone());
            self.unplaced.borrow_mut().clear();
            self.known.set(news.revision);
            if !self.is_stopped() {
                if (self.is_asked)() {
                    write_view_to_address(&id);
                }
                (self.told)(SyncNews::Made(Box::new(news.summary)));
                self.listen();
            }
            // Made the first time that it was asked for, it may have been changed meanwhile.
            self.take_in(news.changes);
        } else if news.revision == self.known.get() + 1 {
            self.known.set(news.revision);
        }
        self.wanted.set(self.wanted.get().max(news.revision));
        self.follow(orders);
        self.catch_up();
    }

    /// Fetches what others did, where there is something that is not shown yet.
    fn catch_up(&self) {
        if self.wanted.get() > self.known.get() {
            self.fetch();
        }
    }

    fn fetch(&self) {
        if self.is_stopped()
            || self.is_asking.get()
            || self.delivery.borrow().is_sending()
            || self.stage.borrow().is_none()
        {
            return;
        }
        let (Some(this), Some(view)) = (self.this.upgrade(), self.view.borrow().clone()) else {
            return;
        };
        self.is_asking.set(true);
        let question = PageQuestion::ViewNews {
            id: self.database.to_string(),
            view: view.to_string(),
            since: self.known.get(),
        };
        leptos::task::spawn_local(async move {
            let answer = ask(question).await;
            this.is_asking.set(false);
            match answer {
                Ok(news) => this.show(news),
                Err(error) => this.deaf(error),
            }
        });
    }

    fn show(&self, news: ViewNews) {
        self.unheard.set(0);
        self.take_in(news.changes);
        self.known.set(self.known.get().max(news.revision));
        if news.has_other_query && !self.is_stopped() {
            (self.told)(SyncNews::Outdated);
        }
        self.catch_up();
    }

    /// Shows what others did.
    fn take_in(&self, changes: Vec<ViewChange>) {
        let foreign = self.delivery.borrow_mut().foreign(changes);
        self.unplaced.borrow_mut().retain(|mine| {
            let subject = mine.subject();
            !foreign.iter().any(|change| change.subject() == subject)
        });
        if !foreign.is_empty()
            && let Some(stage) = &*self.stage.borrow()
        {
            stage.apply(&foreign);
        }
    }

    /// News could not be had: they are asked for again, ever later, where they may come yet. Until
    /// somebody changes something else the stream says nothing of them.
    fn deaf(&self, error: ApiError) {
        if !matches!(
            error.0.kind,
            ErrorKind::Unavailable | ErrorKind::Internal | ErrorKind::TooMany
        ) {
            *self.source.borrow_mut() = None;
            self.tell(SaveState::Gone(error.0.message));
            return;
        }
        self.unheard.set(self.unheard.get().saturating_add(1));
        let this = self.this.clone();
        leptos::prelude::set_timeout(
            move || {
                if let Some(this) = this.upgrade() {
                    this.catch_up();
                }
            },
            pause_after(self.unheard.get()),
        );
    }

    /// Listens to the view, if there is one and somebody looks.
    fn listen(&self) {
        let hidden = web_sys::window()
            .and_then(|window| window.document())
            .is_some_and(|document| document.hidden());
        let Some(view) = self.view.borrow().clone() else {
            return;
        };
        if hidden || self.is_stopped() {
            return;
        }
        let address = format!("/api/databases/{}/views/{view}/events", self.database);
        let Ok(events) = EventSource::new(&address) else {
            return;
        };
        let this = self.this.clone();
        let message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let revision = event.data().as_string().and_then(|text| text.parse().ok());
            if let (Some(this), Some(revision)) = (this.upgrade(), revision) {
                this.wanted.set(this.wanted.get().max(revision));
                this.catch_up();
            }
        });
        let this = self.this.clone();
        let error = Closure::<dyn FnMut()>::new(move || {
            let Some(this) = this.upgrade() else { return };
            // The browser tries again by itself, unless the server said no.
            let is_over = this
                .source
                .borrow()
                .as_ref()
                .is_some_and(|source| source.events.ready_state() == EventSource::CLOSED);
            if is_over {
                this.ask_why();
            }
        });
        events.set_onmessage(Some(message.as_ref().unchecked_ref()));
        events.set_onerror(Some(error.as_ref().unchecked_ref()));
        *self.source.borrow_mut() = Some(Source {
            events,
            _message: message,
            _error: error,
        });
    }

    /// The server ended the stream: what it answers to a question tells why. Where it does answer,
    /// listening begins anew after a while.
    fn ask_why(&self) {
        self.fetch();
        let this = self.this.clone();
        leptos::prelude::set_timeout(
            move || {
                if let Some(this) = this.upgrade()
                    && this.source.borrow().is_some()
                {
                    this.listen();
                }
            },
            AGAIN_MAX,
        );
    }

    /// Follows whether there is a connection, and whether somebody looks: a browser has only a few
    /// connections for all its tabs.
    fn follow_page(&self) {
        let this = self.this.clone();
        let closure = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
            let Some(this) = this.upgrade() else { return };
            match event.type_().as_str() {
                "online" => this.send_again(),
                "pagehide" => this.keep(),
                _ => this.visibility(),
            }
        });
        let heard = closure.as_ref().unchecked_ref();
        if let Some(window) = web_sys::window() {
            let document = window.document();
            // None of these can be refused.
            let _ = window.add_event_listener_with_callback("online", heard);
            let _ = window.add_event_listener_with_callback("pagehide", heard);
            let _ = document.map(|document| {
                document.add_event_listener_with_callback("visibilitychange", heard)
            });
        }
        *self.page.borrow_mut() = Some(PageEvents { closure });
    }

    fn send_again(&self) {
        self.send();
        self.fetch();
    }

    fn visibility(&self) {
        let hidden = web_sys::window()
            .and_then(|window| window.document())
            .is_some_and(|document| document.hidden());
        if hidden {
            *self.source.borrow_mut() = None;
            let orders = self.delivery.borrow().hidden();
            self.follow(orders);
        } else if self.source.borrow().is_none() {
            self.listen();
        }
    }

    /// The begin of the name under which what is unsent is kept.
    fn kept_under(&self) -> String {
        let what = match &*self.view.borrow() {
            Some(view) => view.to_string(),
            None => format!("{}{}", self.database, self.query.search()),
        };
        format!("{KEPT}{}:{what}:", self.person)
    }

    /// Keeps what is unsent in the browser; forgets it where there is nothing.
    fn keep(&self) {
        let unsent = self.delivery.borrow().unsent();
        if unsent.is_empty() {
            self.forget();
            return;
        }
        let name = self.kept_under() + &self.made_as.borrow();
        if let (Some(storage), Ok(text)) = (storage(), wire::write_changes(&unsent)) {
            // Refused where the browser keeps nothing; then this page has it as long as it is open.
            let _ = storage.set_item(&name, &text);
        }
    }

    /// What was kept has arrived.
    fn forget(&self) {
        if let Some(storage) = storage() {
            let name = self.kept_under() + &self.made_as.borrow();
            let _ = storage.remove_item(&name);
        }
    }

    /// What earlier visits could not send, and under which names it is kept. What this build cannot
    /// read stays there for one that can.
    fn kept_before(&self) -> (Vec<ViewChange>, Vec<String>) {
        let (mut kept, mut names) = (Vec::new(), Vec::new());
        let (Some(storage), true) = (storage(), self.may_arrange) else {
            return (kept, names);
        };
        let begin = self.kept_under();
        for place in 0..storage.length().unwrap_or(0) {
            let Some(name) = storage.key(place).ok().flatten() else {
                continue;
            };
            // A colon there belongs to the address of another diagram.
            if let Some(made_as) = name.strip_prefix(&begin).filter(|it| !it.contains(':'))
                && let Some(text) = storage.get_item(&name).ok().flatten()
                && let Ok(changes) = wire::read_changes(&text)
            {
                if names.is_empty() && self.view.borrow().is_none() {
                    // The visit before may have made the view and not have heard of it.
                    *self.made_as.borrow_mut() = made_as.to_owned();
                }
                kept.extend(changes);
                names.push(name);
            }
        }
        (kept, names)
    }
}

/// What the browser keeps for this site, where it keeps something.
pub(crate) fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

async fn ask(question: PageQuestion) -> Result<ViewNews, ApiError> {
    match api::page(question).await? {
        PageAnswer::ViewNews(text) => wire::read(&text).map_err(|_| {
            ApiError(AppError::invalid(
                "This page is not of the server's version. Reload it.",
            ))
        }),
        _ => Err(ApiError(AppError::internal())),
    }
}
