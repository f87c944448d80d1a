//! Sentences about whose registry an account is at. Not here: what a registry did (`registry`). Grows with `kinds`.

use super::table::sentences;

sentences! { "kinds":
    elsewhere(host) => "The interface of this vendor is at one address of its own, and {host} isn’t a registry of it. Choose another.";
    not_here() => "Its interface is at one address of its own.";
    takes_no_second(host) => "{host} takes no second sign-in.";
    wants_second(host) => "{host} does this with a second sign-in alone. Add one.";
    wrong_second(host) => "{host} doesn’t take this token. Nothing was kept.";
    type_second() => "Type the token.";
    odd_second() => "That is no token: it has spaces or is too long.";
    no_deletion() => "It lets nobody delete over the protocol.";
}
