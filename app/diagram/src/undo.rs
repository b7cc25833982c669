//! What a person did and may take back: groups of changes, each with the change that undoes it.

use std::collections::VecDeque;

use model::view::{Arrangement, ViewChange, ViewSubject};

/// Groups that are kept.
const DEPTH: usize = 200;

/// A change and the one that takes it back.
#[derive(Clone, Debug, PartialEq)]
struct Step {
    change: ViewChange,
    inverse: ViewChange,
}

/// The history of one person on one diagram, bounded. It changes nothing itself: it says which
/// changes to make.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    done: VecDeque<Vec<Step>>,
    undone: Vec<Vec<Step>>,
}

impl History {
    /// Notes changes that are about to be made together to what is arranged so, which is what taking
    /// them back leads to. Changes after which all is as before are left out; what had been taken back can no
    /// longer be done again.
    pub fn record(&mut self, before: Arrangement, changes: &[ViewChange]) {
        let mut then = before;
        let mut group = Vec::new();
        for change in changes {
            let inverse = then.inverse(change);
            if inverse != *change {
                then.apply(change);
                group.push(Step {
                    change: change.clone(),
                    inverse,
                });
            }
        }
        if group.is_empty() {
            return;
        }
        self.undone.clear();
        self.done.push_back(group);
        if self.done.len() > DEPTH {
            self.done.pop_front();
        }
    }

    /// True when something can be taken back.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.done.is_empty()
    }

    /// True when something can be done again.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }

    /// The changes that take the last group back, in the order in which to make them; none when
    /// there is none.
    pub fn undo(&mut self) -> Vec<ViewChange> {
        let Some(group) = self.done.pop_back() else {
            return Vec::new();
        };
        let changes = group.iter().rev().map(|step| step.inverse.clone());
        let changes = changes.collect();
        self.undone.push(group);
        changes
    }

    /// The changes that make the group taken back last again; none when there is none.
    pub fn redo(&mut self) -> Vec<ViewChange> {
        let Some(group) = self.undone.pop() else {
            return Vec::new();
        };
        let changes = group.iter().map(|step| step.change.clone()).collect();
        self.done.push_back(group);
        changes
    }

    /// Somebody else has made a change: steps about the same thing are forgotten, as taking them
    /// back, or making them again, would overwrite it.
    pub fn overtaken(&mut self, change: &ViewChange) {
        let subject: ViewSubject = change.subject();
        let keep = |group: &mut Vec<Step>| {
            group.retain(|step| step.change.subject() != subject);
            !group.is_empty()
        };
        self.done.retain_mut(keep);
        self.undone.retain_mut(keep);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::view::{Spot, ViewColour};

    fn place(table: i64, x: f64) -> ViewChange {
        ViewChange::Place {
            table,
            at: Some(Spot { x, y: 0.0 }),
        }
    }

    fn hide(table: i64) -> ViewChange {
        ViewChange::Hide {
            table,
            hidden: true,
        }
    }

    fn make(arrangement: &mut Arrangement, changes: &[ViewChange]) {
        for change in changes {
            arrangement.apply(change);
        }
    }

    fn act(history: &mut History, arrangement: &mut Arrangement, changes: &[ViewChange]) {
        history.record(arrangement.clone(), changes);
        make(arrangement, changes);
    }

    #[test]
    fn what_is_taken_back_can_be_done_again() {
        let (mut history, mut now) = (History::default(), Arrangement::default());
        let groups = [
            vec![place(1, 1.0), place(2, 2.0)],
            vec![hide(1), place(1, 5.0), place(1, 9.0)],
            vec![ViewChange::Colour {
                table: 1,
                colour: Some(ViewColour::Red),
            }],
        ];
        let mut states = vec![now.clone()];
        for group in &groups {
            act(&mut history, &mut now, group);
            states.push(now.clone());
        }
        for state in states.iter().rev().skip(1) {
            make(&mut now, &history.undo());
            assert_eq!(now, *state);
        }
        assert!(!history.can_undo() && history.undo().is_empty());
        for state in states.iter().skip(1) {
            make(&mut now, &history.redo());
            assert_eq!(now, *state);
        }
        assert!(!history.can_redo() && history.redo().is_empty());
        // After something new there is nothing to be done again.
        make(&mut now, &history.undo());
        act(&mut history, &mut now, &[hide(7)]);
        assert!(!history.can_redo());
    }

    #[test]
    fn what_changes_nothing_is_no_step_and_the_history_is_bounded() {
        let (mut history, mut now) = (History::default(), Arrangement::default());
        act(&mut history, &mut now, &[place(1, 1.0)]);
        act(&mut history, &mut now, &[place(1, 1.0)]);
        history.undo();
        assert!(!history.can_undo());
        for i in 0..1000 {
            act(&mut history, &mut now, &[place(1, f64::from(i))]);
        }
        let mut steps = 0;
        while history.can_undo() {
            history.undo();
            steps += 1;
        }
        assert_eq!(steps, DEPTH);
    }

    #[test]
    fn what_somebody_else_changed_is_not_overwritten() {
        let (mut history, mut now) = (History::default(), Arrangement::default());
        act(&mut history, &mut now, &[place(1, 1.0), place(2, 1.0)]);
        act(&mut history, &mut now, &[place(1, 4.0)]);
        let theirs = place(1, 77.0);
        history.overtaken(&theirs);
        now.apply(&theirs);
        // The second group was about table 1 alone and is gone; of the first, table 2 remains.
        make(&mut now, &history.undo());
        assert_eq!(now.places.get(&1).map(|at| at.x), Some(77.0));
        assert_eq!(now.places.get(&2), None);
        assert!(!history.can_undo());
        history.overtaken(&place(2, 3.0));
        assert!(!history.can_redo());
        // What comes after their change can be taken back to it.
        act(&mut history, &mut now, &[place(1, 5.0)]);
        make(&mut now, &history.undo());
        assert_eq!(now.places.get(&1).map(|at| at.x), Some(77.0));
    }
}
