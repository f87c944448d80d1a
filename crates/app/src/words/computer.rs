//! Sentences about images of this computer. Not here: what the engine itself says (`engine`). Grows with `computer`.

use super::table::sentences;
use crate::view::problem::Problem;
use crate::view::said::Said;

sentences! { "computer":
    got_a_name(short, name) => "{short} is called {name} too by now, so it stays.";
    is_used(short, container) => "{short} is used by the container {container}, so it stays.";
    last_name(name) => "{name} is the only name of its image by now, so it stays.";
    goes_out(short) => "{short} is being pushed, so it stays.";
    look_again() => "Close this and look at it again.";

    not_there(repository, host) => "{host} takes no repository called {repository}.";
    project_first() => "A name there begins with the project’s id: syn12345/mytool.";
    user_and_name() => "A name there is a user or an organisation, and a name: ana/mytool.";
    owner_first() => "A name there begins with a user or an organisation: ana/mytool.";
}

/// Says that a registry would not take a repository of that name, and what it wants.
pub(crate) fn not_taken_there(
    repository: &oci::RepositoryName,
    host: &oci::Host,
    rule: Said,
) -> Problem {
    not_there(repository, host).problem().hint(rule)
}
