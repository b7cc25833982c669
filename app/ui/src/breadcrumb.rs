//! Where a page stands.

use leptos::prelude::*;

/// One step of a breadcrumb.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    /// Its text.
    pub label: String,
    /// Where it leads; the last one leads nowhere.
    pub href: Option<String>,
}

impl Crumb {
    /// A step that leads somewhere.
    pub fn link(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            href: Some(href.into()),
        }
    }

    /// The page itself.
    pub fn here(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            href: None,
        }
    }
}

/// Where a page stands: `warehouse / sales / orders`.
#[component]
pub fn Breadcrumb(
    /// From the outermost to the page itself.
    crumbs: Vec<Crumb>,
) -> AnyView {
    let last = crumbs.len().saturating_sub(1);
    let steps: Vec<_> = crumbs
        .into_iter()
        .enumerate()
        .map(|(place, Crumb { label, href })| {
            let current = (place == last).then_some("page");
            let step = match href {
                Some(href) => view! { <a href=href aria-current=current>{label}</a> }.into_any(),
                None => view! { <span aria-current=current>{label}</span> }.into_any(),
            };
            view! { <li>{step}</li> }
        })
        .collect();
    view! {
        <nav class="breadcrumb" aria-label="Breadcrumb" data-testid="breadcrumb">
            <ol>{steps}</ol>
        </nav>
    }
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn the_last_step_is_the_page_itself() {
        let owner = Owner::new();
        owner.set();
        let crumbs = vec![
            Crumb::link("shop", "/databases/db_1"),
            Crumb::here("<b>orders"),
        ];
        let html = view! { <Breadcrumb crumbs/> }.to_html();
        assert!(html.contains(r#"<a href="/databases/db_1">shop"#), "{html}");
        assert!(
            html.contains(r#"<span aria-current="page">&lt;b&gt;orders"#),
            "{html}"
        );
    }
}
