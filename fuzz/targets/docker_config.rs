//! Docker's `config.json`.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| credentials::fuzz::docker_config(text));
