//! Polly of Elucidata: its list, what its tags pointed at, and new repositories, by its own command.
//!
//! | what | command | read from |
//! |---|---|---|
//! | list | `polly dockers list --all`: repository, created by, created at | its documentation (facts 4.14) |
//! | history | `polly dockers commit-list --name NAME --all`: tag, pushed by, pushed at, commit hash, tag status | the same |
//! | create | `polly dockers create --name NAME --description TEXT` | the same |
//! | sign in | `polly dockers login` prints a line for `docker login` | the same |
//!
//! Its REST endpoints are not known, and none is asked. What it answers is not known either, so it is recognised by nobody's answer: a
//! person says it. How the tables look is not known, so any look is read. The list names repositories without their organisation, it
//! seems: a name without one stands under the organisation that a person gave. Capital letters are small in a repository's path, and
//! stay as they are for the command.
//!
//! A commit that is *inactive* was overwritten: until when it was active is when the next one of its tag was pushed. What the registry
//! says of a tag counts before what the table says. Not here: whether the command may run (the app).

mod rows;
mod table;
mod terminal;
mod when;

pub use rows::{LONGEST_TABLE, PollyCommit, PollyCommits, Unread, WhyUnread, read_polly_commits};
pub use when::Printed;

use crate::command::{CommandFailure, OwnCommand};
use crate::parts::{Asking, Creates, History, Lists, Under};
use crate::plain::lacks;
use crate::sign::Sign;
use crate::values::{Cursor, Listed, Moment, NewWords, Page, Words};
use crate::vendor::{Fallback, LetsGo, Part, Program, Vendor, VendorId};
use crate::way::{Failure, Way};
use oci::{Host, RepositoryName, Tag};
use registry::Seen;
use rows::{OwnName, PollyRepository};
use std::collections::HashMap;

/// The most that any other command of it may say, in bytes.
const WORDS: usize = 256 * 1024;
/// The longest description that is handed over, in bytes: an argument has its bounds.
const DESCRIPTION: usize = 1000;

pub(crate) struct Polly;

impl Vendor for Polly {
    fn id(&self) -> VendorId {
        VendorId::Polly
    }

    fn signs(&self, _: &Seen) -> Sign {
        Sign::No
    }

    fn lacks(&self, part: Part) -> Fallback {
        lacks(part)
    }

    fn lets_go(&self) -> LetsGo {
        // Overwritten versions stay pullable by digest (its documents).
        LetsGo::Stays
    }

    fn program(&self) -> Option<Program> {
        Some(Program {
            name: "polly",
            login: &["dockers", "login"],
        })
    }

    fn lists(&self) -> Option<&dyn Lists> {
        Some(self)
    }

    fn creates(&self) -> Option<&dyn Creates> {
        Some(self)
    }

    fn history(&self) -> Option<&dyn History> {
        Some(self)
    }
}

impl Lists for Polly {
    fn page<'a>(&'a self, way: &'a Way, _: &'a Cursor) -> Asking<'a, Page<Listed>> {
        Box::pin(async move {
            let command = command(way)?;
            let arguments = ["dockers", "list", "--all"];
            let said = command.runs.run(&arguments, LONGEST_TABLE).await?;
            let read = rows::repositories(&said).ok_or(CommandFailure::Unreadable)?;
            let sent = read.rows.len() + read.left_out;
            let host = &way.registry.endpoint().host;
            let listed = read.rows.into_iter();
            let rows: Vec<Listed> = listed
                .filter_map(|one| listed_as(one, command, host))
                .collect();
            if rows.is_empty() && sent > 0 {
                return Err(CommandFailure::NoOrganisation.into());
            }
            let left_out = sent.saturating_sub(rows.len());
            Ok(whole(rows, sent, left_out, read.is_cut))
        })
    }
}

impl History for Polly {
    fn page<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        tag: Option<&'a Tag>,
        _: &'a Cursor,
    ) -> Asking<'a, Page<Moment>> {
        Box::pin(async move {
            let command = command(way)?;
            let own = own_name(command, name).await?;
            let arguments = ["dockers", "commit-list", "--name", own.as_str(), "--all"];
            let said = command.runs.run(&arguments, LONGEST_TABLE).await?;
            let read = read_polly_commits(&said).ok_or(CommandFailure::Unreadable)?;
            let sent = read.rows.len() + read.unread.len();
            let mut rows = moments(read.rows);
            rows.retain(|moment| tag.is_none() || moment.tag.as_ref() == tag);
            Ok(whole(rows, sent, read.unread.len(), read.is_cut))
        })
    }
}

impl Creates for Polly {
    fn create<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        words: &'a NewWords,
        _: Option<bool>,
    ) -> Asking<'a, ()> {
        Box::pin(async move {
            let command = command(way)?;
            let own = name_within(command, name).ok_or(Failure::NotFound)?;
            let mut description = oci::text::plain(&words.description, DESCRIPTION);
            while description.len() > DESCRIPTION {
                description.pop();
            }
            // What begins like an option could be read as one.
            let description = match description.strip_prefix('-') {
                Some(_) => format!(" {description}"),
                None => description,
            };
            let (own, description) = (own.as_str(), description.as_str());
            let create = [
                "dockers",
                "create",
                "--name",
                own,
                "--description",
                description,
            ];
            command.runs.run(&create, WORDS).await?;
            Ok(())
        })
    }

    fn takes_private(&self) -> bool {
        false
    }

    fn under(&self) -> Under {
        Under::Project
    }
}

fn command(way: &Way) -> Result<&OwnCommand, Failure> {
    Ok(way.command.as_ref().ok_or(CommandFailure::Missing)?)
}

/// Makes the page of a list that comes whole.
fn whole<T>(rows: Vec<T>, sent: usize, left_out: usize, is_cut: bool) -> Page<T> {
    Page {
        left_out,
        // One more than came, where not all was read: it is not whole.
        total: is_cut.then(|| u64::try_from(sent).unwrap_or(u64::MAX).saturating_add(1)),
        rows,
        sent,
        date: None,
        next: None,
    }
}

/// Reads a listed name as the path of a repository: `16June`, `org/16June`, or with the registry before it.
fn listed_as(one: PollyRepository, command: &OwnCommand, host: &Host) -> Option<Listed> {
    let own = one.name.as_str();
    let path = own.to_ascii_lowercase();
    let path = path.strip_prefix(&format!("{host}/")).unwrap_or(&path);
    let name = match (path.contains('/'), &command.organisation) {
        (true, _) => RepositoryName::parse(path),
        (false, Some(organisation)) => RepositoryName::parse(&format!("{organisation}/{path}")),
        // Where it stands nobody knows.
        (false, None) => return None,
    };
    Some(Listed {
        name: name.ok()?,
        words: Words::default(),
        id: Some(own.to_owned()),
        created: one.created,
        created_by: one.by,
        updated: None,
        tags: None,
        private: None,
    })
}

/// Returns the name by which the command knows a repository: as its list told it, else without the organisation.
async fn own_name(command: &OwnCommand, name: &RepositoryName) -> Result<OwnName, Failure> {
    let listed = command.runs.own_name(name).await;
    let listed = listed.and_then(|own| OwnName::parse(&own));
    let own = listed.or_else(|| name_within(command, name));
    own.ok_or(Failure::NotFound)
}

/// Returns a repository's name within the organisation; none where it stands under another one.
fn name_within(command: &OwnCommand, name: &RepositoryName) -> Option<OwnName> {
    let (first, rest) = name.as_str().split_once('/')?;
    let is_of_it = command
        .organisation
        .as_ref()
        .is_none_or(|organisation| organisation.as_str() == first);
    is_of_it.then(|| OwnName::parse(rest)).flatten()
}

/// Tells from when until when tags pointed at commits. A row that is active ends with nothing, and one that isn't with the next of its
/// tag.
fn moments(mut rows: Vec<PollyCommit>) -> Vec<Moment> {
    // Those of one second stay as the table has them, whichever way it goes.
    let ends = rows.first().zip(rows.last());
    if ends.is_some_and(|(first, last)| first.pushed.at > last.pushed.at) {
        rows.reverse();
    }
    let mut by_tag: HashMap<Tag, Vec<PollyCommit>> = HashMap::new();
    let mut order: Vec<Tag> = Vec::new();
    for row in rows {
        let of = by_tag.entry(row.tag.clone()).or_default();
        if of.is_empty() {
            order.push(row.tag.clone());
        }
        of.push(row);
    }
    let mut moments = Vec::new();
    for tag in order {
        let mut of = by_tag.remove(&tag).unwrap_or_default();
        // Of those of one second the active one is the last.
        of.sort_by_key(|row| (row.pushed.at, row.is_active == Some(true)));
        let ends: Vec<_> = of.iter().skip(1).map(|next| Some(next.pushed.at)).collect();
        let ends = ends.into_iter().chain([None]);
        moments.extend(of.into_iter().zip(ends).map(|(row, next)| Moment {
            digest: row.digest,
            tag: Some(row.tag),
            from: row.pushed.at,
            until: next.filter(|_| row.is_active != Some(true)),
            by: row.by,
            restorable_until: None,
            what: None,
        }));
    }
    moments
}

#[cfg(test)]
mod tests;
