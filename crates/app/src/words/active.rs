//! Sentences about making a commit active. Not here: those of every overwrite (`keeping`). Grows with the room `active`.

use super::table::sentences;

sentences! { "active":
    already(tag) => "{tag} already points at this commit.";
    already_at(tag, commit) => "{tag} already points at {commit}.";
    vendor_puts_back() => "This registry let go of it, and puts it back by its own interface.";
    manifest_lost() => "This registry let go of its manifest; Longshore puts it back, its layers are there.";
}
