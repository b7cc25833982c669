//! Markdown as HTML that may stand in a page, whoever wrote it.

use ammonia::Builder;
use comrak::{Options, markdown_to_html};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// What is longer than this is not rendered but shown as it is; the forms accept a tenth of it.
const RENDERED_MAX_BYTES: usize = 512 * 1024;
/// Lists and quotes that are nested deeper than this are shown as they are: neither the renderer,
/// the sanitiser nor a reader is made for them.
const NESTING_MAX: usize = 60;

/// What may stay: what Markdown itself writes, and nothing that loads, runs or asks.
static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from([
            "a",
            "blockquote",
            "br",
            "code",
            "del",
            "em",
            "h3",
            "h4",
            "h5",
            "h6",
            "hr",
            "li",
            "ol",
            "p",
            "pre",
            "strong",
            "table",
            "tbody",
            "td",
            "th",
            "thead",
            "tr",
            "ul",
        ]))
        .clean_content_tags(HashSet::from(["script", "style"]))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href", "title"])),
            ("ol", HashSet::from(["start"])),
        ]))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(ammonia::UrlRelative::Custom(Box::new(local_address)))
        .link_rel(Some("noopener noreferrer nofollow"));
    builder
});

/// An address without a scheme stays where it leads within this site.
fn local_address(address: &str) -> Option<std::borrow::Cow<'_, str>> {
    let is_local = address.starts_with('#')
        || (address.starts_with('/')
            && !address.starts_with("//")
            && !address.contains(['\\', '\t', '\n', '\r']));
    is_local.then(|| address.into())
}

/// Renders Markdown (with tables, strikethrough and bare links) as sanitised HTML. Headings begin
/// at the third level, since a page has the first two; images become their description.
pub(crate) fn render(markdown: &str) -> String {
    if markdown.len() > RENDERED_MAX_BYTES || nests_deeply(markdown) {
        return format!("<pre>{}</pre>", ammonia::clean_text(markdown));
    }
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    // Pieces that look like HTML are shown as they were typed: `List<String>` is no tag.
    options.render.escape = true;
    let html = markdown_to_html(markdown, &options);
    SANITISER.clean(&lowered(&html)).to_string()
}

/// Headings two levels lower. What the renderer writes of a person's text has its `<` escaped, so
/// such tags are its own.
fn lowered(html: &str) -> String {
    let mut html = html.to_owned();
    for (from, to) in [(6, 6), (5, 6), (4, 6), (3, 5), (2, 4), (1, 3)] {
        html = html
            .replace(&format!("<h{from}>"), &format!("<h{to}>"))
            .replace(&format!("</h{from}>"), &format!("</h{to}>"));
    }
    html
}

/// Whether a line begins with more marks of quotes and lists, or a line holds more brackets, than
/// anybody means.
fn nests_deeply(markdown: &str) -> bool {
    markdown.lines().any(|line| {
        let marks = line
            .chars()
            .take_while(|letter| letter.is_whitespace() || ">-*+".contains(*letter))
            .count();
        // A list's level costs two columns of indentation.
        marks > NESTING_MAX * 2
            || line.matches('[').count() > 500
            || line.matches(['*', '_', '~']).count() > 2_000
    })
}

#[cfg(test)]
mod tests {
    use super::render;
    use std::time::{Duration, Instant};

    #[test]
    fn what_markdown_is_for_works() {
        let html = render(
            "# Orders\n\nOne row per **order**, see [returns](/databases/db_0123456789) and \
             https://example.org.\n\n| a | b |\n|---|---|\n| 1 | `2` |\n\n- one\n- ~~two~~\n",
        );
        for part in [
            "<h3>Orders</h3>",
            "<strong>order</strong>",
            r#"href="/databases/db_0123456789""#,
            r#"href="https://example.org""#,
            r#"rel="noopener noreferrer nofollow""#,
            "<td><code>2</code></td>",
            "<del>two</del>",
        ] {
            assert!(html.contains(part), "{part} is not in {html}");
        }
    }

    #[test]
    fn nothing_runs() {
        for text in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "<svg onload=alert(1)><script>alert(1)</script></svg>",
            "<a href=\"javascript:alert(1)\" onclick=\"alert(1)\">x</a>",
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "[x](&#106;avascript:alert(1))",
            "[x](java\tscript:alert(1))",
            "[x](vbscript:msgbox)",
            "[x](data:text/html;base64,PHNjcmlwdD4=)",
            "![x](data:image/svg+xml,<svg/onload=alert(1)>)",
            "![x](javascript:alert(1))",
            "<javascript:alert(1)>",
            "[x]: javascript:alert(1)\n\n[x]",
            "[a](x \"\\\" onmouseover=alert(1) \")",
            "`<script>alert(1)</script>`",
            "```\"><script>alert(1)</script>\nx\n```",
            "<style>*{display:none}</style>",
            "<iframe src=//evil.example></iframe>",
            "<form action=/rpc/logout><button>x</button></form>",
            "<math><mtext></p><img src onerror=alert(1)>",
        ] {
            let html = render(text);
            // Outside of tags everything is text, whatever it says.
            let tags: String = html
                .to_lowercase()
                .split('<')
                .skip(1)
                .map(|after| format!("<{}>", after.split('>').next().unwrap_or(after)))
                .collect();
            for danger in [
                "<script",
                "<img",
                "<svg",
                "<iframe",
                "<form",
                "<style",
                "<math",
                "<button",
                "href=\"javascript",
                "href=\"vbscript",
                "href=\"data",
                " onclick=\"",
                " onerror=\"",
                " onmouseover=\"",
            ] {
                assert!(!tags.contains(danger), "{text:?} became {html:?}");
            }
        }
    }

    #[test]
    fn links_lead_within_this_site_or_to_the_open_web() {
        for address in ["//evil.example", "ftp://x", "x/y"] {
            let html = render(&format!("[x]({address})"));
            assert!(!html.contains("href"), "{address}: {html}");
        }
        assert!(render("[x](mailto:a@b.example)").contains("mailto:"));
        assert!(render("[x](#column-id)").contains("#column-id"));
    }

    #[test]
    fn a_comparison_is_kept() {
        assert_eq!(render("a < b & c > d"), "<p>a &lt; b &amp; c &gt; d</p>\n");
        assert!(render("a List<String> of names").contains("List&lt;String&gt;"));
    }

    #[test]
    fn nothing_takes_for_ever() {
        let started = Instant::now();
        for text in [
            "x".repeat(2_000_000),
            "> ".repeat(10_000),
            "- ".repeat(10_000),
            "[".repeat(20_000),
            "*a ".repeat(7_000),
            "_".repeat(20_000),
            "`".repeat(20_000),
            "<b>".repeat(6_000),
            "![[[".repeat(5_000),
            "|a".repeat(10_000),
            (0..200)
                .map(|depth| format!("{}- x\n", "  ".repeat(depth)))
                .collect(),
            "\u{0}\u{202e}\u{feff}".repeat(5_000),
        ] {
            let html = render(&text);
            assert!(!html.is_empty() || text.trim().is_empty());
        }
        assert!(
            started.elapsed() < Duration::from_secs(60),
            "{:?}",
            started.elapsed()
        );
    }
}
