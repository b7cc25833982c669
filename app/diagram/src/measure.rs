//! How large the box of a table is, and how its texts are cut to fit. Identifiers are set in a
//! monospace face, so a text's width is its number of cells times one advance: the server and the
//! browser agree to the last bit without measuring a glyph.

use std::borrow::Cow;

use crate::detail::Detail;
use crate::geometry::Size;
use crate::graph::{Graph, TableNode};

/// Height of a box's header, in world units.
pub const HEADER_HEIGHT: f64 = 28.0;
/// Height of a column's row, in world units.
pub const ROW_HEIGHT: f64 = 20.0;
/// From the top of a box to its first row, in world units.
pub const ROWS_TOP: f64 = HEADER_HEIGHT + 3.0;
/// From the last row to the bottom of a box, in world units.
pub const ROWS_BOTTOM: f64 = 5.0;
/// The widest a box gets, in world units; longer texts are cut.
pub const BOX_WIDTH_MAX: f64 = 280.0;
/// The narrowest a box gets, in world units.
pub const BOX_WIDTH_MIN: f64 = 120.0;
/// From a box's left edge to its name, and from its texts to its right edge, in world units.
pub const PADDING: f64 = 12.0;
/// From a box's left edge to the names of its columns, in world units: room for the key mark.
pub const NAME_LEFT: f64 = 28.0;
/// Font sizes, in world units.
pub const HEADER_FONT: f64 = 12.0;
/// Font size of columns and types, in world units.
pub const ROW_FONT: f64 = 11.5;
/// Font size of the row count, in world units.
pub const COUNT_FONT: f64 = 10.5;
/// The most rows a box shows. A wider table shows its key columns, the first others, and how many
/// are left out: a box of 1,600 rows would be 32,000 units tall and nobody could read the diagram.
pub const ROW_LIMIT: usize = 60;

const GAP: f64 = 14.0;
const WIDTH_STEP: f64 = 12.0;

/// The widths of characters, known without a font.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TextMetrics {
    /// Advance of one narrow character of the monospace face at 13 px, in px.
    pub mono_advance_13: f64,
}

impl Default for TextMetrics {
    /// Six tenths of an em: what nearly all monospace faces have.
    fn default() -> Self {
        Self {
            mono_advance_13: 7.8,
        }
    }
}

impl TextMetrics {
    /// Advance of one cell at a font of `size`, in the unit of `size`.
    #[must_use]
    pub fn advance(&self, size: f64) -> f64 {
        self.mono_advance_13 * size / 13.0
    }

    /// Width of `text` at a font of `size`, in the unit of `size`.
    #[must_use]
    pub fn width(&self, text: &str, size: f64) -> f64 {
        cells(text) as f64 * self.advance(size)
    }

    /// How many cells fit in `width` at a font of `size`.
    #[must_use]
    pub fn cells_in(&self, width: f64, size: f64) -> usize {
        let advance = self.advance(size);
        if advance > 0.0 && width > 0.0 {
            ((width + 0.01) / advance) as usize
        } else {
            0
        }
    }
}

/// How many monospace cells a character takes: wide letters and emoji two, marks that combine none.
#[must_use]
pub fn char_cells(c: char) -> usize {
    let code = c as u32;
    match code {
        0x20..=0x7e => 1,
        0x0300..=0x036f
        | 0x0483..=0x0489
        | 0x0591..=0x05bd
        | 0x0610..=0x061a
        | 0x064b..=0x065f
        | 0x200b..=0x200f
        | 0x202a..=0x202e
        | 0x2060..=0x2069
        | 0x20d0..=0x20ff
        | 0xfe00..=0xfe0f
        | 0xe0000..=0xe01ef => 0,
        0x1100..=0x115f
        | 0x2e80..=0xa4cf
        | 0xa960..=0xa97f
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f000..=0x1faff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

/// How many monospace cells a text takes.
#[must_use]
pub fn cells(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        text.chars().map(char_cells).sum()
    }
}

/// The text, cut with `…` to at most `limit` cells.
#[must_use]
pub fn cut(text: &str, limit: usize) -> Cow<'_, str> {
    if cells(text) <= limit {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += char_cells(c);
        if used > limit {
            break;
        }
        out.push(c);
    }
    if limit > 0 {
        out.push('…');
    }
    Cow::Owned(out)
}

/// The type as a diagram shows it: the long names of the SQL standard by their short ones.
#[must_use]
pub fn short_type(data_type: &str) -> Cow<'_, str> {
    const LONG: [(&str, &str); 4] = [
        ("character varying", "varchar"),
        ("double precision", "double"),
        ("bit varying", "varbit"),
        ("character", "char"),
    ];
    if let Some(head) = data_type.strip_suffix(" without time zone") {
        return Cow::Borrowed(head);
    }
    if let Some(head) = data_type.strip_suffix(" with time zone") {
        let mut out = String::with_capacity(head.len() + 2);
        match head.find('(') {
            Some(at) => {
                let (name, precision) = head.split_at(at);
                out.push_str(name);
                out.push_str("tz");
                out.push_str(precision);
            }
            None => {
                out.push_str(head);
                out.push_str("tz");
            }
        }
        return Cow::Owned(out);
    }
    for (long, short) in LONG {
        if let Some(rest) = data_type.strip_prefix(long)
            && (rest.is_empty() || rest.starts_with(['(', '[', ' ']))
        {
            return Cow::Owned([short, rest].concat());
        }
    }
    Cow::Borrowed(data_type)
}

/// A number of rows as the header shows it: `9`, `412`, `2.1 k`, `18 M`.
#[must_use]
pub fn short_count(count: u64) -> String {
    const UNITS: [(u64, &str); 4] = [
        (1_000_000_000_000, " T"),
        (1_000_000_000, " G"),
        (1_000_000, " M"),
        (1_000, " k"),
    ];
    for (unit, name) in UNITS {
        // Half a unit of the last digit earlier, so that 999,960 is 1 M and not 1,000 k.
        if count >= unit - unit / 2000 {
            let tenths = (u128::from(count) * 10 + u128::from(unit) / 2) / u128::from(unit);
            let mut out = (tenths / 10).to_string();
            if tenths < 100 && tenths % 10 != 0 {
                out.push('.');
                out.push_str(&(tenths % 10).to_string());
            }
            out.push_str(name);
            return out;
        }
    }
    count.to_string()
}

/// What of a number [`short_count`] shows: another one that is shown the same.
#[must_use]
pub fn rounded_count(count: u64) -> u64 {
    for unit in [1_000_000_000_000, 1_000_000_000, 1_000_000, 1_000] {
        if count >= unit - unit / 2000 {
            let tenths = (u128::from(count) * 10 + u128::from(unit) / 2) / u128::from(unit);
            // Tenths are shown of less than ten.
            let shown = if tenths < 100 {
                tenths
            } else {
                tenths / 10 * 10
            };
            return u64::try_from(shown * u128::from(unit) / 10).unwrap_or(u64::MAX);
        }
    }
    count
}

/// Which end of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// At the table that references.
    Child,
    /// At the table that is referenced.
    Parent,
}

/// The measured box of one table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BoxModel {
    /// Width and height, in world units.
    pub size: Size,
    /// The columns shown, one per row, by index in [`TableNode::columns`], ascending.
    pub rows: Vec<u16>,
    /// How many columns a last row stands for; 0 when there is no such row.
    pub more: usize,
}

impl BoxModel {
    /// The row that shows `column`: its own, or the row that stands for those left out.
    #[must_use]
    pub fn row_of(&self, column: u16) -> Option<usize> {
        match self.rows.binary_search(&column) {
            Ok(row) => Some(row),
            Err(_) if self.more > 0 => Some(self.rows.len()),
            Err(_) => None,
        }
    }

    /// The middle of a row, in world units from the top of the box.
    #[must_use]
    pub fn row_middle(row: usize) -> f64 {
        ROWS_TOP + (row as f64 + 0.5) * ROW_HEIGHT
    }

    /// Where the end of a link at `columns` meets the box, in world units from its top: the middle
    /// of the first column's row, else in the header, where ends as child keep below ends as parent
    /// so that their marks can be told apart.
    #[must_use]
    pub fn link_y(&self, columns: &[u16], end: End) -> f64 {
        let header = match end {
            End::Child => HEADER_HEIGHT / 2.0 + 7.0,
            End::Parent => HEADER_HEIGHT / 2.0 - 6.0,
        };
        columns
            .first()
            .and_then(|&c| self.row_of(c))
            .map_or(header, Self::row_middle)
    }
}

/// Measures the boxes of all tables for a detail.
#[must_use]
pub fn measure(graph: &Graph, detail: Detail, metrics: &TextMetrics) -> Vec<BoxModel> {
    let show_schema = graph.schema_count() > 1;
    let linked = match detail {
        Detail::Names => vec![Vec::new(); graph.tables.len()],
        _ => graph.linked_columns(),
    };
    graph
        .tables
        .iter()
        .zip(&linked)
        .map(|(table, linked)| measure_table(table, linked, detail, show_schema, metrics))
        .collect()
}

fn measure_table(
    table: &TableNode,
    linked: &[u16],
    detail: Detail,
    show_schema: bool,
    metrics: &TextMetrics,
) -> BoxModel {
    let total = table.column_total().min(usize::from(u16::MAX));
    let is_key = |index: u16| {
        linked.binary_search(&index).is_ok()
            || table
                .columns
                .get(usize::from(index))
                .is_some_and(|c| c.primary_key || c.foreign_key)
    };
    let all = 0..u16::try_from(total).unwrap_or(u16::MAX);
    let (mut rows, mut more): (Vec<u16>, usize) = match detail {
        Detail::Names => (Vec::new(), 0),
        Detail::Keys => (all.filter(|&i| is_key(i)).collect(), 0),
        Detail::Used => {
            let is_used = |index: u16| {
                let column = table.columns.get(usize::from(index));
                column.is_some_and(|column| column.used)
            };
            let rows: Vec<u16> = all.filter(|&i| is_key(i) || is_used(i)).collect();
            let more = total - rows.len();
            (rows, more)
        }
        Detail::All => (all.collect(), 0),
    };
    if rows.len() > ROW_LIMIT {
        let keys = rows.iter().filter(|&&i| is_key(i)).count();
        let mut others = (ROW_LIMIT - 1).saturating_sub(keys);
        let mut left = ROW_LIMIT - 1;
        let before = rows.len();
        rows.retain(|&i| {
            let room = if is_key(i) { &mut left } else { &mut others };
            let keep = *room > 0;
            *room = room.saturating_sub(1);
            keep
        });
        more += before - rows.len();
    }

    let mut header = metrics.width(&table.name, HEADER_FONT);
    if show_schema && !table.schema.is_empty() {
        header += (cells(&table.schema) + 1) as f64 * metrics.advance(HEADER_FONT);
    }
    if let Some(count) = table.row_count {
        header += GAP + metrics.width(&short_count(count), COUNT_FONT);
    }
    let mut width = header + 2.0 * PADDING;
    for &row in &rows {
        if let Some(column) = table.columns.get(usize::from(row)) {
            let texts = cells(&column.name) + cells(&short_type(&column.data_type));
            width = width.max(NAME_LEFT + texts as f64 * metrics.advance(ROW_FONT) + GAP + PADDING);
        } else {
            // Not loaded yet: the width most boxes have, so that little moves when it is.
            width = width.max(204.0);
        }
    }
    let width = ((width / WIDTH_STEP).ceil() * WIDTH_STEP).clamp(BOX_WIDTH_MIN, BOX_WIDTH_MAX);
    let lines = rows.len() + usize::from(more > 0);
    let height = if lines == 0 {
        HEADER_HEIGHT
    } else {
        ROWS_TOP + lines as f64 * ROW_HEIGHT + ROWS_BOTTOM
    };
    BoxModel {
        size: Size::new(width, height),
        rows,
        more,
    }
}

/// How many cells the name and the type of a row get in a box of `width`: both all they need, else
/// the name first, but the type keeps eight as long as the name has more than that.
#[must_use]
pub fn row_cells(
    name: usize,
    data_type: usize,
    width: f64,
    metrics: &TextMetrics,
) -> (usize, usize) {
    let room = metrics.cells_in(width - NAME_LEFT - GAP - PADDING, ROW_FONT);
    if name + data_type <= room {
        return (name, data_type);
    }
    let data_type = data_type.min(room.saturating_sub(name).max(8)).min(room);
    (name.min(room - data_type), data_type)
}

/// How many cells schema (with its dot) and name get in a header of `width` next to a count of
/// `count` cells: the name first.
#[must_use]
pub fn header_cells(
    schema: usize,
    name: usize,
    count: usize,
    width: f64,
    metrics: &TextMetrics,
) -> (usize, usize) {
    let taken = if count > 0 {
        GAP + count as f64 * metrics.advance(COUNT_FONT)
    } else {
        0.0
    };
    let room = metrics.cells_in(width - 2.0 * PADDING - taken, HEADER_FONT);
    let name = name.min(room);
    (if schema <= room - name { schema } else { 0 }, name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::ColumnRow;

    #[test]
    fn cells_of_wide_and_combining() {
        assert_eq!(cells("orders"), 6);
        assert_eq!(cells("表"), 2);
        assert_eq!(cells("🚀x"), 3);
        assert_eq!(cells("e\u{301}"), 1);
        assert_eq!(cells("جدول"), 4);
    }

    #[test]
    fn cuts_end_with_an_ellipsis_and_fit() {
        assert_eq!(cut("customer", 8), "customer");
        assert_eq!(cut("customer", 5), "cust…");
        assert_eq!(cut("表表表", 4), "表…");
        assert_eq!(cut("abc", 0), "");
        for limit in 0..9 {
            assert!(cells(&cut("a表🚀bcdefgh", limit)) <= limit);
        }
    }

    #[test]
    fn a_rounded_count_is_shown_as_the_count_is() {
        let counts = (0..4_000).chain([9_949, 9_950, 99_999, 999_499, 999_500, 1_250_000]);
        for count in counts.chain([123_456, 999_950_000, 7_777_777_777, u64::MAX]) {
            let rounded = rounded_count(count);
            assert_eq!(short_count(rounded), short_count(count), "{count}");
            assert_eq!(rounded_count(rounded), rounded, "{count}");
        }
        assert_eq!(rounded_count(3_412), 3_400);
        assert_eq!(rounded_count(123_456), 123_000);
    }

    #[test]
    fn counts_are_short() {
        let texts: Vec<String> = [
            0,
            999,
            1_000,
            2_140,
            18_000_000,
            999_960,
            61_400_000,
            u64::MAX,
        ]
        .map(short_count)
        .to_vec();
        assert_eq!(
            texts,
            [
                "0",
                "999",
                "1 k",
                "2.1 k",
                "18 M",
                "1 M",
                "61 M",
                "18446744 T"
            ]
        );
    }

    #[test]
    fn types_are_short() {
        assert_eq!(short_type("character varying(255)"), "varchar(255)");
        assert_eq!(short_type("timestamp with time zone"), "timestamptz");
        assert_eq!(short_type("timestamp(3) with time zone"), "timestamptz(3)");
        assert_eq!(short_type("timestamp without time zone"), "timestamp");
        assert_eq!(short_type("character(2)"), "char(2)");
        assert_eq!(short_type("character_data"), "character_data");
        assert_eq!(short_type("bigint"), "bigint");
    }

    fn wide(columns: usize, linked: u16) -> Graph {
        let columns = (0..columns)
            .map(|i| ColumnRow {
                name: "c".repeat(i % 300),
                data_type: "int".into(),
                primary_key: i == 0,
                ..ColumnRow::default()
            })
            .collect();
        let table = TableNode {
            name: "n".repeat(300),
            columns,
            ..TableNode::default()
        };
        let link = crate::graph::Link {
            to_columns: vec![linked],
            from_columns: vec![1],
            ..Default::default()
        };
        Graph {
            tables: vec![table],
            links: vec![link],
        }
    }

    #[test]
    fn a_very_wide_table_keeps_its_keys() {
        let graph = wide(1600, 1599);
        let boxes = measure(&graph, Detail::All, &TextMetrics::default());
        assert_eq!(boxes[0].rows.len() + 1, ROW_LIMIT);
        assert_eq!(boxes[0].more + boxes[0].rows.len(), 1600);
        assert_eq!(boxes[0].row_of(1599), Some(boxes[0].rows.len() - 1));
        assert_eq!(boxes[0].row_of(1500), Some(boxes[0].rows.len()));
        assert_eq!(boxes[0].size.width, BOX_WIDTH_MAX);
        assert_eq!(
            measure(&graph, Detail::Keys, &TextMetrics::default())[0].rows,
            [0, 1, 1599]
        );
        assert_eq!(
            measure(&graph, Detail::Names, &TextMetrics::default())[0]
                .size
                .height,
            HEADER_HEIGHT
        );
    }

    #[test]
    fn the_most_used_columns_stand_beside_the_keys_and_the_rest_is_counted() {
        let mut graph = wide(20, 7);
        let columns = &mut graph.tables[0].columns;
        columns[12].used = true;
        columns[7].used = true;
        let measured = &measure(&graph, Detail::Used, &TextMetrics::default())[0];
        assert_eq!(measured.rows, [0, 1, 7, 12]);
        assert_eq!(measured.more, 16);
        assert_eq!(measured.row_of(3), Some(4));
        assert_eq!(
            measured.size.height,
            ROWS_TOP + 5.0 * ROW_HEIGHT + ROWS_BOTTOM
        );
        for column in &mut graph.tables[0].columns {
            column.used = true;
        }
        let all = &measure(&graph, Detail::Used, &TextMetrics::default())[0];
        assert_eq!((all.rows.len(), all.more), (20, 0));
    }

    #[test]
    fn row_texts_always_fit() {
        let metrics = TextMetrics::default();
        for name in [0, 3, 12, 40, 300] {
            for data_type in [0, 3, 12, 40, 300] {
                let (n, t) = row_cells(name, data_type, 280.0, &metrics);
                assert!(n <= name && t <= data_type);
                assert!(
                    (n + t) as f64 * metrics.advance(ROW_FONT)
                        <= 280.0 - NAME_LEFT - GAP - PADDING + 0.02
                );
            }
        }
    }
}
