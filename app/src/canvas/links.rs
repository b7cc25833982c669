//! Links by keyboard, and what is said of them.

use crate::canvas::canvas_stage::CanvasStage;
use crate::canvas::stage::Stage as _;
use diagram::geometry::{Point, Rect};
use diagram::graph::Link;
use diagram::outline::table_sentence;

impl CanvasStage {
    /// The links of the selected table in the order of the outline.
    fn links_of_selected(&self) -> Vec<usize> {
        let Some(table) = self.selected() else {
            return Vec::new();
        };
        self.with_scene(|scene| {
            let mut links: Vec<(bool, usize)> = scene
                .links_of(table)
                .iter()
                .map(|&link| {
                    let link = link as usize;
                    let child = scene.graph().links.get(link).map(Link::child);
                    (child != Some(table), link)
                })
                .collect();
            links.sort_unstable();
            links.into_iter().map(|(_, link)| link).collect()
        })
    }

    /// The focus of the keyboard goes to the next link of the selected table, or to the one before.
    pub(super) fn step_link(&self, forward: bool) {
        let Some(table) = self.selected() else {
            self.say("Select a table first; the arrow keys do.".to_owned());
            return;
        };
        let links = self.links_of_selected();
        let last = links.len().saturating_sub(1);
        let here = self
            .focused_link()
            .and_then(|link| links.iter().position(|&it| it == link));
        let next = match (here, forward) {
            (None, true) => 0,
            (None, false) => last,
            (Some(place), true) if place >= last => 0,
            (Some(place), true) => place + 1,
            (Some(0), false) => last,
            (Some(place), false) => place - 1,
        };
        let Some(&link) = links.get(next) else {
            self.say(self.table_said(table));
            return;
        };
        self.focus_link(Some(link));
        let sentence = self.with_scene(|scene| {
            let graph = scene.graph();
            let link = graph.links.get(link);
            link.map(|link| graph.link_sentence(link))
        });
        let (place, count) = (next + 1, links.len());
        self.say(format!(
            "{}. Link {place} of {count}.",
            sentence.unwrap_or_default()
        ));
    }

    pub(super) fn say(&self, sentence: String) {
        (self.listener.said)(sentence);
    }

    pub(super) fn table_said(&self, table: usize) -> String {
        self.with_scene(|scene| {
            let links = scene.links_of(table).len();
            table_sentence(scene.graph(), table, links)
        })
    }

    /// Goes along the link that has the focus to its other end.
    pub(super) fn follow_link(&self) -> bool {
        let (Some(link), Some(table)) = (self.focused_link(), self.selected()) else {
            return false;
        };
        let other = self.with_scene(|scene| {
            let link = scene.graph().links.get(link)?;
            Some(if link.child() == table {
                link.parent()
            } else {
                link.child()
            })
        });
        if let Some(other) = other {
            self.reveal(other);
            self.say(self.table_said(other));
        }
        other.is_some()
    }

    /// Where on the canvas a link is named: in the middle of its longest piece that is seen.
    pub(super) fn name_place(&self, link: usize) -> Option<Point> {
        let (seen, transform) = {
            let view = self.view.borrow();
            (view.world(), view.transform)
        };
        self.with_scene(|scene| {
            let piece = scene
                .route(link)?
                .segments()
                .filter(|&(a, b)| Rect::between(a, b).intersects(&seen))
                .map(|(a, b)| {
                    let inside = |p: Point| {
                        Point::new(
                            p.x.clamp(seen.min.x, seen.max.x),
                            p.y.clamp(seen.min.y, seen.max.y),
                        )
                    };
                    (inside(a), inside(b))
                })
                .max_by(|a, b| a.0.distance(a.1).total_cmp(&b.0.distance(b.1)))?;
            Some(transform.apply(Rect::between(piece.0, piece.1).center()))
        })
    }
}
