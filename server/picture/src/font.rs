//! The monospace face in its two weights, and where each character of a text stands.

use crate::PictureError;
use diagram::measure::{TextMetrics, cells, char_cells};
use diagram::painter::{Align, Text};
use ttf_parser::{Face, GlyphId};

const REGULAR: &[u8] = include_bytes!("../fonts/jetbrains-mono-400.ttf");
const BOLD: &[u8] = include_bytes!("../fonts/jetbrains-mono-600.ttf");

/// One weight of the face.
pub(crate) struct Weight {
    pub(crate) name: &'static str,
    pub(crate) file: &'static [u8],
    pub(crate) face: Face<'static>,
}

/// Both weights.
pub(crate) struct Fonts {
    regular: Weight,
    bold: Weight,
}

impl Fonts {
    pub(crate) fn load() -> Result<Self, PictureError> {
        let weight = |name, file| {
            Face::parse(file, 0)
                .map(|face| Weight { name, file, face })
                .map_err(|_| PictureError::Broken)
        };
        Ok(Self {
            regular: weight("JetBrainsMono-Regular", REGULAR)?,
            bold: weight("JetBrainsMono-SemiBold", BOLD)?,
        })
    }

    pub(crate) fn weight(&self, bold: bool) -> &Weight {
        if bold { &self.bold } else { &self.regular }
    }
}

/// What is drawn of one character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Sign {
    /// A glyph of the face.
    Glyph(u16),
    /// A frame of so many cells, in the place of a character that the face does not have.
    Frame(u8),
}

/// A character of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Placed {
    pub(crate) char: char,
    pub(crate) sign: Sign,
    /// Cells from the text's left end.
    pub(crate) cell: usize,
    /// Cells that it takes; none for a mark over the character before.
    pub(crate) cells: usize,
}

impl Weight {
    /// The characters of a text that are drawn.
    pub(crate) fn place<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Placed> + 't {
        let mut cell: usize = 0;
        text.chars().filter_map(move |char| {
            let cells = char_cells(char);
            let glyph = self.face.glyph_index(char).filter(|glyph| glyph.0 > 0);
            let here = cell;
            cell += cells;
            let (sign, cell) = match (glyph, cells) {
                (Some(GlyphId(glyph)), 0) => (Sign::Glyph(glyph), here.saturating_sub(1)),
                (Some(GlyphId(glyph)), _) => (Sign::Glyph(glyph), here),
                // Marks that the face does not have, and signs that only steer.
                (None, 0) => return None,
                (None, cells) => (Sign::Frame(u8::try_from(cells).unwrap_or(1)), here),
            };
            Some(Placed {
                char,
                sign,
                cell,
                cells,
            })
        })
    }
}

/// Where a text begins, in its own unit; its point is where its alignment says.
pub(crate) fn left_end(text: &Text<'_>) -> f64 {
    let width = || cells(text.text) as f64 * advance(text.size);
    match text.align {
        Align::Left => text.at.x,
        Align::Center => text.at.x - width() / 2.0,
        Align::Right => text.at.x - width(),
    }
}

/// The width of a cell at a font of `size`.
pub(crate) fn advance(size: f64) -> f64 {
    TextMetrics::default().advance(size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_face_is_as_wide_as_the_engine_measures() {
        let fonts = Fonts::load().unwrap();
        for bold in [false, true] {
            let face = &fonts.weight(bold).face;
            let glyph = face.glyph_index('m').unwrap();
            let width = f64::from(face.glyph_hor_advance(glyph).unwrap());
            assert_eq!(width / f64::from(face.units_per_em()), advance(1.0));
        }
    }

    #[test]
    fn it_has_what_the_engine_writes_and_frames_for_what_it_lacks() {
        let fonts = Fonts::load().unwrap();
        let signs = |text: &str| {
            let weight = fonts.weight(false);
            weight
                .place(text)
                .map(|it| (it.sign, it.cell))
                .collect::<Vec<_>>()
        };
        // All signs of overlays, the cut, and the alphabets of Europe.
        for c in "+−-~!•→…·×≥≠äßłřžŽąΩжЩїı€№".chars() {
            let text = c.to_string();
            let signs = signs(&text);
            assert!(
                matches!(signs.as_slice(), [(Sign::Glyph(_), 0)]),
                "{c} {signs:?}"
            );
        }
        assert_eq!(
            signs("表\u{200f}ש"),
            [(Sign::Frame(2), 0), (Sign::Frame(1), 2)]
        );
        let marked = signs("e\u{301}x");
        assert_eq!(marked.iter().map(|it| it.1).collect::<Vec<_>>(), [0, 0, 1]);
    }
}
