//! The name of an image, as people and engines write it.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| oci::fuzz::reference(text));
