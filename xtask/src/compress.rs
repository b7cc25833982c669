//! Content hashes, and brotli and gzip ahead of time, each content once.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Result;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};

use crate::workspace::Workspace;

/// What stands in a file's name: 16 hexadecimal digits.
pub(crate) fn hash(bytes: &[u8]) -> String {
    hash_all(&[bytes])
}

/// The hash of several parts; where one ends matters.
pub(crate) fn hash_all(parts: &[&[u8]]) -> String {
    let mut state = Sha256::new();
    for part in parts {
        state.update(part.len().to_le_bytes());
        state.update(part);
    }
    state
        .finalize()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Compresses as small as it goes and remembers the result by content.
pub(crate) struct Compressor {
    cache: PathBuf,
}

impl Compressor {
    pub(crate) fn new(workspace: &Workspace) -> Result<Self> {
        Ok(Self {
            cache: workspace.cache("compressed")?,
        })
    }

    pub(crate) fn brotli(&self, bytes: &[u8]) -> Result<Vec<u8>> {
        self.cached(&format!("{}.br", hash(bytes)), || {
            let mut out = Vec::new();
            let params = brotli::enc::BrotliEncoderParams {
                quality: 11,
                lgwin: 24,
                size_hint: bytes.len(),
                ..Default::default()
            };
            brotli::BrotliCompress(&mut &*bytes, &mut out, &params)?;
            Ok(out)
        })
    }

    pub(crate) fn gzip(&self, bytes: &[u8]) -> Result<Vec<u8>> {
        self.cached(&format!("{}.gz", hash(bytes)), || {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(bytes)?;
            Ok(encoder.finish()?)
        })
    }

    fn cached(&self, name: &str, make: impl FnOnce() -> Result<Vec<u8>>) -> Result<Vec<u8>> {
        let path = self.cache.join(name);
        if let Ok(known) = std::fs::read(&path) {
            return Ok(known);
        }
        let made = make()?;
        write_whole(&path, &made)?;
        Ok(made)
    }
}

/// True for files that become smaller; fonts and pictures are compressed already.
pub(crate) fn is_compressible(name: &str) -> bool {
    let extension = Path::new(name).extension().and_then(|end| end.to_str());
    matches!(
        extension,
        Some(
            "css" | "html" | "js" | "json" | "svg" | "txt" | "wasm" | "webmanifest" | "xml" | "ico"
        )
    )
}

/// Writes a file so that it is never seen half-written.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    std::fs::write(&part, bytes)?;
    std::fs::rename(&part, path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_told_apart() {
        assert_ne!(hash_all(&[b"ab", b"c"]), hash_all(&[b"a", b"bc"]));
        assert_eq!(hash(b"x").len(), 16);
    }
}
