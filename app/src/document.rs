//! The HTML document around the application. Server only.

use crate::app::App;
use crate::bootstrap::Bootstrap;
use crate::context::Assets;
use crate::parts::Part;
use http::request::Parts;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;

/// Renders the whole document: head, loader and [`App`].
pub fn document(assets: &Assets) -> impl IntoView + use<> {
    let Assets {
        js,
        scripts,
        wasm,
        mut parts,
        css,
        fonts,
        icon,
    } = assets.clone();
    let request = use_context::<Parts>();
    let theme = request.as_ref().and_then(|request| {
        request
            .extensions
            .get::<Bootstrap>()
            .and_then(|facts| facts.theme.clone())
    });
    // The page's part is fetched along with what every page needs.
    let part = request
        .and_then(|request| Part::of_path(request.uri.path()))
        .and_then(|part| parts.remove(part.name()));
    let part = part.unwrap_or_default();
    let wasm_files = std::iter::once(wasm.clone())
        .chain(part.iter().cloned())
        .map(|file| {
            view! { <link rel="preload" r#as="fetch" type="application/wasm" crossorigin="anonymous" href=file/> }
        })
        .collect_view();
    let loader = loader(&js, &wasm, &part);
    let fonts = fonts
        .into_iter()
        .map(|font| {
            view! { <link rel="preload" r#as="font" type="font/woff2" crossorigin="anonymous" href=font/> }
        })
        .collect_view();
    let scripts = scripts
        .into_iter()
        .map(|script| view! { <link rel="modulepreload" href=script/> })
        .collect_view();
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="robots" content="noindex"/>
                <link rel="stylesheet" href=css/>
                <link rel="icon" href=icon type="image/svg+xml"/>
                {fonts}
                <link rel="modulepreload" href=js/>
                {scripts}
                {wasm_files}
                <script type="module" nonce=use_nonce() inner_html=loader></script>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// The script that takes the page over. All wasm of the page is compiled at once, that of its part
/// too: `parts.js`, which the build writes, finds it under its path. It runs when the page is there:
/// beside the reading of a page of thousands of tables it made both late.
fn loader(js: &str, wasm: &str, part: &[String]) -> String {
    let files = part
        .iter()
        .map(|file| format!("'{file}'"))
        .collect::<Vec<_>>()
        .join(",");
    format!(
        "import init,{{hydrate}} from '{js}';\
         const parts=globalThis.crowfootParts=new Map();\
         for(const file of [{files}]){{\
         const part=WebAssembly.compileStreaming(fetch(file));part.catch(()=>{{}});\
         parts.set(new URL(file,location.href).pathname,part)}}\
         await init({{module_or_path:'{wasm}'}});\
         await hydrate();"
    )
}
