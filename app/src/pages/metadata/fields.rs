//! What stands in the fields of a form: what is stored, or what had been entered when it could
//! not be.

use crate::bootstrap::Flash;
use leptos::prelude::*;

/// What the last post of this form brought, where it failed.
pub(crate) struct Given {
    flash: Option<Flash>,
    /// Whether it failed because somebody else was faster.
    pub(crate) is_conflict: bool,
}

impl Given {
    /// Reads it from what the server sends along, which may be about the form at another address:
    /// the message stays while the browser goes from page to page.
    pub(crate) fn new(flash: Option<Flash>, action: &str) -> Self {
        let flash = flash.filter(|flash| flash.entered("form").as_deref() == Some(action));
        Self {
            is_conflict: flash
                .as_ref()
                .is_some_and(|flash| flash.entered("conflict").is_some()),
            flash,
        }
    }

    /// Whether there was such a post.
    pub(crate) fn is_given(&self) -> bool {
        self.flash.is_some()
    }

    fn entered(&self, name: &str) -> Option<String> {
        self.flash.as_ref()?.entered(name)
    }

    /// What a field begins with, and after a conflict what is stored, where that differs.
    pub(crate) fn value(&self, name: &str, stored: String) -> (String, Option<AnyView>) {
        let Some(entered) = self.entered(name) else {
            return (stored, None);
        };
        let differs = self.is_conflict && entered.trim() != stored.trim();
        let now = differs.then(|| {
            let shown = if stored.is_empty() {
                view! { <p class="dim">"Nothing"</p> }.into_any()
            } else {
                view! { <pre>{stored}</pre> }.into_any()
            };
            view! {
                <div class="stored" data-testid=format!("stored-{name}")>
                    <p class="provenance">"Stored now"</p>
                    {shown}
                </div>
            }
            .into_any()
        });
        (entered, now)
    }

    /// The revision that the form is filled with: the one that was read, until a conflict has
    /// shown what came since.
    pub(crate) fn revision(&self, stored: i32) -> i32 {
        if self.is_conflict {
            return stored;
        }
        self.entered("revision")
            .and_then(|text| text.parse().ok())
            .unwrap_or(stored)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(entered: &[(&str, &str)]) -> Given {
        let flash = Flash {
            entered: entered
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            ..Flash::default()
        };
        Given::new(Some(flash), "/here")
    }

    #[test]
    fn a_form_that_was_wrong_keeps_the_revision_that_was_read() {
        let wrong = given(&[("form", "/here"), ("revision", "3"), ("tags", "<b>")]);
        assert_eq!(wrong.revision(5), 3);
        assert_eq!(wrong.value("tags", "pii".to_owned()).0, "<b>");
    }

    #[test]
    fn after_a_conflict_the_next_save_is_made_knowingly() {
        let late = given(&[
            ("form", "/here"),
            ("revision", "3"),
            ("conflict", "1"),
            ("tags", "mine"),
        ]);
        assert_eq!(late.revision(5), 5);
        let (entered, stored) = late.value("tags", "theirs".to_owned());
        assert_eq!(entered, "mine");
        assert!(stored.is_some());
        assert!(late.value("tags", "mine".to_owned()).1.is_none());
    }

    #[test]
    fn the_message_of_another_form_fills_nothing() {
        let other = given(&[("form", "/there"), ("revision", "3"), ("tags", "x")]);
        assert_eq!(other.value("tags", "stored".to_owned()).0, "stored");
        assert_eq!(other.revision(5), 5);
    }
}
