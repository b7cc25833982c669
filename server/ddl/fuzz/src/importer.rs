//! What is tried with one input. The tests of the crate use it too, where there is no libFuzzer.

use ddl::write::{Format, write};
use ddl::{Import, ReadError, decode, detect, read, read_dbml};
use model::catalog::ScriptDialect;
use model::provider::Provider;

/// Reads an input as a script, writes what it held, and reads that again. The first byte says
/// which dialect it is (its low half) and as what it is written (its high half), so that every
/// path lies one changed byte away.
pub(crate) fn run(input: &[u8]) {
    let Some((choice, script)) = input.split_first() else {
        return;
    };
    let Ok(text) = decode(script) else { return };
    let dialect = match choice & 0x0F {
        0 => detect(&[&text]).map_or(ScriptDialect::Dbml, ScriptDialect::Ddl),
        1 => ScriptDialect::Dbml,
        place => ScriptDialect::Ddl(chosen(&Provider::ALL, place)),
    };
    let (outcome, source) = match dialect {
        ScriptDialect::Ddl(provider) => (read(provider, [text.as_str()]), provider),
        ScriptDialect::Dbml => (read_dbml(&text), Provider::PostgreSql),
    };
    let Ok(Import { schema, .. }) = outcome else {
        return;
    };
    let format = chosen(&Format::ALL, choice >> 4);
    let written = write(&schema, source, format, None);
    // Whether it is the same again is for the tests that know what should come back.
    let _: Option<Result<Import, ReadError>> = match format {
        Format::Ddl(provider) => Some(read(provider, [written.as_str()])),
        Format::Dbml => Some(read_dbml(&written)),
        Format::Mermaid | Format::Markdown | Format::Json => None,
    };
}

fn chosen<T: Copy, const N: usize>(from: &[T; N], place: u8) -> T {
    from[usize::from(place) % N]
}
