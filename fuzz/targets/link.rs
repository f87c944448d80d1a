//! `Link`, a header a line.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| registry::fuzz::link(text));
