//! Sentences about what the person sets for the whole app.
//!
//! Not here: what a setting is called (the window's own). Grows by a setting that can be refused.

use super::table::sentences;

sentences! { "settings":
    unread(file) => "{file} can’t be read, so all settings are as they were at first.";
    aside(path) => "What was in it is kept as {path}.";
    partly(file, names) => "Some of {file} can’t be read: {names}. All else holds.";
    copied(path) => "The file as it was is kept as {path}.";
    stuck(file) => "{file} can’t be read, and is left as it is: what you set now holds until Longshore is closed.";
    free_it() => "Move the file away, then start Longshore again.";
    not_kept() => "The settings can’t be written: what you set holds until Longshore is closed.";
    no_log() => "The log file can’t be opened.";
    no_engine_address() => "An engine can’t be reached at this address.";
    engine_address_like() => "It should look like unix:///run/docker.sock or tcp://127.0.0.1:2375.";
    no_folder() => "This can’t be the folder for downloads.";
    whole_path() => "Type the whole path of a folder.";
}
