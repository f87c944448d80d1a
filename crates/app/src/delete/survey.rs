//! Reading a repository whole, as far as that is bearable, before anything in it is deleted.

use super::web::{Node, Web};
use crate::house::{Door, House};
use crate::view::problem::{Code, Problem};
use futures_util::{StreamExt, stream};
use oci::{CommitTag, Digest, Manifest, Tag};
use registry::{Kind, Repository};
use std::collections::{BTreeSet, HashMap, HashSet};
use store::Place;

/// How many questions run at once; the registry crate limits a host besides.
pub(super) const AT_ONCE: usize = 6;
/// How many tags are asked for one sheet what they point at.
pub(super) const MOST_TAGS: usize = 500;
/// How many manifests are read for one sheet.
const MOST_MANIFESTS: usize = 3000;

/// What was read, and what was not.
pub(super) struct Survey {
    pub web: Web,
    /// Every tag there is.
    pub listed: HashSet<String>,
    /// Tags that were not asked.
    pub unasked: usize,
    /// Tags that could not be read, or not all they hold.
    pub unread: BTreeSet<String>,
    /// The registry lists no tags for this account.
    pub unlisted: bool,
}

impl House {
    /// Reads what every tag of a repository points at and holds, `wanted` tags and those of `digests` first.
    pub(super) async fn survey(
        &self,
        door: &Door,
        place: &Place,
        remote: &Repository,
        wanted: &[Tag],
        digests: &[Digest],
    ) -> Result<Survey, Problem> {
        let mut survey = self
            .survey_tags(door, place, remote, wanted, digests)
            .await?;
        self.read_manifests(door, remote, &mut survey).await?;
        survey.web.torn =
            survey.unlisted || survey.unasked > 0 || !survey.unread.is_empty() || survey.web.torn;
        Ok(survey)
    }

    /// What the tags point at, and nothing below.
    pub(super) async fn survey_tags(
        &self,
        door: &Door,
        place: &Place,
        remote: &Repository,
        wanted: &[Tag],
        digests: &[Digest],
    ) -> Result<Survey, Problem> {
        let (listed, unlisted) = match remote.tags().all().await {
            Ok(tags) => (tags, false),
            // A repository without tags answers so on some registries.
            Err(error) if error.kind == Kind::NotFound => (Vec::new(), false),
            Err(error) if error.kind == Kind::Denied => (Vec::new(), true),
            Err(error) => return Err(door.problem(&error)),
        };
        let mut survey = Survey {
            web: Web::default(),
            listed: listed.iter().map(ToString::to_string).collect(),
            unasked: 0,
            unread: BTreeSet::new(),
            unlisted,
        };
        self.ask_tags(door, place, remote, wanted, digests, listed, &mut survey)
            .await?;
        Ok(survey)
    }

    #[allow(clippy::too_many_arguments)] // one step of the survey, split off for its length
    async fn ask_tags(
        &self,
        door: &Door,
        place: &Place,
        remote: &Repository,
        wanted: &[Tag],
        digests: &[Digest],
        listed: Vec<Tag>,
        survey: &mut Survey,
    ) -> Result<(), Problem> {
        // The asked ones tell which digests it is about; then those that are known, or say, to bear one of them.
        let mut about: HashSet<Digest> = digests.iter().cloned().collect();
        self.ask(door, place, remote, wanted, survey).await?;
        about.extend(survey.web.tags.values().cloned());
        let known: HashMap<String, Option<Digest>> = {
            let place = place.clone();
            let tags = self.db(move |store| store.tags(&place)).await?.0;
            tags.into_iter().map(|tag| (tag.name, tag.digest)).collect()
        };
        let bears = |tag: &Tag| {
            let seen = known.get(tag.as_str()).and_then(Option::as_ref);
            let says = CommitTag::parse(tag.as_str());
            seen.is_some_and(|seen| about.contains(seen))
                || says.is_some_and(|says| about.iter().any(|digest| says.matches(digest)))
        };
        let (first, later): (Vec<Tag>, Vec<Tag>) = listed
            .into_iter()
            .filter(|tag| !wanted.contains(tag))
            .partition(bears);
        let room = MOST_TAGS.saturating_sub(wanted.len());
        let rest: Vec<Tag> = first.into_iter().chain(later).collect();
        survey.unasked = rest.len().saturating_sub(room);
        let rest = &rest[..rest.len().min(room)];
        self.ask(door, place, remote, rest, survey).await
    }

    async fn ask(
        &self,
        door: &Door,
        place: &Place,
        remote: &Repository,
        tags: &[Tag],
        survey: &mut Survey,
    ) -> Result<(), Problem> {
        let answers: Vec<(Tag, Result<Option<Digest>, Problem>)> = stream::iter(tags.to_vec())
            .map(|tag| async move {
                let answer = self.look(door, place, remote, &tag).await;
                (tag, answer)
            })
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        for (tag, answer) in answers {
            match answer {
                Ok(Some(digest)) => {
                    survey.web.tags.insert(tag.to_string(), digest);
                }
                // Listed and yet not there: of a type that nobody speaks any more, say.
                Ok(None) if survey.listed.contains(tag.as_str()) => {
                    survey.unread.insert(tag.to_string());
                }
                Ok(None) => {}
                Err(problem) if problem.code == Code::SignIn => return Err(problem),
                Err(_) => {
                    survey.unread.insert(tag.to_string());
                }
            }
        }
        Ok(())
    }

    /// Reads the manifests of all tags, then those that indexes hold, level by level.
    async fn read_manifests(
        &self,
        door: &Door,
        remote: &Repository,
        survey: &mut Survey,
    ) -> Result<(), Problem> {
        // By which tag a manifest was come to: its name is what can be said of one that can't be read.
        let mut waiting: HashMap<Digest, (String, bool)> = survey
            .web
            .tags
            .iter()
            .map(|(name, digest)| (digest.clone(), (name.clone(), true)))
            .collect();
        while !waiting.is_empty() {
            if survey.web.manifests.len() + waiting.len() > MOST_MANIFESTS {
                survey.web.torn = true;
                survey
                    .unread
                    .extend(waiting.into_values().map(|(name, _)| name));
                return Ok(());
            }
            let read: Vec<_> = stream::iter(std::mem::take(&mut waiting))
                .map(|(digest, by)| async move {
                    let content = self.fetch(remote, &digest).await;
                    (digest, by, content)
                })
                .buffer_unordered(AT_ONCE)
                .collect()
                .await;
            for (digest, (name, tagged), content) in read {
                match content? {
                    Ok(content) => {
                        let size = u64::try_from(content.bytes.len()).unwrap_or(u64::MAX);
                        let node = Node::of(&content.manifest, size);
                        if let Manifest::Index(_) = content.manifest {
                            waiting.extend(
                                node.children
                                    .iter()
                                    .filter(|child| !survey.web.manifests.contains_key(*child))
                                    .map(|child| (child.clone(), (name.clone(), false))),
                            );
                        }
                        survey.web.manifests.insert(digest, node);
                    }
                    // A platform that a clean-up took holds nothing any more.
                    Err(error) if error.kind == Kind::NotFound && !tagged => {}
                    Err(error) if error.kind == Kind::SignIn => return Err(door.problem(&error)),
                    Err(_) => {
                        survey.unread.insert(name);
                    }
                }
            }
            waiting.retain(|digest, _| !survey.web.manifests.contains_key(digest));
        }
        Ok(())
    }
}
