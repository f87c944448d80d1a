//! What stands in `DOCKER_AUTH_CONFIG`.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| credentials::fuzz::docker_auth_config(text));
