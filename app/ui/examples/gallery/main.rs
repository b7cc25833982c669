//! Writes a page that shows the design system, to look at:
//! `cargo run -p ui --features ssr --example gallery -- [components|table|databases|diagram|login|palette|error] [light|dark]`.

mod components;
mod diagram;
mod frame;
mod login;
mod overlays;
mod pages;

use leptos::prelude::*;
use std::io::Write as _;
use std::path::Path;

/// The style as one text: the imports of `main.css` in their order.
fn style(root: &Path) -> std::io::Result<String> {
    let folder = root.join("style");
    let mut style = String::new();
    for line in std::fs::read_to_string(folder.join("main.css"))?.lines() {
        if let Some(name) = line.split('"').nth(1) {
            style.push_str(&std::fs::read_to_string(folder.join(name))?);
        }
    }
    let fonts = format!("file://{}/", root.join("public/fonts").display());
    Ok(style.replace("/fonts/", &fonts))
}

fn main() -> std::io::Result<()> {
    let mut words = std::env::args().skip(1);
    let page = words.next().unwrap_or_else(|| "components".to_owned());
    let theme = words.next();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()?;
    let style = style(&root)?;

    let owner = Owner::new();
    owner.set();
    provide_context(frame::NOW);
    let body = match page.as_str() {
        "table" => pages::table(),
        "databases" => pages::databases(),
        "diagram" => diagram::page(),
        "login" => login::page(),
        "palette" => overlays::page(),
        "error" => pages::error(),
        _ => components::page(),
    };
    let html = view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <title>"Gallery"</title>
                <style inner_html=style></style>
            </head>
            <body>{body}</body>
        </html>
    }
    .to_html();
    std::io::stdout().write_all(html.as_bytes())
}
