//! Entries go in and out, and every other byte stays.

mod edits;
mod files;
mod home;
mod programs;
