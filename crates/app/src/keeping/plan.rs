//! What a sheet says of keeping: which rule holds, and what becomes of the commit that a tag is about to leave.

use super::commit_tag::Keepable;
use super::room::Keeping;
use crate::view::keep::{KeepRule, KeepView, RuleAnswer, RuleConsent};
use crate::view::problem::Problem;
use crate::view::push::KeepPlan;
use crate::words::keeping as words;
use oci::{Digest, Tag};
use store::Place;
use vendors::LetsGo;

/// When a rule that was put off is asked about again (seconds).
const LATER: i64 = 86_400;

impl Keeping {
    /// Returns how a repository keeps, as the window shows it.
    pub(crate) async fn view(&self, place: &Place) -> Result<KeepView, Problem> {
        let keeps = self.about.keeps(place).await?;
        let habits = self.about.habits(place).await?;
        Ok(KeepView {
            rule: keeps.rule,
            set_by: keeps.set_by,
            prune: keeps.prune,
            rescue: keeps.rescue,
            off_for_me: keeps.off_for_me,
            consent: keeps.consent.map(|asked| RuleConsent {
                answer: asked.answer.and_then(|(answer, at)| {
                    // What was put off is asked again another day; so is what a clock that was set back can't tell.
                    let fresh = (0..LATER).contains(&(self.ground.now() - at));
                    (answer != RuleAnswer::Later || fresh).then_some(answer)
                }),
                rule: asked.rule,
                keep: asked.keep,
                rescue: asked.rescue,
                author: asked.author,
            }),
            fitting: habits.fitting_rule(),
            caution: words::caution(habits.removes_single_tags, habits.keeps_by_itself(), false)
                .text(),
        })
    }

    /// Says in a sheet how the commit that a tag is about to leave is kept. `index`: it is one of several platforms.
    pub(crate) async fn plan(
        &self,
        place: &Place,
        tag: &Tag,
        digest: &Digest,
        index: bool,
    ) -> Result<KeepPlan, Problem> {
        let keeps = self.about.keeps(place).await?;
        let asks = keeps.not_allowed().map(|asked| asked.rule.clone());
        let habits = self.about.habits(place).await?;
        let without = words::without(habits.vendor, habits.lets_go, digest.short()).text();
        let until = match habits.lets_go {
            LetsGo::After { seconds, .. } => Some(self.ground.registry_now(&place.host) + seconds),
            _ => None,
        };
        Ok(
            match (self.keepable(place, tag, digest).await?, keeps.rule) {
                // Where nothing is to be kept, it doesn't matter that it couldn't be.
                (
                    Keepable::No(why),
                    None | Some(KeepRule::OnRequest | KeepRule::Overwrite | KeepRule::Push),
                ) => KeepPlan::Impossible { why: why.text() },
                (Keepable::No(_), Some(rule)) => KeepPlan::Rule {
                    rule,
                    set_by: keeps.set_by,
                    commit_tag: String::new(),
                    already_kept: false,
                    without,
                    until,
                    asks: None,
                },
                (Keepable::As { name, there }, Some(rule)) => KeepPlan::Rule {
                    rule,
                    set_by: keeps.set_by,
                    commit_tag: name.to_string(),
                    already_kept: there,
                    without,
                    until,
                    asks: asks.filter(|_| rule.keeps_overwritten()),
                },
                (Keepable::As { name, .. }, None) => KeepPlan::Ask {
                    preselected: habits.fitting_rule(),
                    commit_tag: name.to_string(),
                    without,
                    until,
                    caution: words::caution(
                        habits.removes_single_tags,
                        habits.keeps_by_itself(),
                        index,
                    )
                    .text(),
                },
            },
        )
    }
}
