//! One stylesheet from `style/main.css` and what it imports.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Result, anyhow, bail};
use lightningcss::bundler::{Bundler, FileProvider};
use lightningcss::stylesheet::{MinifyOptions, ParserOptions, PrinterOptions};
use lightningcss::targets::{Browsers, Targets};
use lightningcss::values::url::Url;
use lightningcss::visit_types;
use lightningcss::visitor::{Visit as _, VisitTypes, Visitor};

use crate::workspace::Workspace;

/// Browsers of the last three years: what has wasm with reference types, nesting and `:has`.
const BROWSERS: Browsers = Browsers {
    android: None,
    chrome: Some(120 << 16),
    edge: Some(120 << 16),
    firefox: Some(121 << 16),
    ie: None,
    ios_saf: Some((17 << 16) | (2 << 8)),
    opera: None,
    safari: Some((17 << 16) | (2 << 8)),
    samsung: None,
};

/// Bundles and minifies. `addresses` gives, for a file of `public/` as the styles name it
/// (`/fonts/x.woff2`), the address that it is served at.
pub(crate) fn build(
    workspace: &Workspace,
    addresses: &BTreeMap<String, String>,
) -> Result<Vec<u8>> {
    let main = workspace.root.join("style/main.css");
    if !main.is_file() {
        return Ok(Vec::new());
    }
    let files = FileProvider::new();
    let mut bundler = Bundler::new(&files, None, ParserOptions::default());
    let mut sheet = bundler
        .bundle(&main)
        .map_err(|error| anyhow!("style/: {}", relative(&error.to_string(), &workspace.root)))?;
    let targets = Targets::from(BROWSERS);
    sheet
        .minify(MinifyOptions {
            targets,
            ..MinifyOptions::default()
        })
        .map_err(|error| anyhow!("style/: {error}"))?;
    let mut rewriter = Rewriter {
        addresses,
        wrong: Vec::new(),
    };
    sheet.visit(&mut rewriter).ok();
    if !rewriter.wrong.is_empty() {
        bail!("style/: {}", rewriter.wrong.join("; "));
    }
    let css = sheet.to_css(PrinterOptions {
        minify: true,
        targets,
        ..PrinterOptions::default()
    })?;
    Ok(css.code.into_bytes())
}

fn relative(text: &str, root: &Path) -> String {
    text.replace(&format!("{}/", root.display()), "")
}

struct Rewriter<'a> {
    addresses: &'a BTreeMap<String, String>,
    wrong: Vec<String>,
}

impl<'i> Visitor<'i> for Rewriter<'_> {
    type Error = std::convert::Infallible;

    fn visit_types(&self) -> VisitTypes {
        visit_types!(URLS)
    }

    fn visit_url(&mut self, url: &mut Url<'i>) -> Result<(), Self::Error> {
        let named = url.url.to_string();
        if named.starts_with("data:") || named.starts_with('#') {
            return Ok(());
        }
        match self.addresses.get(&named) {
            Some(address) => url.url = address.clone().into(),
            None if named.contains("//") => self.wrong.push(format!(
                "{named} is on another server; a page loads nothing from elsewhere"
            )),
            None => self.wrong.push(format!(
                "{named} names no file; write the path of a file in public/, such as /fonts/name.woff2"
            )),
        }
        Ok(())
    }
}
