//! The face inside a PDF: the file of each weight that is used, and which character each code
//! stands for, so that what is read in it can be searched and copied.

use super::packed;
use crate::font::{Fonts, Sign, Weight};
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Content, Filter, Finish as _, Name, Pdf, Ref, Str};
use std::collections::BTreeMap;

const IDENTITY: SystemInfo<'static> = SystemInfo {
    registry: Str(b"Adobe"),
    ordering: Str(b"Identity"),
    supplement: 0,
};

/// Both weights of the face, as far as they are used.
pub(super) struct Typefaces<'a> {
    pub(super) regular: Typeface<'a>,
    pub(super) bold: Typeface<'a>,
}

impl<'a> Typefaces<'a> {
    pub(super) fn new(fonts: &'a Fonts) -> Self {
        Self {
            regular: Typeface::new(Name(b"Regular"), fonts.weight(false)),
            bold: Typeface::new(Name(b"Bold"), fonts.weight(true)),
        }
    }

    pub(super) fn weight(&mut self, bold: bool) -> &mut Typeface<'a> {
        if bold {
            &mut self.bold
        } else {
            &mut self.regular
        }
    }
}

/// One weight. Codes are the numbers of its glyphs; characters that it does not have get codes
/// behind them, which all draw the frame that stands for a missing character.
pub(super) struct Typeface<'a> {
    name: Name<'static>,
    weight: &'a Weight,
    /// What each code that is used stands for.
    used: BTreeMap<u16, char>,
    /// Codes of missing characters, with their cells.
    missing: BTreeMap<char, (u16, u8)>,
}

impl<'a> Typeface<'a> {
    fn new(name: Name<'static>, weight: &'a Weight) -> Self {
        Self {
            name,
            weight,
            used: BTreeMap::new(),
            missing: BTreeMap::new(),
        }
    }

    pub(super) fn name(&self) -> Name<'static> {
        self.name
    }

    pub(super) fn is_used(&self) -> bool {
        !self.used.is_empty()
    }

    fn code(&mut self, sign: Sign, char: char) -> u16 {
        let code = match sign {
            Sign::Glyph(glyph) => glyph,
            Sign::Frame(cells) => {
                let behind = usize::from(self.weight.face.number_of_glyphs()) + self.missing.len();
                // More different characters than there are codes share the one of all that is unknown.
                let behind = u16::try_from(behind).unwrap_or_default();
                self.missing.entry(char).or_insert((behind, cells)).0
            }
        };
        self.used.entry(code).or_insert(char);
        code
    }

    /// Writes a text whose left end is at `at`, in a content whose y axis points downwards.
    pub(super) fn show(
        &mut self,
        content: &mut Content,
        text: &str,
        (x, y): (f32, f32),
        size: f32,
    ) {
        let weight = self.weight;
        content
            .begin_text()
            .set_font(self.name, size)
            .set_text_matrix([1.0, 0.0, 0.0, -1.0, x, y]);
        let mut line = content.show_positioned();
        let mut items = line.items();
        let mut run = Vec::with_capacity(text.len() * 2);
        for placed in weight.place(text) {
            if placed.cells == 0 {
                // A mark goes over the character before it.
                items.show(Str(&run)).adjust(600.0);
                run.clear();
            }
            let code = self.code(placed.sign, placed.char);
            run.extend_from_slice(&code.to_be_bytes());
        }
        items.show(Str(&run));
        items.finish();
        line.finish();
        content.end_text();
    }

    /// Writes the face, and answers what it is called.
    pub(super) fn write(&self, pdf: &mut Pdf, mut next: impl FnMut() -> Ref) -> Ref {
        let [font_id, cid_id, descriptor_id, cmap_id, file_id, map_id] =
            std::array::from_fn(|_| next());
        let base = Name(self.weight.name.as_bytes());
        let face = &self.weight.face;
        let per_mille = |units: i16| f32::from(units) * 1000.0 / f32::from(face.units_per_em());

        pdf.type0_font(font_id)
            .base_font(base)
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(cid_id)
            .to_unicode(cmap_id);

        let mut cid = pdf.cid_font(cid_id);
        cid.subtype(CidFontType::Type2)
            .base_font(base)
            .system_info(IDENTITY)
            .font_descriptor(descriptor_id)
            .default_width(600.0)
            .cid_to_gid_map_stream(map_id);
        let mut widths = cid.widths();
        for (code, cells) in self.missing.values() {
            widths.same(*code, *code, 600.0 * f32::from(*cells));
        }
        widths.finish();
        cid.finish();

        let bounds = face.global_bounding_box();
        let cap_height = face.capital_height().unwrap_or(face.ascender());
        pdf.font_descriptor(descriptor_id)
            .name(base)
            .flags(FontFlags::FIXED_PITCH | FontFlags::SYMBOLIC)
            .bbox(pdf_writer::Rect::new(
                per_mille(bounds.x_min),
                per_mille(bounds.y_min),
                per_mille(bounds.x_max),
                per_mille(bounds.y_max),
            ))
            .italic_angle(0.0)
            .ascent(per_mille(face.ascender()))
            .descent(per_mille(face.descender()))
            .cap_height(per_mille(cap_height))
            .stem_v(if self.name == Name(b"Bold") {
                120.0
            } else {
                80.0
            })
            .font_file2(file_id);

        let mut cmap = UnicodeCmap::<u16>::new(Name(b"Characters"), IDENTITY);
        for (code, char) in &self.used {
            cmap.pair(*code, *char);
        }
        pdf.stream(cmap_id, &packed(&cmap.finish()))
            .filter(Filter::FlateDecode);

        // Code by code the glyph that is drawn; the first glyph is the frame.
        let glyphs = face.number_of_glyphs();
        let mut map = Vec::with_capacity(usize::from(glyphs) * 2 + self.missing.len() * 2);
        for glyph in 0..glyphs {
            map.extend_from_slice(&glyph.to_be_bytes());
        }
        map.resize(map.len() + self.missing.len() * 2, 0);
        pdf.stream(map_id, &packed(&map))
            .filter(Filter::FlateDecode);

        let file = packed(self.weight.file);
        pdf.stream(file_id, &file).filter(Filter::FlateDecode).pair(
            Name(b"Length1"),
            i32::try_from(self.weight.file.len()).unwrap_or_default(),
        );
        font_id
    }
}
