//! How a repository keeps, changed by the person: the rule, for everyone or for themselves, and one commit by hand.
//!
//! Not here: which rule holds (`rule`), the keeping itself (`keep`), taking commit tags away (`prune`).

use crate::about::{Basis, Unwritten, manifest};
use crate::house::{self, Door, House};
use crate::keep::as_listed;
use crate::view::browse::KeepRule;
use crate::view::keep::{KeepCommitOrder, KeepOrder, KeepView, Prune};
use crate::view::problem::{Code, Problem};
use crate::view::push::KeepAnswer;
use crate::{Longshore, problems, rule};
use oci::Digest;
use registry::Repository;
use store::{Keeping, Place};

/// What an answer in a sheet comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Decided {
    /// Keep the commit the tag leaves.
    pub keep: bool,
    /// What the person should know of how the rule was stored, as a sentence.
    pub note: Option<String>,
}

impl Longshore {
    /// Changes how a repository keeps.
    pub async fn set_keep(&self, order: KeepOrder) -> Result<KeepView, Problem> {
        let house = &self.house;
        let place = house::place(&house.account(&order.account).await?, &order.repository)?;
        let prune = Prune::parse(&order.prune.as_text()).ok_or_else(|| {
            problems::plain("A rule keeps at least one commit, or one day.")
                .hint("Type a number from 1, or keep all.")
        })?;
        let here = Keeping {
            rule: order.rule.as_str().to_owned(),
            prune: Some(prune.as_text()),
            rescue: order.rescue,
        };
        let mut refused = None;
        if order.share {
            let door = house.door(&order.account).await?;
            let (_, remote) = door.repository(&order.repository)?;
            let written = house
                .write_about(&door, &place, &remote, Basis::Any, |annotations| {
                    let set = |text: String| Some(text);
                    manifest::set(annotations, manifest::KEEP, set(here.rule.clone()));
                    manifest::set(annotations, manifest::KEEP_RULE, set(prune.as_text()));
                    let auto = order.rescue.then(|| manifest::AUTO.to_owned());
                    manifest::set(annotations, manifest::RESCUE, auto);
                })
                .await;
            match written {
                // What the person says for everyone they say for themselves too; a rescue is everyone's or nobody's.
                Ok(_) => {
                    let here = Keeping {
                        rescue: false,
                        ..here.clone()
                    };
                    let wanted = place.clone();
                    house
                        .db(move |store| store.set_keeping(&wanted, &here))
                        .await?;
                }
                Err(Unwritten::Refused(problem)) => refused = Some(problem.message),
                Err(Unwritten::Failed(problem)) => return Err(problem),
            }
        }
        if !order.share || refused.is_some() {
            // Whether the repository has a rule decides what *off* means; one that can't be asked now is as it was.
            if let Ok(door) = house.door(&order.account).await
                && let Ok((_, remote)) = door.repository(&order.repository)
            {
                let _ = house.look_about(&door, &place, &remote).await;
            }
            house.keep_here(&place, here).await?;
        }
        house.stale_about(&place).await;
        house.stale_tags(&place).await;
        let mut view = house.keep_view(&place).await?;
        if let Some(why) = refused {
            view.caution = format!("{} {}", stored_here(&why), view.caution);
        }
        Ok(view)
    }

    /// Keeps one commit by hand; its commit tag.
    pub async fn keep_commit(&self, order: KeepCommitOrder) -> Result<String, Problem> {
        let house = &self.house;
        let tag = house::tag(&order.tag)?;
        let digest = Digest::parse(&order.digest).map_err(problems::unexpected)?;
        let door = house.door(&order.account).await?;
        let (place, remote) = door.repository(&order.repository)?;
        let short = digest.short();
        // Two presses are one wish.
        let _turn = house.turn(format!("keep {}@{digest}", place.path())).await;
        let there = house.reachable(&door, &place, &remote, &digest).await?;
        if !there && let Err(problem) = house.again(&door, &remote, &digest).await {
            house.stale_tags(&place).await;
            return Err(problem);
        }
        let name = house
            .give_commit_tag(&door, &place, &remote, &tag, &digest, |_| {})
            .await?
            .map_err(|cause| Problem {
                code: if cause.code == Code::SignIn {
                    Code::SignIn
                } else {
                    Code::NotKept
                },
                message: format!("{short} could not be kept. {}", cause.message),
                ..cause
            })?;
        if !there {
            house.reachable(&door, &place, &remote, &digest).await?;
        }
        house.kept_by_hand(&place, tag.as_str(), &digest).await?;
        Ok(as_listed(&remote, &name).await.0)
    }
}

impl House {
    /// A commit the registry has let go of can be kept where this computer knows its manifests and the layers are still
    /// there; its platforms are put back for that.
    async fn again(
        &self,
        door: &Door,
        remote: &Repository,
        digest: &Digest,
    ) -> Result<(), Problem> {
        let short = digest.short();
        let host = &door.account.host;
        let unkept = |why: String| problems::coded(Code::NotKept, why);
        if self.known(digest).await?.is_none() {
            return Err(unkept(format!(
                "{short} can’t be kept: {host} no longer has it."
            )));
        }
        let whole = self
            .whole(door, remote, digest)
            .await
            .map_err(|cause| unkept(format!("{short} can’t be kept. {}", cause.message)))?;
        self.put_platforms(door, remote, digest, whole.platforms)
            .await
    }

    /// What the answer and the repository's rule come to; a new rule is stored, in the repository where that is wanted
    /// (`share`) and may be done, else here. A rule that can't be stored there never stops what the sheet is for.
    pub(crate) async fn decide(
        &self,
        door: &Door,
        place: &Place,
        remote: &Repository,
        answer: KeepAnswer,
        share: bool,
    ) -> Result<Decided, Problem> {
        let decided = |keep| Decided { keep, note: None };
        let (keep, rule) = match answer {
            KeepAnswer::ByRule => return Ok(decided(self.keeps_overwritten(place).await?)),
            KeepAnswer::NotThis => return Ok(decided(false)),
            KeepAnswer::EveryPush => (true, KeepRule::Push),
            KeepAnswer::EachOverwrite => (true, KeepRule::Overwrite),
            KeepAnswer::JustThis => (true, KeepRule::OnRequest),
            KeepAnswer::Off => (false, KeepRule::Off),
        };
        let wanted = place.clone();
        let before = self.db(move |store| store.keeping(&wanted)).await?;
        let here = Keeping {
            rule: rule.as_str().to_owned(),
            ..before.unwrap_or_default()
        };
        if !share {
            self.keep_here(place, here).await?;
            self.stale_about(place).await;
            return Ok(decided(keep));
        }
        let written = self
            .write_about(door, place, remote, Basis::Any, |annotations| {
                manifest::set(annotations, manifest::KEEP, Some(here.rule.clone()));
            })
            .await;
        let note = match written {
            Ok(_) => {
                let wanted = place.clone();
                self.db(move |store| store.set_keeping(&wanted, &here))
                    .await?;
                None
            }
            Err(unwritten) => {
                self.keep_here(place, here).await?;
                Some(stored_here(&unwritten.into_problem().message))
            }
        };
        self.stale_about(place).await;
        Ok(Decided { keep, note })
    }

    /// Stores what was said on this computer. *Off* where the repository has a rule is this person's own.
    async fn keep_here(&self, place: &Place, mut here: Keeping) -> Result<(), Problem> {
        let place = place.clone();
        self.db(move |store| {
            let about = store.about(&place)?;
            if here.rule == KeepRule::Off.as_str()
                && about.is_some_and(|about| about.keep.is_some())
            {
                rule::OFF_FOR_ME.clone_into(&mut here.rule);
            }
            store.set_keeping(&place, &here)
        })
        .await
    }
}

/// What was meant for everyone holds here only, and why.
fn stored_here(why: &str) -> String {
    format!(
        "The rule could not be stored in the repository, so it holds on this computer only. {why}"
    )
}
