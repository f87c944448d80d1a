//! Sentences about registries that run on this computer. Not here: an engine's errors (`engine`). Grows with `hosting`.

use super::table::sentences;
use crate::view::problem::{Code, Problem};
use crate::view::said::Said;
use engine::Error;
use std::path::Path;

sentences! { "hosting":
    engine_elsewhere(host) => "The engine is on {host}: what it runs can’t be reached at 127.0.0.1 of this computer.";
    use_program() => "Choose an engine on this computer, or install docker-registry or zot here.";
    nothing_runs_one() => "Nothing on this computer can run a registry yet.";
    podman_wants_tls() => "Podman pushes to it and pulls from it once registries.conf says that 127.0.0.1 is insecure.";
    engine_cannot_push(host) => "The engine is on {host}, so it can’t push to this registry.";

    folder_not_whole(typed) => "“{typed}” is no whole path.";
    type_whole_path() => "Type its whole path, or one that begins with ~/.";
    folder_is_file(folder) => "{folder} is a file.";
    folder_too_wide(folder) => "{folder} holds all you have.";
    choose_folder() => "Choose a folder for the registry alone.";
    folder_refused(folder) => "{folder} can’t be written.";
    choose_writable() => "Choose a folder that you may write to.";
    folder_of(folder, host) => "{folder} holds the data of {host}.";
    choose_another() => "Choose another folder.";
    holds_registry() => "A registry’s data is in it already, and is used as it is.";
    holds_others() => "There are other things in it. They stay as they are.";

    port_taken(port) => "Port {port} of this computer is taken.";
    port_of(host) => "{host} is a registry that was started here.";
    choose_port() => "Choose another port.";
    port_too_low() => "A port is a number from 1024 to 65535.";

    no_user() => "The user is missing.";
    no_secret() => "The password is missing.";
    bad_user(user) => "“{user}” can’t be a user here.";
    user_letters() => "Use letters, digits, dots, dashes and underscores.";
    secret_too_long() => "The password is too long: at most 72 bytes count.";
    secret_shorter() => "Choose a shorter one.";

    way_gone() => "What was to run the registry is not there any more.";
    look_again() => "Open the sheet again.";
    no_image() => "No image was chosen.";
    image_gone(image) => "The engine has no image {image}.";
    not_downloaded(image, from) => "{image} can’t be downloaded from {from}.";
    check_network() => "Check the engine’s network, or load an image of a registry from a file, and choose it here.";
    not_started(name) => "{name} can’t be started.";
    stopped_by_itself(name) => "{name} stopped by itself.";
    read_lines() => "Details have its last lines.";
    no_answer(name) => "{name} runs, but doesn’t answer as a registry.";
    another_answers(host) => "Another registry answers at {host}.";
    folder_refused_by_engine(folder) => "The engine can’t use {folder}.";
    share_folder() => "Choose a folder in your home, or let the engine share this one.";
    engine_silent() => "Its engine doesn’t answer, so whether it runs is not known.";
    not_stopped(name) => "{name} didn’t end.";
    end_it() => "End it yourself, then try again.";
    none_such() => "This registry wasn’t started here.";
    data_stayed(folder) => "The registry is gone, but not all of its data in {folder} could be deleted.";
    delete_it() => "Delete what is left yourself.";
    not_kept(folder) => "Its settings can’t be written to {folder}.";
}

/// Says that an engine is on another computer.
pub(crate) fn elsewhere(host: &str) -> Problem {
    engine_elsewhere(host).problem().hint(use_program())
}

/// Says that nothing here can run a registry.
pub(crate) fn nothing() -> Problem {
    nothing_runs_one().problem().hint(use_program())
}

/// Says that what was typed is no whole path.
pub(crate) fn no_path(typed: &str) -> Problem {
    folder_not_whole(&super::text::bounded(typed, 140))
        .problem()
        .hint(type_whole_path())
}

/// Says why a folder isn't one for a registry's data.
pub(crate) fn bad_folder(said: Said) -> Problem {
    said.problem().hint(choose_folder())
}

/// Says that a folder can't be written.
pub(crate) fn unwritable(folder: &Path, error: &std::io::Error) -> Problem {
    folder_refused(&folder.display())
        .problem()
        .hint(choose_writable())
        .detail(Some(error.to_string()))
}

/// Says that a folder is another registry's.
pub(crate) fn folder_taken(folder: &Path, host: &oci::Host) -> Problem {
    folder_of(&folder.display(), host)
        .problem()
        .hint(choose_another())
}

/// Says that something else has a port.
pub(crate) fn taken(port: u16) -> Problem {
    port_taken(&port).problem().hint(choose_port())
}

/// Says that a port is that of a registry which was started here.
pub(crate) fn port_is_of(host: &oci::Host) -> Problem {
    port_of(host).problem().hint(choose_port())
}

/// Says that a number is no port for this.
pub(crate) fn no_port() -> Problem {
    port_too_low().problem().hint(choose_port())
}

/// Says that what was chosen to run it is gone.
pub(crate) fn no_way() -> Problem {
    way_gone().problem().hint(look_again())
}

/// Says that a user can't be one.
pub(crate) fn not_a_user(user: &str) -> Problem {
    bad_user(&super::text::bounded(user, 64))
        .problem()
        .hint(user_letters())
}

/// Says that a program can't be started.
pub(crate) fn of_program(name: &str, error: &std::io::Error) -> Problem {
    not_started(name).problem().detail(Some(error.to_string()))
}

/// Says that it ended although nobody stopped it, with its last lines.
pub(crate) fn ended(name: &str, lines: Option<String>) -> Problem {
    let told = stopped_by_itself(name).problem().detail(lines);
    if told.detail.is_some() {
        told.hint(read_lines())
    } else {
        told
    }
}

/// Says that it doesn't answer, with its last lines.
pub(crate) fn silent(name: &str, lines: Option<String>) -> Problem {
    no_answer(name).problem().detail(lines)
}

/// Says that its own files can't be written.
pub(crate) fn own_files(folder: &Path, error: &std::io::Error) -> Problem {
    not_kept(&folder.display())
        .problem()
        .detail(Some(error.to_string()))
}

/// Says that a program didn't end.
pub(crate) fn runs_on(name: &str) -> Problem {
    not_stopped(name).problem().hint(end_it())
}

/// Says that data could not be deleted.
pub(crate) fn of_data(folder: &Path, error: &std::io::Error) -> Problem {
    data_stayed(&folder.display())
        .problem()
        .hint(delete_it())
        .detail(Some(error.to_string()))
}

/// Says that an image could not be downloaded.
pub(crate) fn of_download(image: &str, from: &str, error: &Error) -> Problem {
    match error {
        Error::InStream(words) | Error::Refused { message: words, .. } => {
            not_downloaded(image, from)
                .problem()
                .hint(check_network())
                .detail(Some(words.clone()))
        }
        other => super::engine::of_engine(other),
    }
}

/// Says why an engine didn't make or start a registry's container.
pub(crate) fn of_container(error: &Error, image: &str, folder: &str, port: u16) -> Problem {
    let Error::Refused { message, .. } = error else {
        return super::engine::of_engine(error);
    };
    let small = message.to_ascii_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| small.contains(part));
    let told = if has(&[
        "port is already allocated",
        "address already in use",
        "ports are not available",
        "port is already in use",
    ]) {
        taken(port)
    } else if has(&["no such image", "image not known"]) {
        image_gone(image).problem().hint(look_again())
    } else if has(&[
        "mounts denied",
        "bind source path does not exist",
        "not shared from",
        "invalid mount",
    ]) {
        folder_refused_by_engine(folder)
            .problem()
            .hint(share_folder())
    } else {
        not_started(image).problem()
    };
    told.detail(Some(message.clone()))
}

/// Says that its engine doesn't answer.
pub(crate) fn engine_away(why: &Problem) -> Problem {
    engine_silent()
        .coded(Code::NoEngine)
        .detail(Some(why.message.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_engine_says_of_a_port_a_folder_and_an_image_is_told_apart() {
        let of = |words: &str| {
            let error = Error::Refused {
                status: 500,
                message: words.to_owned(),
            };
            of_container(&error, "registry:3", "/srv/data", 5000)
        };
        for (words, begin) in [
            (
                "driver failed programming external connectivity on endpoint x: Bind for 127.0.0.1:5000 failed: port is already allocated",
                "Port 5000",
            ),
            (
                "listen tcp4 127.0.0.1:5000: bind: address already in use",
                "Port 5000",
            ),
            ("No such image: registry:3", "The engine has no image"),
            (
                "invalid mount config for type \"bind\": bind source path does not exist: /srv/data",
                "The engine can’t use /srv/data",
            ),
            ("something else", "registry:3 can’t be started"),
        ] {
            let problem = of(words);
            assert!(problem.message.starts_with(begin), "{words}: {problem:?}");
            assert_eq!(problem.detail.as_deref(), Some(words));
        }
    }
}
