//! The colours of the engine's roles, as the page's style sheet gives them in the present theme.

use diagram::painter::Ink;
use web_sys::Element;

/// A CSS colour for each role.
#[derive(Debug, Clone, Default)]
pub struct Palette {
    colors: Vec<String>,
    /// The families of the monospace face, as CSS writes them.
    pub face: String,
}

impl Palette {
    /// Reads the custom properties `--er-…` that hold for `element`.
    pub fn of(element: &Element) -> Self {
        let style =
            web_sys::window().and_then(|window| window.get_computed_style(element).ok().flatten());
        let read = |name: &str| {
            style
                .as_ref()
                .and_then(|style| style.get_property_value(name).ok())
                .map(|value| value.trim().to_owned())
                .filter(|value| !value.is_empty())
        };
        let colors = Ink::ALL
            .into_iter()
            .map(|ink| {
                read(&["--er-", ink.css_name()].concat()).unwrap_or_else(|| "#808080".to_owned())
            })
            .collect();
        let face = read("--er-mono").unwrap_or_else(|| "ui-monospace, monospace".to_owned());
        Self { colors, face }
    }

    /// The colour of a role.
    pub fn color(&self, ink: Ink) -> &str {
        self.colors
            .get(ink as usize)
            .map_or("#808080", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use diagram::overlay::Overlay;
    use diagram::painter::Ink;
    use diagram::theme::Theme;

    #[test]
    fn files_have_the_colours_of_the_page() {
        let sheet = include_str!("../../../style/er.css");
        for ink in Ink::ALL {
            let (light, dark) = (Theme::LIGHT.color(ink), Theme::DARK.color(ink));
            let line = format!("  --er-{}: light-dark({light}, {dark});", ink.css_name());
            assert!(sheet.contains(&line), "{line} is missing");
        }
    }

    #[test]
    fn forced_colours_leave_none_of_ours() {
        let sheet = include_str!("../../../style/er.css");
        let (_, forced) = sheet.split_once("(forced-colors: active)").unwrap();
        let (forced, _) = forced.split_once("\n}\n").unwrap();
        for ink in Ink::ALL {
            let line = format!("    --er-{}: ", ink.css_name());
            assert!(forced.contains(&line), "{line} is missing");
        }
    }

    #[test]
    fn heat_hides_no_table_where_colours_are_forced() {
        let sheet = include_str!("../../../style/er.css");
        let (_, forced) = sheet.split_once("(forced-colors: active)").unwrap();
        let (forced, _) = forced.split_once("\n}\n").unwrap();
        // In the colour of the page it would be painted over the blocks of far tables.
        for step in Overlay::default().heat_steps() {
            let line = format!("    --er-{}: transparent;", step.css_name());
            assert!(forced.contains(&line), "{line} is missing");
        }
    }

    #[test]
    fn the_style_sheet_knows_every_role_of_the_engine() {
        let sheet = include_str!("../../../style/er.css");
        for ink in Ink::ALL {
            let name = ink.css_name();
            for part in [
                format!("@property --er-{name} {{"),
                format!("  --er-{name}: light-dark("),
                format!(".er-{name} {{ fill: var(--er-{name}); }}"),
                format!(".er-{name}-line {{ fill: none; stroke: var(--er-{name}); }}"),
            ] {
                assert!(sheet.contains(&part), "{part:?} is missing");
            }
        }
    }
}
