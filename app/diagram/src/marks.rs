//! The crow's-foot ends of links as lines and circles.

use crate::geometry::Point;
use crate::graph::Cardinality;
use crate::route::LinkEnd;

/// The marks of many ends, together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Marks {
    /// Bars and prongs, in world units.
    pub lines: Vec<(Point, Point)>,
    /// Middles of circles, in world units.
    pub circles: Vec<Point>,
}

impl Marks {
    /// Radius of a circle, in world units.
    pub const CIRCLE: f64 = 3.0;
    /// From the box's edge to where the prongs of a foot meet.
    const FOOT: f64 = 11.0;
    /// Half the spread of a foot at the box's edge.
    const SPREAD: f64 = 5.5;
    /// Half the length of a bar.
    const BAR: f64 = 4.25;

    /// Adds the mark of an end. The prongs of a foot start exactly on the box's edge.
    pub fn add(&mut self, end: &LinkEnd) {
        let at = |along: f64, across: f64| {
            Point::new(end.at.x + end.direction * along, end.at.y + across)
        };
        let mut bar = |along: f64| {
            self.lines
                .push((at(along, -Self::BAR), at(along, Self::BAR)))
        };
        match end.cardinality {
            Cardinality::ExactlyOne => {
                bar(6.0);
                bar(9.5);
            }
            Cardinality::ZeroOrOne => {
                bar(6.0);
                self.circles.push(at(11.0, 0.0));
            }
            Cardinality::OneOrMany => {
                bar(Self::FOOT + 2.5);
                self.foot(at);
            }
            Cardinality::ZeroOrMany => {
                self.foot(at);
                self.circles.push(at(Self::FOOT + Self::CIRCLE, 0.0));
            }
        }
    }

    fn foot(&mut self, at: impl Fn(f64, f64) -> Point) {
        for across in [-Self::SPREAD, Self::SPREAD] {
            self.lines.push((at(0.0, across), at(Self::FOOT, 0.0)));
        }
    }
}
