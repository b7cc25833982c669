//! SQL in its colours.

use crate::sql::{TokenKind, highlight};
use leptos::prelude::*;

/// Texts longer than this are shown without colours: nobody reads them, and every coloured word
/// is an element.
const COLOURED_BYTES: usize = 64 * 1024;

fn class_of(kind: TokenKind) -> Option<&'static str> {
    match kind {
        TokenKind::Plain => None,
        TokenKind::Keyword => Some("sql-keyword"),
        TokenKind::String => Some("sql-string"),
        TokenKind::Number => Some("sql-number"),
        TokenKind::Parameter => Some("sql-parameter"),
        TokenKind::Comment => Some("sql-comment"),
        TokenKind::Quoted => Some("sql-quoted"),
    }
}

/// SQL in its colours, inline.
#[component]
pub fn SqlText(
    /// The SQL.
    #[prop(into)]
    text: String,
) -> AnyView {
    if text.len() > COLOURED_BYTES {
        return view! { <code class="sql">{text}</code> }.into_any();
    }
    let pieces: Vec<_> = highlight(&text)
        .into_iter()
        .map(|(kind, piece)| view! { <span class=class_of(kind)>{piece.to_owned()}</span> })
        .collect();
    view! { <code class="sql">{pieces}</code> }.into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn what_the_sql_says_is_escaped() {
        let owner = Owner::new();
        owner.set();
        let html = view! { <SqlText text="select '<script>' < 1"/> }.to_html();
        assert!(
            html.contains(r#"<span class="sql-keyword">select"#),
            "{html}"
        );
        assert!(html.contains("&lt;script&gt;"), "{html}");
        assert!(!html.contains("<script>"), "{html}");
    }
}
