//! Areas and memos while somebody moves or resizes them: only what the hand does to them is changed,
//! so that what others write on them meanwhile stays.

use diagram::area::{AREA_MIN, area_rect};
use diagram::geometry::{Rect, Size};
use diagram::memo::{MEMO_MIN, memo_rect};
use diagram::paint::Notes;
use diagram::scene::Scene;
use model::view::{Arrangement, Spot, ViewChange};

/// An area or a memo, by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NoteName {
    Area(String),
    Memo(String),
}

/// Where an area or a memo stands, and how large it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Place {
    pub(super) at: Spot,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl NoteName {
    /// Smaller it does not become.
    pub(super) fn smallest(&self) -> Size {
        match self {
            Self::Area(_) => AREA_MIN,
            Self::Memo(_) => MEMO_MIN,
        }
    }

    /// Where it stands now; none where it is gone.
    pub(super) fn place(&self, now: &Arrangement) -> Option<Place> {
        let (at, width, height) = match self {
            Self::Area(id) => {
                let area = now.areas.get(id)?;
                (area.at, area.width, area.height)
            }
            Self::Memo(id) => {
                let memo = now.memos.get(id)?;
                (memo.at, memo.width, memo.height)
            }
        };
        Some(Place { at, width, height })
    }

    /// The change after which it stands elsewhere, and is otherwise as it is now; none where it is
    /// gone.
    pub(super) fn put(&self, now: &Arrangement, place: Place) -> Option<ViewChange> {
        let Place { at, width, height } = place;
        Some(match self {
            Self::Area(id) => {
                let mut area = now.areas.get(id)?.clone();
                (area.at, area.width, area.height) = (at, width, height);
                ViewChange::Area {
                    id: id.clone(),
                    area: Some(area),
                }
            }
            Self::Memo(id) => {
                let mut memo = now.memos.get(id)?.clone();
                (memo.at, memo.width, memo.height) = (at, width, height);
                ViewChange::Memo {
                    id: id.clone(),
                    memo: Some(memo),
                }
            }
        })
    }

    /// The same with only its corner put somewhere.
    pub(super) fn put_at(&self, now: &Arrangement, at: Spot) -> Option<ViewChange> {
        let place = self.place(now)?;
        self.put(now, Place { at, ..place })
    }
}

/// Where these are among all areas and memos now: the picture knows them by their place in order, which
/// is another one when others come and go.
pub(super) fn places_of(names: &[NoteName], scene: &Scene) -> Notes {
    let is_area = |id: &str| {
        names
            .iter()
            .any(|it| matches!(it, NoteName::Area(name) if name == id))
    };
    let is_memo = |id: &str| {
        names
            .iter()
            .any(|it| matches!(it, NoteName::Memo(name) if name == id))
    };
    let areas = scene.areas().filter(|(_, (id, _))| is_area(id));
    let memos = scene.memos().filter(|(_, (id, _))| is_memo(id));
    Notes {
        areas: areas.map(|(place, _)| place).collect(),
        memos: memos.map(|(place, _)| place).collect(),
    }
}

/// The areas that are wholly in a frame and the memos that it touches; all of them without one.
pub(super) fn within(frame: Option<&Rect>, scene: &Scene) -> Notes {
    let areas = scene.areas();
    let memos = scene.memos();
    Notes {
        areas: areas
            .filter(|(_, (_, area))| frame.is_none_or(|it| it.contains_rect(&area_rect(area))))
            .map(|(place, _)| place)
            .collect(),
        memos: memos
            .filter(|(_, (_, memo))| frame.is_none_or(|it| it.intersects(&memo_rect(memo))))
            .map(|(place, _)| place)
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use diagram::graph::Graph;
    use diagram::layout::Layout;
    use diagram::measure::TextMetrics;
    use model::view::{Area, Memo, ViewColour};

    fn area(title: &str, x: f64, width: f64) -> ViewChange {
        ViewChange::Area {
            id: "a1".to_owned(),
            area: Some(Area {
                title: title.to_owned(),
                colour: ViewColour::Blue,
                at: Spot { x, y: 0.0 },
                width,
                height: 10.0,
            }),
        }
    }

    fn memo(text: &str, x: f64) -> ViewChange {
        ViewChange::Memo {
            id: "m1".to_owned(),
            memo: Some(Memo {
                text: text.to_owned(),
                at: Spot { x, y: 0.0 },
                width: 20.0,
                height: 10.0,
            }),
        }
    }

    #[test]
    fn what_others_write_meanwhile_stays() {
        let mut now = Arrangement::default();
        now.apply(&area("Mine", 0.0, 100.0));
        now.apply(&memo("Mine", 0.0));
        let names = [
            NoteName::Area("a1".to_owned()),
            NoteName::Memo("m1".to_owned()),
        ];
        // Somebody else writes while it is moved.
        now.apply(&area("Yours", 0.0, 100.0));
        now.apply(&memo("Yours", 0.0));
        let moved = names
            .each_ref()
            .map(|name| name.put_at(&now, Spot { x: 8.0, y: 0.0 }));
        assert_eq!(
            moved,
            [Some(area("Yours", 8.0, 100.0)), Some(memo("Yours", 8.0))]
        );
        let place = names[0].place(&now).unwrap();
        let wider = Place {
            width: 150.0,
            ..place
        };
        assert_eq!(names[0].put(&now, wider), Some(area("Yours", 0.0, 150.0)));
        // What somebody else took away does not come back.
        for name in &names {
            assert_eq!(name.put_at(&Arrangement::default(), place.at), None);
        }
    }

    #[test]
    fn areas_and_memos_are_found_by_name_when_others_come() {
        let mut scene = Scene::new(Graph::default(), &Layout::default(), TextMetrics::default());
        scene.change(&area("Mine", 0.0, 100.0));
        scene.change(&memo("Mine", 0.0));
        let names = [
            NoteName::Area("a1".to_owned()),
            NoteName::Memo("m1".to_owned()),
            NoteName::Memo("gone".to_owned()),
        ];
        let places = |scene: &Scene| {
            let found = places_of(&names, scene);
            (found.areas, found.memos)
        };
        assert_eq!(places(&scene), (vec![0], vec![0]));
        let ViewChange::Area {
            area: Some(other), ..
        } = area("Yours", 0.0, 50.0)
        else {
            panic!("no area");
        };
        scene.change(&ViewChange::Area {
            id: "a0".to_owned(),
            area: Some(other),
        });
        assert_eq!(places(&scene), (vec![1], vec![0]));
    }
}
