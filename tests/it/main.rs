//! The shell without a window: its commands, and what a window may do, through Tauri's mock runtime.

#![allow(clippy::unwrap_used)] // a test may say so

mod commands;
mod grants;
mod settings;
mod shell;
