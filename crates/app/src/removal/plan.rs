//! The sheet before a deletion: what each item is, what goes with it, what stays, what could not be checked.

use super::effects::{can_undo, how, manifest_effect, stays, tag_effect, unchecked};
use super::graph::{Consequences, Going, Node};
use super::item::{self, Item};
use super::reading::Reading;
use super::room::Removal;
use super::room::TagDeletion;
use super::survey::{AT_ONCE, Survey};
use crate::accounts::{Lesson, Remote};
use crate::view::browse::TimeFact;
use crate::view::delete::{
    DeleteItem, DeletePlan, DeleteQuestion, Effect, EffectKind, PlannedDelete,
};
use crate::view::problem::{Code, Problem};
use crate::words;
use futures_util::{FutureExt, StreamExt, TryStreamExt, stream};
use oci::{CommitTag, Digest, Tag};
use registry::{At, Kind};
use std::collections::HashSet;
use store::Place;
use vendors::LetsGo;

/// Of how many commits is asked what refers to them.
const MOST_REFERRED: usize = 20;
/// How many manifests that no tag leads to are read.
const MOST_READ: usize = 1000;

impl Removal {
    /// Says what a deletion would do. Asks only.
    pub async fn plan_delete(&self, question: DeleteQuestion) -> Result<DeletePlan, Problem> {
        let items = item::read(&question.items)?;
        let planned = async {
            let remote = self
                .accounts
                .remote(&question.account, &question.repository)
                .await?;
            self.plan_deletion(&remote, &items).await
        };
        self.accounts
            .asking_for_sheet(&question.account, planned.boxed())
            .await
    }

    async fn plan_deletion(&self, remote: &Remote, items: &[Item]) -> Result<DeletePlan, Problem> {
        let tags: Vec<Tag> = items
            .iter()
            .filter_map(|item| match item {
                Item::Tag(tag) => Some(tag.clone()),
                Item::Commit(_) => None,
            })
            .collect();
        let mut going = Going::default();
        let asked: Vec<Digest> = items
            .iter()
            .filter_map(|item| match item {
                Item::Commit(digest) => Some(digest.clone()),
                Item::Tag(_) => None,
            })
            .collect();
        let there: Vec<(Digest, bool)> = stream::iter(asked)
            .map(|digest| async move {
                let head = remote.registry.head(&At::Digest(digest.clone())).await;
                head.map(|head| (digest, head.is_some()))
            })
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await
            .map_err(|error| remote.problem(&error))?;
        let there = there.into_iter().filter(|(_, there)| *there);
        going.commits.extend(there.map(|(digest, _)| digest));
        let commits: Vec<Digest> = going.commits.iter().cloned().collect();
        let mut survey = self.survey(remote, &tags, &commits).await?;
        self.read_commits(remote, &commits, &mut survey).await?;
        going.tags = tags
            .iter()
            .map(ToString::to_string)
            .filter(|name| survey.graph.tags.contains_key(name))
            .collect();

        let way = self.way(remote).await?;
        let account = remote.account().id;
        let by_vendor = tags.is_empty() && self.deletes_commits_by_vendor(account).await;
        let consequences = survey.graph.consequences(&going);
        let mut planned = Vec::new();
        for item in items {
            planned.push(self.planned(remote, &survey, &going, item).await?);
        }
        let mut plan = DeletePlan {
            items: planned,
            goes: self.goes(remote, &survey, &going, &consequences).await?,
            stays: stays(&survey, &going, &consequences),
            // While anything is unread, every byte counts as shared.
            unchecked: unchecked(&survey, consequences.shared > 0),
            freed: consequences.freed,
            shared: consequences.shared,
            how: how(&way, &survey, &going).map(|said| said.text()),
            impossible: match way {
                TagDeletion::Impossible(_) if by_vendor => None,
                TagDeletion::Impossible(why) => Some(why.text()),
                TagDeletion::ByName
                | TagDeletion::ByVendor
                | TagDeletion::ByVendorAlone
                | TagDeletion::ByDecoy => None,
            },
            can_undo: can_undo(&survey, &going),
        };
        self.referrers(remote, &survey, &going, &consequences, &mut plan)
            .await;
        Ok(plan)
    }

    /// Reads commits that no tag names: the tags have not led to them.
    async fn read_commits(
        &self,
        remote: &Remote,
        commits: &[Digest],
        survey: &mut Survey,
    ) -> Result<(), Problem> {
        let mut waiting: Vec<Digest> = commits.to_vec();
        let mut met: HashSet<Digest> = survey.graph.manifests.keys().cloned().collect();
        let mut allowed = Reading::of(MOST_READ);
        while let Some(digest) = waiting.pop() {
            if !met.insert(digest.clone()) {
                continue;
            }
            if !allowed.begin(1) {
                survey.graph.incomplete = true;
                break;
            }
            match self.content.fetch(remote, &digest).await? {
                Ok(content) => {
                    let size = u64::try_from(content.bytes.len()).unwrap_or(u64::MAX);
                    allowed.read(size);
                    let node = Node::of(&content.manifest, size);
                    waiting.extend(node.children.iter().cloned());
                    survey.graph.manifests.insert(digest, node);
                }
                // A platform that a clean-up took holds nothing any more.
                Err(error) if error.kind == Kind::NotFound => {}
                Err(error) => match remote.problem(&error) {
                    problem if problem.code == Code::SignIn => return Err(problem),
                    _ => survey.graph.incomplete = true,
                },
            }
        }
        Ok(())
    }

    async fn planned(
        &self,
        remote: &Remote,
        survey: &Survey,
        going: &Going,
        item: &Item,
    ) -> Result<PlannedDelete, Problem> {
        let host = &remote.session.account.host;
        let (shown, digest, tag) = match item {
            Item::Tag(tag) => {
                let digest = survey.graph.tags.get(tag.as_str()).cloned();
                let shown = DeleteItem::Tag {
                    name: tag.to_string(),
                };
                (shown, digest, Some(tag.clone()))
            }
            Item::Commit(digest) => {
                let shown = DeleteItem::Commit {
                    digest: digest.to_string(),
                };
                // What is there goes, whether it can be read or not.
                let there = going.commits.contains(digest)
                    || survey.graph.tags.values().any(|of| of == digest);
                (shown, there.then(|| digest.clone()), None)
            }
        };
        let refused = match (&digest, item) {
            (Some(digest), Item::Commit(_))
                if !survey.is_whole() && !survey.graph.tags.values().any(|of| of == digest) =>
            {
                Some(words::removal::no_name_known(digest.short()))
            }
            (Some(digest), Item::Commit(_)) if is_only_a_part(survey, digest) => {
                Some(words::removal::is_a_part(digest.short()))
            }
            (Some(_), _) => None,
            (None, Item::Tag(tag)) if survey.unread.contains(tag.as_str()) => {
                Some(words::removal::not_read(tag))
            }
            (None, _) => Some(words::removal::gone(host, &item.name())),
        };
        let (mut time, mut size) = (None, None);
        if let Some(digest) = &digest {
            time = self.time_of(&remote.place, tag.as_ref(), digest).await?;
            size = match self.content.facts(remote, digest).await {
                Ok(facts) => facts.size,
                Err(problem) if problem.code == Code::SignIn => return Err(problem),
                Err(_) => None,
            };
        }
        let nothing = Going::default();
        let names = digest
            .iter()
            .filter(|_| tag.is_none())
            .flat_map(|digest| survey.graph.names(digest, &nothing))
            .cloned()
            .collect();
        Ok(PlannedDelete {
            names,
            item: shown,
            digest: digest.map(|digest| digest.to_string()),
            time,
            size,
            refused: refused.map(|said| said.text()),
        })
    }

    /// Finds when a tag came to point at a commit: for a commit tag the tag it is of, for a commit the tag it was last seen
    /// under.
    async fn time_of(
        &self,
        place: &Place,
        named: Option<&Tag>,
        digest: &Digest,
    ) -> Result<Option<TimeFact>, Problem> {
        let tag = if let Some(tag) = named {
            CommitTag::parse(tag.as_str()).map_or_else(|| tag.clone(), |of| of.tag)
        } else {
            let (wanted, of) = (place.clone(), digest.clone());
            let seen = self.ground.db(move |store| store.whereabouts(&of)).await?;
            let here = seen.into_iter().find(|(place, _)| *place == wanted);
            let Some(tag) = here.and_then(|(_, tag)| Tag::parse(&tag).ok()) else {
                return Ok(None);
            };
            tag
        };
        self.history.since(place, &tag, digest).await
    }

    /// Tells whether a commit that loses its last tag by a deletion is gone at once.
    async fn goes_at_once(&self, remote: &Remote) -> Result<bool, Problem> {
        let habits = self.about.habits(&remote.place).await?;
        Ok(habits.lets_go == LetsGo::AtOnce { at_deletion: true })
    }

    async fn goes(
        &self,
        remote: &Remote,
        survey: &Survey,
        going: &Going,
        consequences: &Consequences,
    ) -> Result<Vec<Effect>, Problem> {
        let mut goes: Vec<Effect> = consequences
            .names
            .iter()
            .map(|name| tag_effect(name, survey.graph.tags.get(name), None))
            .collect();
        let at_once = self.goes_at_once(remote).await?;
        let last = match (survey.graph.incomplete, at_once) {
            (true, _) => words::removal::last_name_as_read(),
            (false, true) => words::removal::last_name_at_once(),
            (false, false) => words::removal::last_name(),
        };
        goes.extend(
            consequences
                .unnamed
                .iter()
                .map(|digest| manifest_effect(EffectKind::Commit, digest, &last)),
        );
        goes.extend(consequences.broken.iter().map(|index| {
            let tag = survey.graph.names(index, going).next();
            Effect {
                kind: EffectKind::Index,
                name: tag.map_or_else(|| index.short().to_owned(), Clone::clone),
                digest: Some(index.to_string()),
                note: Some(words::removal::platform_missing().text()),
            }
        }));
        let unheld = words::removal::nothing_holds_it();
        goes.extend(
            consequences
                .platforms
                .iter()
                .map(|digest| manifest_effect(EffectKind::Platform, digest, &unheld)),
        );
        Ok(goes)
    }

    /// Adds signatures, SBOMs and the like of what loses its last name.
    async fn referrers(
        &self,
        remote: &Remote,
        survey: &Survey,
        going: &Going,
        consequences: &Consequences,
        plan: &mut DeletePlan,
    ) {
        let subjects: Vec<&Digest> = going.commits.iter().chain(&consequences.unnamed).collect();
        let mut unasked = subjects.len().saturating_sub(MOST_REFERRED);
        let mut told: HashSet<String> = HashSet::new();
        let mut lists = self.accounts.learned(remote.account().id).await.referrers();
        for subject in subjects.into_iter().take(MOST_REFERRED) {
            let asked = match lists {
                // It was asked, and keeps no such lists.
                Some(false) => remote.registry.referrers_by_tag(subject).await,
                _ => remote.registry.referrers(subject).await,
            };
            let Ok(referrers) = asked else {
                unasked += 1;
                continue;
            };
            let by_registry = lists != Some(false) && referrers.tag.is_none();
            if lists != Some(by_registry) {
                lists = Some(by_registry);
                let lesson = Lesson::Referrers(by_registry);
                self.accounts.learn(&remote.session, lesson).await;
            }
            for referrer in referrers.found {
                if !told.insert(referrer.digest.to_string()) {
                    continue;
                }
                let kind = referrer.artifact_type;
                let kind = kind.map(|kind| words::bounded(&kind, 100));
                let note = words::removal::referrer(kind.as_deref(), by_registry);
                let effect = manifest_effect(EffectKind::Referrer, &referrer.digest, &note);
                if by_registry {
                    plan.goes.push(effect);
                } else {
                    plan.stays.push(effect);
                }
            }
            // What cosign keeps under tags of its own making.
            for end in ["sig", "att", "sbom"] {
                let name = format!("{}-{}.{end}", subject.algorithm(), subject.hex());
                if survey.listed.contains(&name) && !going.tags.contains(&name) {
                    let digest = survey.graph.tags.get(&name);
                    plan.stays.push(Effect {
                        kind: EffectKind::Referrer,
                        name,
                        digest: digest.map(ToString::to_string),
                        note: Some(words::removal::refers().text()),
                    });
                }
            }
        }
        if unasked > 0 {
            plan.unchecked
                .push(words::removal::referrers(unasked).text());
        }
    }
}

/// Tells whether a commit bears no name and is part of one that does: that one would be broken without it.
fn is_only_a_part(survey: &Survey, digest: &Digest) -> bool {
    let nothing = Going::default();
    survey.graph.names(digest, &nothing).next().is_none()
        && !survey.graph.holders(digest, &nothing).is_empty()
}
