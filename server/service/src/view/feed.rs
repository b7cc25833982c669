//! Who listens to which view. One task of the process hears all that happens, in whichever process,
//! and passes on revisions; what changed is fetched by whoever wants to know.

use crate::error::with_causes;
use crate::services::Services;
use crate::view::{somebody, view_not_found};
use async_trait::async_trait;
use contract::context::Ctx;
use contract::error::AppError;
use contract::view::{ViewSignal, ViewSignals};
use model::access::DatabaseAccess;
use model::id::{DatabaseId, UserId, ViewId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use store::Store;
use store::views::ViewFeed;
use tokio::sync::watch;

/// One person listens at no more than so many places at once.
const SEATS_PER_PERSON: usize = 24;
/// The revision that tells of a view's end; no view gets so far.
const GONE: u64 = i64::MAX as u64;
/// After a failure the next attempt comes so much later.
const AGAIN_AFTER: Duration = Duration::from_secs(1);

/// Everybody who listens.
#[derive(Clone)]
pub(crate) struct Feeds {
    state: Arc<Mutex<State>>,
    stop: Arc<watch::Sender<bool>>,
}

#[derive(Default)]
struct State {
    views: HashMap<ViewId, watch::Sender<u64>>,
    people: HashMap<UserId, usize>,
    is_hearing: bool,
}

impl Default for Feeds {
    fn default() -> Self {
        Self {
            state: Arc::default(),
            stop: Arc::new(watch::Sender::new(false)),
        }
    }
}

impl Feeds {
    fn state(&self) -> MutexGuard<'_, State> {
        // No code panics while it holds the lock; what it guards is whole in any case.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A seat for somebody, and what is to be heard there; none when they have too many.
    fn take_seat(&self, store: &Store, person: UserId, view: &ViewId) -> Option<Seat> {
        let mut state = self.state();
        let taken = state.people.entry(person).or_default();
        if *taken >= SEATS_PER_PERSON {
            return None;
        }
        *taken += 1;
        let revision = state
            .views
            .entry(view.clone())
            .or_insert_with(|| watch::Sender::new(0))
            .subscribe();
        if !std::mem::replace(&mut state.is_hearing, true) {
            tokio::spawn(hear(self.clone(), store.clone()));
        }
        Some(Seat {
            revision: Some(revision),
            feeds: self.clone(),
            person,
        })
    }

    fn leave(&self, person: UserId) {
        let mut state = self.state();
        if let Some(taken) = state.people.get_mut(&person) {
            *taken = taken.saturating_sub(1);
            if *taken == 0 {
                state.people.remove(&person);
            }
        }
        state.views.retain(|_, sender| sender.receiver_count() > 0);
    }

    fn tell(&self, view: &ViewId, revision: u64) {
        if let Some(sender) = self.state().views.get(view) {
            sender.send_if_modified(|known| {
                let is_news = revision > *known;
                *known = revision.max(*known);
                is_news
            });
        }
    }

    fn listened_to(&self) -> Vec<ViewId> {
        self.state().views.keys().cloned().collect()
    }

    /// Whether the hearing may end, since nobody listens.
    fn rest(&self) -> bool {
        let mut state = self.state();
        let nobody = state.views.is_empty();
        if nobody {
            state.is_hearing = false;
        }
        nobody
    }
}

/// Hears what happens until the process stops.
async fn hear(feeds: Feeds, store: Store) {
    let mut stop = feeds.stop.subscribe();
    let hearing = async {
        loop {
            let heard = match store.view_feed().await {
                Ok(feed) => pass_on(&feeds, &store, feed).await,
                Err(error) => Err(error),
            };
            if let Err(error) = heard {
                if feeds.rest() {
                    return;
                }
                let cause = with_causes(&error);
                tracing::warn!(%cause, "changes of views are not heard; trying again");
            }
            tokio::time::sleep(AGAIN_AFTER).await;
        }
    };
    tokio::select! {
        () = hearing => {}
        _ = stop.wait_for(|stopped| *stopped) => {}
    }
}

async fn pass_on(
    feeds: &Feeds,
    store: &Store,
    mut feed: ViewFeed,
) -> Result<(), store::StoreError> {
    // What happened before this began to listen.
    catch_up(feeds, store).await?;
    loop {
        match feed.next().await? {
            Some((view, revision)) => feeds.tell(&view, revision),
            None => catch_up(feeds, store).await?,
        }
    }
}

async fn catch_up(feeds: &Feeds, store: &Store) -> Result<(), store::StoreError> {
    let views = feeds.listened_to();
    let revisions = store.view_revisions(&views).await?;
    for view in views {
        feeds.tell(&view, revisions.get(&view).copied().unwrap_or(GONE));
    }
    Ok(())
}

/// A place where somebody listens.
struct Seat {
    /// Taken out before the seat is left, so that nobody is counted who is gone.
    revision: Option<watch::Receiver<u64>>,
    feeds: Feeds,
    person: UserId,
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.revision = None;
        self.feeds.leave(self.person);
    }
}

struct Listening {
    services: Services,
    ctx: Ctx,
    id: DatabaseId,
    view: ViewId,
    seat: Seat,
    stop: watch::Receiver<bool>,
    /// Told at once, so that what happened since the page was made is fetched.
    first: Option<u64>,
    /// The last revision that was told.
    told: u64,
}

impl Listening {
    async fn may_go_on(&self) -> bool {
        let (services, ctx, id) = (&self.services, &self.ctx, &self.id);
        let Ok(access) = services.readable(ctx, id).await else {
            return false;
        };
        let seen = services.visible_view(ctx, id, &self.view, access);
        seen.await.is_ok()
    }
}

#[async_trait]
impl ViewSignals for Listening {
    async fn next(&mut self) -> Option<ViewSignal> {
        if let Some(revision) = self.first.take() {
            self.told = revision;
            return Some(ViewSignal::Revision(revision));
        }
        let heartbeat = self.services.config.view_heartbeat;
        let news = self.seat.revision.as_mut()?;
        let signal = loop {
            tokio::select! {
                changed = news.changed() => {
                    changed.ok()?;
                    let revision = *news.borrow_and_update();
                    // What is looked up after a break may be known already.
                    if revision > self.told {
                        self.told = revision;
                        break ViewSignal::Revision(revision);
                    }
                }
                () = tokio::time::sleep(heartbeat) => break ViewSignal::Alive,
                _ = self.stop.wait_for(|stopped| *stopped) => return None,
            }
        };
        if signal == ViewSignal::Revision(GONE) || !self.may_go_on().await {
            return None;
        }
        Some(signal)
    }
}

impl Services {
    /// Listens to a view, for a request that may do this with the database.
    pub(super) async fn listen(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        view: &ViewId,
        access: DatabaseAccess,
    ) -> Result<Box<dyn ViewSignals>, AppError> {
        let (_, summary) = self.visible_view(ctx, id, view, access).await?;
        let person = somebody(ctx)?.id;
        let seat = self.feeds.take_seat(&self.store, person, view);
        let seat = seat.ok_or_else(|| {
            AppError::too_many(
                "You have this open at too many places. Close some; changes are shown on reload.",
            )
        })?;
        // Read after the seat was taken, so that nothing falls between the two.
        let revision = self.store.view_revisions(std::slice::from_ref(view)).await;
        let revision = crate::error::OrAnswer::or_answer(revision, ctx)?
            .get(view)
            .copied()
            .ok_or_else(view_not_found)?;
        Ok(Box::new(Listening {
            services: self.clone(),
            ctx: ctx.clone(),
            id: id.clone(),
            view: view.clone(),
            seat,
            stop: self.feeds.stop.subscribe(),
            first: Some(revision.max(summary.revision)),
            told: 0,
        }))
    }

    /// Ends every listening: the server stops.
    pub fn listening_stop(&self) {
        self.feeds.stop.send_replace(true);
    }
}
