//! The site: everything the browser loads, named by content, compressed ahead, in `target/site`,
//! and the one release binary that holds it.
//!
//! Below `pkg/` a name never changes its content, so the server may let browsers keep it for ever.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde::Serialize;

use crate::command;
use crate::compress::{Compressor, hash, hash_all, is_compressible, write_whole};
use crate::wasm::Frontend;
use crate::workspace::Workspace;
use crate::{css, wasm};

/// What wasm, JavaScript and CSS together may cost before the first page is interactive.
pub(crate) const BUDGET: usize = 300 * 1024;

/// What the server needs to know to write its pages.
#[derive(Serialize)]
struct Manifest {
    js: String,
    /// Other modules that the first one imports, to be preloaded.
    scripts: Vec<String>,
    wasm: String,
    /// The other parts of the wasm, each with the files that it needs.
    parts: BTreeMap<String, Vec<String>>,
    css: String,
    /// Fonts that the styles use, to be preloaded.
    fonts: Vec<String>,
}

/// The size of one part of the bundle.
#[derive(Serialize)]
pub(crate) struct Size {
    pub(crate) part: String,
    /// Whether every page needs it.
    pub(crate) is_first: bool,
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

/// What counts: all that the first page needs, as a browser gets it.
pub(crate) fn total(sizes: &[Size]) -> usize {
    let first = sizes.iter().filter(|size| size.is_first);
    first.map(|size| size.brotli).sum()
}

/// Builds `target/site` alone.
fn build_site(workspace: &Workspace, site: &Path) -> Result<Vec<Size>> {
    let Frontend {
        files: frontend,
        parts: files_of_parts,
    } = wasm::build(workspace)?;
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();

    // All of one build share a folder named by their content: they refer to each other by name,
    // in a circle, and parts of different builds must never meet.
    let everything: Vec<&[u8]> = frontend.values().map(Vec::as_slice).collect();
    let folder = format!("pkg/{}", hash_all(&everything));
    let (mut scripts, mut parts) = (Vec::new(), Vec::new());
    for (name, bytes) in &frontend {
        match name.rsplit_once('.').map(|(_, end)| end) {
            Some("js") => scripts.push(bytes.as_slice()),
            Some("wasm") if name != wasm::WASM_NAME => parts.push((name.clone(), bytes.as_slice())),
            _ => {}
        }
    }
    let main = frontend
        .get(wasm::WASM_NAME)
        .context("wasm-bindgen made no wasm")?;

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
    let mut sizes = vec![
        size("wasm", true, &[main], &compressor)?,
        size("js", true, &scripts, &compressor)?,
        size("css", true, &[&css], &compressor)?,
    ];
    for (name, bytes) in parts {
        sizes.push(size(&name, false, &[bytes], &compressor)?);
    }

    let manifest = Manifest {
        js: format!("{folder}/{}", wasm::JS_NAME),
        scripts: frontend
            .keys()
            .filter(|name| name.ends_with(".js") && *name != wasm::JS_NAME)
            .map(|name| format!("{folder}/{name}"))
            .collect(),
        wasm: format!("{folder}/{}", wasm::WASM_NAME),
        parts: files_of_parts
            .into_iter()
            .map(|(part, files)| {
                let files = files.iter().map(|name| format!("{folder}/{name}"));
                (part, files.collect())
            })
            .collect(),
        css: css_file.clone(),
        fonts,
    };
    for (name, bytes) in frontend {
        files.insert(format!("{folder}/{name}"), bytes);
    }
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

fn size(part: &str, is_first: bool, files: &[&[u8]], compressor: &Compressor) -> Result<Size> {
    let mut size = Size {
        part: part.to_owned(),
        is_first,
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
        "{:>24} {:>10} {:>10} {:>10}",
        "", "raw KiB", "gzip KiB", "brotli KiB"
    );
    let (first, later): (Vec<_>, Vec<_>) = sizes.iter().partition(|size| size.is_first);
    for size in first {
        print_size(size);
    }
    println!(
        "{:>24} {:>32.1} of {:.0} allowed",
        "for the first page",
        kib(total(sizes)),
        kib(BUDGET)
    );
    for size in later {
        print_size(size);
    }
}

fn print_size(size: &Size) {
    println!(
        "{:>24} {:>10.1} {:>10.1} {:>10.1}",
        size.part,
        kib(size.raw),
        kib(size.gzip),
        kib(size.brotli)
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
