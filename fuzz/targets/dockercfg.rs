//! Docker's old `.dockercfg`.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| credentials::fuzz::dockercfg(text));
