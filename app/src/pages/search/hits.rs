//! What was found: a name, where it is, and the text that fits.

use leptos::prelude::*;
use model::catalog::SearchKind;
use model::search::{SearchFind, TextPiece};
use ui::{Icon, IconName};

/// The hits of a page, the best first.
#[component]
pub fn Hits(
    /// What was found.
    hits: Vec<SearchFind>,
) -> impl IntoView {
    let hits = hits.into_iter().map(hit).collect_view();
    view! { <ol class="hits" data-testid="search-hits">{hits}</ol> }
}

fn hit(find: SearchFind) -> AnyView {
    let (icon, kind) = match find.hit.kind {
        SearchKind::Database => (IconName::Database, "database"),
        SearchKind::Table => (IconName::Table, "table"),
        SearchKind::Column => (IconName::Column, "column"),
        SearchKind::Page => (IconName::ArrowRight, "page"),
    };
    let detail = find.hit.detail.filter(|detail| !detail.is_empty());
    let text = match find.matched {
        Some(matched) => Some(
            view! {
                <p class="hit-text" data-testid="search-match">
                    <span class="dim">{matched.place.label()}": "</span>{marked(matched.text)}
                </p>
            }
            .into_any(),
        ),
        None => detail.map(|detail| view! { <p class="hit-text dim">{detail}</p> }.into_any()),
    };
    view! {
        <li class="hit" data-testid="search-hit">
            <div class="hit-line">
                <Icon name=icon/>
                <a class="hit-name mono" href=find.hit.address>{marked(find.name)}</a>
                <span class="dim">{kind}" in "{find.hit.context}</span>
            </div>
            {text}
        </li>
    }
    .into_any()
}

/// A text with its hits marked.
fn marked(pieces: Vec<TextPiece>) -> AnyView {
    pieces
        .into_iter()
        .map(|piece| {
            if piece.hit {
                view! { <mark>{piece.text}</mark> }.into_any()
            } else {
                piece.text.into_any()
            }
        })
        .collect_view()
        .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn hits_are_marked_and_escaped() {
        let owner = Owner::new();
        owner.set();
        let piece = |text: &str, hit| TextPiece {
            text: text.to_owned(),
            hit,
        };
        let html = marked(vec![piece("<b>", false), piece("ord", true)]).to_html();
        assert!(html.contains("&lt;b&gt;"), "{html}");
        assert!(html.contains("<mark>ord"), "{html}");
    }
}
