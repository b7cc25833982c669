//! Colours for the roles, and the CSS rules that bind the classes of an SVG to them.

use crate::painter::Ink;

/// A colour for each role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    colors: [&'static str; Ink::ALL.len()],
}

impl Theme {
    /// For a light page.
    pub const LIGHT: Self = Self {
        colors: [
            "#f6f7f9", // canvas
            "#d9dde5", // dot
            "#ffffff", // surface
            "#d9dee6", // border
            "#eceff3", // rule
            "#f4f6fb", // header
            "#e4e9fd", // hover
            "#c3cad6", // block
            "#14171c", // text
            "#5d6776", // text-dim
            "#c2740a", // key
            "#17639c", // foreign-key
            "#8d97a8", // link
            "#a7b0bf", // link-far
            "#b4540a", // link-proposed
            "#4a43d6", // accent
            "#3b5bdb", // selection
            "#13804b", // added
            "#e2f5e9", // added-fill
            "#c0362c", // removed
            "#fce9e7", // removed-fill
            "#8f6400", // altered
            "#fdf1cf", // altered-fill
            "#b4540a", // warning
            "#fcecdc", // warning-fill
            "#3b5bdb", // notice
            "#e7ecfd", // notice-fill
            "#fff1da", // heat-1
            "#ffdfae", // heat-2
            "#ffca80", // heat-3
            "#ffb054", // heat-4
            "#ff9633", // heat-5
            "#c92a2a", // red
            "#fde8e8", // red-fill
            "#c4480c", // orange
            "#feecdf", // orange-fill
            "#8f6a00", // yellow
            "#fdf3c7", // yellow-fill
            "#2b7a3b", // green
            "#e0f5e5", // green-fill
            "#0b7285", // teal
            "#d9f3f5", // teal-fill
            "#1864ab", // blue
            "#deedfb", // blue-fill
            "#6741d9", // purple
            "#ebe4fd", // purple-fill
            "#5c6773", // grey
            "#e6e9ee", // grey-fill
        ],
    };

    /// For a dark page.
    pub const DARK: Self = Self {
        colors: [
            "#0b0d10", // canvas
            "#222731", // dot
            "#171a21", // surface
            "#2c323d", // border
            "#242a33", // rule
            "#1d2330", // header
            "#242a4a", // hover
            "#3a4350", // block
            "#eef0f4", // text
            "#97a1b0", // text-dim
            "#e5b455", // key
            "#6fb4ee", // foreign-key
            "#667081", // link
            "#4a5364", // link-far
            "#e9a35a", // link-proposed
            "#a5b1ff", // accent
            "#91a3ff", // selection
            "#54c990", // added
            "#12291e", // added-fill
            "#ff8d80", // removed
            "#331c1d", // removed-fill
            "#e3b852", // altered
            "#2c2613", // altered-fill
            "#eea55c", // warning
            "#32230f", // warning-fill
            "#94a6ff", // notice
            "#1f2746", // notice-fill
            "#2b2319", // heat-1
            "#41311b", // heat-2
            "#5a411b", // heat-3
            "#75531a", // heat-4
            "#8f6316", // heat-5
            "#ff8787", // red
            "#331b1e", // red-fill
            "#ffa94d", // orange
            "#33231a", // orange-fill
            "#f2c94c", // yellow
            "#2e2813", // yellow-fill
            "#69db7c", // green
            "#15291c", // green-fill
            "#3bc9db", // teal
            "#122a30", // teal-fill
            "#74c0fc", // blue
            "#16273b", // blue-fill
            "#b197fc", // purple
            "#261f3d", // purple-fill
            "#adb5bd", // grey
            "#252a33", // grey-fill
        ],
    };

    /// The colour of a role, as CSS writes it.
    #[must_use]
    pub fn color(&self, ink: Ink) -> &'static str {
        self.colors
            .get(ink as usize)
            .copied()
            .unwrap_or("currentColor")
    }
}

/// The rules for the classes that an SVG of this crate uses: `.er-…` fills, `.er-…-line` strokes.
/// Without a theme the colours are the custom properties `--er-…` and the face is `--er-mono`.
#[must_use]
pub fn class_rules(theme: Option<&Theme>) -> String {
    const FACE: &str =
        "ui-monospace,\"JetBrains Mono\",\"DejaVu Sans Mono\",Menlo,Consolas,monospace";
    let mut out = String::from(".er-svg text{font-family:");
    if theme.is_none() {
        out.push_str("var(--er-mono,");
        out.push_str(FACE);
        out.push(')');
    } else {
        out.push_str(FACE);
    }
    out.push_str(";white-space:pre}");
    // Lines before fills: a circle has a class of each and is filled.
    for (suffix, property) in [("-line", "fill:none;stroke:"), ("", "fill:")] {
        for ink in Ink::ALL {
            for part in [".er-", ink.css_name(), suffix, "{", property] {
                out.push_str(part);
            }
            match theme {
                Some(theme) => out.push_str(theme.color(ink)),
                None => {
                    for part in ["var(--er-", ink.css_name(), ")"] {
                        out.push_str(part);
                    }
                }
            }
            out.push('}');
        }
    }
    out
}
