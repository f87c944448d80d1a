//! Which images a compose file names: a line reader, and no YAML.
//!
//! A parser of YAML would bring aliases that grow without end and a library to watch, and all that is wanted is one kind of
//! line. Read are `image:` lines of services, at the depth where a service's own keys stand; what is written in another way
//! (in one line, by an anchor, with a variable) is not found, which costs a suggestion and nothing else. The path comes from a
//! container's label, which whoever made the container wrote: so only a plain file of a compose file's ending is read, and no
//! more than a bounded part of it; nothing of it is shown but names of repositories.

use oci::Reference;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// How much of a file is read (bytes).
const LONGEST: u64 = 1 << 20;
/// How many images of one file are taken.
const MOST: usize = 200;

/// Reads the images that a compose file names; none where it can't be read.
pub(super) fn images_of(path: &str) -> Vec<Reference> {
    // A share of another computer (`\\host\…`) would be signed in to by merely looking.
    if !Path::new(path).is_absolute() || path.starts_with(r"\\") || path.starts_with("//") {
        return Vec::new();
    }
    let path = Path::new(path);
    let ending = path.extension().and_then(|ending| ending.to_str());
    let is_plain = || std::fs::metadata(path).is_ok_and(|about| about.is_file());
    if !matches!(ending, Some("yml" | "yaml")) || !is_plain() {
        return Vec::new();
    }
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(LONGEST).read_to_end(&mut bytes));
    match read {
        Ok(_) => named(&String::from_utf8_lossy(&bytes)),
        Err(_) => Vec::new(),
    }
}

/// Returns the images that the services of a compose file name.
fn named(text: &str) -> Vec<Reference> {
    let mut found = Vec::new();
    let mut in_services = false;
    // How far the services stand in, and how far the keys of the one that is read.
    let (mut service, mut keys) = (None, None);
    let mut builds = false;
    for line in text.lines() {
        let bare = line.trim_start_matches(' ');
        let depth = line.len() - bare.len();
        if bare.is_empty() || bare.starts_with(['#', '\t']) {
            continue;
        }
        if depth == 0 {
            in_services = bare.trim_end() == "services:";
            (service, keys) = (None, None);
            continue;
        }
        if !in_services {
            continue;
        }
        if depth <= *service.get_or_insert(depth) {
            keys = None;
            continue;
        }
        if depth != *keys.get_or_insert(depth) {
            continue;
        }
        builds |= bare.starts_with("build:");
        if let Some(image) = bare.strip_prefix("image:").and_then(value)
            && let Ok(reference) = Reference::parse(image)
            && found.len() < MOST
        {
            found.push((has_host(image), reference));
        }
    }
    // Where images are built, a name without a host may be that of one which no registry has.
    found.retain(|(has_host, _)| *has_host || !builds);
    found.into_iter().map(|(_, reference)| reference).collect()
}

/// Returns the value of a line without its quotes and comment; none where it is no plain one.
fn value(rest: &str) -> Option<&str> {
    let rest = rest.strip_prefix(' ')?.trim();
    let text = match rest.chars().next()? {
        quote @ ('"' | '\'') => rest[1..].split_once(quote)?.0,
        _ => rest.split(" #").next()?.trim_end(),
    };
    (!text.is_empty() && !text.contains(['$', '\\']) && !text.contains(char::is_whitespace))
        .then_some(text)
}

/// Tells whether a name says itself which registry it is of.
pub(super) fn has_host(name: &str) -> bool {
    name.split_once('/')
        .is_some_and(|(first, _)| first.contains(['.', ':']) || first == "localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        named(text).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_images_of_services_are_found_and_nothing_else() {
        let text = "\
name: lab
x-base: &base
  image: ghcr.io/lab/template:1
services:
  # the database
  db:
    image: postgres:16 # ours
    environment:
      image: ghcr.io/lab/not-this:1
    command: |
      image: ghcr.io/lab/nor-this:1
  web:
      image: \"ghcr.io/lab/web@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"
      ports:
        - 80:80
  api:
    ports: [\"1:1\"]
    image: 'lab.example:5000/team/api'
  by: {image: ghcr.io/lab/in-a-line:1}
  var:
    image: ghcr.io/lab/${NAME}:1
  odd:
    image: \"ghcr.io/lab/open
  tagged:
    image: !reset null
volumes:
  v:
    image: ghcr.io/lab/no-service:1
";
        assert_eq!(
            names(text),
            [
                "docker.io/library/postgres:16",
                "ghcr.io/lab/web@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "lab.example:5000/team/api",
            ]
        );
    }

    #[test]
    fn a_name_without_a_host_may_be_of_what_is_built() {
        let text = "services:\r\n  a:\r\n    build: .\r\n    image: mine\r\n  b:\r\n    image: ghcr.io/lab/b\r\n";
        assert_eq!(names(text), ["ghcr.io/lab/b"]);
    }

    #[test]
    fn hostile_only_plain_files_of_their_ending_are_read_and_no_more_than_a_part() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path.to_str().unwrap().to_owned()
        };
        let good = "services:\n  a:\n    image: ghcr.io/lab/a\n";
        assert_eq!(images_of(&file("compose.yaml", good)).len(), 1);
        assert_eq!(images_of(&file("shadow", good)).len(), 0);
        let folder_of_that_name = folder.path().join("folder.yml");
        std::fs::create_dir(&folder_of_that_name).unwrap();
        assert_eq!(images_of(folder_of_that_name.to_str().unwrap()).len(), 0);
        for no_path in [
            "compose.yaml",
            "",
            r"\\host\share\a.yml",
            "//host/a.yml",
            "/dev/zero",
        ] {
            assert_eq!(images_of(no_path).len(), 0, "{no_path}");
        }
        let many = format!(
            "services:\n{}",
            "  a:\n    image: ghcr.io/lab/a\n".repeat(300)
        );
        assert_eq!(images_of(&file("many.yml", &many)).len(), MOST);
        let late = format!(
            "services:\n  a:\n{}    image: ghcr.io/lab/a\n",
            "    #\n".repeat(1 << 18)
        );
        assert_eq!(images_of(&file("late.yml", &late)).len(), 0);
    }
}
