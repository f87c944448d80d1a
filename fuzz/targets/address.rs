//! Addresses in what others say: where a list or an upload goes on, a redirect, a realm.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| registry::fuzz::address(text));
