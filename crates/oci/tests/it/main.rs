//! What the names of commit tags mean to others.

#![allow(clippy::unwrap_used)]

mod others_tools;
