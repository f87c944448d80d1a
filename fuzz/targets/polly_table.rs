//! What is pasted as a table of `polly`.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| app::fuzz::polly_table(text));
