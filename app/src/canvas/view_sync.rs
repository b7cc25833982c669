//! Keeps a diagram and its view on the server alike: what is arranged here is sent, what others
//! arrange is shown. What cannot be sent is kept by the browser until it can.

use crate::api::{self, PageAnswer, PageQuestion};
use crate::canvas::stage::Stage;
use crate::canvas::view_queue::ViewQueue;
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
use std::rc::{Rc, Weak};
use std::time::Duration;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;
use web_sys::{EventSource, MessageEvent, Storage};

/// Changes are sent at most so often.
const SEND_EVERY: Duration = Duration::from_millis(100);
/// After a failure the next attempt comes so much later, and later each time.
const AGAIN_FIRST: Duration = Duration::from_secs(1);
/// No attempt waits longer.
const AGAIN_MAX: Duration = Duration::from_secs(15);
/// What the browser keeps begins with this.
const KEPT: &str = "crowfoot:view:";

/// How it stands with what was arranged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SaveState {
    /// Nothing was arranged since the page was opened.
    Idle,
    /// The server does not have everything yet, and gets it in a moment.
    Saving,
    /// The server has everything.
    Saved,
    /// There is no connection; the browser keeps what was arranged.
    Offline,
    /// The server does not take it, for this reason.
    Refused(String),
    /// The view shows something else now; the page has to be loaded anew.
    Outdated,
}

/// What the page hears.
#[derive(Debug, Clone, PartialEq)]
pub enum SyncNews {
    /// How it stands.
    State(SaveState),
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
    /// Whose changes these are; what is kept for one person is not sent by another.
    pub person: i64,
    /// Who wants to hear of it.
    pub told: Box<dyn Fn(SyncNews)>,
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
        known: Cell::new(start.view.as_ref().map_or(0, |(_, revision)| *revision)),
        wanted: Cell::new(0),
        view: RefCell::new(start.view.map(|(view, _)| view)),
        unplaced: RefCell::new(start.unplaced),
        queue: RefCell::default(),
        stage: RefCell::new(None),
        timer: RefCell::new(None),
        failures: Cell::new(0),
        is_asking: Cell::new(false),
        is_stopped: Cell::new(false),
        kept_as: format!("{:x}", (js_sys::Math::random() * 4e15) as u64),
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
    view: RefCell<Option<ViewId>>,
    /// The revision that the stage shows.
    known: Cell<u64>,
    /// The newest revision that was heard of.
    wanted: Cell<u64>,
    unplaced: RefCell<Vec<ViewChange>>,
    queue: RefCell<ViewQueue>,
    stage: RefCell<Option<Rc<dyn Stage>>>,
    timer: RefCell<Option<TimeoutHandle>>,
    failures: Cell<u32>,
    is_asking: Cell<bool>,
    is_stopped: Cell<bool>,
    /// The end of the name under which this page keeps what is unsent.
    kept_as: String,
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
        let kept = self.take_kept();
        if !kept.is_empty() {
            stage.apply(&kept);
            self.queue.borrow_mut().push_older(kept);
        }
        *self.stage.borrow_mut() = Some(stage.clone());
        if !self.queue.borrow().is_empty() {
            self.tell(SaveState::Saving);
            self.send_soon(Duration::ZERO);
        }
        self.catch_up();
    }

    fn arranged(&self, changes: Vec<ViewChange>) {
        if !self.may_arrange {
            return;
        }
        {
            let mut queue = self.queue.borrow_mut();
            if !queue.push(changes) {
                return;
            }
            if self.view.borrow().is_some() {
                queue.push_older(std::mem::take(&mut *self.unplaced.borrow_mut()));
            }
        }
        if self.failures.get() > 0 {
            self.keep();
        } else {
            self.tell(SaveState::Saving);
            self.send_soon(SEND_EVERY);
        }
    }

    fn stop(&self) {
        self.is_stopped.set(true);
        *self.stage.borrow_mut() = None;
        *self.source.borrow_mut() = None;
        *self.page.borrow_mut() = None;
        if !self.queue.borrow().is_empty() {
            self.keep();
            self.send();
        }
    }
}

impl Sync {
    fn tell(&self, state: SaveState) {
        if !self.is_stopped.get() {
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

    fn send(&self) {
        let changes = self.queue.borrow_mut().begin();
        let Some(this) = self.this.upgrade().filter(|_| !changes.is_empty()) else {
            return;
        };
        let Ok(text) = wire::write(&changes) else {
            self.queue.borrow_mut().failed();
            return;
        };
        let view = self.view.borrow().clone();
        let question = PageQuestion::Arrange {
            id: self.database.to_string(),
            view: view.as_ref().map(ToString::to_string),
            query: self.query.clone(),
            changes: text,
        };
        leptos::task::spawn_local(async move {
            match ask(question).await {
                Ok(news) => this.arrived(news, view.is_none()),
                Err(error) => this.failed(error),
            }
        });
    }

    fn arrived(&self, news: ViewNews, is_new: bool) {
        self.queue.borrow_mut().arrived();
        self.failures.set(0);
        // Before a new view has its name: what was kept is under that of the address.
        self.forget();
        if is_new {
            let id = news.summary.id.clone();
            *self.view.borrow_mut() = Some(id.clone());
            self.unplaced.borrow_mut().clear();
            self.known.set(news.revision);
            if !self.is_stopped.get() {
                write_view_to_address(&id);
                (self.told)(SyncNews::Made(Box::new(news.summary)));
                self.listen();
            }
        } else if news.revision == self.known.get() + 1 {
            self.known.set(news.revision);
        }
        self.wanted.set(self.wanted.get().max(news.revision));
        if self.queue.borrow().is_empty() {
            self.tell(SaveState::Saved);
        } else {
            self.send_soon(SEND_EVERY);
        }
        self.catch_up();
    }

    fn failed(&self, error: ApiError) {
        self.queue.borrow_mut().failed();
        match error.0.kind {
            ErrorKind::Unavailable | ErrorKind::Internal | ErrorKind::TooMany => {
                self.failures.set(self.failures.get().saturating_add(1));
                self.keep();
                self.tell(SaveState::Offline);
                self.send_soon(self.pause());
            }
            ErrorKind::Unauthenticated => {
                // They come back after signing in, and send it then.
                self.keep();
                self.tell(SaveState::Refused(error.0.message));
            }
            _ => {
                // It would be refused for ever.
                self.queue.borrow_mut().clear();
                self.forget();
                self.tell(SaveState::Refused(error.0.message));
            }
        }
    }

    fn pause(&self) -> Duration {
        let doublings = self.failures.get().saturating_sub(1).min(4);
        (AGAIN_FIRST * 2_u32.pow(doublings)).min(AGAIN_MAX)
    }

    /// Fetches what others did, where there is something that is not shown yet.
    fn catch_up(&self) {
        if self.wanted.get() > self.known.get() {
            self.fetch();
        }
    }

    fn fetch(&self) {
        if self.is_stopped.get()
            || self.is_asking.get()
            || self.queue.borrow().is_sending()
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
        let foreign = {
            let mut queue = self.queue.borrow_mut();
            let foreign = queue.foreign(news.changes);
            queue.overtaken(&foreign);
            foreign
        };
        self.unplaced.borrow_mut().retain(|mine| {
            let subject = mine.subject();
            !foreign.iter().any(|change| change.subject() == subject)
        });
        self.known.set(self.known.get().max(news.revision));
        if !foreign.is_empty()
            && let Some(stage) = &*self.stage.borrow()
        {
            stage.apply(&foreign);
        }
        if news.has_other_query {
            self.tell(SaveState::Outdated);
        }
        self.catch_up();
    }

    /// News could not be had. Without a connection the stream says so as well, and begins anew.
    fn deaf(&self, error: ApiError) {
        if !matches!(
            error.0.kind,
            ErrorKind::Unavailable | ErrorKind::Internal | ErrorKind::TooMany
        ) {
            *self.source.borrow_mut() = None;
            self.tell(SaveState::Refused(error.0.message));
        }
    }

    /// Listens to the view, if there is one and somebody looks.
    fn listen(&self) {
        let hidden = web_sys::window()
            .and_then(|window| window.document())
            .is_some_and(|document| document.hidden());
        let Some(view) = self.view.borrow().clone() else {
            return;
        };
        if hidden || self.is_stopped.get() {
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
        if let Some(timer) = self.timer.borrow_mut().take() {
            timer.clear();
        }
        self.send();
        self.fetch();
    }

    fn visibility(&self) {
        let hidden = web_sys::window()
            .and_then(|window| window.document())
            .is_some_and(|document| document.hidden());
        if hidden {
            *self.source.borrow_mut() = None;
            self.keep();
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
        let unsent = self.queue.borrow().unsent();
        let name = self.kept_under() + &self.kept_as;
        let Some(storage) = storage() else { return };
        match wire::write(&unsent) {
            // Refused where the browser keeps nothing; then this page has it as long as it is open.
            Ok(text) if !unsent.is_empty() => {
                let _ = storage.set_item(&name, &text);
            }
            _ => {
                let _ = storage.remove_item(&name);
            }
        }
    }

    /// What was kept has arrived.
    fn forget(&self) {
        if let Some(storage) = storage() {
            let name = self.kept_under() + &self.kept_as;
            let _ = storage.remove_item(&name);
        }
    }

    /// What earlier visits could not send.
    fn take_kept(&self) -> Vec<ViewChange> {
        let (Some(storage), true) = (storage(), self.may_arrange) else {
            return Vec::new();
        };
        let begin = self.kept_under();
        let names: Vec<String> = (0..storage.length().unwrap_or(0))
            .filter_map(|place| storage.key(place).ok().flatten())
            .filter(|name| name.starts_with(&begin))
            .collect();
        let mut kept = Vec::new();
        for name in names {
            if let Some(text) = storage.get_item(&name).ok().flatten()
                && let Ok(changes) = wire::read::<Vec<ViewChange>>(&text)
            {
                kept.extend(changes);
            }
            let _ = storage.remove_item(&name);
        }
        kept
    }
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

async fn ask(question: PageQuestion) -> Result<ViewNews, ApiError> {
    match api::page(question).await? {
        PageAnswer::ViewNews(text) => wire::read(&text).map_err(|_| ApiError(AppError::internal())),
        _ => Err(ApiError(AppError::internal())),
    }
}
