//! The names in a Dockerfile that a sheet offers: its stages and its arguments.
//!
//! What it is not: a reader of the whole language. What it doesn't understand it passes over; the builder says what is wrong.
//! Grows by what a sheet offers besides.

use std::io::Read;
use std::path::Path;

use super::context::{Links, inside, open};
use crate::Error;

/// The longest Dockerfile that is read.
const LONGEST: u64 = 1024 * 1024;
/// So many names of a kind are offered.
const MOST: usize = 100;
/// The arguments that builders fill by themselves.
const FILLED: [&str; 8] = [
    "BUILDPLATFORM",
    "BUILDOS",
    "BUILDARCH",
    "BUILDVARIANT",
    "TARGETPLATFORM",
    "TARGETOS",
    "TARGETARCH",
    "TARGETVARIANT",
];

/// What a Dockerfile names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dockerfile {
    /// The stages that have a name, in order.
    pub stages: Vec<String>,
    /// The arguments that can be given, in order.
    pub args: Vec<BuildArg>,
}

/// An argument of a build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildArg {
    /// Its name.
    pub name: String,
    /// What it is where none is given.
    pub default: Option<String>,
}

impl Dockerfile {
    /// Lists the Dockerfiles of a folder by their names, the usual ones first, so many at most. Blocks.
    pub fn list(folder: &Path, most: usize) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(folder) else {
            return Vec::new();
        };
        let dockerfile = |entry: std::io::Result<std::fs::DirEntry>| {
            let entry = entry.ok()?;
            let name = entry.file_name().into_string().ok()?;
            (is_dockerfile(&name) && entry.path().is_file()).then_some(name)
        };
        let mut names: Vec<String> = entries.filter_map(dockerfile).collect();
        names.sort_by_key(|name| (name != "Dockerfile", name != "Containerfile", name.clone()));
        names.truncate(most);
        names
    }

    /// Reads the Dockerfile of a folder. Blocks.
    pub fn read(folder: &Path, name: &str) -> Result<Self, Error> {
        let path = inside(folder, name)?;
        let at = |error: std::io::Error| {
            Error::Context(format!("{} can’t be read: {error}.", path.display()))
        };
        let mut text = Vec::new();
        let (file, _) = open(&path, Links::Followed).map_err(at)?;
        file.take(LONGEST).read_to_end(&mut text).map_err(at)?;
        Ok(Self::parse(&String::from_utf8_lossy(&text)))
    }

    /// Reads the names in a text.
    pub fn parse(text: &str) -> Self {
        let mut read = Self::default();
        for line in instructions(text) {
            let mut words = line.split_whitespace();
            let Some(verb) = words.next() else { continue };
            if verb.eq_ignore_ascii_case("from") {
                let mut rest = words.skip_while(|word| !word.eq_ignore_ascii_case("as"));
                if let Some(stage) = rest.nth(1) {
                    read.add_stage(stage);
                }
            } else if verb.eq_ignore_ascii_case("arg") {
                for word in words {
                    read.add_arg(word);
                }
            }
        }
        read
    }

    fn add_stage(&mut self, name: &str) {
        if self.stages.len() < MOST && !self.stages.iter().any(|known| known == name) {
            self.stages.push(name.to_owned());
        }
    }

    fn add_arg(&mut self, word: &str) {
        let (name, default) = match word.split_once('=') {
            Some((name, default)) => (name, Some(default.trim_matches(['"', '\'']).to_owned())),
            None => (word, None),
        };
        let is_name = |char: char| char.is_ascii_alphanumeric() || char == '_';
        if name.is_empty() || !name.chars().all(is_name) || FILLED.contains(&name) {
            return;
        }
        let known = self.args.iter().position(|known| known.name == name);
        if let Some(at) = known {
            let known = &mut self.args[at];
            known.default = known.default.take().or(default);
        } else if self.args.len() < MOST {
            self.args.push(BuildArg {
                name: name.to_owned(),
                default,
            });
        }
    }
}

/// Joins the lines that belong together; comments and what is written into a file in place are left out.
fn instructions(text: &str) -> Vec<String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let escape = escape(text);
    let mut all = Vec::new();
    let mut held = String::new();
    let mut ends: Vec<String> = Vec::new();
    for line in text.lines() {
        if let Some(end) = ends.first() {
            if line.trim_start_matches('\t') == end {
                ends.remove(0);
            }
            continue;
        }
        let line = line.trim();
        if line.starts_with('#') || (line.is_empty() && !held.is_empty()) {
            continue;
        }
        if let Some(part) = line.strip_suffix(escape) {
            held.push_str(part);
            held.push(' ');
            continue;
        }
        held.push_str(line);
        ends = heredocs(&held);
        all.push(std::mem::take(&mut held));
    }
    all.push(held);
    all
}

/// Returns the sign with which a line goes on: `\`, or what the file's first lines say.
fn escape(text: &str) -> char {
    for line in text.lines() {
        let Some(directive) = line.trim().strip_prefix('#') else {
            break;
        };
        let Some((name, value)) = directive.split_once('=') else {
            break;
        };
        if name.trim().eq_ignore_ascii_case("escape") && value.trim() == "`" {
            return '`';
        }
    }
    '\\'
}

/// Returns the words that end the texts which an instruction writes in place (`RUN <<EOF`).
fn heredocs(line: &str) -> Vec<String> {
    let verb = line.split_whitespace().next().unwrap_or_default();
    let takes = ["run", "copy", "add"]
        .iter()
        .any(|known| verb.eq_ignore_ascii_case(known));
    if !takes {
        return Vec::new();
    }
    let word = |part: &str| {
        let part = part.strip_prefix('-').unwrap_or(part);
        let part = part.trim_start_matches(['"', '\'']);
        let end = part
            .find(|char: char| !(char.is_ascii_alphanumeric() || char == '_'))
            .unwrap_or(part.len());
        (end > 0).then(|| part[..end].to_owned())
    };
    // `<<<` is something else.
    let parts = line.split("<<").skip(1);
    parts.filter_map(word).collect()
}

/// Tells whether a file is called as Dockerfiles are.
fn is_dockerfile(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["dockerfile", "containerfile"].iter().any(|kind| {
        let ends = |rest: &str| !matches!(rest, "dockerignore" | "containerignore");
        name == *kind
            || name.ends_with(&format!(".{kind}"))
            || name
                .strip_prefix(&format!("{kind}."))
                .is_some_and(|rest| ends(rest.rsplit('.').next().unwrap_or(rest)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(read: &Dockerfile) -> Vec<(&str, Option<&str>)> {
        read.args
            .iter()
            .map(|arg| (arg.name.as_str(), arg.default.as_deref()))
            .collect()
    }

    #[test]
    fn stages_and_arguments_are_found() {
        let read = Dockerfile::parse(
            "# syntax=docker/dockerfile:1\nARG VERSION=12\nfrom --platform=$BUILDPLATFORM debian:$VERSION \\\n  # a comment\n  as build\n\
             ARG TARGETARCH\narg JOBS A=\"x\"\nRUN <<EOF\nARG NOT=1\nFROM no AS no\nEOF\nFROM scratch\nARG VERSION\nFROM build AS test\n",
        );
        assert_eq!(read.stages, ["build", "test"]);
        assert_eq!(
            args(&read),
            [("VERSION", Some("12")), ("JOBS", None), ("A", Some("x"))]
        );
    }

    #[test]
    fn another_sign_may_join_lines() {
        let read = Dockerfile::parse("# escape=`\nFROM a `\n AS win\nARG P=c:\\\nARG Q\n");
        assert_eq!(read.stages, ["win"]);
        assert_eq!(args(&read), [("P", Some("c:\\")), ("Q", None)]);
    }

    #[test]
    fn what_is_no_dockerfile_names_nothing() {
        let texts = [
            "",
            "\u{feff}",
            "FROM",
            "FROM a AS",
            "ARG",
            "ARG =x",
            "RUN <<",
            "\\",
        ];
        for text in texts {
            assert_eq!(Dockerfile::parse(text), Dockerfile::default(), "{text:?}");
        }
        let many: Vec<String> = (0..1000).map(|n| format!("ARG A{n}")).collect();
        assert_eq!(Dockerfile::parse(&many.join("\n")).args.len(), MOST);
    }

    #[test]
    fn dockerfiles_are_known_by_their_names() {
        for name in [
            "Dockerfile",
            "Containerfile",
            "dev.Dockerfile",
            "Dockerfile.test",
            "dockerfile.a.b",
        ] {
            assert!(is_dockerfile(name), "{name}");
        }
        for name in [
            "Dockerfiles",
            "Dockerfile.dockerignore",
            ".dockerignore",
            "dev.Dockerfile.dockerignore",
            "Makefile",
        ] {
            assert!(!is_dockerfile(name), "{name}");
        }
    }

    #[test]
    fn the_usual_dockerfile_is_taken_first() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.Dockerfile", "Containerfile", "Dockerfile"] {
            std::fs::write(folder.path().join(name), "FROM scratch").unwrap();
        }
        std::fs::create_dir(folder.path().join("Dockerfile.d")).unwrap();
        let names = Dockerfile::list(folder.path(), 9);
        assert_eq!(names, ["Dockerfile", "Containerfile", "a.Dockerfile"]);
    }
}
