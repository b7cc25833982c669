//! Pictures of diagrams as files that every program opens.

/// Which picture of a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureRequest {
    /// As which file.
    pub format: PictureFormat,
    /// In the dark theme, or in the light one.
    pub dark: bool,
    /// Where the catalog's pages are, `https://catalog.example`: a PDF leads to the tables' there.
    pub origin: Option<String>,
}

/// Kinds of pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureFormat {
    /// Pixels: so many, from 1 to 4, for each of the SVG's.
    Png {
        /// How many.
        scale: u32,
    },
    /// One page, with text that can be searched.
    Pdf,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureFile {
    /// A file's name for it.
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// Its content.
    pub bytes: Vec<u8>,
}
