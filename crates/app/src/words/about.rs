//! Sentences about a repository's own words. Not here: reading and writing them (`about`). Grows with that room.

use super::table::sentences;

sentences! { "about":
    something_else(tag, path) => "The tag {tag} of {path} holds something else, which is left alone.";
    ask_its_owner() => "Ask whoever put it there.";
    changed_meanwhile() => "Someone else changed these words meanwhile. Nothing was written.";
    look_then_save() => "Look at the sheet again, then save.";
    not_made(host) => "{host} didn’t make it by its own interface, so nothing was made.";
    cut_there() => "The description that is there is too long to be changed here.";
    too_long(most) => "A description may have at most {most} characters here.";
    made_elsewhere(host, repository) => "{host} doesn’t make {repository} by a push.";
    make_it_there() => "Make it where the registry makes its repositories, then describe it here.";
}
