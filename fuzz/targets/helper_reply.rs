//! What a credential helper says.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| credentials::fuzz::helper_reply(text));
