//! The protocol against a scripted registry with every fault, and against a real one.

#![allow(clippy::unwrap_used)] // clippy lets only test functions unwrap, not what they share

mod asked;
mod asked_beside;
mod asked_elsewhere;
mod bad;
mod certificates;
mod circles;
mod client_gates;
mod client_pairs;
mod ends_of_lists;
mod heads;
mod hostile;
mod lists;
mod logs;
mod manifests;
mod observed;
mod odd_manifests;
mod probe;
mod probing;
mod proxies;
mod real;
mod real_streams;
mod redirects;
mod resuming;
mod retries;
mod short_tokens;
mod signing_in;
mod sources;
mod streams;
mod tls;
mod tokens;
mod turns;
mod upload_answers;
mod uploads;
mod waiting;
mod world;
mod worlds;
mod writes;
