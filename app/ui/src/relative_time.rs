//! Times as people say them.

use leptos::prelude::*;
use model::time::Timestamp;

/// The moment that a page calls now. Whoever renders a page provides it, so that server and
/// browser write the same words; views read no clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now(pub Timestamp);

/// A time as people say it, "12 min ago", with the exact one on hover.
#[component]
pub fn RelativeTime(
    /// The time.
    at: Timestamp,
    /// The moment it is relative to; without it, [`Now`] from the context, and without that the
    /// exact time is written.
    #[prop(optional)]
    now: Option<Timestamp>,
) -> AnyView {
    let now = now.or_else(|| use_context::<Now>().map(|now| now.0));
    let exact = at.to_minute();
    let text = now.map_or_else(|| exact.clone(), |now| at.ago(now));
    view! { <time datetime=at.to_iso() title=exact>{text}</time> }.into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn it_reads_no_clock() {
        let owner = Owner::new();
        owner.set();
        let at = Timestamp(1_800_000_000_000);
        let html = view! { <RelativeTime at/> }.to_html();
        assert!(html.contains(">2027-01-15 08:00 UTC<"), "{html}");
        provide_context(Now(Timestamp(at.0 + 720_000)));
        let html = view! { <RelativeTime at/> }.to_html();
        assert!(html.contains(">12 min ago<"), "{html}");
        assert!(
            html.contains(r#"datetime="2027-01-15T08:00:00Z""#),
            "{html}"
        );
    }
}
