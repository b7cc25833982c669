//! Colours as numbers.

use diagram::painter::Ink;
use diagram::theme::Theme;

/// Red, green and blue of each role.
pub(crate) struct Inks([[u8; 3]; Ink::ALL.len()]);

impl Inks {
    pub(crate) fn new(theme: &Theme) -> Self {
        Self(Ink::ALL.map(|ink| rgb(theme.color(ink))))
    }

    pub(crate) fn color(&self, ink: Ink) -> [u8; 3] {
        self.0.get(ink as usize).copied().unwrap_or_default()
    }
}

/// Reads `#rrggbb`; all else is black.
fn rgb(text: &str) -> [u8; 3] {
    let number = text
        .strip_prefix('#')
        .filter(|digits| digits.len() == 6)
        .and_then(|digits| u32::from_str_radix(digits, 16).ok())
        .unwrap_or_default();
    let [_, red, green, blue] = number.to_be_bytes();
    [red, green, blue]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_of_both_themes_has_a_colour() {
        assert_eq!(rgb("#0a10ff"), [10, 16, 255]);
        assert_eq!(Inks::new(&Theme::LIGHT).color(Ink::Surface), [255; 3]);
        let dark = Inks::new(&Theme::DARK);
        for ink in Ink::ALL {
            assert_ne!(dark.color(ink), [0; 3], "{ink:?}");
        }
    }
}
