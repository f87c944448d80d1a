//! Sentences of no room alone: those that put others together, names that can't be read, what should not happen.
//!
//! Not here: anything one room says alone. Grows by what a second room has to say too.

use super::table::sentences;
use super::text::{bounded, sentence};
use crate::view::problem::{Code, Problem};
use crate::view::said::Said;

sentences! { "general":
    and() => " and ";
    later_version() => "Another version of Longshore has said this; this one can’t read it.";
    then(first, next) => "{first} {next}";
    quoted(text) => "{text}";

    unexpected() => "Something went wrong inside Longshore.";
    try_again() => "Try again.";
    ended() => "You stopped waiting for an answer.";

    no_folder() => "The data folder can’t be made.";
    check_disk() => "Check the disk and its permissions.";
    in_use() => "Another Longshore has this data folder open.";
    close_the_other() => "Close it, here or where else you are signed in to this computer, then try again. Nothing was changed.";
    newer_data() => "The data of this computer was written by a later version of Longshore.";
    install_newer() => "Install that version, or start with an empty data folder.";
    forgotten() => "This registry was removed, and what was seen there forgotten.";
    add_again() => "Add the registry again to go on with it.";
    no_database() => "What this computer remembers can’t be read or written.";
    check_database() => "Check that the disk isn’t full and that the data folder can be written.";

    no_repository_name(text) => "“{text}” can’t be the name of a repository.";
    no_tag(text) => "“{text}” can’t be a tag.";
    outside_namespace(repository, host, namespace) => "{repository} is not under {host}/{namespace}, which this account is for.";
    use_another_account() => "Use another account of this registry, or add one.";
    name_empty() => "The name is empty.";
    name_is_id() => "64 hexadecimal digits are an image’s identifier, not a name.";
    name_no_host() => "This is no registry host.";
    name_upper_case() => "A repository’s name is lower case.";
    name_no_repository() => "This is no repository name.";
    name_too_long() => "A repository’s name has at most 255 characters.";
    name_no_tag() => "This is no tag.";
}

/// Says that something happened that should not; nothing was lost by it.
pub(crate) fn not_expected(what: impl std::fmt::Display) -> Problem {
    unexpected()
        .problem()
        .hint(try_again())
        .detail(Some(what.to_string()))
}

/// Says that a person did not wait for the answer.
pub(crate) fn you_ended_it() -> Problem {
    ended().coded(Code::Ended)
}

/// Says what the database refused.
pub(crate) fn of_store(error: &store::Error) -> Problem {
    match error {
        store::Error::Forgotten => forgotten().problem().hint(add_again()),
        store::Error::Newer { .. } => newer_data().problem().hint(install_newer()),
        other => no_database()
            .problem()
            .hint(check_database())
            .detail(Some(other.to_string())),
    }
}

/// Says that the data folder can't be made.
pub(crate) fn of_folder(folder: &std::path::Path, error: &std::io::Error) -> Problem {
    no_data_folder(format!("{}: {error}", folder.display()))
}

/// Says that there is no data folder.
pub(crate) fn no_data_folder(why: impl std::fmt::Display) -> Problem {
    no_folder()
        .problem()
        .hint(check_disk())
        .detail(Some(why.to_string()))
}

/// Says that another window has the data folder.
pub(crate) fn folder_in_use() -> Problem {
    in_use().problem().hint(close_the_other())
}

/// Says why no registry would take the name of a repository.
pub(crate) fn bad_repository(text: &str, error: &oci::ReferenceError) -> Problem {
    no_repository_name(&bounded(text, 140))
        .problem()
        .hint(why_no_name(error))
}

/// Says why no registry would take a tag.
pub(crate) fn bad_tag(text: &str, error: &oci::ReferenceError) -> Problem {
    no_tag(&bounded(text, 140))
        .problem()
        .hint(why_no_name(error))
}

pub(super) fn why_no_name(error: &oci::ReferenceError) -> Said {
    use oci::ReferenceError as E;
    match error {
        E::Empty => name_empty(),
        E::Identifier => name_is_id(),
        E::Host => name_no_host(),
        E::UpperCase => name_upper_case(),
        E::Repository => name_no_repository(),
        E::TooLong => name_too_long(),
        E::Tag => name_no_tag(),
        E::Digest(_) => quoted(&sentence(&error.to_string())),
    }
}
