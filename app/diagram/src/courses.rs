//! The courses of all links in few bytes. Of thousands of links they take longer to find than all else
//! that a picture needs, so they are found once and kept with the layout, for the server that draws
//! the first picture and for the browser that goes on with it.

use serde::{Deserialize, Serialize};

use crate::geometry::Point;
use crate::route::Route;

/// Parts of a world unit to which the corners of links are rounded.
const PARTS: f64 = 16.0;

/// The courses of the links of a graph, in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Courses {
    /// How many corners each link has, with both ends; 0 for one that is not drawn.
    corners: Vec<u16>,
    /// Of each link the first point and the steps to the others, across and down, in parts of a
    /// world unit: mostly small numbers and zeros.
    steps: Vec<i32>,
}

/// A coordinate as it can be kept.
pub(crate) fn rounded_point(at: Point) -> Point {
    let part = |value: f64| (value * PARTS).round() / PARTS;
    Point::new(part(at.x), part(at.y))
}

impl Courses {
    /// The courses of these routes; empty where one goes farther than can be told.
    #[must_use]
    pub fn of(routes: &[Route]) -> Self {
        Self::told(routes).unwrap_or_default()
    }

    fn told(routes: &[Route]) -> Option<Self> {
        let mut courses = Self::default();
        for route in routes {
            courses
                .corners
                .push(u16::try_from(route.points.len()).ok()?);
            let mut before = (0_i32, 0_i32);
            for point in &route.points {
                let at = (whole(point.x)?, whole(point.y)?);
                courses.steps.push(at.0.checked_sub(before.0)?);
                courses.steps.push(at.1.checked_sub(before.1)?);
                before = at;
            }
        }
        Some(courses)
    }

    /// The routes of `links` links; none where these are courses of other links.
    pub(crate) fn routes(&self, links: usize) -> Option<Vec<Route>> {
        let corners: usize = self.corners.iter().map(|it| usize::from(*it)).sum();
        if self.corners.len() != links || corners.checked_mul(2)? != self.steps.len() {
            return None;
        }
        let mut steps = self.steps.chunks_exact(2);
        let mut routes = Vec::with_capacity(links);
        for corners in &self.corners {
            let mut at = (0_i32, 0_i32);
            let points = steps.by_ref().take(usize::from(*corners)).map(|step| {
                if let [across, down] = step {
                    at = (at.0.wrapping_add(*across), at.1.wrapping_add(*down));
                }
                Point::new(f64::from(at.0) / PARTS, f64::from(at.1) / PARTS)
            });
            routes.push(Route {
                points: points.collect(),
            });
        }
        Some(routes)
    }
}

fn whole(value: f64) -> Option<i32> {
    let parts = (value * PARTS).round();
    (parts.abs() < f64::from(i32::MAX)).then_some(parts as i32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::{LayoutOptions, layout};
    use crate::measure::TextMetrics;
    use crate::sample::sample_graph;
    use crate::scene::Scene;

    #[test]
    fn a_scene_from_kept_courses_is_the_scene_itself() {
        let graph = sample_graph(60, 2, 4);
        let options = LayoutOptions {
            effort: 0.02,
            ..LayoutOptions::default()
        };
        let mut found = layout(&graph, &options, &mut || false);
        let routed = Scene::new(graph.clone(), &found, TextMetrics::default());
        found.courses = routed.courses();
        assert_ne!(found.courses, Courses::default());
        let bytes = postcard_size(&found.courses);
        assert!(bytes < 30 * graph.links.len(), "{bytes}");
        let kept = Scene::new(graph.clone(), &found, TextMetrics::default());
        for link in 0..graph.links.len() {
            assert_eq!(kept.route(link), routed.route(link));
        }
        let world = kept.bounds().grow(50.0);
        assert_eq!(kept.visible_links(&world), routed.visible_links(&world));
        // What is moved afterwards goes its way in both.
        let mut scenes = [routed, kept];
        for scene in &mut scenes {
            let at = scene.rect(3).min.offset(130.0, 70.0);
            scene.move_table(3, at);
            scene.settle();
        }
        let [routed, kept] = scenes;
        for link in 0..graph.links.len() {
            assert_eq!(kept.route(link), routed.route(link));
        }
    }

    fn postcard_size(courses: &Courses) -> usize {
        let length = |value: i64| {
            (64 - (value << 1 ^ value >> 63).leading_zeros())
                .div_ceil(7)
                .max(1)
        };
        let steps = courses
            .steps
            .iter()
            .map(|it| length(i64::from(*it)) as usize);
        courses.corners.len() + steps.sum::<usize>()
    }

    #[test]
    fn courses_of_other_links_and_endless_ones_are_not_taken() {
        let route = |points: &[(f64, f64)]| Route {
            points: points.iter().map(|&(x, y)| Point::new(x, y)).collect(),
        };
        let routes = [route(&[(1.0, 2.5), (9.0, 2.5)]), Route::default()];
        let courses = Courses::of(&routes);
        assert_eq!(courses.routes(2).as_deref(), Some(&routes[..]));
        assert_eq!(courses.routes(1), None);
        assert_eq!(courses.routes(3), None);
        let torn = Courses {
            corners: vec![2],
            steps: vec![1, 2],
        };
        assert_eq!(torn.routes(1), None);
        for far in [f64::NAN, f64::INFINITY, 1e12] {
            assert_eq!(Courses::of(&[route(&[(far, 0.0)])]), Courses::default());
        }
    }
}
