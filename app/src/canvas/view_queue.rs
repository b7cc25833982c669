//! What of a view's changes the server does not have yet.

use model::view::{ViewChange, ViewSubject};
use std::collections::{BTreeMap, VecDeque};

/// So many changes are sent at once.
pub const SEND_MAX: usize = 1_000;
/// About so many bytes at the most, unless one change alone is larger: the server takes a question of
/// twice that.
const SEND_BYTES: usize = 128 * 1024;
/// So many of one's own changes are remembered, so that they are not taken for those of others.
const ECHOES_MAX: usize = 5_000;

/// Changes on their way to the server. Of several to one thing only the last is sent.
#[derive(Debug)]
pub struct ViewQueue {
    /// So many changes are sent at once.
    part: usize,
    waiting: BTreeMap<ViewSubject, ViewChange>,
    under_way: BTreeMap<ViewSubject, ViewChange>,
    sent: BTreeMap<ViewSubject, ViewChange>,
    sent_order: VecDeque<ViewSubject>,
}

impl Default for ViewQueue {
    fn default() -> Self {
        Self {
            part: SEND_MAX,
            waiting: BTreeMap::new(),
            under_way: BTreeMap::new(),
            sent: BTreeMap::new(),
            sent_order: VecDeque::new(),
        }
    }
}

/// About how many bytes a change takes on its way.
fn weight(change: &ViewChange) -> usize {
    let text = match change {
        ViewChange::Area {
            area: Some(area), ..
        } => area.title.len(),
        ViewChange::Memo {
            memo: Some(memo), ..
        } => memo.text.len(),
        _ => 0,
    };
    // Quotes and the like are written with two letters.
    120 + 2 * text
}

impl ViewQueue {
    /// Adds changes that somebody made here, those that a view can keep. Says whether there were
    /// any.
    pub fn push(&mut self, changes: impl IntoIterator<Item = ViewChange>) -> bool {
        let mut any = false;
        for change in changes.into_iter().filter(ViewChange::is_lasting) {
            self.waiting.insert(change.subject(), change);
            any = true;
        }
        any
    }

    /// Adds changes that are older than what waits already. Of several to one thing the last counts,
    /// as in the picture.
    pub fn push_older(&mut self, changes: impl IntoIterator<Item = ViewChange>) {
        let last: BTreeMap<ViewSubject, ViewChange> =
            changes.into_iter().map(|it| (it.subject(), it)).collect();
        for (subject, change) in last {
            self.waiting.entry(subject).or_insert(change);
        }
    }

    /// Whether the server has everything.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.under_way.is_empty()
    }

    /// Whether changes are on their way.
    pub fn is_sending(&self) -> bool {
        !self.under_way.is_empty()
    }

    /// The next changes to send; nothing while some are on their way.
    pub fn begin(&mut self) -> Vec<ViewChange> {
        if self.is_sending() {
            return Vec::new();
        }
        let mut bytes = 0;
        while self.under_way.len() < self.part
            && let Some(next) = self.waiting.first_entry()
        {
            bytes += weight(next.get());
            if bytes > SEND_BYTES && !self.under_way.is_empty() {
                break;
            }
            let (subject, change) = next.remove_entry();
            self.under_way.insert(subject, change);
        }
        self.under_way.values().cloned().collect()
    }

    /// The server has what was on its way.
    pub fn arrived(&mut self) {
        for (subject, change) in std::mem::take(&mut self.under_way) {
            if self.sent.insert(subject.clone(), change).is_none() {
                self.sent_order.push_back(subject);
            }
        }
        while self.sent_order.len() > ECHOES_MAX
            && let Some(oldest) = self.sent_order.pop_front()
        {
            self.sent.remove(&oldest);
        }
    }

    /// The server does not have what was on its way: it waits again, behind what came meanwhile.
    pub fn failed(&mut self) {
        for (subject, change) in std::mem::take(&mut self.under_way) {
            self.waiting.entry(subject).or_insert(change);
        }
    }

    /// What was on its way was too much at once: it waits again, to be sent in smaller parts. Says
    /// whether it can be divided.
    pub fn divided(&mut self) -> bool {
        let count = self.under_way.len();
        if count < 2 {
            return false;
        }
        self.part = count / 2;
        self.failed();
        true
    }

    /// The server will never take what was on its way. What waits was not looked at yet.
    pub fn refused(&mut self) {
        self.under_way.clear();
    }

    /// Everything that the server does not have.
    pub fn unsent(&self) -> Vec<ViewChange> {
        let mut all = self.under_way.clone();
        all.extend(self.waiting.clone());
        all.into_values().collect()
    }

    /// Of what the server tells, the changes of others: one's own come back as well, and what is
    /// to be sent yet will be the later one.
    pub fn foreign(&self, news: Vec<ViewChange>) -> Vec<ViewChange> {
        news.into_iter()
            .filter(|change| {
                let subject = change.subject();
                !self.waiting.contains_key(&subject)
                    && !self.under_way.contains_key(&subject)
                    && self.sent.get(&subject) != Some(change)
            })
            .collect()
    }

    /// Others changed these things: what was sent before no longer says how they are.
    pub fn overtaken(&mut self, changes: &[ViewChange]) {
        for change in changes {
            let subject = change.subject();
            if self.sent.remove(&subject).is_some() {
                self.sent_order.retain(|other| *other != subject);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::view::Spot;

    fn put(table: i64, x: f64) -> ViewChange {
        ViewChange::Place {
            table,
            at: Some(Spot { x, y: 0.0 }),
        }
    }

    #[test]
    fn of_changes_to_one_thing_the_last_is_sent() {
        let mut queue = ViewQueue::default();
        queue.push([put(1, 1.0), put(2, 1.0), put(1, 2.0)]);
        assert_eq!(queue.begin(), [put(1, 2.0), put(2, 1.0)]);
        // What comes meanwhile waits for its turn.
        queue.push([put(1, 3.0)]);
        assert_eq!(queue.begin(), []);
        queue.arrived();
        assert_eq!(queue.begin(), [put(1, 3.0)]);
        queue.arrived();
        assert!(queue.is_empty());
    }

    #[test]
    fn what_only_this_picture_has_is_not_kept() {
        let mut queue = ViewQueue::default();
        assert!(!queue.push([put(-1, 1.0)]));
        assert!(queue.is_empty());
        assert!(queue.push([put(-7, 1.0), put(1, 1.0)]));
        assert_eq!(queue.begin(), [put(1, 1.0)]);
    }

    #[test]
    fn nothing_is_lost_when_sending_fails() {
        let mut queue = ViewQueue::default();
        queue.push([put(1, 1.0), put(2, 1.0)]);
        queue.begin();
        queue.push([put(1, 2.0), put(3, 1.0)]);
        assert_eq!(queue.unsent(), [put(1, 2.0), put(2, 1.0), put(3, 1.0)]);
        queue.failed();
        assert_eq!(queue.begin(), [put(1, 2.0), put(2, 1.0), put(3, 1.0)]);
        // What an earlier visit left behind is older than what is done now.
        queue.failed();
        queue.push_older([put(1, -1.0), put(4, -2.0), put(4, -1.0)]);
        assert_eq!(
            queue.unsent(),
            [put(1, 2.0), put(2, 1.0), put(3, 1.0), put(4, -1.0)]
        );
    }

    #[test]
    fn a_refusal_is_about_what_was_sent() {
        let mut queue = ViewQueue::default();
        queue.push([put(1, 1.0), put(2, 1.0)]);
        queue.begin();
        queue.push([put(1, 2.0), put(3, 1.0)]);
        queue.refused();
        assert_eq!(queue.unsent(), [put(1, 2.0), put(3, 1.0)]);
    }

    #[test]
    fn many_go_in_parts() {
        let mut queue = ViewQueue::default();
        queue.push((0..2_500).map(|table| put(table, 1.0)));
        let mut sent = Vec::new();
        while !queue.is_empty() {
            let part = queue.begin();
            assert!(part.len() <= SEND_MAX);
            sent.extend(part);
            queue.arrived();
        }
        assert_eq!(sent.len(), 2_500);
    }

    #[test]
    fn long_texts_go_in_parts() {
        let memo = |place: usize| ViewChange::Memo {
            id: format!("m{place:02}"),
            memo: Some(model::view::Memo {
                text: "x".repeat(10_000),
                at: Spot { x: 0.0, y: 0.0 },
                width: 1.0,
                height: 1.0,
            }),
        };
        let mut queue = ViewQueue::default();
        queue.push((0..20).map(memo));
        let mut sent = Vec::new();
        while !queue.is_empty() {
            let part = queue.begin();
            assert!((1..=6).contains(&part.len()), "{}", part.len());
            sent.extend(part);
            queue.arrived();
        }
        assert_eq!(sent.len(), 20);
    }

    #[test]
    fn only_the_changes_of_others_are_news() {
        let mut queue = ViewQueue::default();
        queue.push([put(1, 1.0), put(2, 1.0), put(3, 1.0)]);
        queue.begin();
        queue.arrived();
        queue.push([put(2, 5.0)]);
        // Mine, unsent, moved by another after me, another's.
        let news = vec![put(1, 1.0), put(2, 9.0), put(3, 9.0), put(4, 9.0)];
        let foreign = queue.foreign(news);
        assert_eq!(foreign, [put(3, 9.0), put(4, 9.0)]);
        queue.overtaken(&foreign);
        // Somebody puts it back to where I had it: that is news again.
        assert_eq!(queue.foreign(vec![put(3, 1.0)]), [put(3, 1.0)]);
    }
}
