//! A picture as PDF: one page as large as the view, lines and shapes as such, text that can be
//! selected and searched, tables as links to their pages and as bookmarks.

mod typeface;

use self::typeface::{Typeface, Typefaces};
use crate::font::{Fonts, left_end};
use crate::ink::Inks;
use crate::{Options, PictureError};
use diagram::geometry::{Point, Rect, Size, Transform};
use diagram::paint::{View, paint};
use diagram::painter::{
    DIAMOND_LINE, Grouping, Ink, Painter, Part, Paths, Step, Stroke, Text, rounded,
};
use diagram::scene::Scene;
use pdf_writer::types::{
    ActionType, AnnotationType, ColorSpaceOperand, LineJoinStyle, PaintType, TilingType,
};
use pdf_writer::{Content, Filter, Finish as _, Name, Pdf, Ref, TextStr};
use std::cell::Cell;

/// Points of a page per CSS pixel.
const POINTS: f64 = 0.75;
/// No program shows a longer page, in its units.
const PAGE_MAX: f64 = 14_400.0;
/// How hard to pack, from 0 to 10.
const PACKING: u8 = 6;
/// The pattern of the background's dots.
const DOTS: Name<'static> = Name(b"Dots");

/// What `view` sees of `scene`, on one page.
///
/// # Errors
/// Too slow in the opinion of `options`.
pub fn pdf(scene: &Scene, view: &View, options: &Options<'_>) -> Result<Vec<u8>, PictureError> {
    let fonts = Fonts::load()?;
    let inks = Inks::new(options.theme);
    // Units larger than a point where the page would be too long.
    let longest = view.size.width.max(view.size.height) * POINTS;
    let unit = (longest / PAGE_MAX).ceil().max(1.0);
    let page = Page {
        points: POINTS / unit,
        width: view.size.width * POINTS / unit,
        height: view.size.height * POINTS / unit,
        unit,
    };
    let mut painter = PagePainter {
        page: &page,
        inks: &inks,
        typefaces: Typefaces::new(&fonts),
        content: Content::new(),
        transform: Transform::default(),
        filled: None,
        stroked: None,
        width: None,
        dash: 0.0,
        dots: None,
        give_up: options.give_up,
        gave_up: Cell::new(false),
    };
    paint(scene, view, &mut painter);
    if painter.gave_up.get() {
        return Err(PictureError::TooSlow);
    }
    Ok(write(scene, view, options, &page, painter))
}

/// The page's measures, in its own units.
struct Page {
    /// Per CSS pixel.
    points: f64,
    width: f64,
    height: f64,
    /// Points of a unit.
    unit: f64,
}

impl Page {
    /// A part of the screen, from the lower left corner.
    fn rect(&self, screen: &Rect) -> pdf_writer::Rect {
        let x = |x: f64| (x * self.points).clamp(0.0, self.width) as f32;
        let y = |y: f64| (self.height - y * self.points).clamp(0.0, self.height) as f32;
        pdf_writer::Rect::new(
            x(screen.min.x),
            y(screen.max.y),
            x(screen.max.x),
            y(screen.min.y),
        )
    }
}

/// Numbers objects.
struct Ids(i32);

impl Ids {
    fn next(&mut self) -> Ref {
        self.0 += 1;
        Ref::new(self.0)
    }
}

fn write(
    scene: &Scene,
    view: &View,
    options: &Options<'_>,
    page: &Page,
    painter: PagePainter<'_>,
) -> Vec<u8> {
    let mut ids = Ids(0);
    let mut pdf = Pdf::new();
    let [catalog_id, pages_id, page_id, content_id, info_id, dots_id] =
        std::array::from_fn(|_| ids.next());

    let content = packed(&painter.content.finish());
    pdf.stream(content_id, &content).filter(Filter::FlateDecode);
    let dots = painter.dots;
    if let Some(dots) = &dots {
        dots.write(&mut pdf, dots_id);
    }
    let faces: Vec<(Name<'static>, Ref)> = [&painter.typefaces.regular, &painter.typefaces.bold]
        .into_iter()
        .filter(|face| face.is_used())
        .map(|face| (face.name(), face.write(&mut pdf, || ids.next())))
        .collect();

    // The boxes of tables lead to their pages.
    let mut links = Vec::new();
    let mut marks = Vec::new();
    for (place, table) in scene.graph().tables.iter().enumerate() {
        let screen = view.transform.apply_rect(&scene.rect(place));
        let rect = page.rect(&screen);
        let name = table.qualified_name();
        if let Some(href) = options.href.and_then(|href| href(table)) {
            let id = ids.next();
            let mut link = pdf.annotation(id);
            link.subtype(AnnotationType::Link)
                .rect(rect)
                .contents(TextStr(&name))
                .border(0.0, 0.0, 0.0, None);
            link.action()
                .action_type(ActionType::Uri)
                .uri(pdf_writer::Str(href.as_bytes()));
            links.push(id);
        }
        marks.push((name, rect));
    }
    marks.sort_by(|a, b| a.0.cmp(&b.0));
    let outline_id = bookmarks(&mut pdf, &mut ids, page_id, &marks);

    let mut sheet = pdf.page(page_id);
    sheet
        .parent(pages_id)
        .media_box(pdf_writer::Rect::new(
            0.0,
            0.0,
            page.width as f32,
            page.height as f32,
        ))
        .contents(content_id);
    if page.unit > 1.0 {
        sheet.user_unit(page.unit as f32);
    }
    if !links.is_empty() {
        sheet.annotations(links);
    }
    let mut resources = sheet.resources();
    let mut fonts = resources.fonts();
    for (name, id) in faces {
        fonts.pair(name, id);
    }
    fonts.finish();
    if dots.is_some() {
        resources.patterns().pair(DOTS, dots_id);
    }
    resources.finish();
    sheet.finish();

    pdf.pages(pages_id).kids([page_id]).count(1);
    pdf.document_info(info_id)
        .title(TextStr(options.title))
        .creator(TextStr("Crowfoot"));
    let mut catalog = pdf.catalog(catalog_id);
    catalog.pages(pages_id).lang(TextStr("en"));
    if let Some(outline_id) = outline_id {
        catalog.outlines(outline_id);
    }
    catalog.viewer_preferences().display_doc_title(true);
    catalog.finish();
    pdf.finish()
}

/// A bookmark for each table, by name; none for no tables.
fn bookmarks(
    pdf: &mut Pdf,
    ids: &mut Ids,
    page: Ref,
    marks: &[(String, pdf_writer::Rect)],
) -> Option<Ref> {
    let root = ids.next();
    let items: Vec<Ref> = marks.iter().map(|_| ids.next()).collect();
    let (first, last) = (*items.first()?, *items.last()?);
    pdf.outline(root)
        .first(first)
        .last(last)
        .count(i32::try_from(items.len()).unwrap_or(i32::MAX));
    for (place, ((name, rect), id)) in marks.iter().zip(&items).enumerate() {
        let mut item = pdf.outline_item(*id);
        item.title(TextStr(name)).parent(root);
        if let Some(before) = place.checked_sub(1).and_then(|place| items.get(place)) {
            item.prev(*before);
        }
        if let Some(after) = items.get(place + 1) {
            item.next(*after);
        }
        item.dest().page(page).xyz(rect.x1, rect.y2, None);
    }
    Some(root)
}

fn packed(data: &[u8]) -> Vec<u8> {
    miniz_oxide::deflate::compress_to_vec_zlib(data, PACKING)
}

/// The dots of the background as a pattern, which a page of thousands of them needs.
struct Dots {
    step: f32,
    radius: f32,
    color: [u8; 3],
    /// From the pattern to the page.
    matrix: [f32; 6],
}

impl Dots {
    fn write(&self, pdf: &mut Pdf, id: Ref) {
        let mut content = Content::new();
        let [red, green, blue] = shares(self.color);
        content.set_fill_rgb(red, green, blue);
        let middle = self.step / 2.0;
        disc(&mut content, (middle, middle), self.radius);
        content.fill_nonzero();
        let content = content.finish();
        let mut pattern = pdf.tiling_pattern(id, &content);
        pattern
            .paint_type(PaintType::Colored)
            .tiling_type(TilingType::ConstantSpacing)
            .bbox(pdf_writer::Rect::new(0.0, 0.0, self.step, self.step))
            .x_step(self.step)
            .y_step(self.step)
            .matrix(self.matrix);
        // It needs none, but has to say so.
        pattern.resources();
    }
}

fn shares(color: [u8; 3]) -> [f32; 3] {
    color.map(|part| f32::from(part) / 255.0)
}

/// Traces a disc of four curves.
fn disc(content: &mut Content, (x, y): (f32, f32), r: f32) {
    let h = r * 0.552_285;
    content
        .move_to(x + r, y)
        .cubic_to(x + r, y + h, x + h, y + r, x, y + r)
        .cubic_to(x - h, y + r, x - r, y + h, x - r, y)
        .cubic_to(x - r, y - h, x - h, y - r, x, y - r)
        .cubic_to(x + h, y - r, x + r, y - h, x + r, y)
        .close_path();
}

/// Paints on a page. Coordinates in its content are world units, rounded to hundredths.
struct PagePainter<'a> {
    page: &'a Page,
    inks: &'a Inks,
    typefaces: Typefaces<'a>,
    content: Content,
    transform: Transform,
    filled: Option<Ink>,
    stroked: Option<Ink>,
    width: Option<f32>,
    dash: f64,
    dots: Option<Dots>,
    give_up: &'a dyn Fn() -> bool,
    gave_up: Cell<bool>,
}

fn short(number: f64) -> f32 {
    ((number * 100.0).round() / 100.0) as f32
}

fn pair(point: Point) -> (f32, f32) {
    (short(point.x), short(point.y))
}

impl PagePainter<'_> {
    /// From the world to the page, whose y axis points upwards.
    fn matrix(&self) -> [f32; 6] {
        let scale = self.transform.scale() * self.page.points;
        let offset = self.transform.offset();
        [
            scale as f32,
            0.0,
            0.0,
            -scale as f32,
            (offset.x * self.page.points) as f32,
            (self.page.height - offset.y * self.page.points) as f32,
        ]
    }

    fn fill_with(&mut self, ink: Ink) {
        if self.filled.replace(ink) != Some(ink) {
            let [red, green, blue] = shares(self.inks.color(ink));
            self.content.set_fill_rgb(red, green, blue);
        }
    }

    fn stroke_with(&mut self, stroke: &Stroke) {
        if self.stroked.replace(stroke.ink) != Some(stroke.ink) {
            let [red, green, blue] = shares(self.inks.color(stroke.ink));
            self.content.set_stroke_rgb(red, green, blue);
        }
        let width = short(stroke.width);
        if self.width.replace(width) != Some(width) {
            self.content.set_line_width(width);
        }
        if (self.dash - stroke.dash).abs() > f64::EPSILON {
            self.dash = stroke.dash;
            let dashes = [short(stroke.dash), short(stroke.dash * 0.75)];
            let dashes = if stroke.dash > 0.0 { &dashes[..] } else { &[] };
            self.content.set_dash_pattern(dashes.iter().copied(), 0.0);
        }
    }

    fn trace_rect(&mut self, rect: &Rect, radius: f64) {
        let ((left, top), (right, bottom)) = (pair(rect.min), pair(rect.max));
        let r = short(radius.min(rect.width() / 2.0).min(rect.height() / 2.0));
        if r <= 0.0 {
            self.content.rect(left, top, right - left, bottom - top);
            return;
        }
        let h = r * 0.447_715;
        self.content
            .move_to(left + r, top)
            .line_to(right - r, top)
            .cubic_to(right - h, top, right, top + h, right, top + r)
            .line_to(right, bottom - r)
            .cubic_to(right, bottom - h, right - h, bottom, right - r, bottom)
            .line_to(left + r, bottom)
            .cubic_to(left + h, bottom, left, bottom - h, left, bottom - r)
            .line_to(left, top + r)
            .cubic_to(left, top + h, left + h, top, left + r, top)
            .close_path();
    }

    fn stops(&self) -> bool {
        if !self.gave_up.get() && (self.give_up)() {
            self.gave_up.set(true);
        }
        self.gave_up.get()
    }
}

impl Painter for PagePainter<'_> {
    fn grouping(&self) -> Grouping {
        Grouping::Everything
    }

    fn begin(&mut self, screen_from_world: &Transform, _size: Size) {
        self.transform = *screen_from_world;
        let matrix = self.matrix();
        self.content
            .transform(matrix)
            .set_line_join(LineJoinStyle::RoundJoin);
    }

    fn open(&mut self, _part: Part) {
        self.stops();
    }

    fn clear(&mut self, ink: Ink) {
        let screen = Rect::new(
            Point::default(),
            Size::new(
                self.page.width / self.page.points,
                self.page.height / self.page.points,
            ),
        );
        let world = self.transform.invert_rect(&screen).grow(1.0);
        self.fill_rects(&[world], 0.0, ink);
    }

    fn dots(&mut self, world: &Rect, step: f64, radius: f64, ink: Ink) {
        // A pattern has the coordinates of the page, not of its content; it begins half a step
        // before the origin, so that its dot is on it.
        let [scale, _, _, down, x, y] = self.matrix();
        let half = (step / 2.0) as f32;
        self.dots = Some(Dots {
            step: step as f32,
            radius: radius as f32,
            color: self.inks.color(ink),
            matrix: [scale, 0.0, 0.0, down, x - half * scale, y - half * down],
        });
        self.content
            .set_fill_color_space(ColorSpaceOperand::Pattern)
            .set_fill_pattern(None, DOTS);
        self.filled = None;
        self.trace_rect(world, 0.0);
        self.content.fill_nonzero();
    }

    fn fill_rects(&mut self, rects: &[Rect], radius: f64, ink: Ink) {
        self.fill_with(ink);
        for rect in rects {
            self.trace_rect(rect, radius);
        }
        self.content.fill_nonzero();
    }

    fn stroke_rects(&mut self, rects: &[Rect], radius: f64, stroke: &Stroke) {
        self.stroke_with(stroke);
        for rect in rects {
            self.trace_rect(rect, radius);
        }
        self.content.stroke();
    }

    fn stroke_lines(&mut self, lines: &[(Point, Point)], stroke: &Stroke) {
        self.stroke_with(stroke);
        for &(a, b) in lines {
            let ((ax, ay), (bx, by)) = (pair(a), pair(b));
            self.content.move_to(ax, ay).line_to(bx, by);
        }
        self.content.stroke();
    }

    fn stroke_paths(&mut self, paths: &Paths, radius: f64, stroke: &Stroke) {
        self.stroke_with(stroke);
        let content = &mut self.content;
        for points in paths.iter() {
            let mut last = Point::default();
            rounded(points, radius, |step| match step {
                Step::Move(to) => {
                    let (x, y) = pair(to);
                    content.move_to(x, y);
                    last = to;
                }
                Step::Line(to) => {
                    let (x, y) = pair(to);
                    content.line_to(x, y);
                    last = to;
                }
                Step::Curve(around, to) => {
                    // PDF has cubic curves alone.
                    let handle = |end: Point| {
                        pair(Point::new(
                            end.x + (around.x - end.x) * 2.0 / 3.0,
                            end.y + (around.y - end.y) * 2.0 / 3.0,
                        ))
                    };
                    let ((ax, ay), (bx, by), (x, y)) = (handle(last), handle(to), pair(to));
                    content.cubic_to(ax, ay, bx, by, x, y);
                    last = to;
                }
            });
        }
        content.stroke();
    }

    fn circles(&mut self, centers: &[Point], radius: f64, fill: Ink, stroke: &Stroke) {
        self.fill_with(fill);
        self.stroke_with(stroke);
        for center in centers {
            disc(&mut self.content, pair(*center), short(radius));
        }
        self.content.fill_nonzero_and_stroke();
    }

    fn diamonds(&mut self, centers: &[Point], radius: f64, filled: bool, ink: Ink) {
        if filled {
            self.fill_with(ink);
        } else {
            self.stroke_with(&Stroke::solid(ink, DIAMOND_LINE));
        }
        for center in centers {
            let ((x, y), r) = (pair(*center), short(radius));
            self.content
                .move_to(x, y - r)
                .line_to(x + r, y)
                .line_to(x, y + r)
                .line_to(x - r, y)
                .close_path();
        }
        if filled {
            self.content.fill_nonzero();
        } else {
            self.content.stroke();
        }
    }

    fn text(&mut self, text: &Text<'_>) {
        self.fill_with(text.ink);
        let typeface: &mut Typeface<'_> = self.typefaces.weight(text.bold);
        let at = pair(Point::new(left_end(text), text.at.y));
        typeface.show(&mut self.content, text.text, at, short(text.size));
    }
}
