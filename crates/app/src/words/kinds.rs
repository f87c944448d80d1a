//! Sentences about whose registry an account is at. Not here: what a registry did (`registry`). Grows with `kinds`.

use super::table::sentences;

sentences! { "kinds":
    elsewhere(host) => "The interface of this vendor is at one address of its own, and {host} isn’t a registry of it. Choose another.";
    not_here() => "Its interface is at one address of its own.";
    no_deletion() => "It lets nobody delete over the protocol.";
}
