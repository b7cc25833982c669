//! How what was arranged comes to the server: when it is sent, what the browser keeps until then,
//! what becomes of it after an answer or a failure, and what the page hears of it. This says what is
//! to be done and does none of it.

use crate::canvas::view_queue::ViewQueue;
use contract::error::{AppError, ErrorKind};
use model::view::{Spot, ViewChange};
use std::collections::BTreeMap;
use std::time::Duration;

/// Changes are sent at most so often.
pub const SEND_EVERY: Duration = Duration::from_millis(100);
/// After a failure the next attempt comes so much later, and later each time.
const AGAIN_FIRST: Duration = Duration::from_secs(1);
/// No attempt waits longer.
pub const AGAIN_MAX: Duration = Duration::from_secs(15);

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
    /// The server could not take it, for this reason; it is tried again.
    Later(String),
    /// The server does not take it, for this reason.
    Refused(String),
    /// The view can no longer be had, for this reason.
    Gone(String),
}

/// What is to be done now, in this order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Orders {
    /// The browser is to keep what is unsent in the place of what it kept so far; nothing, where
    /// all was sent.
    pub keep: bool,
    /// What the page is to hear.
    pub tell: Option<SaveState>,
    /// After so long the next changes are to be sent; at once for zero.
    pub send: Option<Duration>,
}

/// Where a view has a table that the page shows elsewhere.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Apart {
    /// Where the page shows it.
    pub shown: Spot,
    /// Where the view has it.
    pub kept: Spot,
}

/// The changes of one page on their way to the server.
#[derive(Debug, Default)]
pub struct Delivery {
    queue: ViewQueue,
    /// By the catalog's id.
    apart: BTreeMap<i64, Apart>,
    failures: u32,
    /// Something was refused for ever, and nothing was arranged since.
    has_lost: bool,
    is_stopped: bool,
}

impl Delivery {
    /// Nothing is on its way yet. Tables that the page shows elsewhere than the view has them go
    /// back to where the view has them when they go back to where they are shown.
    pub fn new(apart: BTreeMap<i64, Apart>) -> Self {
        Self {
            apart,
            ..Self::default()
        }
    }

    /// Somebody arranged something; `older` goes along where nothing newer is said of the same.
    pub fn arranged(
        &mut self,
        changes: Vec<ViewChange>,
        older: impl FnOnce() -> Vec<ViewChange>,
    ) -> Orders {
        let kept: Vec<ViewChange> = changes.into_iter().map(|it| self.as_kept(it)).collect();
        if !self.queue.push(kept) {
            return Orders::default();
        }
        self.queue.push_older(older());
        self.has_lost = false;
        if self.failures > 0 {
            // The next attempt is on its way already.
            return Orders {
                keep: true,
                ..Orders::default()
            };
        }
        Orders {
            keep: false,
            tell: self.heard(SaveState::Saving),
            send: Some(SEND_EVERY),
        }
    }

    fn as_kept(&self, change: ViewChange) -> ViewChange {
        match change {
            ViewChange::Place {
                table,
                at: Some(at),
            } => {
                let apart = self.apart.get(&table).filter(|apart| apart.shown == at);
                ViewChange::Place {
                    table,
                    at: Some(apart.map_or(at, |apart| apart.kept)),
                }
            }
            other => other,
        }
    }

    /// The page shows its diagram, and `kept` is what earlier visits could not send.
    pub fn resumed(&mut self, kept: Vec<ViewChange>) -> Orders {
        let keep = !kept.is_empty();
        self.queue.push_older(kept);
        if self.queue.is_empty() {
            return Orders::default();
        }
        Orders {
            keep,
            tell: self.heard(SaveState::Saving),
            send: Some(Duration::ZERO),
        }
    }

    /// The next changes to send; nothing while some are on their way.
    pub fn begin(&mut self) -> Vec<ViewChange> {
        self.queue.begin()
    }

    /// The server has what was on its way.
    pub fn arrived(&mut self) -> Orders {
        self.queue.arrived();
        self.failures = 0;
        if !self.queue.is_empty() {
            return Orders {
                keep: true,
                tell: None,
                send: Some(self.soon()),
            };
        }
        let state = (!self.has_lost).then_some(SaveState::Saved);
        Orders {
            keep: true,
            tell: state.and_then(|state| self.heard(state)),
            send: None,
        }
    }

    /// What was on its way did not come through, for this reason.
    pub fn failed(&mut self, error: &AppError) -> Orders {
        match error.kind {
            ErrorKind::Unavailable | ErrorKind::Internal | ErrorKind::TooMany => {
                self.queue.failed();
                self.failures = self.failures.saturating_add(1);
                let state = match error.kind {
                    ErrorKind::Unavailable => SaveState::Offline,
                    // It answers.
                    _ => SaveState::Later(error.message.clone()),
                };
                Orders {
                    keep: true,
                    tell: self.heard(state),
                    // On a page that was left nobody waits: the next visit sends it.
                    send: (!self.is_stopped).then(|| self.pause()),
                }
            }
            // They come back after signing in, after making room, or with the page that the server
            // understands, and send it then.
            ErrorKind::Unauthenticated | ErrorKind::Conflict => self.hold(error),
            ErrorKind::Invalid if error.field.is_none() => self.hold(error),
            ErrorKind::TooLarge if self.queue.divided() => Orders {
                keep: true,
                tell: None,
                send: Some(self.soon()),
            },
            // These would be refused for ever.
            ErrorKind::Invalid
            | ErrorKind::Forbidden
            | ErrorKind::NotFound
            | ErrorKind::TooLarge => {
                self.queue.refused();
                self.failures = 0;
                self.has_lost = true;
                Orders {
                    keep: true,
                    tell: self.heard(SaveState::Refused(error.message.clone())),
                    send: (!self.queue.is_empty()).then(|| self.soon()),
                }
            }
        }
    }

    fn hold(&mut self, error: &AppError) -> Orders {
        self.queue.failed();
        self.failures = 0;
        Orders {
            keep: true,
            tell: self.heard(SaveState::Refused(error.message.clone())),
            send: None,
        }
    }

    /// Nobody looks at the page any more, and it may be gone before anybody does again.
    pub fn hidden(&self) -> Orders {
        Orders {
            keep: true,
            tell: None,
            send: (!self.queue.is_empty()).then_some(Duration::ZERO),
        }
    }

    /// The page is left. What is on its way arrives, what waits follows it, and nobody hears of it.
    pub fn stopped(&mut self) -> Orders {
        self.is_stopped = true;
        if self.queue.is_empty() {
            return Orders::default();
        }
        Orders {
            keep: true,
            tell: None,
            send: Some(Duration::ZERO),
        }
    }

    /// Whether the page was left.
    pub fn is_stopped(&self) -> bool {
        self.is_stopped
    }

    /// Whether changes are on their way.
    pub fn is_sending(&self) -> bool {
        self.queue.is_sending()
    }

    /// Everything that the server does not have.
    pub fn unsent(&self) -> Vec<ViewChange> {
        self.queue.unsent()
    }

    /// Of what the server tells, what others did; from now on that is how it is.
    pub fn foreign(&mut self, news: Vec<ViewChange>) -> Vec<ViewChange> {
        let foreign = self.queue.foreign(news);
        self.queue.overtaken(&foreign);
        foreign
    }

    fn heard(&self, state: SaveState) -> Option<SaveState> {
        (!self.is_stopped).then_some(state)
    }

    /// A timer of a page that was left never rings.
    fn soon(&self) -> Duration {
        if self.is_stopped {
            Duration::ZERO
        } else {
            SEND_EVERY
        }
    }

    fn pause(&self) -> Duration {
        pause_after(self.failures)
    }
}

/// How long the next attempt waits after so many that failed.
pub fn pause_after(failures: u32) -> Duration {
    let doublings = failures.saturating_sub(1).min(4);
    (AGAIN_FIRST * 2_u32.pow(doublings)).min(AGAIN_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn spot(x: f64) -> Spot {
        Spot { x, y: 0.0 }
    }

    fn put(table: i64, x: f64) -> ViewChange {
        ViewChange::Place {
            table,
            at: Some(spot(x)),
        }
    }

    fn arrange(delivery: &mut Delivery, changes: impl Into<Vec<ViewChange>>) -> Orders {
        delivery.arranged(changes.into(), Vec::new)
    }

    fn away() -> AppError {
        AppError::unavailable("away")
    }

    #[test]
    fn what_is_arranged_is_sent_soon_and_saved() {
        let mut delivery = Delivery::default();
        assert_eq!(arrange(&mut delivery, []), Orders::default());
        let orders = delivery.arranged(vec![put(1, 1.0)], || vec![put(1, 9.0), put(2, 9.0)]);
        assert_eq!(
            (orders.tell, orders.send),
            (Some(SaveState::Saving), Some(SEND_EVERY))
        );
        assert_eq!(delivery.begin(), [put(1, 1.0), put(2, 9.0)]);
        arrange(&mut delivery, [put(3, 1.0)]);
        let orders = delivery.arrived();
        assert_eq!((orders.tell, orders.send), (None, Some(SEND_EVERY)));
        assert_eq!(delivery.begin(), [put(3, 1.0)]);
        let orders = delivery.arrived();
        assert_eq!((orders.tell, orders.send), (Some(SaveState::Saved), None));
        assert_eq!(delivery.unsent(), []);
    }

    #[test]
    fn without_an_answer_everything_is_kept_and_tried_again_ever_later() {
        let mut delivery = Delivery::default();
        arrange(&mut delivery, [put(1, 1.0)]);
        let mut pauses = Vec::new();
        for _ in 0..6 {
            delivery.begin();
            let orders = delivery.failed(&away());
            assert!(orders.keep);
            assert_eq!(orders.tell, Some(SaveState::Offline));
            pauses.push(orders.send.unwrap().as_secs());
        }
        assert_eq!(pauses, [1, 2, 4, 8, 15, 15]);
        // What is done meanwhile is kept as well, and does not disturb the attempts.
        let orders = arrange(&mut delivery, [put(2, 1.0)]);
        assert!(orders.keep && orders.send.is_none());
        assert_eq!(delivery.unsent(), [put(1, 1.0), put(2, 1.0)]);
        assert_eq!(delivery.begin(), [put(1, 1.0), put(2, 1.0)]);
        assert_eq!(delivery.arrived().tell, Some(SaveState::Saved));
    }

    #[test]
    fn what_waits_when_the_page_is_left_follows_what_is_on_its_way() {
        let mut delivery = Delivery::default();
        arrange(&mut delivery, [put(1, 1.0)]);
        assert_eq!(delivery.begin(), [put(1, 1.0)]);
        arrange(&mut delivery, [put(2, 1.0)]);
        let orders = delivery.stopped();
        assert!(orders.keep);
        assert_eq!(delivery.unsent(), [put(1, 1.0), put(2, 1.0)]);
        // One after the other.
        assert_eq!(delivery.begin(), []);
        let orders = delivery.arrived();
        assert!(
            orders.keep,
            "the second is not to be forgotten with the first"
        );
        assert_eq!(orders.send, Some(Duration::ZERO), "no timer rings any more");
        assert_eq!(delivery.unsent(), [put(2, 1.0)]);
        assert_eq!(delivery.begin(), [put(2, 1.0)]);
        let orders = delivery.arrived();
        assert_eq!((orders.keep, orders.tell, orders.send), (true, None, None));
        assert_eq!(delivery.unsent(), []);
    }

    #[test]
    fn what_fails_after_the_page_was_left_waits_for_the_next_visit() {
        let mut delivery = Delivery::default();
        arrange(&mut delivery, [put(1, 1.0)]);
        assert_eq!(delivery.stopped().send, Some(Duration::ZERO));
        delivery.begin();
        let orders = delivery.failed(&away());
        assert_eq!((orders.keep, orders.tell, orders.send), (true, None, None));
        let kept = delivery.unsent();
        assert_eq!(kept, [put(1, 1.0)]);
        let mut next = Delivery::default();
        let orders = next.resumed(kept);
        // Kept until it has arrived, by the page that sends it.
        assert!(orders.keep);
        assert_eq!(orders.send, Some(Duration::ZERO));
        assert_eq!(next.begin(), [put(1, 1.0)]);
    }

    #[test]
    fn a_refusal_takes_only_what_was_refused_and_stays_said() {
        let mut delivery = Delivery::default();
        arrange(&mut delivery, [put(1, 1.0)]);
        delivery.begin();
        arrange(&mut delivery, [put(2, 1.0)]);
        let orders = delivery.failed(&AppError::invalid_field("changes", "no"));
        assert_eq!(orders.tell, Some(SaveState::Refused("no".to_owned())));
        assert_eq!(orders.send, Some(SEND_EVERY));
        assert!(orders.keep);
        assert_eq!(delivery.begin(), [put(2, 1.0)]);
        // The first is lost still.
        assert_eq!(delivery.arrived().tell, None);
        arrange(&mut delivery, [put(1, 5.0)]);
        delivery.begin();
        assert_eq!(delivery.arrived().tell, Some(SaveState::Saved));
    }

    #[test]
    fn what_is_not_about_the_changes_themselves_loses_none() {
        for error in [
            AppError::unauthenticated(),
            AppError::conflict("too many views"),
            AppError::invalid("The server did not understand this request. Reload the page."),
        ] {
            let mut delivery = Delivery::default();
            arrange(&mut delivery, [put(1, 1.0)]);
            delivery.begin();
            let orders = delivery.failed(&error);
            assert!(orders.keep && orders.send.is_none());
            assert_eq!(delivery.unsent(), [put(1, 1.0)]);
            // With the next change it is tried again.
            assert_eq!(arrange(&mut delivery, [put(2, 1.0)]).send, Some(SEND_EVERY));
            assert_eq!(delivery.begin(), [put(1, 1.0), put(2, 1.0)]);
            assert_eq!(delivery.arrived().tell, Some(SaveState::Saved));
        }
    }

    #[test]
    fn what_is_too_much_at_once_goes_in_parts() {
        let mut delivery = Delivery::default();
        arrange(&mut delivery, [put(1, 1.0), put(2, 1.0), put(3, 1.0)]);
        assert_eq!(delivery.begin().len(), 3);
        let orders = delivery.failed(&AppError::too_large("too much"));
        assert_eq!((orders.tell, orders.send), (None, Some(SEND_EVERY)));
        assert_eq!(delivery.begin(), [put(1, 1.0)]);
        assert_eq!(delivery.arrived().send, Some(SEND_EVERY));
        assert_eq!(delivery.begin(), [put(2, 1.0)]);
        // One alone cannot be divided.
        let orders = delivery.failed(&AppError::too_large("too much"));
        assert_eq!(orders.tell, Some(SaveState::Refused("too much".to_owned())));
        assert_eq!(delivery.begin(), [put(3, 1.0)]);
    }

    #[test]
    fn a_fault_of_the_server_is_told_as_that_and_tried_again() {
        let mut delivery = Delivery::default();
        arrange(&mut delivery, [put(1, 1.0)]);
        delivery.begin();
        let fault = AppError::internal();
        let orders = delivery.failed(&fault);
        assert_eq!(orders.tell, Some(SaveState::Later(fault.message)));
        assert_eq!(orders.send, Some(AGAIN_FIRST));
        assert_eq!(delivery.unsent(), [put(1, 1.0)]);
    }

    #[test]
    fn a_page_that_nobody_looks_at_sends_what_it_has() {
        let mut delivery = Delivery::default();
        assert_eq!(delivery.hidden().send, None);
        arrange(&mut delivery, [put(1, 1.0)]);
        let orders = delivery.hidden();
        assert!(orders.keep);
        assert_eq!(orders.send, Some(Duration::ZERO));
    }

    #[test]
    fn a_table_that_goes_back_to_where_it_is_shown_goes_back_to_where_it_is_kept() {
        let apart = Apart {
            shown: spot(50.0),
            kept: spot(40.0),
        };
        let mut delivery = Delivery::new(BTreeMap::from([(1, apart)]));
        arrange(&mut delivery, [put(1, 70.0), put(2, 50.0)]);
        assert_eq!(delivery.begin(), [put(1, 70.0), put(2, 50.0)]);
        delivery.arrived();
        arrange(&mut delivery, [put(1, 50.0)]);
        assert_eq!(delivery.begin(), [put(1, 40.0)]);
        delivery.arrived();
        // Its echo is no news.
        assert_eq!(delivery.foreign(vec![put(1, 40.0)]), []);
    }
}
