//! A pasted line that signs a program in to a registry, read: which host, which user, which secret.
//!
//! Understood are the clients of the field (`docker`, `podman`, `skopeo`, `crane`, `helm` …), whatever stands before
//! them, with the secret as an option, from a pipe, or in a variable set in the same text. Not here: how a text is taken
//! apart (`shell`), what makes an address (`address`). Grows by a client.

use super::shell::{Command, Joint, Word, commands};

/// The programs that sign in with `login` among their first words.
const PROGRAMS: &[&str] = &[
    "apptainer",
    "buildah",
    "cosign",
    "crane",
    "docker",
    "finch",
    "flux",
    "gcrane",
    "helm",
    "img",
    "ko",
    "krane",
    "lima",
    "nerdctl",
    "notation",
    "oras",
    "podman",
    "podman-remote",
    "regctl",
    "singularity",
    "skopeo",
    "wslc",
];
/// The options that name the user.
const USER: &[&str] = &["-u", "--username", "--user"];
/// The options that hold the secret.
const SECRET: &[&str] = &[
    "-p",
    "--password",
    "--pass",
    "--identity-token",
    "--access-token",
    "--token",
];
/// Other options with a value of their own, which is no host.
const VALUED: &[&str] = &[
    "--authfile",
    "--ca-file",
    "--cert-dir",
    "--cert-file",
    "--certificate",
    "--compat-auth-file",
    "--config",
    "--connection",
    "--context",
    "--host",
    "--identity",
    "--key-file",
    "--log-level",
    "--namespace",
    "--registry-config",
    "--secret",
    "--tls-cert",
    "--tls-key",
    "--tlscacert",
    "--tlscert",
    "--tlskey",
    "--url",
    "-H",
    "-c",
    "-l",
    "-n",
];

/// What a line says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct LoginLine {
    /// The words that may be its host, likeliest first; none means Docker Hub.
    pub servers: Vec<String>,
    /// The user.
    pub user: Option<String>,
    /// The secret.
    pub secret: Option<String>,
}

impl LoginLine {
    /// Reads a text; none where nothing in it signs in.
    pub(super) fn read(text: &str) -> Option<Self> {
        let commands = commands(text);
        let (at, start) = commands
            .iter()
            .enumerate()
            .find_map(|(at, command)| Some((at, begins(&command.words)?)))?;
        let known = Variables::of(&commands[..at]);
        let command = &commands[at];
        let mut line = Self::default();
        let mut from_input = false;
        let mut words = command.words[start..].iter().peekable();
        while let Some(word) = words.next() {
            let (name, given) = option(word);
            if name.is_empty() {
                line.servers.push(word.text.clone());
                continue;
            }
            from_input |= name.ends_with("-stdin");
            let value =
                |words: &mut std::iter::Peekable<std::slice::Iter<'_, Word>>| match given.clone() {
                    Some(text) => Some(Word {
                        text,
                        ..word.clone()
                    }),
                    None => words.next().cloned(),
                };
            if USER.contains(&name) {
                line.user = value(&mut words)
                    .and_then(|word| known.resolve(&word))
                    .or(line.user);
            } else if SECRET.contains(&name) {
                line.secret = value(&mut words)
                    .and_then(|word| known.resolve(&word))
                    .or(line.secret);
            } else if VALUED.contains(&name) {
                value(&mut words);
            }
        }
        if line.secret.is_none() && (from_input || command.reads.is_some()) {
            let piped =
                (command.joint == Joint::Pipe).then(|| said_by(commands.get(at.checked_sub(1)?)?));
            let read = command.reads.clone().or_else(|| piped.flatten());
            line.secret = read.and_then(|word| known.resolve(&word));
        }
        // A word with a dot or a port is a host, whatever else stands there.
        line.servers
            .sort_by_key(|server| !(server.contains(['.', ':']) || server == "localhost"));
        Some(line)
    }
}

/// Returns where the words behind `login` begin, if these words sign in.
fn begins(words: &[Word]) -> Option<usize> {
    let program = words.iter().position(|word| is_program(&word.raw))?;
    let login = words[program + 1..]
        .iter()
        .position(|word| word.text == "login")?;
    Some(program + 1 + login + 1)
}

/// Tells whether a word names a program that signs in, with its folder or without.
fn is_program(raw: &str) -> bool {
    let name = raw.trim_matches(['"', '\'']);
    let name = name
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    PROGRAMS.contains(&name.strip_suffix(".exe").unwrap_or(&name))
}

/// Splits a word into the option's name and the value that hangs on it; an empty name where it is no option.
fn option(word: &Word) -> (&str, Option<String>) {
    let text = word.text.as_str();
    // A lone dash is no option, and what was quoted with its dash is one all the same.
    if !text.starts_with('-') || text.len() < 2 {
        return ("", None);
    }
    if text.starts_with("--") {
        return match text.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (text, None),
        };
    }
    let end = text
        .char_indices()
        .nth(2)
        .map_or(text.len(), |(end, _)| end);
    let (name, value) = text.split_at(end);
    let value = value.strip_prefix('=').unwrap_or(value);
    (name, (!value.is_empty()).then(|| value.to_owned()))
}

/// Returns what a command that only says something says: `echo -n text`, `printf '%s' text`.
fn said_by(command: &Command) -> Option<Word> {
    let mut words = command.words.iter();
    let name = words.find(|word| {
        let name = word.text.rsplit(['/', '\\']).next().unwrap_or_default();
        matches!(
            name.to_ascii_lowercase().as_str(),
            "echo" | "printf" | "print" | "write-output" | "write-host"
        )
    });
    let Some(name) = name else {
        // PowerShell: `"secret" | docker login …`, `$secret | docker login …`.
        return match command.words.as_slice() {
            [word] if word.raw.starts_with(['"', '\'', '$']) => Some(word.clone()),
            _ => None,
        };
    };
    let printf = name.text.ends_with("printf");
    let mut said: Vec<Word> = words
        .filter(|word| {
            !matches!(
                word.text.as_str(),
                "-n" | "-e" | "-ne" | "-en" | "-E" | "-r" | "--"
            )
        })
        .cloned()
        .collect();
    if printf && said.len() > 1 {
        said.remove(0);
    }
    if printf && let [word] = said.as_mut_slice() {
        let end = word.text.trim_end_matches("\\n").len();
        word.text.truncate(end);
    }
    match said.len() {
        0 => None,
        1 => said.pop(),
        _ => Some(Word {
            text: said
                .iter()
                .map(|word| word.text.as_str())
                .collect::<Vec<_>>()
                .join(" "),
            literal: true,
            raw: String::new(),
        }),
    }
}

/// The variables that a text sets before it uses them.
struct Variables(Vec<(String, String)>);

impl Variables {
    fn of(commands: &[Command]) -> Self {
        let mut known = Vec::new();
        for command in commands {
            for (at, word) in command.words.iter().enumerate() {
                let (name, value) = match word.text.split_once('=') {
                    Some((name, value)) if !name.is_empty() || value.is_empty() => {
                        (name, value.to_owned())
                    }
                    _ => continue,
                };
                // PowerShell puts spaces around the sign.
                let (name, value) = match (name, at) {
                    ("", 1..) => match command.words.get(at + 1) {
                        Some(value) => (command.words[at - 1].text.as_str(), value.text.clone()),
                        None => continue,
                    },
                    _ => (name, value),
                };
                let name = name.trim_start_matches('$').trim_start_matches("env:");
                if is_name(name) {
                    known.push((name.to_owned(), value));
                }
            }
        }
        Self(known)
    }

    /// Returns the text of a word; of one that is nothing but a variable its value, where the text sets it.
    fn resolve(&self, word: &Word) -> Option<String> {
        let text = word.text.as_str();
        if text.is_empty() {
            return None;
        }
        let Some(name) = variable(text).filter(|_| !word.literal) else {
            return Some(text.to_owned());
        };
        let set = self.0.iter().rev().find(|(known, _)| known == name);
        set.map(|(_, value)| value.clone())
            .filter(|value| !value.is_empty())
    }
}

/// Returns the name where a text is a variable and nothing else; an empty one where it is a command to be run.
fn variable(text: &str) -> Option<&str> {
    let enclosed = |text: &'_ str, start, end| -> Option<usize> {
        let inside: &str = text.strip_prefix(start)?.strip_suffix(end)?;
        Some(inside.len())
    };
    if enclosed(text, "$(", ")").is_some() || enclosed(text, "`", "`").is_some() {
        return Some("");
    }
    if let Some(name) = text
        .strip_prefix('%')
        .and_then(|name| name.strip_suffix('%'))
    {
        return is_name(name).then_some(name);
    }
    let name = text.strip_prefix('$')?;
    let name = name
        .strip_prefix('{')
        .and_then(|name| name.strip_suffix('}'))
        .unwrap_or(name);
    let name = name.strip_prefix("env:").unwrap_or(name);
    is_name(name).then_some(name)
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(|first: char| first.is_ascii_digit())
        && text
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

#[cfg(test)]
mod tests;
