//! The sheet before a deletion: what each item is, what goes with it, what stays, what could not be checked.

use super::Item;
use super::effects::{can_undo, counted, how, manifest_effect, stays, tag_effect, unchecked};
use super::survey::{AT_ONCE, Survey};
use super::web::{Fall, Going};
use crate::house::{Door, House};
use crate::problems;
use crate::remove::Way;
use crate::view::browse::TimeFact;
use crate::view::delete::{DeleteItem, DeletePlan, Effect, EffectKind, PlannedDelete};
use crate::view::problem::{Code, Problem};
use futures_util::{StreamExt, TryStreamExt, stream};
use oci::{CommitTag, Digest, Tag};
use registry::{At, Kind, Repository};
use std::collections::HashSet;
use store::Place;

/// Of how many commits is asked what refers to them.
const MOST_REFERRED: usize = 20;
/// How many manifests that no tag leads to are read.
const MOST_READ: usize = 1000;

impl House {
    pub(super) async fn plan_deletion(
        &self,
        door: &Door,
        place: &Place,
        remote: &Repository,
        items: &[Item],
    ) -> Result<DeletePlan, Problem> {
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
                let head = remote.head(&At::Digest(digest.clone())).await;
                head.map(|head| (digest, head.is_some()))
            })
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await
            .map_err(|error| door.problem(&error))?;
        let there = there.into_iter().filter(|(_, there)| *there);
        going.commits.extend(there.map(|(digest, _)| digest));
        let commits: Vec<Digest> = going.commits.iter().cloned().collect();
        let mut survey = self.survey(door, place, remote, &tags, &commits).await?;
        self.read_commits(remote, &commits, &mut survey).await?;
        going.tags = tags
            .iter()
            .map(ToString::to_string)
            .filter(|name| survey.web.tags.contains_key(name))
            .collect();

        for digest in &commits {
            let none = Going::default();
            let names = survey.web.names(digest, &none).cloned().collect();
            self.removals.show(place, digest, names);
        }
        let way = self.way(door, remote).await?;
        let fall = survey.web.fall(&going);
        let mut planned = Vec::new();
        for item in items {
            planned.push(self.planned(door, place, remote, &survey, item).await?);
        }
        let mut plan = DeletePlan {
            items: planned,
            goes: self.goes(place, &survey, &going, &fall).await?,
            stays: stays(&survey, &going, &fall),
            unchecked: unchecked(&survey, fall.freed > 0 || fall.shared > 0),
            freed: fall.freed,
            shared: fall.shared,
            how: how(&way, &survey, &going),
            impossible: match way {
                Way::No(why) => Some(why),
                Way::ByTag | Way::ByDecoy => None,
            },
            can_undo: can_undo(&survey, &going),
        };
        self.referrers(remote, &survey, &going, &fall, &mut plan)
            .await;
        Ok(plan)
    }

    /// Commits that no tag names were not come to by the tags.
    async fn read_commits(
        &self,
        remote: &Repository,
        commits: &[Digest],
        survey: &mut Survey,
    ) -> Result<(), Problem> {
        let mut waiting: Vec<Digest> = commits.to_vec();
        let mut asked = HashSet::new();
        while let Some(digest) = waiting.pop() {
            if survey.web.manifests.contains_key(&digest) || !asked.insert(digest.clone()) {
                continue;
            }
            if asked.len() > MOST_READ {
                survey.web.torn = true;
                break;
            }
            match self.fetch(remote, &digest).await? {
                Ok(content) => {
                    let size = u64::try_from(content.bytes.len()).unwrap_or(u64::MAX);
                    let node = super::web::Node::of(&content.manifest, size);
                    waiting.extend(node.children.iter().cloned());
                    survey.web.manifests.insert(digest, node);
                }
                // A platform that a clean-up took holds nothing any more.
                Err(error) if error.kind == Kind::NotFound => {}
                Err(_) => survey.web.torn = true,
            }
        }
        Ok(())
    }

    async fn planned(
        &self,
        door: &Door,
        place: &Place,
        remote: &Repository,
        survey: &Survey,
        item: &Item,
    ) -> Result<PlannedDelete, Problem> {
        let host = &door.account.host;
        let (shown, digest, named) = match item {
            Item::Tag(tag) => {
                let digest = survey.web.tags.get(tag.as_str()).cloned();
                let shown = DeleteItem::Tag {
                    name: tag.to_string(),
                };
                (shown, digest, Some(tag.clone()))
            }
            Item::Commit(digest) => {
                let shown = DeleteItem::Commit {
                    digest: digest.to_string(),
                };
                let there = survey.web.manifests.contains_key(digest)
                    || survey.web.tags.values().any(|of| of == digest);
                (shown, there.then(|| digest.clone()), None)
            }
        };
        let refused = match (&digest, item) {
            (Some(_), _) => None,
            (None, Item::Tag(tag)) if survey.unread.contains(tag.as_str()) => {
                Some(format!("What {tag} points at could not be read."))
            }
            (None, _) => Some(format!("{host} no longer has {}.", item.name())),
        };
        let (mut time, mut size) = (None, None);
        if let Some(digest) = &digest {
            time = self.time_of(place, named.as_ref(), digest).await?;
            size = match self.facts(door, remote, digest).await {
                Ok(facts) => facts.size,
                Err(problem) if problem.code == Code::SignIn => return Err(problem),
                Err(_) => None,
            };
        }
        Ok(PlannedDelete {
            item: shown,
            digest: digest.map(|digest| digest.to_string()),
            time,
            size,
            refused,
        })
    }

    /// When a tag (for a commit tag: the tag it is of; for a commit: the tag it was last seen under) came to point at it.
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
            let seen = self.db(move |store| store.whereabouts(&of)).await?;
            let here = seen.into_iter().find(|(place, _)| *place == wanted);
            let Some(tag) = here.and_then(|(_, tag)| Tag::parse(&tag).ok()) else {
                return Ok(None);
            };
            tag
        };
        self.since(place, &tag, digest).await
    }

    async fn goes(
        &self,
        place: &Place,
        survey: &Survey,
        going: &Going,
        fall: &Fall,
    ) -> Result<Vec<Effect>, Problem> {
        let mut goes: Vec<Effect> = fall
            .names
            .iter()
            .map(|name| tag_effect(name, survey.web.tags.get(name), None))
            .collect();
        let at_once = !fall.unnamed.is_empty() && self.drops_overwritten(place).await?;
        let last = if at_once {
            "It loses its last name, and this registry lets go of it at once."
        } else {
            "It loses its last name; this registry’s next clean-up may remove it."
        };
        let torn = "As far as could be read it loses its last name.";
        goes.extend(fall.unnamed.iter().map(|digest| {
            let note = if survey.web.torn { torn } else { last };
            manifest_effect(EffectKind::Commit, digest, Some(note))
        }));
        goes.extend(fall.broken.iter().map(|index| {
            let tag = survey.web.names(index, going).next();
            Effect {
                kind: EffectKind::Index,
                name: tag.map_or_else(|| index.short().to_owned(), Clone::clone),
                digest: Some(index.to_string()),
                note: Some("It stays, and a platform of it is missing.".to_owned()),
            }
        }));
        goes.extend(fall.platforms.iter().map(|digest| {
            manifest_effect(
                EffectKind::Platform,
                digest,
                Some("Nothing else holds it; this registry’s next clean-up may remove it."),
            )
        }));
        Ok(goes)
    }

    /// Signatures, SBOMs and the like of what loses its last name.
    async fn referrers(
        &self,
        remote: &Repository,
        survey: &Survey,
        going: &Going,
        fall: &Fall,
        plan: &mut DeletePlan,
    ) {
        let subjects: Vec<&Digest> = going.commits.iter().chain(&fall.unnamed).collect();
        let mut unasked = subjects.len().saturating_sub(MOST_REFERRED);
        let mut told: HashSet<String> = HashSet::new();
        for subject in subjects.into_iter().take(MOST_REFERRED) {
            let Ok(referrers) = remote.referrers(subject).await else {
                unasked += 1;
                continue;
            };
            let by_registry = referrers.tag.is_none();
            for referrer in referrers.found {
                if !told.insert(referrer.digest.to_string()) {
                    continue;
                }
                let what = referrer.artifact_type.map_or_else(String::new, |kind| {
                    format!(" ({})", problems::bounded(&kind, 100))
                });
                let note = if by_registry {
                    format!("It refers to it{what}; this registry may remove it along with it.")
                } else {
                    format!("It refers to what would be gone{what}.")
                };
                let effect = manifest_effect(EffectKind::Referrer, &referrer.digest, Some(&note));
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
                    let digest = survey.web.tags.get(&name);
                    plan.stays.push(Effect {
                        kind: EffectKind::Referrer,
                        name,
                        digest: digest.map(ToString::to_string),
                        note: Some("It refers to what would be gone.".to_owned()),
                    });
                }
            }
        }
        if unasked > 0 {
            plan.unchecked.push(format!(
                "What refers to {} (signatures, SBOMs).",
                counted(unasked, "commit", "commits")
            ));
        }
    }
}
