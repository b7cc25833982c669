//! Takes code out of the wasm that is never run but that no tool can know to be dead.
//!
//! Leptos 0.8 keeps, with every type-erased view, a pointer to the code that hydrates it lazily, a
//! quarter of the module. That code starts at `hydrate_lazy` alone, and the app calls
//! `hydrate_body`. The bodies are replaced by a trap, in place, and what only they used is then
//! left out by the tools that follow. (Leptos 0.9 has a feature for it, off unless asked for.)

use std::collections::HashSet;
use std::ops::Range;

use anyhow::{Context as _, Result};
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

/// Part of the name of each function to empty.
const LAZY: &str = "hydrate_async";

/// Part of the names that are there only if lazy hydration is used.
const LAZY_START: [&str; 2] = ["hydrate_lazy", "hydrate_from_async"];

const UNREACHABLE: u8 = 0x00;
const NOP: u8 = 0x01;
const END: u8 = 0x0b;

/// The module without lazy hydration, and how many bytes of code are dead now. No offset of code
/// changes, so what the linker noted of it stays true.
pub(crate) fn lazy_hydration(module: &[u8]) -> Result<(Vec<u8>, usize)> {
    let facts = Facts::read(module).context("the frontend's wasm cannot be read")?;
    let dead: Vec<&Range<usize>> = facts
        .bodies
        .iter()
        .enumerate()
        .filter(|(index, body)| facts.lazy.contains(&(facts.imported + index)) && body.len() >= 3)
        .map(|(_, body)| body)
        .collect();
    if facts.is_used || dead.is_empty() {
        return Ok((module.to_vec(), 0));
    }
    let mut out = module.to_vec();
    for body in &dead {
        if let Some([locals, first, rest @ .., last]) = out.get_mut((*body).clone()) {
            *locals = 0;
            *first = UNREACHABLE;
            rest.fill(NOP);
            *last = END;
        }
    }
    if let Some(relocations) = facts.relocations {
        let kept: Vec<&Range<usize>> = relocations
            .entries
            .iter()
            .filter(|(at, _)| {
                // Bodies stand in the order of their places.
                let place = facts.code + at;
                let after = dead.partition_point(|body| body.end <= place);
                !dead.get(after).is_some_and(|body| body.contains(&place))
            })
            .map(|(_, bytes)| bytes)
            .collect();
        let mut section = module.get(relocations.head).unwrap_or_default().to_vec();
        write_number(&mut section, kept.len());
        for bytes in kept {
            section.extend(module.get(bytes.clone()).unwrap_or_default());
        }
        let mut whole = vec![0];
        write_number(&mut whole, section.len());
        whole.extend(section);
        out.splice(relocations.whole, whole);
    }
    Ok((out, dead.iter().map(|body| body.len()).sum()))
}

/// What has to be known of a module. Ranges are bytes of the module.
#[derive(Default)]
struct Facts {
    /// Imported functions, which come first in the numbering.
    imported: usize,
    /// Where the content of the code section begins: what relocations count from.
    code: usize,
    bodies: Vec<Range<usize>>,
    /// Numbers of the functions to empty.
    lazy: HashSet<usize>,
    /// Whether something starts lazy hydration.
    is_used: bool,
    relocations: Option<Relocations>,
}

/// The linker's notes on the code.
struct Relocations {
    /// The section with its number and length.
    whole: Range<usize>,
    /// From the section's name up to the count of entries.
    head: Range<usize>,
    /// Place in the code section, and the bytes of the entry.
    entries: Vec<(usize, Range<usize>)>,
}

impl Facts {
    fn read(module: &[u8]) -> Result<Self> {
        let mut facts = Self::default();
        let mut before = 0;
        for payload in Parser::new(0).parse_all(module) {
            let payload = payload?;
            match &payload {
                Payload::ImportSection(imports) => {
                    for import in imports.clone().into_imports() {
                        facts.imported += usize::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::CodeSectionStart { range, .. } => facts.code = range.start as usize,
                Payload::CodeSectionEntry(body) => facts.bodies.push(span(body.range())),
                Payload::CustomSection(custom) => match custom.as_known() {
                    KnownCustom::Name(names) => facts.read_names(names)?,
                    KnownCustom::Reloc(reader) if custom.name() == "reloc.CODE" => {
                        let list = reader.entries();
                        let whole = before..span(custom.range()).end;
                        let mut entries = Vec::new();
                        let mut starts = Vec::new();
                        for entry in list.clone().into_iter_with_offsets() {
                            let (at, entry) = entry?;
                            starts.push(at as usize);
                            entries.push(entry.offset as usize);
                        }
                        starts.push(whole.end);
                        facts.relocations = Some(Relocations {
                            head: span(custom.range()).start..span(list.range()).start,
                            entries: entries
                                .into_iter()
                                .zip(starts.windows(2).filter_map(|pair| match pair {
                                    [start, end] => Some(*start..*end),
                                    _ => None,
                                }))
                                .collect(),
                            whole,
                        });
                    }
                    _ => {}
                },
                _ => {}
            }
            if let Some((_, range)) = payload.as_section() {
                before = span(range).end;
            }
        }
        Ok(facts)
    }

    fn read_names(&mut self, names: wasmparser::NameSectionReader<'_>) -> Result<()> {
        for part in names {
            let Name::Function(functions) = part? else {
                continue;
            };
            for naming in functions {
                let naming = naming?;
                self.is_used |= LAZY_START.iter().any(|start| naming.name.contains(start));
                if naming.name.contains(LAZY) {
                    self.lazy.insert(naming.index as usize);
                }
            }
        }
        Ok(())
    }
}

fn span(range: Range<u64>) -> Range<usize> {
    range.start as usize..range.end as usize
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Two functions, named, that return 7, and a relocation in each.
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
            10,
            &[
                2, 7, 0, 0x41, 7, 0x1a, 0x41, 7, END, 7, 0, 0x41, 7, 0x1a, 0x41, 7, END,
            ],
        );
        let mut relocations = b"\x0areloc.CODE\x02\x02".to_vec();
        relocations.extend([0, 4, 0, 0, 12, 1]);
        section(0, &relocations);
        let mut names = b"\x04name".to_vec();
        let mut functions = vec![2, 0, 4];
        functions.extend(b"kept");
        functions.push(1);
        functions.push(u8::try_from(second.len()).unwrap());
        functions.extend(second.as_bytes());
        names.push(1);
        write_number(&mut names, functions.len());
        names.extend(functions);
        section(0, &names);
        bytes
    }

    #[test]
    fn only_lazy_hydration_is_emptied_and_its_relocations_go() {
        let (out, dead) = lazy_hydration(&module("view_hydrate_async")).unwrap();
        assert_eq!(dead, 7);
        let code = [
            2, 7, 0, 0x41, 7, 0x1a, 0x41, 7, END, 7, 0, 0, NOP, NOP, NOP, NOP, END,
        ];
        assert!(out.windows(code.len()).any(|window| window == code));
        let relocations = b"\x00\x0f\x0areloc.CODE\x02\x01\x00\x04\x00";
        assert!(
            out.windows(relocations.len())
                .any(|window| window == relocations),
            "{out:?}"
        );
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
