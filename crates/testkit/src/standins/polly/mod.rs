//! Polly, as its documentation tells of it (`registries.md` 4.14): a registry that speaks the protocol, keeps what was overwritten under
//! its digest, and has no interface but its own command `polly`.
//!
//! What the command prints is known by its columns and not by its look, so it is drawn as a test wants it. It lists repositories by
//! their own names, without the organisation. Grows by a command that the documentation tells of.

mod draw;
mod program;

pub use draw::{Border, Look, draw};

use super::Violations;
use crate::scripted::{Auth, Hand, Scripted};
use anyhow::Result;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use program::{Ends, Program};
use serde_json::json;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The organisation whose repositories these are.
pub const ORGANISATION: &str = "lab";
/// Who pushes and makes what nobody says otherwise of.
pub const WHO: &str = "ana@lab.example";
/// The user that the command's line signs in.
pub const USER: &str = "POLLY";
/// How long before the first question what was there by then was pushed (seconds); a minute between each and the next.
const BEFORE: i64 = 30 * 86_400;
/// What it says to whoever isn't signed in.
pub const NOT_SIGNED_IN: &str = "Error: you are not logged in. Run \"polly login\" first.";

/// A Polly that is played; it ends when it is dropped.
pub struct Polly {
    /// The registry, whose content others change.
    pub registry: Scripted,
    played: Arc<Played>,
    program: Program,
}

struct Played {
    host: String,
    secret: String,
    violations: Violations,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// How the registry's content is looked at; there once it was asked something.
    content: Content,
    pushed: Vec<Pushed>,
    made: Vec<Made>,
    runs: Vec<String>,
    look: Look,
    is_signed_out: bool,
    /// What is printed in place of everything, where it is broken.
    broken: Option<(u8, String)>,
    has_organisation: bool,
    host: Option<String>,
}

#[derive(Default)]
struct Content(Vec<(String, Vec<(String, String)>)>);

/// A commit that a tag was pointed at.
#[derive(Clone)]
struct Pushed {
    repository: String,
    tag: String,
    digest: String,
    at: i64,
    by: String,
}

/// A repository that the command made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// Its own name.
    pub name: String,
    /// What it says of itself.
    pub description: String,
}

impl Polly {
    /// Starts one on a free port of 127.0.0.1, with nothing in it.
    pub async fn start() -> Result<Self> {
        let secret = STANDARD.encode(json!({"user": WHO, "key": "correct-horse"}).to_string());
        Self::start_for(USER, &secret).await
    }

    /// Starts one into which these sign in.
    pub async fn start_for(user: &str, secret: &str) -> Result<Self> {
        let registry = Scripted::start().await?;
        registry.set(|faults| {
            faults.auth = Auth::TokenGet;
            faults.sign_in = Some((user.into(), secret.into()));
        });
        let played = Arc::new(Played {
            host: registry.host(),
            secret: secret.to_owned(),
            violations: Violations::default(),
            state: Mutex::default(),
        });
        let playing = Arc::clone(&played);
        registry.script(move |asked| {
            playing.look_at(asked.hand);
            None
        });
        let playing = Arc::clone(&played);
        let program = Program::start(move |words| playing.run(words))?;
        Ok(Self {
            registry,
            played,
            program,
        })
    }

    /// Returns `127.0.0.1:port`.
    pub fn host(&self) -> String {
        self.registry.host()
    }

    /// Returns the secret that the command's line has.
    pub fn secret(&self) -> &str {
        &self.played.secret
    }

    /// Installs the command into a folder of a PATH.
    pub fn install(&self, bin: &Path) -> Result<()> {
        self.program.install(bin, "polly")
    }

    /// Pushes a small image as this person; its digest.
    pub fn push(&self, repository: &str, tag: &str, text: &str, by: &str) -> String {
        let digest = self.registry.push_image(repository, tag, text);
        self.notice(by);
        digest
    }

    /// Takes what was changed in the registry without asking it for pushed by this person, now.
    pub fn notice(&self, by: &str) {
        let mut names: Vec<String> = self.registry.repositories();
        names.sort();
        let content = names.into_iter().map(|name| {
            let tags = self.registry.tags(&name).into_iter();
            let pairs =
                tags.filter_map(|tag| Some((tag.clone(), self.registry.tagged(&name, &tag)?)));
            let pairs = pairs.collect();
            (name, pairs)
        });
        let content = Content(content.collect());
        self.played.state().take(content, by);
    }

    /// Has its tables look so.
    pub fn look(&self, look: Look) {
        self.played.state().look = look;
    }

    /// Has its list name repositories with their organisation.
    pub fn name_organisation(&self) {
        self.played.state().has_organisation = true;
    }

    /// Signs the command out: it asks on the terminal who it is.
    pub fn sign_out(&self, is_signed_out: bool) {
        self.played.state().is_signed_out = is_signed_out;
    }

    /// Has every command print this and end with this code.
    pub fn break_command(&self, broken: Option<(u8, &str)>) {
        self.played.state().broken = broken.map(|(code, text)| (code, text.to_owned()));
    }

    /// Has the command's line sign in at another registry.
    pub fn sign_in_elsewhere(&self, host: &str) {
        self.played.state().host = Some(host.to_owned());
    }

    /// Lists how the command was run, its arguments with a blank between.
    pub fn runs(&self) -> Vec<String> {
        self.played.state().runs.clone()
    }

    /// Forgets how it was run.
    pub fn forget_runs(&self) {
        self.played.state().runs.clear();
    }

    /// Lists what the command has made.
    pub fn made(&self) -> Vec<Made> {
        self.played.state().made.clone()
    }

    /// Returns what the command lists of a repository, as it would print it.
    pub fn commit_list(&self, name: &str) -> String {
        self.notice(WHO);
        self.played.state().commits(name).unwrap_or_default()
    }

    /// Returns what it was asked that Polly would refuse.
    pub fn violations(&self) -> Vec<String> {
        self.played.violations.all()
    }
}

impl Played {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what stands in the registry just before it is asked something.
    fn look_at(&self, hand: &Hand) {
        let names = hand.repositories().into_iter();
        let content = names.filter_map(|name| {
            let tags = hand.tags(&name)?;
            Some((name, tags))
        });
        let content = Content(content.collect());
        self.state().take(content, WHO);
    }

    fn run(&self, words: &[String]) -> Ends {
        let mut state = self.state();
        state.runs.push(words.join(" "));
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        if words.contains(&"a terminal") {
            self.violations.note("it was given a terminal");
        }
        if let Some((code, text)) = &state.broken {
            return ends(*code, text.clone(), "");
        }
        let ["dockers", rest @ ..] = words.as_slice() else {
            return self.refuse(&words);
        };
        if state.is_signed_out {
            return Ends {
                asks: true,
                ..ends(1, String::new(), NOT_SIGNED_IN)
            };
        }
        match rest {
            ["login"] => {
                let host = state.host.as_ref().unwrap_or(&self.host);
                let line = format!("docker login -u {USER} -p {} {host}\n", self.secret);
                ends(0, line, "")
            }
            ["list", "--all"] => ends(0, state.list(), ""),
            ["commit-list", "--name", name, "--all"] => match state.commits(name) {
                Some(table) => ends(0, table, ""),
                None => ends(1, String::new(), "Error: no such docker repository"),
            },
            ["create", "--name", name, "--description", description] => {
                let is_there = state.names().iter().any(|known| known == name);
                let is_name = !name.is_empty() && !name.starts_with('-') && !name.contains('/');
                if !is_name {
                    return self.refuse(&words);
                }
                if is_there {
                    return ends(1, String::new(), "Error: the repository exists already");
                }
                state.made.push(Made {
                    name: (*name).to_owned(),
                    description: (*description).to_owned(),
                });
                ends(0, "Docker repository created\n".to_owned(), "")
            }
            _ => self.refuse(&words),
        }
    }

    fn refuse(&self, words: &[&str]) -> Ends {
        self.violations.note(format!("polly {}", words.join(" ")));
        ends(
            2,
            String::new(),
            "Usage: polly dockers [login|logout|create|list|commit-list]",
        )
    }
}

impl State {
    /// Takes what stands in the registry now; what is new was pushed by this person.
    fn take(&mut self, content: Content, by: &str) {
        let is_first = self.pushed.is_empty();
        let now = OffsetDateTime::now_utc().unix_timestamp();
        let begin = if is_first { now - BEFORE } else { now };
        for (repository, tags) in &content.0 {
            for (tag, digest) in tags {
                // Commit tags and the like are tags to Polly.
                let mut same = self.pushed.iter().rev();
                let last = same.find(|one| one.repository == *repository && one.tag == *tag);
                if last.is_some_and(|last| last.digest == *digest) {
                    continue;
                }
                let after = self.pushed.last().map_or(begin, |last| last.at + 60);
                let at = if is_first {
                    after
                } else {
                    begin.max(after.min(now))
                };
                self.pushed.push(Pushed {
                    repository: repository.clone(),
                    tag: tag.clone(),
                    digest: digest.clone(),
                    at,
                    by: by.to_owned(),
                });
            }
        }
        self.content = content;
    }

    /// Returns all repositories, by their own names.
    fn names(&self) -> Vec<String> {
        let own = |name: &String| {
            let prefix = format!("{ORGANISATION}/");
            name.strip_prefix(&prefix).unwrap_or(name).to_owned()
        };
        let pushed = self.content.0.iter().map(|(name, _)| own(name));
        let made = self.made.iter().map(|made| made.name.clone());
        let mut names: Vec<String> = pushed.chain(made).collect();
        names.sort();
        names.dedup();
        names
    }

    fn list(&self) -> String {
        let now = OffsetDateTime::now_utc().unix_timestamp();
        let row = |name: String| {
            let name = if self.has_organisation {
                format!("{ORGANISATION}/{name}")
            } else {
                name
            };
            vec![name, WHO.to_owned(), rfc3339(now - BEFORE)]
        };
        let rows: Vec<Vec<String>> = self.names().into_iter().map(row).collect();
        draw(
            &["repository", "created by", "created at"],
            &rows,
            &self.look,
        )
    }

    fn commits(&self, name: &str) -> Option<String> {
        if !self.names().iter().any(|known| known == name) {
            return None;
        }
        let of = [name.to_owned(), format!("{ORGANISATION}/{name}")];
        let tags = self.content.0.iter().find(|(known, _)| of.contains(known));
        let now = |tag: &str| {
            let mut tags = tags?.1.iter();
            tags.find(|(name, _)| name == tag).map(|(_, digest)| digest)
        };
        let mut told: Vec<&str> = Vec::new();
        let mut rows = Vec::new();
        for one in self.pushed.iter().rev() {
            if !of.contains(&one.repository) {
                continue;
            }
            let is_newest = !told.contains(&one.tag.as_str());
            told.push(&one.tag);
            let is_active = is_newest && now(&one.tag) == Some(&one.digest);
            rows.push(vec![
                one.tag.clone(),
                one.by.clone(),
                rfc3339(one.at),
                one.digest.clone(),
                if is_active { "active" } else { "inactive" }.to_owned(),
            ]);
        }
        let names = ["tag", "pushed by", "pushed at", "commit_hash", "tag status"];
        Some(draw(&names, &rows, &self.look))
    }
}

fn ends(code: u8, out: String, err: &str) -> Ends {
    Ends {
        out,
        err: if err.is_empty() {
            String::new()
        } else {
            format!("{err}\n")
        },
        code,
        asks: false,
    }
}

fn rfc3339(at: i64) -> String {
    let at = OffsetDateTime::from_unix_timestamp(at).ok();
    at.and_then(|at| at.format(&Rfc3339).ok())
        .unwrap_or_default()
}
