//! Light, dark, or as the system has it.

use crate::browser::set_cookie;
use crate::icon::{Icon, IconName};
use leptos::prelude::*;

/// The colours a person wants.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Light whatever the system says.
    Light,
    /// Dark whatever the system says.
    Dark,
}

impl Theme {
    /// Reads the cookie `crowfoot_theme`; anything unknown is the system's.
    pub fn from_word(word: Option<&str>) -> Self {
        match word {
            Some("light") => Self::Light,
            Some("dark") => Self::Dark,
            _ => Self::System,
        }
    }

    /// The word kept in the cookie and in `<html data-theme>`; none for the system's.
    pub fn as_word(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }

    /// Puts it on the document and keeps it for the next visit. Browser only.
    fn apply(self) {
        let root = document().document_element();
        match self.as_word() {
            Some(word) => {
                if let Some(root) = root {
                    let _ = root.set_attribute("data-theme", word);
                }
                set_cookie(&format!(
                    "crowfoot_theme={word}; Path=/; Max-Age=31536000; SameSite=Lax"
                ));
            }
            None => {
                if let Some(root) = root {
                    let _ = root.remove_attribute("data-theme");
                }
                set_cookie("crowfoot_theme=; Path=/; Max-Age=0; SameSite=Lax");
            }
        }
    }
}

/// Three choices: light, dark, as the system has it.
#[component]
pub fn ThemeSwitch(
    /// What the server read from the cookie.
    #[prop(optional)]
    theme: Theme,
    /// Told the new choice, after the document has it: a canvas reads its colours anew.
    #[prop(optional, into)]
    on_change: Option<Callback<Theme>>,
) -> AnyView {
    let choices = [
        (Theme::System, "system", "As the system", IconName::System),
        (Theme::Light, "light", "Light", IconName::Sun),
        (Theme::Dark, "dark", "Dark", IconName::Moon),
    ];
    let choices: Vec<_> = choices
        .into_iter()
        .map(|(choice, value, label, icon)| {
            view! {
                <label title=label data-testid=format!("theme-{value}")>
                    <input
                        type="radio"
                        name="theme"
                        value=value
                        aria-label=label
                        checked=choice == theme
                        on:change=move |_| {
                            choice.apply();
                            if let Some(on_change) = on_change {
                                on_change.run(choice);
                            }
                        }
                    />
                    <Icon name=icon/>
                </label>
            }
        })
        .collect();
    view! {
        <div class="theme-switch" role="radiogroup" aria-label="Theme" data-testid="theme-switch">
            {choices}
        </div>
    }
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_and_the_choice_agree() {
        for theme in [Theme::System, Theme::Light, Theme::Dark] {
            assert_eq!(Theme::from_word(theme.as_word()), theme);
        }
        assert_eq!(Theme::from_word(Some("<script>")), Theme::System);
    }

    #[test]
    fn one_choice_is_checked() {
        let owner = Owner::new();
        owner.set();
        let html = view! { <ThemeSwitch theme=Theme::Dark/> }.to_html();
        assert_eq!(html.matches(" checked").count(), 1, "{html}");
        assert!(
            html.contains(r#"value="dark" aria-label="Dark" checked"#),
            "{html}"
        );
    }
}
