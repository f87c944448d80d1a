//! Repositories that a registry doesn't list: gathered from what is on this computer, each with where it is known from.
//!
//! Sources are the engine's images (their names and the digests they came under), its containers, the compose files that
//! containers were made from where the engine is on this computer, and what was seen here before. A registry is asked only
//! where it lists nothing at all. Not here: lists that registries tell (`lists`), what a person typed (`path`). Grows by a place where names lie.

use super::compose::{has_host, images_of};
use super::room::Repositories;
use crate::ground::blocking;
use crate::view::browse::KnownFrom;
use crate::view::events::Stale;
use crate::view::problem::Problem;
use engine::{LocalContainer, LocalImage};
use futures_util::{StreamExt, stream};
use oci::{Host, Reference};
use registry::Kind;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::time::Duration;
use store::{Account, KnownName, Store};

/// How many names are kept of one account.
const MOST: usize = 10_000;
/// How many are asked for, where a registry lists nothing at all.
const MOST_ASKED: usize = 30;
/// How many of those at once; the registry crate limits a host besides.
const AT_ONCE: usize = 6;
/// How many compose files are read.
const MOST_FILES: usize = 50;
/// How long the engine may take; what it was known to hold stays known then.
const PATIENCE: Duration = Duration::from_secs(10);

/// Which of the names that are known here are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Gathered {
    /// All: the registry doesn't list its own.
    All,
    /// Those that it answers for: it lists nothing, which an emptied registry says as well.
    ThatAnswer,
}

/// Names by where they are known from, the surest.
type Names = BTreeMap<String, KnownFrom>;

impl Repositories {
    /// Gathers what is known on this computer of an account's repositories, and shows it among those that were listed.
    pub(super) async fn gather(&self, account: &Account, which: Gathered) {
        let (id, now) = (account.id, self.ground.now());
        let Ok(mut names) = self.known_here(account).await else {
            return;
        };
        if which == Gathered::ThatAnswer {
            names = self.that_answer(account, names).await;
        }
        let gathered: Vec<KnownName> = names.into_iter().map(stored).take(MOST).collect();
        let set = move |store: &Store| store.set_gathered(id, &gathered, now);
        if self.ground.db(set).await.unwrap_or_default() {
            let account = id.to_string();
            self.ground.stale(Stale::Repositories { account });
        }
    }

    async fn known_here(&self, account: &Account) -> Result<Names, Problem> {
        let (of, host) = (account.clone(), account.host.clone());
        let held = tokio::time::timeout(PATIENCE, self.on_this_computer(&host)).await;
        self.ground
            .db(move |store| {
                let mut names = match held.ok().flatten() {
                    Some(names) => names,
                    None => of_before(&store.known_names(of.id)?),
                };
                for name in store.repositories_seen(&host)? {
                    add(&mut names, name, KnownFrom::Seen);
                }
                names.retain(|name, _| of.covers(name));
                Ok(names)
            })
            .await
    }

    /// Returns those of which the registry doesn't say that they aren't there, or not for this account. Not more than a few
    /// are asked for; a question that came to nothing is no answer.
    async fn that_answer(&self, account: &Account, names: Names) -> Names {
        let asked = names
            .into_iter()
            .take(MOST_ASKED)
            .map(async |(name, from)| {
                let remote = self.accounts.remote(&account.id.to_string(), &name).await;
                let stays = match remote.ok()?.registry.first_tag_of().await {
                    Ok(_) => true,
                    Err(error) => !is_no(&error.kind),
                };
                stays.then_some((name, from))
            });
        let answers: Vec<_> = stream::iter(asked).buffered(AT_ONCE).collect().await;
        answers.into_iter().flatten().collect()
    }

    /// Returns what the engine holds of a host; none where it doesn't say.
    async fn on_this_computer(&self, host: &Host) -> Option<Names> {
        let engine = self.local.engine().await.ok()?;
        let images = self.local.images_of(&engine).await.ok()?;
        let containers = self.local.answer_of(&engine, engine.containers().await);
        let containers = containers.await.ok()?;
        let mut names = of_engine(host, &images, &containers);
        if engine.address().host().is_none() {
            let files: BTreeSet<String> = containers
                .into_iter()
                .flat_map(|container| container.compose_files)
                .take(MOST_FILES)
                .collect();
            let read = blocking(move || {
                let images = files.iter().flat_map(|file| images_of(file));
                images.collect::<Vec<Reference>>()
            });
            for named in read.await.ok()? {
                if named.host == *host {
                    add(&mut names, named.repository.to_string(), KnownFrom::Compose);
                }
            }
        }
        Some(names)
    }
}

/// Tells whether a registry has said that a repository isn't there, or not for this account.
fn is_no(kind: &Kind) -> bool {
    matches!(kind, Kind::NotFound | Kind::Denied | Kind::SignIn)
}

/// Returns the repositories of a host that images and containers name.
fn of_engine(host: &Host, images: &[LocalImage], containers: &[LocalContainer]) -> Names {
    let mut names = Names::new();
    let mut take = |name: &str, from| {
        if let Ok(reference) = Reference::parse(name)
            && reference.host == *host
        {
            add(&mut names, reference.repository.to_string(), from);
        }
    };
    let mut came = HashSet::new();
    for image in images {
        if image.from_registry {
            came.insert(image.id.as_str());
        }
        // A name without a host is Docker Hub's by convention alone: most images that were built here have such.
        let says_where = |name: &&String| image.from_registry || has_host(name);
        for name in image.names.iter().chain(&image.digests).filter(says_where) {
            take(name, KnownFrom::Image);
        }
    }
    for container in containers {
        if has_host(&container.image) || came.contains(container.image_id.as_str()) {
            take(&container.image, KnownFrom::Container);
        }
    }
    names
}

/// Returns what was gathered of the engine before.
fn of_before(known: &[KnownName]) -> Names {
    let names = known.iter().filter_map(|known| {
        let from = read(&known.why)?;
        let engine = matches!(
            from,
            KnownFrom::Image | KnownFrom::Container | KnownFrom::Compose
        );
        engine.then(|| (known.name.clone(), from))
    });
    names.collect()
}

fn add(names: &mut Names, name: String, from: KnownFrom) {
    let known = names.entry(name).or_insert(from);
    *known = from.min(*known);
}

fn stored((name, from): (String, KnownFrom)) -> KnownName {
    let why = serde_json::to_value(from).ok();
    let why = why.and_then(|why| why.as_str().map(str::to_owned));
    KnownName {
        name,
        why: why.unwrap_or_default(),
    }
}

/// Reads where a name is known from, as it is stored.
pub(super) fn read(why: &str) -> Option<KnownFrom> {
    serde_json::from_value(why.into()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(id: &str, names: &[&str], digests: &[&str], from_registry: bool) -> LocalImage {
        let all = |texts: &[&str]| texts.iter().map(ToString::to_string).collect();
        LocalImage {
            id: id.to_owned(),
            names: all(names),
            digests: all(digests),
            from_registry,
            created: None,
            size: 0,
            platforms: Vec::new(),
            dangling: false,
        }
    }

    fn container(image: &str, image_id: &str) -> LocalContainer {
        LocalContainer {
            id: "c".into(),
            name: "c".into(),
            image: image.into(),
            image_id: image_id.into(),
            state: engine::ContainerState::Stopped,
            created: None,
            compose_files: Vec::new(),
        }
    }

    fn of(
        host: &str,
        images: &[LocalImage],
        containers: &[LocalContainer],
    ) -> Vec<(String, KnownFrom)> {
        let host = Host::parse(host).unwrap();
        of_engine(&host, images, containers).into_iter().collect()
    }

    #[test]
    fn names_of_a_host_are_those_that_say_so_or_came_from_there() {
        let digest = format!("ghcr.io/lab/moved@sha256:{}", "a".repeat(64));
        let images = [
            image(
                "1",
                &["ghcr.io/lab/tool:v1", "lab.example/x:1", "mine:dev"],
                &[&digest],
                false,
            ),
            image("2", &["alpine:3", "bitnami/redis:7"], &[], true),
            image("3", &["<none>:<none>", "", "no good!"], &[], true),
        ];
        let containers = [
            container("ghcr.io/lab/run:v2", "9"),
            container("ghcr.io/lab/tool:v0", "1"),
            container("busybox", "2"),
            container("another", "1"),
            container("sha256:77", "7"),
        ];
        let named = |name: &str, from| (name.to_owned(), from);
        assert_eq!(
            of("ghcr.io", &images, &containers),
            [
                named("lab/moved", KnownFrom::Image),
                named("lab/run", KnownFrom::Container),
                named("lab/tool", KnownFrom::Image),
            ]
        );
        assert_eq!(
            of("docker.io", &images, &containers),
            [
                named("bitnami/redis", KnownFrom::Image),
                named("library/alpine", KnownFrom::Image),
                named("library/busybox", KnownFrom::Container),
            ]
        );
    }

    #[test]
    fn where_it_is_known_from_is_stored_as_one_word() {
        for (from, word) in [
            (KnownFrom::Typed, "typed"),
            (KnownFrom::Image, "image"),
            (KnownFrom::Container, "container"),
            (KnownFrom::Compose, "compose"),
            (KnownFrom::Seen, "seen"),
        ] {
            assert_eq!(stored(("a".into(), from)).why, word);
            assert_eq!(read(word), Some(from));
        }
        assert_eq!(read("moon"), None);
        let all = [
            ("a", "image"),
            ("b", "seen"),
            ("c", "typed"),
            ("d", "moon"),
            ("e", "compose"),
        ];
        let all = all.map(|(name, why)| KnownName {
            name: name.into(),
            why: why.into(),
        });
        let names: Vec<String> = of_before(&all).into_keys().collect();
        assert_eq!(names, ["a", "e"]);
    }
}
