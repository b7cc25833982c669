//! Memos as the scene draws them: a small part of Markdown, wrapped without a font.

use model::view::Memo;

use crate::area::sane_rect;
use crate::geometry::{Rect, Size};
use crate::measure::{TextMetrics, cells, char_cells};

/// From a memo's edge to its text, in world units.
pub const MEMO_PADDING: f64 = 10.0;
/// The smallest memo that can be made, in world units.
pub const MEMO_MIN: Size = Size::new(80.0, 40.0);
/// Font size of plain text, in world units.
const BODY: f64 = 12.0;
/// Font sizes of headings, the largest first.
const HEADINGS: [f64; 3] = [16.0, 14.0, 13.0];
/// Height of a line, in font sizes.
const LEADING: f64 = 1.45;
/// Between paragraphs, in font sizes.
const BREAK: f64 = 0.55;
/// More characters than this are not read: no memo has room for them.
const READ: usize = 20_000;

/// The rectangle of a memo; what is no number, or too small, is made good.
#[must_use]
pub fn memo_rect(memo: &Memo) -> Rect {
    sane_rect(memo.at.x, memo.at.y, memo.width, memo.height)
}

/// A piece of a line in one face.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// From the memo's left edge, in world units.
    pub left: f64,
    /// The text.
    pub text: String,
    /// Whether it is bold.
    pub bold: bool,
}

/// A line of a memo.
#[derive(Clone, Debug, PartialEq)]
pub struct MemoLine {
    /// Its middle, from the memo's upper edge, in world units.
    pub middle: f64,
    /// Font size, in world units.
    pub size: f64,
    /// Its pieces.
    pub spans: Vec<Span>,
}

/// A word and whether it is bold.
type Word = (String, bool);

/// The lines of a memo's text that fit into its box; the last one ends with `…` where there is more.
#[must_use]
pub fn memo_lines(memo: &Memo, metrics: &TextMetrics) -> Vec<MemoLine> {
    let rect = memo_rect(memo);
    let bottom = rect.height() - MEMO_PADDING;
    let mut lines: Vec<MemoLine> = Vec::new();
    let mut top = MEMO_PADDING;
    let mut apart = false;
    let text: String = memo.text.chars().take(READ).collect();
    for block in text.lines() {
        let block = block.trim();
        if block.is_empty() {
            apart = !lines.is_empty();
            continue;
        }
        let (size, bullet, indent, rest, heavy) = kind_of(block);
        if apart {
            top += size * BREAK;
            apart = false;
        }
        let left = MEMO_PADDING + indent as f64 * metrics.advance(size);
        let room = metrics
            .cells_in(rect.width() - MEMO_PADDING - left, size)
            .max(1);
        for (place, words) in wrap(words_of(rest, heavy), room).into_iter().enumerate() {
            if top + size * LEADING > bottom + 0.01 && !lines.is_empty() {
                end_with_dots(&mut lines, rect.width(), metrics);
                return lines;
            }
            let mut spans = Vec::new();
            if let Some(bullet) = bullet.clone().filter(|_| place == 0) {
                spans.push(Span {
                    left: MEMO_PADDING,
                    text: bullet,
                    bold: false,
                });
            }
            let mut at = left;
            for (text, bold) in words {
                let width = metrics.width(&text, size);
                spans.push(Span {
                    left: at,
                    text,
                    bold,
                });
                at += width;
            }
            lines.push(MemoLine {
                middle: top + size * LEADING / 2.0,
                size,
                spans,
            });
            top += size * LEADING;
        }
        if heavy {
            top += size * BREAK / 2.0;
        }
    }
    lines
}

/// Font size, bullet, indent in cells, text and whether it is a heading.
fn kind_of(block: &str) -> (f64, Option<String>, usize, &str, bool) {
    let hashes = block.chars().take_while(|c| *c == '#').count();
    if let Some(rest) = block.get(hashes..).and_then(|rest| rest.strip_prefix(' '))
        && hashes > 0
    {
        let size = HEADINGS.get(hashes - 1).copied().unwrap_or(BODY);
        return (size, None, 0, rest.trim(), true);
    }
    for mark in ["- ", "* ", "+ "] {
        if let Some(rest) = block.strip_prefix(mark) {
            return (BODY, Some("•".to_owned()), 2, rest.trim(), false);
        }
    }
    let digits = block.chars().take_while(char::is_ascii_digit).count();
    if (1..=3).contains(&digits)
        && let Some((number, rest)) = block.split_at_checked(digits)
        && let Some(rest) = rest.strip_prefix(". ")
    {
        let bullet = [number, "."].concat();
        return (BODY, Some(bullet), digits + 2, rest.trim(), false);
    }
    (BODY, None, 0, block, false)
}

/// The words of a text, each with the space before it except the first of all, `**` and `__` making
/// them bold. Marks of code are left out.
fn words_of(text: &str, heavy: bool) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut bold = false;
    let mut rest = text;
    let mut begins = true;
    while let Some(c) = rest.chars().next() {
        let double = rest.strip_prefix("**").or_else(|| rest.strip_prefix("__"));
        if let Some(after) = double
            && (bold || after.contains("**") || after.contains("__"))
        {
            bold = !bold;
            rest = after;
            // The same word may go on in another face.
            if !begins {
                words.push((String::new(), heavy || bold));
            }
            continue;
        }
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
        if c == '`' {
            continue;
        }
        if c.is_whitespace() {
            begins = true;
            continue;
        }
        if begins {
            let space = if words.is_empty() { "" } else { " " };
            words.push((space.to_owned(), heavy || bold));
            begins = false;
        }
        if let Some((word, _)) = words.last_mut() {
            word.push(c);
        }
    }
    words.retain(|(word, _)| !word.is_empty());
    words
}

/// Words in lines of at most `room` cells; pieces of one face are joined. Words longer than a line
/// are cut into lines.
fn wrap(words: Vec<Word>, room: usize) -> Vec<Vec<Word>> {
    let mut lines: Vec<Vec<Word>> = vec![Vec::new()];
    let mut used = 0;
    for (word, bold) in words {
        let mut word = word.as_str();
        if used > 0 && used + cells(word) > room && word.starts_with(' ') {
            lines.push(Vec::new());
            used = 0;
        }
        if used == 0 {
            word = word.trim_start();
        }
        while !word.is_empty() {
            let mut taken = 0;
            let end = word
                .char_indices()
                .find(|(_, c)| {
                    taken += char_cells(*c);
                    used + taken > room
                })
                .map_or(word.len(), |(at, _)| at);
            // At least one character a line, however narrow it is.
            let end = if end == 0 && used == 0 {
                word.chars().next().map_or(0, char::len_utf8)
            } else {
                end
            };
            let (head, tail) = word.split_at_checked(end).unwrap_or((word, ""));
            if let Some(line) = lines.last_mut()
                && !head.is_empty()
            {
                match line.last_mut() {
                    Some((text, face)) if *face == bold => text.push_str(head),
                    _ => line.push((head.to_owned(), bold)),
                }
                used += cells(head);
            }
            word = tail;
            if !word.is_empty() {
                lines.push(Vec::new());
                used = 0;
            }
        }
    }
    lines
}

fn end_with_dots(lines: &mut [MemoLine], width: f64, metrics: &TextMetrics) {
    let Some(line) = lines.last_mut() else { return };
    let size = line.size;
    let Some(span) = line.spans.last_mut() else {
        return;
    };
    let room = metrics.cells_in(width - MEMO_PADDING - span.left, size);
    while cells(&span.text) + 1 > room && span.text.pop().is_some() {}
    span.text.push('…');
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::view::Spot;

    fn lines(text: &str, width: f64, height: f64) -> Vec<MemoLine> {
        let memo = Memo {
            text: text.to_owned(),
            at: Spot { x: 0.0, y: 0.0 },
            width,
            height,
        };
        memo_lines(&memo, &TextMetrics::default())
    }

    fn texts(lines: &[MemoLine]) -> Vec<String> {
        lines
            .iter()
            .map(|line| line.spans.iter().map(|span| span.text.as_str()).collect())
            .collect()
    }

    #[test]
    fn a_little_markdown_is_understood() {
        let found = lines(
            "# Money\n\nKept in **cents**, see `ledger`.\n- one\n2. two",
            400.0,
            400.0,
        );
        assert_eq!(
            texts(&found),
            ["Money", "Kept in cents, see ledger.", "•one", "2.two"]
        );
        assert!(found[0].size > found[1].size && found[0].spans[0].bold);
        let bold: Vec<&str> = found[1]
            .spans
            .iter()
            .filter(|span| span.bold)
            .map(|span| span.text.as_str())
            .collect();
        assert_eq!(bold, [" cents"]);
        assert!(found[2].spans[1].left > found[2].spans[0].left);
        // A lone mark is text.
        assert_eq!(texts(&lines("2 ** 3", 400.0, 99.0)), ["2 ** 3"]);
    }

    #[test]
    fn text_keeps_within_its_box() {
        let metrics = TextMetrics::default();
        for text in [
            "a long sentence with several words in it that has to be broken",
            "averyveryverylongwordwithoutanyplacetobreakit",
            "- 表表表表表表表表 **表表表表表🚀🚀🚀🚀**",
            "#### x\n\n\n\n####### y",
        ] {
            for (width, height) in [(90.0, 60.0), (30.0, 30.0), (300.0, 200.0), (f64::NAN, 0.0)] {
                let found = lines(text, width, height);
                let wide = width.max(60.0);
                for line in &found {
                    for span in &line.spans {
                        let right = span.left + metrics.width(&span.text, line.size);
                        assert!(right <= wide + 24.0, "{text:?} in {width}: {right}");
                    }
                }
                for line in found.iter().skip(1) {
                    assert!(line.middle < height.max(16.0));
                }
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_hinted_at() {
        let found = texts(&lines("one\ntwo\nthree\nfour", 100.0, 60.0));
        assert_eq!(found, ["one", "two…"]);
        assert!(lines("  \n ", 100.0, 60.0).is_empty());
    }
}
