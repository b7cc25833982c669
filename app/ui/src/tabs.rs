//! Tabs as links.

use leptos::prelude::*;

/// One tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// Its text.
    pub label: String,
    /// Where it leads.
    pub href: String,
    /// How much is behind it.
    pub count: Option<String>,
    /// Whether it is the one shown.
    pub current: bool,
    /// Test hook.
    pub testid: Option<&'static str>,
}

impl Tab {
    /// A tab without a count.
    pub fn new(label: impl Into<String>, href: impl Into<String>, current: bool) -> Self {
        Self {
            label: label.into(),
            href: href.into(),
            count: None,
            current,
            testid: None,
        }
    }

    /// Gives it a name for tests.
    #[must_use]
    pub fn with_testid(mut self, testid: &'static str) -> Self {
        self.testid = Some(testid);
        self
    }

    /// Says how much is behind it.
    #[must_use]
    pub fn with_count(mut self, count: impl Into<String>) -> Self {
        self.count = Some(count.into());
        self
    }
}

/// Tabs as links: the address says which one is shown.
#[component]
pub fn Tabs(
    /// What they divide: "Table".
    #[prop(into)]
    label: String,
    /// The tabs.
    tabs: Vec<Tab>,
    /// Test hook.
    #[prop(default = "tabs")]
    testid: &'static str,
) -> AnyView {
    let tabs: Vec<_> = tabs
        .into_iter()
        .map(|tab| {
            let current = tab.current.then_some("page");
            view! {
                <a class="segment" href=tab.href aria-current=current data-testid=tab.testid>
                    {tab.label}
                    {tab.count.map(|count| view! { <span class="segment-count">{count}</span> })}
                </a>
            }
        })
        .collect();
    view! { <nav class="segments" aria-label=label data-testid=testid>{tabs}</nav> }.into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn only_the_shown_tab_is_current() {
        let owner = Owner::new();
        owner.set();
        let tabs = vec![
            Tab::new("Columns", "?", true).with_count("8"),
            Tab::new("DDL", "?tab=ddl", false),
        ];
        let html = view! { <Tabs label="Table" tabs/> }.to_html();
        assert_eq!(html.matches("aria-current").count(), 1, "{html}");
        assert!(html.contains(r#"aria-label="Table""#), "{html}");
    }
}
