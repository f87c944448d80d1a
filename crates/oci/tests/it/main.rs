//! What the names of commit tags mean to others.

#![allow(clippy::unwrap_used)] // clippy lets only test functions unwrap, not what they share

mod others_tools;
