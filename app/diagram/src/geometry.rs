//! Points, rectangles and the transform between the world and the screen. World units: one unit is
//! one CSS pixel at zoom 1, which is reading size. Nothing here knows of tables.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The smallest zoom a view can have, in screen pixels per world unit.
pub const ZOOM_MIN: f64 = 0.02;
/// The largest zoom a view can have, in screen pixels per world unit.
pub const ZOOM_MAX: f64 = 4.0;
/// Coordinates beyond this (world units) are clamped, so that no input makes the index or a
/// renderer overflow.
pub const WORLD_LIMIT: f64 = 1.0e6;

/// A place, in world units or in screen pixels as its user says.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Downwards.
    pub y: f64,
}

impl Point {
    /// The point at `x`, `y`.
    #[must_use]
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// This point with NaN as 0 and everything within [`WORLD_LIMIT`].
    #[must_use]
    pub fn sane(self) -> Self {
        Self::new(sane(self.x), sane(self.y))
    }

    /// The point moved by `dx`, `dy`.
    #[must_use]
    pub fn offset(self, dx: f64, dy: f64) -> Self {
        Self::new(self.x + dx, self.y + dy)
    }

    /// The distance to `other`.
    #[must_use]
    pub fn distance(self, other: Self) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }
}

fn sane(value: f64) -> f64 {
    if value.is_nan() {
        0.0
    } else {
        value.clamp(-WORLD_LIMIT, WORLD_LIMIT)
    }
}

/// Parts of a world unit that a point keeps in a form without names.
const PARTS: f64 = 16.0;

/// In text whole numbers travel without a fraction: positions are snapped to whole units, and this
/// saves a fifth of the bytes of a layout. Elsewhere coordinates are whole sixteenths of a unit,
/// three bytes instead of eight.
impl Serialize for Point {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let point = self.sane();
        if !serializer.is_human_readable() {
            let parts = |value: f64| (value * PARTS).round() as i64;
            return (parts(point.x), parts(point.y)).serialize(serializer);
        }
        if point.x.fract() == 0.0 && point.y.fract() == 0.0 {
            (point.x as i64, point.y as i64).serialize(serializer)
        } else {
            (point.x, point.y).serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Point {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if !deserializer.is_human_readable() {
            let (x, y) = <(i64, i64)>::deserialize(deserializer)?;
            return Ok(Self::new(x as f64 / PARTS, y as f64 / PARTS).sane());
        }
        let (x, y) = <(f64, f64)>::deserialize(deserializer)?;
        Ok(Self { x, y }.sane())
    }
}

/// A width and a height; in world units unless its user says otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "(f64, f64)", into = "(f64, f64)")]
pub struct Size {
    /// Extent to the right.
    pub width: f64,
    /// Extent downwards.
    pub height: f64,
}

impl Size {
    /// The size `width` × `height`.
    #[must_use]
    pub const fn new(width: f64, height: f64) -> Self {
        Self { width, height }
    }
}

impl From<(f64, f64)> for Size {
    fn from((width, height): (f64, f64)) -> Self {
        Self {
            width: sane(width).max(0.0),
            height: sane(height).max(0.0),
        }
    }
}

impl From<Size> for (f64, f64) {
    fn from(size: Size) -> Self {
        (size.width, size.height)
    }
}

/// An axis-parallel rectangle. One with `max` before `min` is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Rect {
    /// Top left corner.
    pub min: Point,
    /// Bottom right corner.
    pub max: Point,
}

impl Rect {
    /// The rectangle that contains nothing and adds nothing to a union.
    pub const EMPTY: Self = Self {
        min: Point::new(f64::INFINITY, f64::INFINITY),
        max: Point::new(f64::NEG_INFINITY, f64::NEG_INFINITY),
    };

    /// The rectangle of `size` whose top left corner is `min`.
    #[must_use]
    pub fn new(min: Point, size: Size) -> Self {
        Self {
            min,
            max: min.offset(size.width, size.height),
        }
    }

    /// The rectangle with the two points as opposite corners.
    #[must_use]
    pub fn between(a: Point, b: Point) -> Self {
        Self {
            min: Point::new(a.x.min(b.x), a.y.min(b.y)),
            max: Point::new(a.x.max(b.x), a.y.max(b.y)),
        }
    }

    /// Extent to the right, 0 when empty.
    #[must_use]
    pub fn width(&self) -> f64 {
        (self.max.x - self.min.x).max(0.0)
    }

    /// Extent downwards, 0 when empty.
    #[must_use]
    pub fn height(&self) -> f64 {
        (self.max.y - self.min.y).max(0.0)
    }

    /// Width and height.
    #[must_use]
    pub fn size(&self) -> Size {
        Size::new(self.width(), self.height())
    }

    /// The middle.
    #[must_use]
    pub fn center(&self) -> Point {
        Point::new(
            f64::midpoint(self.min.x, self.max.x),
            f64::midpoint(self.min.y, self.max.y),
        )
    }

    /// True when it contains no point, or has a NaN.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !(self.min.x <= self.max.x && self.min.y <= self.max.y)
    }

    /// True when `point` lies inside or on the edge.
    #[must_use]
    pub fn contains(&self, point: Point) -> bool {
        point.x >= self.min.x
            && point.x <= self.max.x
            && point.y >= self.min.y
            && point.y <= self.max.y
    }

    /// True when all of `other` lies inside.
    #[must_use]
    pub fn contains_rect(&self, other: &Self) -> bool {
        other.min.x >= self.min.x
            && other.max.x <= self.max.x
            && other.min.y >= self.min.y
            && other.max.y <= self.max.y
    }

    /// True when the two share a point, edges included.
    #[must_use]
    pub fn intersects(&self, other: &Self) -> bool {
        self.min.x <= other.max.x
            && other.min.x <= self.max.x
            && self.min.y <= other.max.y
            && other.min.y <= self.max.y
    }

    /// True when the two share more than an edge.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.min.x < other.max.x
            && other.min.x < self.max.x
            && self.min.y < other.max.y
            && other.min.y < self.max.y
    }

    /// The smallest rectangle around both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self {
            min: Point::new(self.min.x.min(other.min.x), self.min.y.min(other.min.y)),
            max: Point::new(self.max.x.max(other.max.x), self.max.y.max(other.max.y)),
        }
    }

    /// Grown by `by` on every side.
    #[must_use]
    pub fn grow(&self, by: f64) -> Self {
        Self {
            min: self.min.offset(-by, -by),
            max: self.max.offset(by, by),
        }
    }

    /// Moved by `dx`, `dy`.
    #[must_use]
    pub fn translate(&self, dx: f64, dy: f64) -> Self {
        Self {
            min: self.min.offset(dx, dy),
            max: self.max.offset(dx, dy),
        }
    }
}

/// Scale, then translate: `screen = world × scale + offset`. Named by what it yields and what it
/// takes, `screen_from_world`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Transform {
    scale: f64,
    offset: Point,
}

impl Default for Transform {
    fn default() -> Self {
        Self {
            scale: 1.0,
            offset: Point::new(0.0, 0.0),
        }
    }
}

impl Transform {
    /// The transform with `scale` (screen pixels per world unit, clamped to
    /// [`ZOOM_MIN`]..[`ZOOM_MAX`]; not a number gives 1) and `offset` (screen pixels).
    #[must_use]
    pub fn new(scale: f64, offset: Point) -> Self {
        let limit = WORLD_LIMIT * ZOOM_MAX * 2.0;
        let axis = |v: f64| {
            if v.is_nan() {
                0.0
            } else {
                v.clamp(-limit, limit)
            }
        };
        Self {
            scale: clamp_zoom(scale),
            offset: Point::new(axis(offset.x), axis(offset.y)),
        }
    }

    /// Screen pixels per world unit.
    #[must_use]
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// The screen place of the world's origin, in screen pixels.
    #[must_use]
    pub fn offset(&self) -> Point {
        self.offset
    }

    /// From world to screen.
    #[must_use]
    pub fn apply(&self, world: Point) -> Point {
        Point::new(
            world.x * self.scale + self.offset.x,
            world.y * self.scale + self.offset.y,
        )
    }

    /// From screen to world.
    #[must_use]
    pub fn invert(&self, screen: Point) -> Point {
        Point::new(
            (screen.x - self.offset.x) / self.scale,
            (screen.y - self.offset.y) / self.scale,
        )
    }

    /// A rectangle from world to screen.
    #[must_use]
    pub fn apply_rect(&self, world: &Rect) -> Rect {
        Rect {
            min: self.apply(world.min),
            max: self.apply(world.max),
        }
    }

    /// A rectangle from screen to world.
    #[must_use]
    pub fn invert_rect(&self, screen: &Rect) -> Rect {
        Rect {
            min: self.invert(screen.min),
            max: self.invert(screen.max),
        }
    }

    /// Moved by `dx`, `dy` screen pixels.
    #[must_use]
    pub fn pan(&self, dx: f64, dy: f64) -> Self {
        Self::new(self.scale, self.offset.offset(dx, dy))
    }

    /// Zoomed by `factor`, with the world point under `screen` (pixels) staying where it is.
    #[must_use]
    pub fn zoom_about(&self, screen: Point, factor: f64) -> Self {
        self.zoom_to(screen, self.scale * factor)
    }

    /// Set to the zoom `scale`, with the world point under `screen` (pixels) staying where it is.
    #[must_use]
    pub fn zoom_to(&self, screen: Point, scale: f64) -> Self {
        let scale = if scale.is_nan() {
            self.scale
        } else {
            clamp_zoom(scale)
        };
        let world = self.invert(screen);
        Self::new(
            scale,
            Point::new(screen.x - world.x * scale, screen.y - world.y * scale),
        )
    }

    /// Shows `world` in the middle of a screen of `screen` pixels with `padding` pixels around, at
    /// most at zoom `scale_max`.
    #[must_use]
    pub fn fit(world: &Rect, screen: Size, padding: f64, scale_max: f64) -> Self {
        if world.is_empty() || !world.size().width.is_finite() || !world.size().height.is_finite() {
            return Self::new(1.0, Point::new(screen.width / 2.0, screen.height / 2.0));
        }
        let width = (screen.width - 2.0 * padding).max(1.0);
        let height = (screen.height - 2.0 * padding).max(1.0);
        let scale = (width / world.width().max(1.0)).min(height / world.height().max(1.0));
        let scale = clamp_zoom(scale.min(clamp_zoom(scale_max)));
        Self::centered(world.center(), scale, screen)
    }

    /// Shows the world point `center` in the middle of a screen of `screen` pixels at zoom `scale`.
    #[must_use]
    pub fn centered(center: Point, scale: f64, screen: Size) -> Self {
        let scale = clamp_zoom(scale);
        Self::new(
            scale,
            Point::new(
                screen.width / 2.0 - center.x * scale,
                screen.height / 2.0 - center.y * scale,
            ),
        )
    }
}

/// The zoom within [`ZOOM_MIN`]..[`ZOOM_MAX`]; not a number gives 1.
#[must_use]
pub fn clamp_zoom(zoom: f64) -> f64 {
    if zoom.is_nan() {
        1.0
    } else {
        zoom.clamp(ZOOM_MIN, ZOOM_MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transform_inverts() {
        for scale in [0.02, 0.3, 1.0, 3.7] {
            let t = Transform::new(scale, Point::new(13.0, -700.5));
            let p = Point::new(123.25, -9000.0);
            assert!(t.invert(t.apply(p)).distance(p) < 1e-6);
        }
    }

    #[test]
    fn zoom_keeps_the_point_under_the_pointer() {
        let t = Transform::new(0.7, Point::new(40.0, 50.0));
        let pointer = Point::new(300.0, 200.0);
        let before = t.invert(pointer);
        for factor in [0.0, 0.5, 1.3, 1e9, f64::INFINITY] {
            assert!(
                t.zoom_about(pointer, factor)
                    .invert(pointer)
                    .distance(before)
                    < 1e-6
            );
        }
        assert_eq!(t.zoom_about(pointer, f64::NAN), t);
    }

    #[test]
    fn bad_zooms_become_good_ones() {
        assert_eq!(clamp_zoom(0.0), ZOOM_MIN);
        assert_eq!(clamp_zoom(f64::INFINITY), ZOOM_MAX);
        assert_eq!(clamp_zoom(f64::NAN), 1.0);
        let t = Transform::new(f64::NAN, Point::new(f64::NAN, f64::INFINITY));
        assert!(t.apply(Point::new(1.0, 1.0)).x.is_finite());
        assert!(t.apply(Point::new(1.0, 1.0)).y.is_finite());
    }

    #[test]
    fn fit_contains_what_it_fits() {
        let world = Rect::new(Point::new(-500.0, 20.0), Size::new(4000.0, 900.0));
        let screen = Size::new(1200.0, 800.0);
        let t = Transform::fit(&world, screen, 24.0, 1.0);
        let shown = t.apply_rect(&world);
        assert!(
            Rect::new(Point::default(), screen)
                .grow(-23.9)
                .contains_rect(&shown)
        );
        assert!(Transform::fit(&Rect::EMPTY, screen, 24.0, 1.0).scale() == 1.0);
    }

    #[test]
    fn points_travel_as_pairs() {
        let text = serde_json::to_string(&[Point::new(3.0, -4.0), Point::new(0.5, 1.0)]).unwrap();
        assert_eq!(text, "[[3,-4],[0.5,1.0]]");
        let back: Vec<Point> = serde_json::from_str(&text).unwrap();
        assert_eq!(back, [Point::new(3.0, -4.0), Point::new(0.5, 1.0)]);
    }
}
