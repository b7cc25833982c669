//! The site: everything the browser loads, named by content, compressed ahead, in `target/site`,
//! and the one release binary that holds it.
//!
//! Below `pkg/` a name never changes its content, so the server may let browsers keep it for ever.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde::Serialize;

use crate::command;
use crate::compress::{Compressor, hash, is_compressible, write_whole};
use crate::workspace::Workspace;
use crate::{css, wasm};

/// What wasm, JavaScript and CSS together may cost before the first page is interactive.
///
/// The aim is 300 KiB; until it is reached, this keeps what has been won.
pub(crate) const BUDGET: usize = 385 * 1024;

/// What the server needs to know to write its pages.
#[derive(Serialize)]
struct Manifest {
    js: String,
    wasm: String,
    css: String,
    /// Fonts that the styles use, to be preloaded.
    fonts: Vec<String>,
}

/// The size of one part of the bundle.
#[derive(Serialize)]
pub(crate) struct Size {
    pub(crate) part: &'static str,
    pub(crate) raw: usize,
    pub(crate) gzip: usize,
    pub(crate) brotli: usize,
}

/// Builds the site and the binary; returns the sizes.
pub(crate) fn build(workspace: &Workspace) -> Result<Vec<Size>> {
    let site = workspace.target.join("site");
    let sizes = build_site(workspace, &site)?;
    command::run(
        workspace
            .cargo()
            .arg("build")
            .args(["--release", "-p", "server"])
            .env("CROWFOOT_SITE_DIR", &site),
    )?;
    report(&sizes);
    println!("built {}", workspace.binary().display());
    Ok(sizes)
}

/// An error when the browser has to load too much.
pub(crate) fn check_budget(sizes: &[Size]) -> Result<()> {
    let total = total(sizes);
    if total > BUDGET {
        bail!(
            "the browser must load {:.1} KiB, {:.1} KiB over the budget",
            kib(total),
            kib(total - BUDGET)
        );
    }
    Ok(())
}

/// What counts: all of it as a browser gets it.
pub(crate) fn total(sizes: &[Size]) -> usize {
    sizes.iter().map(|size| size.brotli).sum()
}

/// Builds `target/site` alone.
fn build_site(workspace: &Workspace, site: &Path) -> Result<Vec<Size>> {
    let frontend = wasm::build(workspace)?;
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();

    let wasm_file = format!("crowfoot.{}.wasm", hash(&frontend.wasm));
    let js = String::from_utf8(frontend.js)
        .context("the generated JavaScript is not UTF-8")?
        .replace(wasm::WASM_NAME, &wasm_file)
        .into_bytes();
    let js_file = format!("pkg/crowfoot.{}.js", hash(&js));
    let scripts: Vec<Vec<u8>> = std::iter::once(js.clone())
        .chain(frontend.snippets.iter().map(|(_, bytes)| bytes.clone()))
        .collect();
    files.extend(
        frontend
            .snippets
            .into_iter()
            .map(|(name, bytes)| (format!("pkg/{name}"), bytes)),
    );

    let mut addresses = BTreeMap::new();
    let mut fonts = Vec::new();
    for (name, bytes) in public_files(workspace)? {
        let served = match name.strip_prefix("fonts/") {
            Some(font) if !font.ends_with(".txt") && !font.ends_with(".md") => {
                let served = format!("pkg/{}", with_hash(font, &bytes));
                fonts.push(served.clone());
                served
            }
            _ => name.clone(),
        };
        addresses.insert(format!("/{name}"), format!("/{served}"));
        files.insert(served, bytes);
    }
    let css = css::build(workspace, &addresses)?;
    let css_file = format!("pkg/crowfoot.{}.css", hash(&css));
    fonts.retain(|font| contains(&css, font.as_bytes()));

    let compressor = Compressor::new(workspace)?;
    let sizes = vec![
        size("wasm", &[&frontend.wasm], &compressor)?,
        size(
            "js",
            &scripts.iter().map(Vec::as_slice).collect::<Vec<_>>(),
            &compressor,
        )?,
        size("css", &[&css], &compressor)?,
    ];

    let manifest = Manifest {
        js: js_file.clone(),
        wasm: format!("pkg/{wasm_file}"),
        css: css_file.clone(),
        fonts,
    };
    files.insert(manifest.wasm.clone(), frontend.wasm);
    files.insert(js_file, js);
    files.insert(css_file, css);
    for (name, bytes) in files.clone() {
        if is_compressible(&name) {
            let both = [
                ("br", compressor.brotli(&bytes)?),
                ("gz", compressor.gzip(&bytes)?),
            ];
            for (end, small) in both {
                if small.len() < bytes.len() {
                    files.insert(format!("{name}.{end}"), small);
                }
            }
        }
    }
    files.insert(
        "manifest.json".to_owned(),
        serde_json::to_vec_pretty(&manifest)?,
    );
    write(site, &files)?;
    Ok(sizes)
}

fn size(part: &'static str, files: &[&[u8]], compressor: &Compressor) -> Result<Size> {
    let mut size = Size {
        part,
        raw: 0,
        gzip: 0,
        brotli: 0,
    };
    for bytes in files {
        size.raw += bytes.len();
        size.gzip += compressor.gzip(bytes)?.len();
        size.brotli += compressor.brotli(bytes)?.len();
    }
    Ok(size)
}

/// Prints the sizes.
fn report(sizes: &[Size]) {
    println!(
        "{:>6} {:>12} {:>12} {:>12}",
        "", "raw KiB", "gzip KiB", "brotli KiB"
    );
    for size in sizes {
        println!(
            "{:>6} {:>12.1} {:>12.1} {:>12.1}",
            size.part,
            kib(size.raw),
            kib(size.gzip),
            kib(size.brotli)
        );
    }
    println!(
        "{:>6} {:>38.1} of {:.0} allowed",
        "total",
        kib(total(sizes)),
        kib(BUDGET)
    );
}

/// Bytes in KiB.
#[expect(clippy::cast_precision_loss, reason = "for display")]
pub(crate) fn kib(bytes: usize) -> f64 {
    bytes as f64 / 1024.0
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// `name.woff2` becomes `name.<hash>.woff2`.
fn with_hash(name: &str, bytes: &[u8]) -> String {
    match name.rsplit_once('.') {
        Some((stem, end)) => format!("{stem}.{}.{end}", hash(bytes)),
        None => format!("{name}.{}", hash(bytes)),
    }
}

/// Every file of `public/`, by its path there.
fn public_files(workspace: &Workspace) -> Result<Vec<(String, Vec<u8>)>> {
    let root = workspace.root.join("public");
    let mut found = Vec::new();
    let mut dirs = vec![root.clone()];
    while let Some(dir) = dirs.pop() {
        if !dir.is_dir() {
            continue;
        }
        for entry in std::fs::read_dir(&dir)? {
            let path = entry?.path();
            if path.is_dir() {
                dirs.push(path);
                continue;
            }
            let name = path.strip_prefix(&root)?.to_string_lossy().into_owned();
            if !name.starts_with('.') {
                found.push((name, std::fs::read(&path)?));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Makes the folder hold exactly these files. What is the same is left untouched, so that the
/// server is compiled again only when something changed.
fn write(site: &Path, files: &BTreeMap<String, Vec<u8>>) -> Result<()> {
    for (name, bytes) in files {
        let path = site.join(name);
        if std::fs::read(&path).is_ok_and(|known| known == *bytes) {
            continue;
        }
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)
                .with_context(|| format!("could not make {}", parent.display()))?;
        }
        write_whole(&path, bytes).with_context(|| format!("could not write {}", path.display()))?;
    }
    let mut dirs: Vec<PathBuf> = vec![site.to_owned()];
    while let Some(dir) = dirs.pop() {
        for entry in std::fs::read_dir(&dir)? {
            let path = entry?.path();
            if path.is_dir() {
                dirs.push(path);
            } else if !files.contains_key(&*path.strip_prefix(site)?.to_string_lossy()) {
                std::fs::remove_file(&path)?;
            }
        }
    }
    Ok(())
}
