//! The services themselves: what every use case works with.

use crate::config::Config;
use crate::diagram::uses::UsesCache;
use crate::error::Fault;
use crate::limiter::Pending;
use crate::password::Hasher;
use crate::relation::proposals::ProposalCache;
use crate::tally::Tally;
use crate::token::random_bytes;
use crate::view::feed::Feeds;
use crate::worker::Board;
use std::sync::Arc;
use std::time::Duration;
use store::Store;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many imports are read at the same time; each may hold a hundred megabytes.
const IMPORTS_AT_ONCE: usize = 2;
/// How many diagrams are laid out at the same time; each keeps a core busy.
const LAYOUTS_AT_ONCE: usize = 2;
/// For how many diagrams it is found out at the same time what they show: ways are searched, and
/// the texts of queries are read.
const CHOSEN_AT_ONCE: usize = 4;
/// How many pictures are painted at the same time; each keeps a core busy.
const PICTURES_AT_ONCE: usize = 2;
/// How many tables' rows are looked at at the same time; each keeps somebody's server busy.
const LOOKS_AT_ONCE: usize = 2;
/// So many embedded views are answered at the same time: whoever has an address may ask, without
/// being known.
const EMBEDS_AT_ONCE: usize = 2;
/// For how many databases relations are proposed at the same time.
const PROPOSED_AT_ONCE: usize = 1;

/// The use cases of the product over one catalog. Cheap to clone.
#[derive(Clone)]
pub struct Services {
    pub(crate) store: Store,
    pub(crate) config: Arc<Config>,
    pub(crate) hasher: Hasher,
    pub(crate) pending: Pending,
    pub(crate) imports: Turns,
    pub(crate) choices: Turns,
    pub(crate) layouts: Turns,
    pub(crate) pictures: Turns,
    pub(crate) looks: Turns,
    pub(crate) embeds: Turns,
    /// Proposing relations, which keeps a core busy for a moment.
    pub(crate) proposing: Turns,
    /// What was proposed.
    pub(crate) proposals: ProposalCache,
    /// What the statements of histories use.
    pub(crate) uses: UsesCache,
    /// The jobs that this process works on.
    pub(crate) board: Board,
    pub(crate) tally: Arc<Tally>,
    /// Who listens to which view.
    pub(crate) feeds: Feeds,
}

impl Services {
    /// Services over a catalog whose migrations have been applied.
    ///
    /// # Errors
    /// When hashing cannot be set up.
    pub fn new(store: Store, config: Config) -> Result<Self, Fault> {
        Ok(Self {
            store,
            config: Arc::new(config),
            hasher: Hasher::new()?,
            pending: Pending::default(),
            imports: Turns::new(IMPORTS_AT_ONCE, Duration::from_secs(60)),
            choices: Turns::new(CHOSEN_AT_ONCE, Duration::from_secs(20)),
            layouts: Turns::new(LAYOUTS_AT_ONCE, Duration::from_secs(20)),
            pictures: Turns::new(PICTURES_AT_ONCE, Duration::from_secs(30)),
            looks: Turns::new(LOOKS_AT_ONCE, Duration::from_secs(20)),
            embeds: Turns::new(EMBEDS_AT_ONCE, Duration::from_secs(20)),
            proposing: Turns::new(PROPOSED_AT_ONCE, Duration::from_secs(20)),
            proposals: ProposalCache::default(),
            uses: UsesCache::default(),
            board: Board::new(worker_word()?),
            tally: Arc::default(),
            feeds: Feeds::default(),
        })
    }

    /// How often databases were read since the start.
    pub fn tally(&self) -> Arc<Tally> {
        self.tally.clone()
    }
}

/// A word by which jobs of this process are told from those of any other.
fn worker_word() -> Result<String, Fault> {
    let bytes: [u8; 16] = random_bytes()?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A turn that several pieces of work hold: it ends with the last of them.
pub(crate) type Turn = Arc<OwnedSemaphorePermit>;

/// Bounds how much of one kind of heavy work happens at once.
#[derive(Clone)]
pub(crate) struct Turns {
    permits: Arc<Semaphore>,
    patience: Duration,
}

impl Turns {
    pub(crate) fn new(at_once: usize, patience: Duration) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(at_once)),
            patience,
        }
    }

    /// Waits for a turn, however long that takes; for work that nobody waits for. None when
    /// there are no more turns, which is never.
    pub(crate) async fn wait(&self) -> Option<OwnedSemaphorePermit> {
        self.permits.clone().acquire_owned().await.ok()
    }

    /// Waits for a turn; busy when it does not come in time. The permit should move into the
    /// work: a request that is given up leaves its work running.
    pub(crate) async fn take(&self) -> Result<OwnedSemaphorePermit, Fault> {
        let turn = self.permits.clone().acquire_owned();
        match tokio::time::timeout(self.patience, turn).await {
            Ok(Ok(turn)) => Ok(turn),
            Ok(Err(_)) | Err(_) => Err(Fault::Busy),
        }
    }

    /// A turn, where one is free.
    pub(crate) fn at_once(&self) -> Option<OwnedSemaphorePermit> {
        self.permits.clone().try_acquire_owned().ok()
    }

    /// Does work on a thread of its own when it is its turn. A request that is given up leaves it
    /// running, so the work itself holds the turn until its end, and `held` too: that of which this
    /// is a part.
    pub(crate) async fn work<T: Send + 'static>(
        &self,
        held: Option<Turn>,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let turn = self.take().await?;
        tokio::task::spawn_blocking(move || {
            let done = work();
            drop((turn, held));
            done
        })
        .await
        .map_err(Fault::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nobody_waits_for_ever() {
        let turns = Turns::new(1, Duration::from_millis(20));
        let first = turns.take().await.unwrap();
        assert!(matches!(turns.take().await, Err(Fault::Busy)));
        assert!(turns.at_once().is_none());
        drop(first);
        assert!(turns.at_once().is_some());
        assert!(turns.take().await.is_ok());
    }

    #[tokio::test]
    async fn work_that_nobody_waits_for_holds_its_turns() {
        let outer = Turns::new(1, Duration::from_millis(20));
        let inner = Turns::new(1, Duration::from_millis(20));
        let held = Arc::new(outer.take().await.unwrap());
        let (end, may_end) = std::sync::mpsc::channel::<()>();
        let (begin, has_begun) = tokio::sync::oneshot::channel();
        let working = inner.clone();
        let asked = tokio::spawn(async move {
            let work = move || {
                begin.send(()).unwrap();
                may_end.recv().unwrap();
            };
            working.work(Some(held), work).await
        });
        has_begun.await.unwrap();
        asked.abort();
        assert!(asked.await.is_err());
        assert!(matches!(outer.take().await, Err(Fault::Busy)));
        assert!(matches!(inner.take().await, Err(Fault::Busy)));
        end.send(()).unwrap();
        assert!(outer.wait().await.is_some() && inner.wait().await.is_some());
    }
}
