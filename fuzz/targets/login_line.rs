//! What is typed or pasted as a registry's address.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| app::fuzz::login_line(text));
