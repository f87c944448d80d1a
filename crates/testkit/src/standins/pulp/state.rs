//! What the played Pulp remembers: the versions of its repositories, what serves them, and tasks that are done a little later.

use crate::scripted::{Answer, Hand};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// How long after it was asked for a task is done.
const SOON: Duration = Duration::from_millis(150);
/// Where repositories are.
pub(super) const REPOSITORIES: &str = "/pulp/api/v3/repositories/container/container/";

/// The tags of a repository, each with its digest.
pub(super) type Tags = BTreeMap<String, String>;

#[derive(Default)]
pub(super) struct State {
    pub repositories: BTreeMap<String, Repository>,
    pub tasks: Vec<Task>,
    /// What every question to the interface is answered by, where it is broken.
    pub broken: Option<Answer>,
    /// How each task ends, where not well.
    pub task_end: Option<&'static str>,
    /// How often all tokens that were given have ended.
    pub expired: u32,
    /// Every manifest that was ever noticed: a deletion takes it from the newest version alone.
    manifests: BTreeMap<String, Vec<u8>>,
    /// Identifiers by what they are of: a manifest by its digest, a tag with its manifest by both.
    ids: BTreeMap<String, String>,
}

pub(super) struct Repository {
    pub id: String,
    pub description: Option<String>,
    pub private: bool,
    pub created: i64,
    /// What serves it is there.
    pub is_served: bool,
    pub versions: Vec<Version>,
}

pub(super) struct Version {
    /// Microseconds since 1970.
    pub at: i64,
    pub tags: Tags,
    /// The manifests that were there.
    pub digests: Vec<String>,
}

/// What is done later.
pub(super) enum Order {
    Serve(String),
    Describe(String, String),
    Forget(String),
    Tag(String, String, String),
    Untag(String, String),
    /// A manifest that an older version had.
    Add(String, String),
}

pub(super) struct Task {
    pub id: String,
    pub order: Option<Order>,
    pub due: Instant,
    pub state: &'static str,
    pub made: Vec<String>,
}

impl State {
    /// Returns the identifier of something; the same one each time.
    pub fn id(&mut self, of: &str) -> String {
        let next = self.ids.len() + 1;
        let id = self.ids.entry(of.to_owned());
        let new = || format!("01a22b4d-0000-7000-8000-{next:012x}");
        id.or_insert_with(new).clone()
    }

    /// Returns what an identifier is of.
    pub fn of(&self, id: &str) -> Option<&str> {
        let id = id.to_lowercase();
        let is_it = |known: &str| known == id || known.replace('-', "") == id;
        let mut ids = self.ids.iter();
        ids.find_map(|(of, known)| is_it(known).then_some(&**of))
    }

    /// Returns the repository with this identifier, by its name.
    pub fn named(&self, id: &str) -> Option<String> {
        let mut all = self.repositories.iter();
        all.find_map(|(name, one)| (one.id == id).then(|| name.clone()))
    }

    /// Makes a repository without anything in it.
    pub fn make(&mut self, name: &str) -> &mut Repository {
        let id = self.id(&format!("repository {name}"));
        self.repositories
            .entry(name.to_owned())
            .or_insert_with(|| Repository {
                id,
                description: None,
                private: false,
                created: now(),
                is_served: false,
                versions: vec![Version {
                    at: now(),
                    tags: Tags::new(),
                    digests: Vec::new(),
                }],
            })
    }

    /// Makes a version of what is in a repository, where that is something else than before.
    pub fn notice(&mut self, name: &str, tags: Tags) {
        let repository = self.make(name);
        repository.is_served = true;
        let Some(last) = repository.versions.last() else {
            return;
        };
        if last.tags == tags {
            return;
        }
        let mut digests = last.digests.clone();
        digests.extend(tags.values().cloned());
        let at = now().max(last.at + 1);
        repository.versions.push(Version { at, tags, digests });
    }

    /// Keeps a manifest, where it isn't yet.
    pub fn keep(&mut self, digest: &str, bytes: impl FnOnce() -> Option<Vec<u8>>) {
        if !self.manifests.contains_key(digest)
            && let Some(bytes) = bytes()
        {
            self.manifests.insert(digest.to_owned(), bytes);
        }
    }

    /// Notes what is to be done, and answers so.
    pub fn later(&mut self, order: Order) -> Answer {
        let id = self.id(&format!("task {}", self.tasks.len()));
        self.tasks.push(Task {
            id: id.clone(),
            order: Some(order),
            due: Instant::now() + SOON,
            state: "waiting",
            made: Vec::new(),
        });
        let task = format!("/pulp/api/v3/tasks/{id}/");
        Answer::json(json!({"task": task})).with_status(202)
    }

    /// Does what it is time for.
    pub fn do_what_is_due(&mut self, hand: &Hand) {
        for at in 0..self.tasks.len() {
            let task = &mut self.tasks[at];
            if task.due > Instant::now() {
                continue;
            }
            let Some(order) = task.order.take() else {
                continue;
            };
            if let Some(end) = self.task_end {
                task.state = end;
                continue;
            }
            let made = self.carry_out(order, hand);
            self.tasks[at].state = "completed";
            self.tasks[at].made.extend(made);
        }
    }

    /// Does it; where that makes a version, its address.
    fn carry_out(&mut self, order: Order, hand: &Hand) -> Option<String> {
        match order {
            Order::Serve(name) => {
                self.repositories.get_mut(&name)?.is_served = true;
                None
            }
            Order::Describe(name, text) => {
                self.repositories.get_mut(&name)?.description = Some(text);
                None
            }
            Order::Forget(name) => {
                self.repositories.remove(&name)?;
                None
            }
            Order::Tag(name, tag, digest) => {
                let bytes = hand.manifest(&name, &digest)?;
                hand.put_manifest(&name, Some(&tag), crate::images::MANIFEST, &bytes);
                self.made(&name, hand)
            }
            Order::Untag(name, tag) => {
                hand.drop_manifest(&name, &tag);
                self.made(&name, hand)
            }
            Order::Add(name, digest) => {
                let bytes = self.manifests.get(&digest)?;
                hand.put_manifest(&name, None, crate::images::MANIFEST, bytes);
                self.made(&name, hand)
            }
        }
    }

    fn made(&mut self, name: &str, hand: &Hand) -> Option<String> {
        let tags = hand.tags(name).unwrap_or_default();
        self.notice(name, tags.into_iter().collect());
        let repository = self.repositories.get(name)?;
        let number = repository.versions.len() - 1;
        Some(format!(
            "{REPOSITORIES}{}/versions/{number}/",
            repository.id
        ))
    }
}

impl Repository {
    /// Returns its address.
    pub fn href(&self) -> String {
        format!("{REPOSITORIES}{}/", self.id)
    }

    /// Returns the version that an address leads to.
    pub fn version(&self, href: &str) -> Option<usize> {
        let rest = href.strip_prefix(&self.href())?.strip_prefix("versions/")?;
        let number = rest.strip_suffix('/')?.parse().ok()?;
        (number < self.versions.len()).then_some(number)
    }

    /// Returns the tags that are in one version and not, with that digest, in another.
    pub fn more(&self, number: usize, than: usize) -> Tags {
        let known = &self.versions[than].tags;
        let tags = self.versions[number].tags.iter();
        tags.filter(|(tag, digest)| known.get(*tag) != Some(*digest))
            .map(|(tag, digest)| (tag.clone(), digest.clone()))
            .collect()
    }

    /// Tells of a version as its list does.
    pub fn tell(&self, number: usize) -> Value {
        let count = |tags: Tags| match tags.len() {
            0 => json!({}),
            count => json!({"container.tag": {"count": count}}),
        };
        let (added, removed) = match number.checked_sub(1) {
            Some(before) => (self.more(number, before), self.more(before, number)),
            None => (Tags::new(), Tags::new()),
        };
        json!({
            "number": number, "pulp_created": time(self.versions[number].at),
            "content_summary": {"added": count(added), "removed": count(removed), "present": {}},
        })
    }
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
    })
}

/// Writes a time as Pulp does, with millionths.
pub(super) fn time(at: i64) -> String {
    let format = time::macros::format_description!(
        "[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]Z"
    );
    let time = time::OffsetDateTime::from_unix_timestamp_nanos(i128::from(at) * 1000);
    let time = time.unwrap_or(time::OffsetDateTime::UNIX_EPOCH);
    time.format(format).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_as_pulp_writes_them() {
        assert_eq!(time(1_796_022_846_060_660), "2026-11-30T07:14:06.060660Z");
    }
}
