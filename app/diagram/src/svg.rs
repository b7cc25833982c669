//! Writes a picture as SVG: inline for a page, themed by the page's CSS variables, or as a file that
//! stands alone. There are no style attributes, so that it passes a strict content security policy.

use crate::detail::Lod;
use crate::geometry::{Point, Rect, Size, Transform};
use crate::graph::TableNode;
use crate::paint::{View, paint};
use crate::painter::{
    Align, DIAMOND_LINE, Grouping, Ink, Painter, Part, Paths, Step, Stroke, Text, rounded,
};
use crate::scene::Scene;
use crate::theme::{Theme, class_rules};

/// Gives the address of a table's page; none for a table without one.
pub type Href<'a> = &'a dyn Fn(&TableNode) -> Option<String>;

/// What an SVG says besides the picture.
#[derive(Clone, Copy, Default)]
pub struct SvgOptions<'a> {
    /// What the picture shows, for those who do not see it.
    pub label: &'a str,
    /// The pages of the tables.
    pub href: Option<Href<'a>>,
    /// How it takes its place in a page.
    pub placing: Placing,
}

/// How a picture in a page takes its place, whose size is not known when it is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Placing {
    /// It fits its place and is never larger than at zoom 1, as [`View::fit`] does it: its size is
    /// that of the scene in world units, which the page's style sheet keeps within the place.
    Fits,
    /// It keeps its size, and its middle is to stand in the middle of the place.
    #[default]
    Still,
}

impl Placing {
    fn class(self) -> &'static str {
        match self {
            Self::Fits => " er-fits",
            Self::Still => " er-still",
        }
    }
}

/// The picture as an `<svg>` element for an HTML page. Its colours come from the custom properties
/// `--er-…` through the rules of [`class_rules`], which the page's style sheet has to contain.
#[must_use]
pub fn svg_inline(scene: &Scene, view: &View, options: &SvgOptions<'_>) -> String {
    write(scene, view, options, Dress::Page)
}

/// The picture as a file of its own in the colours of `theme`.
#[must_use]
pub fn svg_file(scene: &Scene, view: &View, options: &SvgOptions<'_>, theme: &Theme) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.push_str(&write(scene, view, options, Dress::File(theme)));
    out
}

/// What the picture is for.
#[derive(Clone, Copy)]
enum Dress<'a> {
    Page,
    File(&'a Theme),
}

fn write(scene: &Scene, view: &View, options: &SvgOptions<'_>, dress: Dress<'_>) -> String {
    let mut painter = SvgPainter {
        scene,
        options,
        dress,
        out: String::with_capacity(1 << 16),
        zoom: 1.0,
        is_link: false,
    };
    paint(scene, view, &mut painter);
    painter.out
}

struct SvgPainter<'a> {
    scene: &'a Scene,
    options: &'a SvgOptions<'a>,
    dress: Dress<'a>,
    out: String,
    /// Screen pixels per world unit.
    zoom: f64,
    /// Whether the table that is being written has an address.
    is_link: bool,
}

impl SvgPainter<'_> {
    fn attribute(&mut self, name: &str, value: f64) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        number(&mut self.out, value);
        self.out.push('"');
    }

    fn class(&mut self, ink: Ink, suffix: &str) {
        self.out.push_str(" class=\"er-");
        self.out.push_str(ink.css_name());
        self.out.push_str(suffix);
        self.out.push('"');
    }

    fn stroke(&mut self, stroke: &Stroke) {
        self.class(stroke.ink, "-line");
        self.fine_attribute("stroke-width", stroke.width);
        if stroke.dash > 0.0 {
            self.out.push_str(" stroke-dasharray=\"");
            number(&mut self.out, stroke.dash);
            self.out.push(' ');
            number(&mut self.out, stroke.dash * 0.75);
            self.out.push('"');
        }
    }

    fn fine_attribute(&mut self, name: &str, value: f64) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        decimal(&mut self.out, value, 1000);
        self.out.push('"');
    }

    fn rect(&mut self, rect: &Rect, radius: f64) {
        self.out.push_str("<rect");
        self.attribute("x", rect.min.x);
        self.attribute("y", rect.min.y);
        self.attribute("width", rect.width());
        self.attribute("height", rect.height());
        if radius > 0.0 {
            self.attribute("rx", radius);
        }
    }

    fn point(&mut self, command: char, point: Point) {
        self.out.push(command);
        number(&mut self.out, point.x);
        self.out.push(' ');
        number(&mut self.out, point.y);
    }

    fn title(&mut self, text: &str) {
        self.out.push_str("<title>");
        escape(&mut self.out, text);
        self.out.push_str("</title>");
    }
}

impl Painter for SvgPainter<'_> {
    fn begin(&mut self, screen_from_world: &Transform, size: Size) {
        self.zoom = screen_from_world.scale();
        self.out
            .push_str("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"er-svg");
        let screen = Rect::new(Point::default(), size);
        let bounds = self.scene.bounds();
        let placing = self.options.placing;
        let (seen, size) = match self.dress {
            Dress::Page if placing == Placing::Fits && !bounds.is_empty() => {
                (screen_from_world.apply_rect(&bounds), bounds.size())
            }
            _ => (screen, size),
        };
        if matches!(self.dress, Dress::Page) {
            self.out.push_str(placing.class());
        }
        self.out.push_str("\" viewBox=\"");
        for (place, length) in [seen.min.x, seen.min.y, seen.width(), seen.height()]
            .into_iter()
            .enumerate()
        {
            if place > 0 {
                self.out.push(' ');
            }
            number(&mut self.out, length);
        }
        self.out.push('"');
        self.attribute("width", size.width);
        self.attribute("height", size.height);
        // A picture with links inside is a document to assistive technology; `img` would hide them.
        let role = if self.options.href.is_some() {
            "graphics-document"
        } else {
            "img"
        };
        self.out.push_str(" role=\"");
        self.out.push_str(role);
        self.out.push_str("\" aria-label=\"");
        let label = if self.options.label.is_empty() {
            "Entity relationship diagram"
        } else {
            self.options.label
        };
        escape(&mut self.out, label);
        self.out.push_str("\">");
        if let Dress::File(theme) = self.dress {
            self.out.push_str("<style>");
            self.out.push_str(&class_rules(Some(theme)));
            self.out.push_str("</style>");
        }
        self.out.push_str("<g transform=\"translate(");
        number(&mut self.out, screen_from_world.offset().x);
        self.out.push(' ');
        number(&mut self.out, screen_from_world.offset().y);
        self.out.push_str(") scale(");
        decimal(&mut self.out, screen_from_world.scale(), 100_000);
        self.out.push_str(")\">");
    }

    fn end(&mut self) {
        self.out.push_str("</g></svg>");
    }

    /// A page is to stand fast, and where tables cannot be read nobody points at a link of one: of
    /// thousands an element each would be most of the page.
    fn grouping(&self) -> Grouping {
        match self.dress {
            Dress::Page if self.zoom < Lod::READABLE => Grouping::Boxes,
            Dress::Page | Dress::File(_) => Grouping::Everything,
        }
    }

    fn open(&mut self, part: Part) {
        match part {
            Part::Table(place) => {
                let Some(table) = self.scene.graph().tables.get(place) else {
                    return;
                };
                let href = self.options.href.and_then(|href| href(table));
                self.is_link = href.is_some();
                match href {
                    Some(href) => {
                        self.out.push_str("<a class=\"er-table\" href=\"");
                        escape(&mut self.out, &href);
                        self.out.push_str("\">");
                    }
                    None => self.out.push_str("<g class=\"er-table\">"),
                }
                let mut title = table.qualified_name();
                // Of thousands the rest is said by the list beside the picture.
                if matches!(self.dress, Dress::File(_)) || self.zoom >= Lod::BLOCK_BELOW {
                    title.push_str(" (");
                    title.push_str(&table.size_sentence());
                    title.push(')');
                }
                if table.gone {
                    title.push_str(", gone from its source");
                }
                if self.scene.is_pinned(place) {
                    title.push_str(", pinned");
                }
                if let Some(mark) = self.scene.overlay().and_then(|it| it.table(place)) {
                    title.push_str(": ");
                    title.push_str(&mark.label);
                }
                self.title(&title);
            }
            Part::Area(place) => {
                self.out.push_str("<g class=\"er-area\">");
                if let Some((_, area)) = self.scene.area(place) {
                    let title = ["Area: ", &area.title].concat();
                    self.title(title.trim_end_matches([':', ' ']));
                }
            }
            Part::Memo(place) => {
                self.out.push_str("<g class=\"er-memo\">");
                if let Some((_, memo)) = self.scene.memo(place) {
                    let text: String = memo.text.chars().take(500).collect();
                    self.title(&["Memo: ", &text].concat());
                }
            }
            Part::Link(place) => {
                self.out.push_str("<g class=\"er-edge\">");
                if let Some(link) = self.scene.graph().links.get(place) {
                    let mut title = self.scene.graph().link_sentence(link);
                    if let Some(mark) = self.scene.overlay().and_then(|it| it.link(place)) {
                        title.push_str(": ");
                        title.push_str(&mark.label);
                    }
                    self.title(&title);
                }
            }
        }
    }

    fn close(&mut self, part: Part) {
        let is_link = matches!(part, Part::Table(_)) && std::mem::take(&mut self.is_link);
        self.out.push_str(if is_link { "</a>" } else { "</g>" });
    }

    fn clear(&mut self, ink: Ink) {
        // Outside of the transform's reach: as far as the world goes would be clipped all the same,
        // but some viewers rasterise what they are told to.
        let place = self.out.rfind("<g transform=").unwrap_or(self.out.len());
        let tail = self.out.split_off(place);
        self.out.push_str("<rect width=\"100%\" height=\"100%\"");
        self.class(ink, "");
        self.out.push_str("/>");
        self.out.push_str(&tail);
    }

    fn dots(&mut self, world: &Rect, step: f64, radius: f64, ink: Ink) {
        self.out
            .push_str("<pattern id=\"er-dots\" patternUnits=\"userSpaceOnUse\"");
        self.attribute("x", -step / 2.0);
        self.attribute("y", -step / 2.0);
        self.attribute("width", step);
        self.attribute("height", step);
        self.out.push_str("><circle");
        self.attribute("cx", step / 2.0);
        self.attribute("cy", step / 2.0);
        self.fine_attribute("r", radius);
        self.class(ink, "");
        self.out.push_str("/></pattern>");
        self.rect(world, 0.0);
        self.out.push_str(" fill=\"url(#er-dots)\"/>");
    }

    fn fill_rects(&mut self, rects: &[Rect], radius: f64, ink: Ink) {
        for rect in rects {
            self.rect(rect, radius);
            self.class(ink, "");
            self.out.push_str("/>");
        }
    }

    fn stroke_rects(&mut self, rects: &[Rect], radius: f64, stroke: &Stroke) {
        for rect in rects {
            self.rect(rect, radius);
            self.stroke(stroke);
            self.out.push_str("/>");
        }
    }

    fn stroke_lines(&mut self, lines: &[(Point, Point)], stroke: &Stroke) {
        self.out.push_str("<path d=\"");
        for &(a, b) in lines {
            self.point('M', a);
            self.point('L', b);
        }
        self.out.push('"');
        self.stroke(stroke);
        self.out.push_str("/>");
    }

    fn stroke_paths(&mut self, paths: &Paths, radius: f64, stroke: &Stroke) {
        self.out.push_str("<path d=\"");
        for path in paths.iter() {
            rounded(path, radius, |step| match step {
                Step::Move(p) => self.point('M', p),
                Step::Line(p) => self.point('L', p),
                Step::Curve(c, p) => {
                    self.point('Q', c);
                    self.point(' ', p);
                }
            });
        }
        self.out.push('"');
        self.stroke(stroke);
        self.out.push_str("/>");
    }

    fn circles(&mut self, centers: &[Point], radius: f64, fill: Ink, stroke: &Stroke) {
        for center in centers {
            self.out.push_str("<circle");
            self.attribute("cx", center.x);
            self.attribute("cy", center.y);
            self.attribute("r", radius);
            self.out.push_str(" class=\"er-");
            self.out.push_str(stroke.ink.css_name());
            self.out.push_str("-line er-");
            self.out.push_str(fill.css_name());
            self.out.push('"');
            self.fine_attribute("stroke-width", stroke.width);
            self.out.push_str("/>");
        }
    }

    fn diamonds(&mut self, centers: &[Point], radius: f64, filled: bool, ink: Ink) {
        self.out.push_str("<path d=\"");
        for &c in centers {
            self.point('M', c.offset(0.0, -radius));
            self.point('L', c.offset(radius, 0.0));
            self.point('L', c.offset(0.0, radius));
            self.point('L', c.offset(-radius, 0.0));
            self.out.push('z');
        }
        self.out.push('"');
        if filled {
            self.class(ink, "");
        } else {
            self.stroke(&Stroke::solid(ink, DIAMOND_LINE));
        }
        self.out.push_str("/>");
    }

    fn text(&mut self, text: &Text<'_>) {
        self.out.push_str("<text");
        self.attribute("x", text.at.x);
        self.attribute("y", text.at.y);
        self.attribute("font-size", text.size);
        if text.bold {
            self.out.push_str(" font-weight=\"700\"");
        }
        match text.align {
            Align::Left => {}
            Align::Center => self.out.push_str(" text-anchor=\"middle\""),
            Align::Right => self.out.push_str(" text-anchor=\"end\""),
        }
        self.class(text.ink, "");
        self.out.push('>');
        // A right-to-left name inside a left-to-right row: isolated, it starts where it is put.
        let foreign = text.text.chars().any(is_right_to_left);
        if foreign {
            self.out.push('\u{2066}');
        }
        escape(&mut self.out, text.text);
        if foreign {
            self.out.push('\u{2069}');
        }
        self.out.push_str("</text>");
    }
}

fn is_right_to_left(c: char) -> bool {
    matches!(c as u32, 0x0590..=0x08ff | 0xfb1d..=0xfdff | 0xfe70..=0xfeff | 0x10800..=0x10fff | 0x1e800..=0x1efff)
}

/// Writes a number rounded to a tenth, without a fraction when there is none.
fn number(out: &mut String, value: f64) {
    decimal(out, value, 10);
}

/// Writes a number rounded to one part in `parts` (a power of ten).
fn decimal(out: &mut String, value: f64, parts: i64) {
    let scaled = (value * parts as f64).round() as i64;
    if scaled < 0 {
        out.push('-');
    }
    let scaled = scaled.unsigned_abs();
    let parts = parts.unsigned_abs();
    digits(out, scaled / parts);
    let mut rest = scaled % parts;
    if rest > 0 {
        out.push('.');
        let mut unit = parts / 10;
        while rest > 0 && unit > 0 {
            digits(out, rest / unit);
            rest %= unit;
            unit /= 10;
        }
    }
}

fn digits(out: &mut String, n: u64) {
    if n >= 10 {
        digits(out, n / 10);
    }
    out.push(char::from(b'0' + (n % 10) as u8));
}

/// Writes text for element content and attribute values. What XML forbids becomes U+FFFD.
fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let text = |v, parts| {
            let mut out = String::new();
            decimal(&mut out, v, parts);
            out
        };
        assert_eq!(text(3.0, 10), "3");
        assert_eq!(text(-2.7345, 10), "-2.7");
        assert_eq!(text(0.05, 1000), "0.05");
        assert_eq!(text(-0.001, 10), "0");
        assert_eq!(text(120.96, 10), "121");
    }

    #[test]
    fn everything_dangerous_is_escaped() {
        let mut out = String::new();
        escape(&mut out, "<script>\"'&\u{0}\u{7}\n🚀");
        assert_eq!(out, "&lt;script&gt;&quot;&#39;&amp;\u{fffd}\u{fffd} 🚀");
    }
}
