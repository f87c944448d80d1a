//! The use cases, driven as the window drives them, against real parts and a scripted registry.
//!
//! What a registry or an engine holds afterwards is asked of them directly, not through our own code.

#![allow(clippy::unwrap_used)] // clippy lets only test functions unwrap, not what they share

mod about;
mod acts;
mod answering;
mod as_they_are;
mod backing_off;
mod between;
mod browsing;
mod decoys;
mod degrading;
mod deleting;
mod deleting_in_part;
mod deleting_real;
mod engine_gone;
mod engine_place;
mod exchanging;
mod faults;
mod finding;
mod forgetting;
mod home;
mod hostile_keeping;
mod hostile_texts;
mod keeping;
mod keeping_by_hand;
mod keeping_refused;
mod keeping_rules;
mod lab;
mod learning;
mod lent_names;
mod lists;
mod long_work;
mod losses;
mod main_job;
mod making_active;
mod moves;
mod names_left;
mod nothing_unasked;
mod opening;
mod overwriting;
mod pruning;
mod pruning_along;
mod pulling;
mod pushing;
mod races_of_two;
mod racing;
mod rescuing;
mod rescuing_refused;
mod restarting;
mod rooms;
mod rule_consent;
mod settings;
mod sign_in_ways;
mod signing_in;
mod story;
mod surveying;
mod taking_more;
mod telling_again;
mod trying_again;
mod undoing;
mod watching;
mod weaving;
mod window;
mod words;
