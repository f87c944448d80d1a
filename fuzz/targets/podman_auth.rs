//! Podman's `auth.json`.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| credentials::fuzz::podman_auth(text));
