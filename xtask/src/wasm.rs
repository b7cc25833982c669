//! From the crate `frontend` to the JavaScript and wasm that a browser loads.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, anyhow, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::command;
use crate::compress::{hash, hash_all};
use crate::npm;
use crate::workspace::Workspace;

/// The target of the browser.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// The module that loads the wasm.
pub(crate) const JS_NAME: &str = "crowfoot.js";

/// The wasm that every page needs.
pub(crate) const WASM_NAME: &str = "crowfoot_bg.wasm";

/// The module that loads the other parts of the wasm when they are needed.
pub(crate) const PARTS_NAME: &str = "parts.js";

/// What rustc turns on for this target; wasm-opt must know it to read the module.
///
/// `-O3` makes a quarter less functions and one part in twenty more of bytes; a browser, which
/// compiles a function when it is first called, is done later with these.
const WASM_OPT: [&str; 8] = [
    "-Oz",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// What the browser needs of the frontend.
pub(crate) struct Frontend {
    /// Files by their names, which refer to each other as neighbours in one folder.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    /// The parts that not every page needs, each with the names of its files.
    pub(crate) parts: BTreeMap<String, Vec<String>>,
}

/// Builds the frontend.
pub(crate) fn build(workspace: &Workspace) -> Result<Frontend> {
    add_target()?;
    let module = compile(workspace)?;
    let bytes =
        std::fs::read(&module).with_context(|| format!("could not read {}", module.display()))?;
    let optimizer = Optimizer::find(workspace);

    // The same wasm through the same tools gives the same files.
    let cache = workspace.cache("wasm")?;
    let key = hash_all(&[
        &bytes,
        include_bytes!("wasm.rs"),
        if optimizer.is_ok() {
            b"optimized"
        } else {
            b"plain"
        },
    ]);
    let dir = cache.join(&key);
    if !dir.is_dir() {
        // One generation is enough.
        std::fs::remove_dir_all(&cache)?;
        let unfinished = cache.join(format!("{key}.part"));
        std::fs::create_dir_all(&unfinished)?;
        let parts = split(&bytes, &unfinished)?;
        bindgen(&unfinished)?;
        compile_early(&unfinished.join(PARTS_NAME), &parts)?;
        match &optimizer {
            Ok(optimizer) => {
                optimizer.optimize(&unfinished.join(WASM_NAME))?;
                for part in &parts {
                    optimizer.optimize(part)?;
                }
            }
            Err(why) => println!(
                "warning: {why}, so the wasm stays about a third larger than it could be. \
                 Install Node.js 20 or newer to have it optimized."
            ),
        }
        std::fs::rename(unfinished, &dir)?;
    }
    let mut files = BTreeMap::new();
    collect(&dir, "", &mut files)?;
    let parts = files
        .remove(PARTS_LIST)
        .context("the list of the wasm's parts is not there")?;
    Ok(Frontend {
        parts: serde_json::from_slice(&parts)?,
        files,
    })
}

/// Every file below a folder, by its path there.
fn collect(dir: &Path, prefix: &str, found: &mut BTreeMap<String, Vec<u8>>) -> Result<()> {
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), found)?;
        } else {
            found.insert(name, std::fs::read(entry.path())?);
        }
    }
    Ok(())
}

/// Makes sure that rustc can build for the browser.
pub(crate) fn add_target() -> Result<()> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let libraries = command::output(Command::new(rustc).args([
        "--print",
        "target-libdir",
        "--target",
        TARGET,
    ]))?;
    if Path::new(libraries.trim()).is_dir() {
        return Ok(());
    }
    if command::which("rustup").is_none() {
        bail!(
            "this Rust cannot build for {TARGET}, and there is no rustup to add it. Install Rust with \
             rustup (https://rustup.rs), or the target's standard library from where your Rust came from \
             (Debian: apt-get install libstd-rust-dev-wasm32)"
        );
    }
    command::run(Command::new("rustup").args(["target", "add", TARGET])).with_context(|| {
        format!("could not add the target; try it by hand: rustup target add {TARGET}")
    })
}

fn compile(workspace: &Workspace) -> Result<PathBuf> {
    let mut module = None;
    let args = [
        "-p",
        "frontend",
        "--profile",
        "wasm-release",
        "--target",
        TARGET,
    ];
    println!("$ cargo build {}", args.join(" "));
    let messages = workspace
        .cargo()
        .arg("build")
        .args(args)
        .arg("--message-format=json-render-diagnostics")
        .stderr(std::process::Stdio::inherit())
        .output()?;
    for line in String::from_utf8_lossy(&messages.stdout).lines() {
        let message: serde_json::Value = serde_json::from_str(line).unwrap_or_default();
        let file = message
            .pointer("/filenames")
            .and_then(|files| files.as_array())
            .into_iter()
            .flatten()
            .filter_map(|file| file.as_str())
            .find(|file| file.ends_with(".wasm"));
        if let Some(file) = file {
            module = Some(PathBuf::from(file));
        }
    }
    if !messages.status.success() {
        bail!("building the frontend failed");
    }
    module.ok_or_else(|| anyhow!("the crate frontend made no .wasm; is it still a cdylib?"))
}

/// Splits the wasm at the functions marked `#[wasm_split]`. What every page needs goes to
/// [`WHOLE`] in `out`, for [`bindgen`]; returns the files of the other parts.
fn split(module: &[u8], out: &Path) -> Result<Vec<PathBuf>> {
    println!("$ wasm_split (as a library)");
    let main = out.join(WHOLE);
    let link = format!("./{PARTS_NAME}");
    let script = format!("./{JS_NAME}");
    let mut options = wasm_split_cli_support::Options::new(module);
    options.output_dir = out;
    options.main_out_path = &main;
    options.link_name = &link;
    options.main_module = &script;
    let parts = wasm_split_cli_support::transform(options)
        .map_err(|why| anyhow!("the frontend's wasm cannot be split: {why:#}"))?;
    // By name, so that the same wasm gives the same list.
    let lists: BTreeMap<&str, Vec<String>> = parts
        .prefetch_map
        .iter()
        .map(|(part, files)| {
            let mut files: Vec<String> = files.iter().map(|file| format!("{file}.wasm")).collect();
            files.sort_unstable();
            (part.as_str(), files)
        })
        .collect();
    std::fs::write(out.join(PARTS_LIST), serde_json::to_vec(&lists)?)?;
    Ok(parts.split_modules)
}

/// Which files each part needs, between builds.
const PARTS_LIST: &str = "parts.json";

/// Between splitting and wasm-bindgen.
const WHOLE: &str = "main.wasm";

fn bindgen(dir: &Path) -> Result<()> {
    println!("$ wasm-bindgen --target web (as a library)");
    let main = dir.join(WHOLE);
    Bindgen::new()
        .input_path(&main)
        .out_name("crowfoot")
        .web(true)
        .and_then(|bindgen| {
            bindgen
                .typescript(false)
                .demangle(false)
                // The other parts are linked against them.
                .keep_lld_exports(true)
                .remove_name_section(true)
                .remove_producers_section(true)
                .generate(dir)
        })
        .context("wasm-bindgen could not read the frontend's wasm")?;
    std::fs::remove_file(main)?;
    Ok(())
}

/// Has the script that loads the parts take those that the page's loader compiles already. A part
/// is taken once: what went wrong is fetched anew.
const TAKE: &str = "\
function compiled(file) {
    const url = new URL(file, import.meta.url);
    const early = globalThis.crowfootParts?.get(url.pathname);
    globalThis.crowfootParts?.delete(url.pathname);
    const part = early ?? WebAssembly.compileStreaming(fetch(url));
    part.catch(() => {});
    return part;
}
";

/// Lets the parts of a page be compiled before the code that loads them runs.
fn compile_early(script: &Path, parts: &[PathBuf]) -> Result<()> {
    let mut text = std::fs::read_to_string(script)?;
    for part in parts {
        let name = part
            .file_name()
            .context("a part of the wasm has no name")?
            .to_string_lossy();
        let fetched = format!(
            "const src = fetch(new URL(\"./{name}\", import.meta.url));\n    src.catch(() => {{}});\n"
        );
        if text.matches(&fetched).count() != 1 {
            bail!("{PARTS_NAME} does not load {name} in the way that is known");
        }
        text = text.replace(&fetched, &format!("const src = compiled(\"./{name}\");\n"));
    }
    let instantiated = "WebAssembly.instantiateStreaming(src, imports)";
    if text.matches(instantiated).count() != parts.len() {
        bail!("{PARTS_NAME} does not start the parts in the way that is known");
    }
    text = text.replace(instantiated, "WebAssembly.instantiate(await src, imports)");
    std::fs::write(script, format!("{text}{TAKE}"))?;
    Ok(())
}

/// wasm-opt, run by Node.js.
struct Optimizer {
    script: PathBuf,
}

impl Optimizer {
    fn find(workspace: &Workspace) -> Result<Self> {
        let script =
            npm::install(workspace, "wasm-opt")?.join("node_modules/binaryen/bin/wasm-opt");
        if !script.is_file() {
            bail!("the package binaryen holds no wasm-opt");
        }
        Ok(Self { script })
    }

    fn optimize(&self, module: &Path) -> Result<()> {
        let before = std::fs::read(module)?;
        println!("$ wasm-opt {}", WASM_OPT.join(" "));
        command::output(
            Command::new("node")
                .arg(&self.script)
                .args(WASM_OPT)
                .arg("-o")
                .arg(module)
                .arg(module),
        )?;
        let after = std::fs::read(module)?;
        println!(
            "  {} KiB to {} KiB ({})",
            before.len() / 1024,
            after.len() / 1024,
            hash(&after)
        );
        Ok(())
    }
}
