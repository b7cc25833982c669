//! The importer under libFuzzer.

#![no_main]

mod importer;

libfuzzer_sys::fuzz_target!(|input: &[u8]| importer::run(input));
