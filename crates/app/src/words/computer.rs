//! Sentences about images of this computer. Not here: what the engine itself says (`engine`). Grows with `computer`.

use super::table::sentences;

sentences! { "computer":
    got_a_name(short, name) => "{short} is called {name} too by now, so it stays.";
    is_used(short, container) => "{short} is used by the container {container}, so it stays.";
    last_name(name) => "{name} is the only name of its image by now, so it stays.";
    goes_out(short) => "{short} is being pushed, so it stays.";
    look_again() => "Close this and look at it again.";
}
