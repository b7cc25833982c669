//! Tags as an overlay shows them: each with a sign and a colour of its own, as far as these go.

use crate::overlay::MarkKind;
use model::view::ViewColour;
use serde::{Deserialize, Serialize};

/// A tag as legends name it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagSign {
    /// The tag.
    pub name: String,
    /// One character for it, which no other of the overlay has as long as there are any.
    pub sign: String,
}

/// The tags of an overlay, the most used first, each with a sign of its own.
#[must_use]
pub fn tag_signs(names: impl IntoIterator<Item = String>) -> Vec<TagSign> {
    let mut taken = Vec::new();
    names
        .into_iter()
        .map(|name| {
            let own = name.chars().filter(|letter| letter.is_alphanumeric());
            let other = ('A'..='Z').chain('0'..='9');
            let sign = own
                .flat_map(char::to_uppercase)
                .chain(other)
                .find(|sign| !taken.contains(sign));
            taken.extend(sign);
            let sign = sign.map_or_else(|| MarkKind::Tag.sign().to_owned(), String::from);
            TagSign { name, sign }
        })
        .collect()
}

/// The colour of a tag by its place among the tags of an overlay: what comes late has none of its
/// own and is grey.
#[must_use]
pub fn tag_colour(tag: u16) -> ViewColour {
    let colours = ViewColour::ALL.iter();
    let mut own = colours.filter(|colour| **colour != ViewColour::Grey);
    let colour = own.nth(usize::from(tag)).copied();
    colour.unwrap_or(ViewColour::Grey)
}
