//! Which jobs this process has in hand, and how they are reached.

use model::id::JobId;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Notify, watch};

/// Why a job is to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// Somebody cancelled it.
    Cancelled,
    /// The server stops.
    ServerStops,
    /// It is no longer ours.
    Lost,
}

/// The jobs of this process. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Board(Arc<Inner>);

struct Inner {
    /// The process' word, by which its jobs are marked.
    word: String,
    is_working: AtomicBool,
    new: Notify,
    ends: watch::Sender<()>,
    running: Mutex<HashMap<JobId, watch::Sender<Option<Stop>>>>,
}

impl Board {
    pub(crate) fn new(word: String) -> Self {
        Self(Arc::new(Inner {
            word,
            is_working: AtomicBool::new(false),
            new: Notify::new(),
            ends: watch::Sender::new(()),
            running: Mutex::default(),
        }))
    }

    /// The process' word.
    pub(crate) fn word(&self) -> &str {
        &self.0.word
    }

    /// Whether a worker takes jobs on in this process.
    pub(crate) fn is_working(&self) -> bool {
        self.0.is_working.load(Ordering::Relaxed)
    }

    /// There is something new to do.
    pub(crate) fn wake(&self) {
        self.0.new.notify_one();
    }

    /// Resolves when there is something new to do.
    pub(super) async fn woken(&self) {
        self.0.new.notified().await;
    }

    /// Changes whenever a job ends.
    pub(crate) fn ends(&self) -> watch::Receiver<()> {
        self.0.ends.subscribe()
    }

    /// Marks that a worker takes jobs on, until the mark is dropped.
    pub(super) fn begin_work(&self) -> Working {
        self.0.is_working.store(true, Ordering::Relaxed);
        Working(self.clone())
    }

    /// Begins to listen for what stops a job.
    pub(super) fn follow(&self, id: &JobId) -> Following {
        let (stop, stopped) = watch::channel(None);
        self.running().insert(id.clone(), stop);
        Following(stopped)
    }

    /// Tells a job of this process, if it is one, that it is cancelled.
    pub(crate) fn cancel(&self, id: &JobId) {
        if let Some(stop) = self.running().get(id) {
            stop.send_replace(Some(Stop::Cancelled));
        }
        // One that waited has ended with this.
        self.0.ends.send_replace(());
    }

    /// Tells every job that the server stops.
    pub(super) fn stop_all(&self) {
        for stop in self.running().values() {
            stop.send_replace(Some(Stop::ServerStops));
        }
    }

    /// A job has ended, and what came of it is written.
    pub(super) fn tell_end(&self, id: &JobId) {
        self.running().remove(id);
        self.0.ends.send_replace(());
    }

    fn running(&self) -> std::sync::MutexGuard<'_, HashMap<JobId, watch::Sender<Option<Stop>>>> {
        self.0
            .running
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// The mark that a worker takes jobs on.
pub(super) struct Working(Board);

impl Drop for Working {
    fn drop(&mut self) {
        self.0.0.is_working.store(false, Ordering::Relaxed);
    }
}

/// Listens for what stops a job.
pub(super) struct Following(watch::Receiver<Option<Stop>>);

impl Following {
    /// Resolves when the job is to stop.
    pub(super) async fn stop(&mut self) -> Stop {
        loop {
            let stop = *self.0.borrow_and_update();
            if let Some(stop) = stop {
                return stop;
            }
            if self.0.changed().await.is_err() {
                // The board has forgotten the job, which it does at its end only.
                return std::future::pending().await;
            }
        }
    }
}
