//! Reading a repository whole, as far as that is bearable, before anything in it is deleted.

use super::graph::{Graph, Node};
use super::reading::Reading;
use super::room::Removal;
use crate::accounts::Remote;
use crate::view::problem::{Code, Problem};
use futures_util::{StreamExt, stream};
use oci::{CommitTag, Digest, Tag};
use registry::{Doubt, Kind};
use std::collections::{BTreeSet, HashMap, HashSet};

/// How many questions run at once; the registry crate limits a host besides.
pub(super) const AT_ONCE: usize = 6;
/// How many tags are asked for one sheet what they point at.
pub(super) const MOST_TAGS: usize = 500;
/// How many manifests are read for one sheet.
const MOST_MANIFESTS: usize = 3000;

/// What was read, and what was not.
pub(super) struct Survey {
    pub graph: Graph,
    /// Every tag there is.
    pub listed: HashSet<String>,
    /// Tags that were not asked.
    pub unasked: usize,
    /// Tags that could not be read, or not all they hold.
    pub unread: BTreeSet<String>,
    /// The registry lists no tags for this account.
    pub unlisted: bool,
    /// Why the list of tags may lack some.
    pub doubt: Option<Doubt>,
}

impl Survey {
    /// Tells whether every tag there is was asked what it points at, and answered.
    pub fn is_whole(&self) -> bool {
        !self.unlisted && self.doubt.is_none() && self.unasked == 0 && self.unread.is_empty()
    }
}

impl Removal {
    /// Reads what every tag of a repository points at and holds, `wanted` tags and those of `digests` first.
    pub(super) async fn survey(
        &self,
        remote: &Remote,
        wanted: &[Tag],
        digests: &[Digest],
    ) -> Result<Survey, Problem> {
        let mut survey = self.survey_tags(remote, wanted, digests).await?;
        self.read_manifests(remote, &mut survey).await?;
        survey.graph.incomplete |= !survey.is_whole();
        Ok(survey)
    }

    /// Reads what the tags point at, and nothing below.
    pub(super) async fn survey_tags(
        &self,
        remote: &Remote,
        wanted: &[Tag],
        digests: &[Digest],
    ) -> Result<Survey, Problem> {
        let (listed, doubt, unlisted) = match remote.registry.tags().listing().await {
            Ok(list) => (list.entries, list.doubt, false),
            // A repository without tags answers so on some registries.
            Err(error) if error.kind == Kind::NotFound => (Vec::new(), None, false),
            Err(error) if error.kind == Kind::Denied => (Vec::new(), None, true),
            Err(error) => return Err(remote.problem(&error)),
        };
        let mut survey = Survey {
            graph: Graph::default(),
            listed: listed.iter().map(ToString::to_string).collect(),
            unasked: 0,
            unread: BTreeSet::new(),
            unlisted,
            doubt,
        };
        self.ask_tags(remote, wanted, digests, listed, &mut survey)
            .await?;
        Ok(survey)
    }

    async fn ask_tags(
        &self,
        remote: &Remote,
        wanted: &[Tag],
        digests: &[Digest],
        listed: Vec<Tag>,
        survey: &mut Survey,
    ) -> Result<(), Problem> {
        // The asked ones tell which digests it is about; then those that are known, or say, to bear one of them.
        let mut about: HashSet<Digest> = digests.iter().cloned().collect();
        self.ask(remote, wanted, survey).await?;
        about.extend(survey.graph.tags.values().cloned());
        let known: HashMap<String, Option<Digest>> = {
            let place = remote.place.clone();
            let tags = self.ground.db(move |store| store.tags(&place)).await?.0;
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
        self.ask(remote, rest, survey).await
    }

    async fn ask(&self, remote: &Remote, tags: &[Tag], survey: &mut Survey) -> Result<(), Problem> {
        let answers: Vec<(Tag, Result<Option<Digest>, Problem>)> = stream::iter(tags.to_vec())
            .map(|tag| async move {
                let answer = self.history.points_at(remote, &tag).await;
                (tag, answer)
            })
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        for (tag, answer) in answers {
            match answer {
                Ok(Some(digest)) => {
                    survey.graph.tags.insert(tag.to_string(), digest);
                }
                // A listed tag that is not there may be of a type that the registry no longer hands out.
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
    async fn read_manifests(&self, remote: &Remote, survey: &mut Survey) -> Result<(), Problem> {
        // By which tag a manifest was come to: its name is what can be said of one that can't be read.
        let mut waiting: HashMap<Digest, (String, bool)> = survey
            .graph
            .tags
            .iter()
            .map(|(name, digest)| (digest.clone(), (name.clone(), true)))
            .collect();
        let mut allowed = Reading::of(MOST_MANIFESTS);
        while !waiting.is_empty() {
            if !allowed.begin(waiting.len()) {
                survey.graph.incomplete = true;
                survey
                    .unread
                    .extend(waiting.into_values().map(|(name, _)| name));
                return Ok(());
            }
            let mut reading = stream::iter(std::mem::take(&mut waiting))
                .map(|(digest, by)| async move {
                    let content = self.content.fetch(remote, &digest).await;
                    (digest, by, content)
                })
                .buffer_unordered(AT_ONCE);
            // One after the other: what was read of a manifest is let go of before the next.
            while let Some((digest, (name, tagged), content)) = reading.next().await {
                if allowed.is_over() {
                    survey.graph.incomplete = true;
                    survey.unread.insert(name);
                    continue;
                }
                match content? {
                    Ok(content) => {
                        let size = u64::try_from(content.bytes.len()).unwrap_or(u64::MAX);
                        allowed.read(size);
                        let node = Node::of(&content.manifest, size);
                        let children = node.children.iter();
                        waiting
                            .extend(children.map(|child| (child.clone(), (name.clone(), false))));
                        survey.graph.manifests.insert(digest, node);
                    }
                    // A platform that a clean-up took holds nothing any more.
                    Err(error) if error.kind == Kind::NotFound && !tagged => {}
                    Err(error) if error.kind == Kind::SignIn => return Err(remote.problem(&error)),
                    Err(_) => {
                        survey.unread.insert(name);
                    }
                }
            }
            waiting.retain(|digest, _| !survey.graph.manifests.contains_key(digest));
        }
        Ok(())
    }
}
