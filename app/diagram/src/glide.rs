//! The way of a picture that moves by itself from one view to another.

use crate::geometry::{Point, Size, Transform};

/// The view at a part (0 to 1) of the way between two on a screen of `screen` pixels: quick at first
/// and slow at the end. What is seen changes evenly in size, so that a picture that comes nearer does
/// so straight towards its end.
#[must_use]
pub fn between(from: &Transform, to: &Transform, screen: Size, part: f64) -> Transform {
    // Not a number is the end.
    if part.is_nan() || part >= 1.0 {
        return *to;
    }
    let left = 1.0 - part.max(0.0);
    let part = 1.0 - left * left * left;
    let mix = |a: f64, b: f64| a + (b - a) * part;
    let middle = Point::new(screen.width / 2.0, screen.height / 2.0);
    let (a, b) = (from.invert(middle), to.invert(middle));
    let scale = 1.0 / mix(1.0 / from.scale(), 1.0 / to.scale());
    let center = Point::new(mix(a.x, b.x), mix(a.y, b.y));
    Transform::new(
        scale,
        Point::new(middle.x - center.x * scale, middle.y - center.y * scale),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCREEN: Size = Size::new(800.0, 600.0);

    #[test]
    fn it_begins_and_ends_where_it_should_and_never_turns_back() {
        let from = Transform::new(0.05, Point::new(12.0, -7.0));
        let to = Transform::new(0.8, Point::new(-4_000.0, 900.0));
        let begin = between(&from, &to, SCREEN, 0.0);
        assert!((begin.scale() - from.scale()).abs() < 1e-9);
        assert!(begin.offset().distance(from.offset()) < 1e-6);
        assert_eq!(between(&from, &to, SCREEN, 1.0), to);
        assert_eq!(between(&from, &to, SCREEN, f64::NAN), to);
        assert_eq!(between(&from, &to, SCREEN, f64::INFINITY), to);
        let middle = Point::new(400.0, 300.0);
        let goal = to.invert(middle);
        let steps: Vec<Transform> = (0..=20)
            .map(|step| between(&from, &to, SCREEN, f64::from(step) / 20.0))
            .collect();
        for pair in steps.windows(2) {
            assert!(pair[1].scale() >= pair[0].scale());
            let far = |at: &Transform| at.invert(middle).distance(goal);
            assert!(far(&pair[1]) <= far(&pair[0]) + 1e-9);
        }
    }

    #[test]
    fn a_view_of_the_same_size_moves_straight() {
        let from = Transform::new(0.5, Point::new(0.0, 0.0));
        let to = Transform::new(0.5, Point::new(-300.0, 0.0));
        let half = between(&from, &to, SCREEN, 0.5);
        assert!((half.scale() - 0.5).abs() < 1e-12);
        assert!(half.offset().x < -150.0 && half.offset().x > -300.0);
        assert!(half.offset().y.abs() < 1e-9);
    }
}
