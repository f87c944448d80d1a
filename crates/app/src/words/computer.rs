//! Sentences about images of this computer. Not here: what the engine itself says (`engine`). Grows with `computer`.

use super::table::sentences;
use crate::view::computer::TakenName;
use crate::view::problem::Problem;
use crate::view::said::Said;
use std::path::Path;

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
    no_images(most) => "Choose between one and {most} images to save.";
    not_saved() => "The engine couldn’t save this.";
    refresh() => "Refresh the list: it may be gone.";
    not_written() => "The archive can’t be written.";
    check_place() => "Check that the disk isn’t full and that the folder can be written.";
    archives_full() => "There are too many archives of this name in the folder.";
    move_some() => "Move some away and try again.";
    no_such_file(path) => "{path} is no file of this computer.";
    file_path() => "Type its whole path, or one that begins with ~/.";
    unread() => "The file can’t be read.";
    check_rights() => "Check that it is there and that you may read it.";
    not_an_archive(name) => "{name} is no archive of images.";
    archives_are() => "Choose what docker save or podman save has written, packed or not.";
    not_loaded() => "The engine couldn’t load this archive.";
    what_it_takes() => "Engines take what docker save or podman save has written; older ones take no OCI layout.";
    taken(name, short) => "{name} is image {short}’s here.";
    open_load() => "Load it again from Images: the sheet says what moves.";
    name_moved(name, short) => "{name} was image {short}’s before; that one stays, without it.";
    no_dockerfile(folder) => "No Dockerfile in {folder}.";
    neither(name) => "{name} is neither a folder nor an archive of images.";
    unreadable(name) => "{name} can’t be read.";
}

/// Says that a registry would not take a repository of that name, and what it wants.
pub(crate) fn not_taken_there(
    repository: &oci::RepositoryName,
    host: &oci::Host,
    rule: Said,
) -> Problem {
    not_there(repository, host).problem().hint(rule)
}

/// Says why images were not saved, in the engine's own words.
pub(crate) fn of_save(why: &str) -> Problem {
    not_saved()
        .problem()
        .hint(refresh())
        .detail(Some(why.to_owned()))
}

/// Says that an archive can't be written on.
pub(crate) fn no_room(error: &std::io::Error) -> Problem {
    not_written()
        .problem()
        .hint(check_place())
        .detail(Some(error.to_string()))
}

/// Says that a file can't be made.
pub(crate) fn not_made(path: &Path, error: &std::io::Error) -> Problem {
    not_written()
        .problem()
        .hint(check_place())
        .detail(Some(format!("{}: {error}", path.display())))
}

/// Says that a folder has too many archives of a name.
pub(crate) fn too_many() -> Problem {
    archives_full().problem().hint(move_some())
}

/// Says that what was typed is no file.
pub(crate) fn no_file(typed: &str) -> Problem {
    no_such_file(typed).problem().hint(file_path())
}

/// Says that a file can't be read.
pub(crate) fn not_readable(path: &str, error: &std::io::Error) -> Problem {
    unread()
        .problem()
        .hint(check_rights())
        .detail(Some(format!("{path}: {error}")))
}

/// Says that a file is no archive.
pub(crate) fn no_archive(path: &Path) -> Problem {
    let name = path.file_name().unwrap_or(path.as_os_str());
    not_an_archive(&name.to_string_lossy())
        .problem()
        .hint(archives_are())
}

/// Says why an archive was not loaded, in the engine's own words.
pub(crate) fn of_load(why: &str) -> Problem {
    not_loaded()
        .problem()
        .hint(what_it_takes())
        .detail(Some(why.to_owned()))
}

/// Says that names of an archive are other images' here.
pub(crate) fn names_taken(names: &[TakenName]) -> Problem {
    let mut said = names.iter().map(|each| taken(&each.name, &each.short));
    let first = said.next().unwrap_or_else(not_loaded).problem();
    said.take(3).fold(first, Problem::hint).hint(open_load())
}
