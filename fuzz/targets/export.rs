//! The lines of an export, behind its header.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| app::fuzz::export(text));
