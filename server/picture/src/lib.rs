//! A scene of the diagram engine as a file that every program opens: PNG and PDF. What is drawn is
//! decided in the engine alone; here are its primitives on pixels and on a page. The typeface is
//! part of this crate, so that a server needs no fonts and every picture is the same.
//!
//! It reads no clock: whoever calls says when it has taken too long.

mod font;
mod ink;
mod pdf;
mod png;

use diagram::svg::Href;
use diagram::theme::Theme;

pub use self::pdf::pdf;
pub use self::png::png;

/// What a picture needs to know besides scene and view.
pub struct Options<'a> {
    /// What it shows, for those who do not see it, and for windows' titles.
    pub title: &'a str,
    /// Its colours.
    pub theme: &'a Theme,
    /// The pages of the tables, whole addresses; a PDF leads there.
    pub href: Option<Href<'a>>,
    /// Asked now and then: whether it has taken too long.
    pub give_up: &'a dyn Fn() -> bool,
}

/// Why there is no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// It would have more pixels than a program could open.
    #[error("a picture of {width} × {height} pixels is too large")]
    TooLarge {
        /// In pixels.
        width: u64,
        /// In pixels.
        height: u64,
    },
    /// Whoever waits for it said that it is enough.
    #[error("the picture took too long")]
    TooSlow,
    /// The typeface or the encoder failed, which they do for no scene.
    #[error("the picture could not be written")]
    Broken,
}
