//! What a repository says of itself: the bytes of an about manifest.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| app::fuzz::about(text));
