//! How a repository keeps, changed by the person: for everyone or for themselves.

use super::room::Keeping;
use crate::about::{Basis, Unwritten, manifest, rule};
use crate::accounts::Remote;
use crate::view::keep::{KeepOrder, KeepRule, KeepView, Prune, RuleAnswer, RuleAnswerOrder};
use crate::view::problem::{Code, Problem};
use crate::view::push::KeepAnswer;
use crate::view::said::Said;
use crate::words::keeping as say;
use store::{Keeping as Stored, Place};

/// How many open moves are looked through once a rule is allowed, the newest first.
const MOST_OPEN: u32 = 1000;

/// What an answer in a sheet comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Decided {
    /// Keep the commit the tag leaves.
    pub keep: bool,
    /// What the person should know of how the rule was stored.
    pub note: Option<Said>,
}

impl Keeping {
    /// Changes how a repository keeps.
    pub async fn set(&self, order: KeepOrder) -> Result<KeepView, Problem> {
        let place = self
            .accounts
            .place(&order.account, &order.repository)
            .await?;
        let prune = Prune::parse(&order.prune.as_text())
            .ok_or_else(|| say::at_least_one().problem().hint(say::type_number()))?;
        let here = Stored {
            rule: order.rule.as_str().to_owned(),
            prune: Some(prune.as_text()),
            rescue: order.rescue,
        };
        let mut refused = None;
        if order.share {
            let remote = self
                .accounts
                .remote(&order.account, &order.repository)
                .await?;
            let written = self
                .about
                .write(&remote, Basis::Any, |annotations| {
                    let set = |text: String| Some(text);
                    manifest::set(annotations, manifest::KEEP, set(here.rule.clone()));
                    manifest::set(annotations, manifest::KEEP_RULE, set(prune.as_text()));
                    let auto = order.rescue.then(|| manifest::AUTO.to_owned());
                    manifest::set(annotations, manifest::RESCUE, auto);
                })
                .await;
            match written {
                // A rule for everyone holds for the person as well; only the rescue is not stored for them alone.
                Ok(about) => {
                    self.about.set_from_here(&place, &about).await?;
                    let here = Stored {
                        rescue: false,
                        ..here.clone()
                    };
                    let wanted = place.clone();
                    self.ground
                        .db(move |store| store.set_keeping(&wanted, &here))
                        .await?;
                }
                Err(Unwritten::Refused(problem)) => refused = Some(problem.what()),
                Err(Unwritten::Failed(problem)) => return Err(problem),
            }
        }
        if !order.share || refused.is_some() {
            // Whether the repository has a rule decides what *off* means; one that can't be asked now is as it was.
            if let Ok(remote) = self
                .accounts
                .remote(&order.account, &order.repository)
                .await
            {
                let _ = self.about.look(&remote).await;
            }
            self.keep_here(&place, here).await?;
        }
        self.about.stale_about(&place).await;
        self.ground.stale_tags(&place).await;
        let mut view = self.view(&place).await?;
        if let Some(why) = refused {
            view.caution = format!("{} {}", say::stored_here(why).text(), view.caution);
        }
        Ok(view)
    }

    /// Decides what the answer and the repository's rule come to; a new rule is stored, in the repository where that is
    /// wanted (`share`) and may be done, else here. A rule that can't be stored there never stops what the sheet is for.
    pub(crate) async fn decide(
        &self,
        remote: &Remote,
        answer: KeepAnswer,
        share: bool,
    ) -> Result<Decided, Problem> {
        let decided = |keep| Decided { keep, note: None };
        let (keep, rule) = match answer {
            // Decided by the guard, which knows what the sheet showed.
            KeepAnswer::ByRule => {
                return Ok(decided(self.about.keeps_by_itself(&remote.place).await?));
            }
            KeepAnswer::NotThis => return Ok(decided(false)),
            KeepAnswer::EveryPush => (true, KeepRule::Push),
            KeepAnswer::EachOverwrite => (true, KeepRule::Overwrite),
            KeepAnswer::JustThis => (true, KeepRule::OnRequest),
            KeepAnswer::Off => (false, KeepRule::Off),
        };
        let wanted = remote.place.clone();
        let before = self.ground.db(move |store| store.keeping(&wanted)).await?;
        let here = Stored {
            rule: rule.as_str().to_owned(),
            ..before.unwrap_or_default()
        };
        if !share {
            self.keep_here(&remote.place, here).await?;
            self.about.stale_about(&remote.place).await;
            return Ok(decided(keep));
        }
        let written = self
            .about
            .write(remote, Basis::Any, |annotations| {
                manifest::set(annotations, manifest::KEEP, Some(here.rule.clone()));
            })
            .await;
        let note = match written {
            Ok(about) => {
                // A rescue that somebody else wanted was not asked about in this sheet.
                if !about.rescue {
                    self.about.set_from_here(&remote.place, &about).await?;
                }
                let wanted = remote.place.clone();
                self.ground
                    .db(move |store| store.set_keeping(&wanted, &here))
                    .await?;
                None
            }
            Err(unwritten) => {
                self.keep_here(&remote.place, here).await?;
                Some(say::stored_here(unwritten.into_problem().what()))
            }
        };
        self.about.stale_about(&remote.place).await;
        Ok(Decided { keep, note })
    }

    /// Answers a repository's rule, for this computer. Another rule than the one that was shown is not answered.
    pub async fn answer_rule(&self, order: RuleAnswerOrder) -> Result<KeepView, Problem> {
        let place = self
            .accounts
            .place(&order.account, &order.repository)
            .await?;
        let asked = self.about.keeps(&place).await?.consent;
        if asked.is_none_or(|asked| asked.rule != order.rule) {
            return Err(say::rule_changed()
                .coded(Code::Changed)
                .hint(say::look_at_rule()));
        }
        let allowed = order.answer == RuleAnswer::Allow;
        self.about
            .answer_rule(&place, order.rule, order.answer)
            .await?;
        if allowed {
            // What was displaced while nobody had said yes is kept now.
            let wanted = place.clone();
            let open = self
                .ground
                .db(move |store| store.open_moves(&wanted, MOST_OPEN))
                .await?;
            let ids = open.into_iter().map(|moved| moved.id).collect();
            if self.history.record_moves(&place, ids).await? {
                self.ground.wake.notify_one();
            }
        }
        self.about.stale_about(&place).await;
        self.ground.stale_tags(&place).await;
        self.view(&place).await
    }

    /// Stores what was said on this computer. *Off* where the repository has a rule is this person's own.
    async fn keep_here(&self, place: &Place, mut here: Stored) -> Result<(), Problem> {
        let place = place.clone();
        self.ground
            .db(move |store| {
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
