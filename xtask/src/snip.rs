//! Takes code out of the wasm that is never run but that no tool can know to be dead.
//!
//! Leptos 0.8 keeps, with every type-erased view, a pointer to the code that hydrates it lazily, a
//! quarter of the module. That code starts at `hydrate_lazy` alone, and the app calls
//! `hydrate_body`. The bodies are replaced by a trap, and what only they used is then removed by
//! the tools that follow. (Leptos 0.9 has a feature for it, off unless asked for.)

use anyhow::{Result, anyhow, bail};

/// Part of the name of each function to empty.
const LAZY: &str = "hydrate_async";

/// Part of the names that are there only if lazy hydration is used.
const LAZY_START: [&str; 2] = ["hydrate_lazy", "hydrate_from_async"];

/// A body without locals that traps.
const TRAP: [u8; 4] = [3, 0, 0x00, 0x0b];

const CUSTOM: u8 = 0;
const IMPORT: u8 = 2;
const CODE: u8 = 10;

/// The module without lazy hydration, and how many bytes of code that saves at once.
pub(crate) fn lazy_hydration(module: &[u8]) -> Result<(Vec<u8>, usize)> {
    let mut imported = 0;
    let mut names = Vec::new();
    let mut code = None;
    let mut reader = Reader {
        bytes: module,
        at: 8,
    };
    while reader.at < module.len() {
        let start = reader.at;
        let kind = reader.byte()?;
        let length = reader.number()?;
        let section = reader.take(length)?;
        match kind {
            CUSTOM => names = function_names(section)?.unwrap_or(names),
            IMPORT => imported = imported_functions(section)?,
            CODE => code = Some((start, section, reader.at)),
            _ => {}
        }
    }
    let (start, section, end) = code.ok_or_else(|| anyhow!("the module has no code"))?;
    if names
        .iter()
        .any(|(_, name)| LAZY_START.iter().any(|lazy| name.contains(lazy)))
    {
        return Ok((module.to_vec(), 0));
    }
    let dead: std::collections::HashSet<usize> = names
        .iter()
        .filter(|(_, name)| name.contains(LAZY))
        .filter_map(|(index, _)| index.checked_sub(imported))
        .collect();

    let mut bodies = Reader {
        bytes: section,
        at: 0,
    };
    let count = bodies.number()?;
    let mut kept = Vec::with_capacity(section.len());
    write_number(&mut kept, count);
    for index in 0..count {
        let begin = bodies.at;
        let length = bodies.number()?;
        bodies.take(length)?;
        if dead.contains(&index) {
            kept.extend(TRAP);
        } else {
            kept.extend(section.get(begin..bodies.at).unwrap_or_default());
        }
    }
    // The code section again, with its new length, between what stood before and after it.
    let mut out = module.get(..start).unwrap_or_default().to_vec();
    out.push(CODE);
    write_number(&mut out, kept.len());
    out.extend(&kept);
    out.extend(module.get(end..).unwrap_or_default());
    Ok((out, section.len() - kept.len()))
}

/// The functions' names, when this custom section is the one that has them.
fn function_names(section: &[u8]) -> Result<Option<Vec<(usize, String)>>> {
    let mut reader = Reader {
        bytes: section,
        at: 0,
    };
    if reader.text()? != "name" {
        return Ok(None);
    }
    let mut names = Vec::new();
    while reader.at < section.len() {
        let kind = reader.byte()?;
        let length = reader.number()?;
        let part = reader.take(length)?;
        if kind == 1 {
            let mut part = Reader { bytes: part, at: 0 };
            for _ in 0..part.number()? {
                names.push((part.number()?, part.text()?));
            }
        }
    }
    Ok(Some(names))
}

fn imported_functions(section: &[u8]) -> Result<usize> {
    let mut reader = Reader {
        bytes: section,
        at: 0,
    };
    let mut functions = 0;
    for _ in 0..reader.number()? {
        reader.text()?;
        reader.text()?;
        match reader.byte()? {
            0 => {
                reader.number()?;
                functions += 1;
            }
            // A table and a memory: limits, the former after the type of its elements.
            1 => {
                reader.byte()?;
                reader.limits()?;
            }
            2 => reader.limits()?,
            3 => {
                reader.take(2)?;
            }
            other => bail!("an import of the unknown kind {other}"),
        }
    }
    Ok(functions)
}

fn write_number(out: &mut Vec<u8>, mut value: usize) {
    loop {
        let low = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Result<u8> {
        let byte = self
            .bytes
            .get(self.at)
            .ok_or_else(|| anyhow!("the module ends too early"))?;
        self.at += 1;
        Ok(*byte)
    }

    fn number(&mut self) -> Result<usize> {
        let mut value = 0;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            value |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        bail!("a number without an end")
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let part = self
            .bytes
            .get(self.at..self.at + length)
            .ok_or_else(|| anyhow!("the module ends too early"))?;
        self.at += length;
        Ok(part)
    }

    fn text(&mut self) -> Result<String> {
        let length = self.number()?;
        Ok(String::from_utf8_lossy(self.take(length)?).into_owned())
    }

    fn limits(&mut self) -> Result<()> {
        let has_maximum = self.byte()? & 1 == 1;
        self.number()?;
        if has_maximum {
            self.number()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two functions, named, that return 7.
    fn module(second: &str) -> Vec<u8> {
        let mut bytes = b"\0asm\x01\0\0\0".to_vec();
        let mut section = |kind: u8, content: &[u8]| {
            bytes.push(kind);
            write_number(&mut bytes, content.len());
            bytes.extend(content);
        };
        section(1, &[1, 0x60, 0, 1, 0x7f]);
        section(3, &[2, 0, 0]);
        section(
            CODE,
            &[
                2, 6, 0, 0x41, 7, 0x1a, 0x41, 7, 6, 0, 0x41, 7, 0x1a, 0x41, 7,
            ],
        );
        let mut names = b"\x04name".to_vec();
        let mut functions = vec![2, 0, 4];
        functions.extend(b"kept");
        functions.push(1);
        functions.push(u8::try_from(second.len()).unwrap());
        functions.extend(second.as_bytes());
        names.push(1);
        write_number(&mut names, functions.len());
        names.extend(functions);
        section(CUSTOM, &names);
        bytes
    }

    #[test]
    fn only_lazy_hydration_is_emptied() {
        let (out, saved) = lazy_hydration(&module("view_hydrate_async")).unwrap();
        assert_eq!(saved, 3);
        let code = [2, 6, 0, 0x41, 7, 0x1a, 0x41, 7, 3, 0, 0x00, 0x0b];
        assert!(out.windows(code.len()).any(|window| window == code));
        assert_eq!(out.len(), module("view_hydrate_async").len() - 3);

        let other = module("view_hydrate");
        assert_eq!(lazy_hydration(&other).unwrap(), (other.clone(), 0));
    }

    #[test]
    fn an_app_that_hydrates_lazily_is_left_alone() {
        let module = module("hydrate_from_async");
        assert_eq!(lazy_hydration(&module).unwrap(), (module.clone(), 0));
        assert!(lazy_hydration(b"\0asm\x01\0\0\0\x0a\xff").is_err());
    }
}
