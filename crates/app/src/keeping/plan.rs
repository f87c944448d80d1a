//! What a sheet says of keeping: which rule holds, and what becomes of the commit that a tag is about to leave.

use super::commit_tag::Keepable;
use super::room::Keeping;
use crate::about::habits;
use crate::view::keep::{KeepRule, KeepView};
use crate::view::problem::Problem;
use crate::view::push::KeepPlan;
use crate::words::keeping as words;
use oci::{Digest, Tag};
use store::Place;

impl Keeping {
    /// Returns how a repository keeps, as the window shows it.
    pub(crate) async fn view(&self, place: &Place) -> Result<KeepView, Problem> {
        let keeps = self.about.keeps(place).await?;
        Ok(KeepView {
            rule: keeps.rule,
            set_by: keeps.set_by,
            prune: keeps.prune,
            rescue: keeps.rescue,
            off_for_me: keeps.off_for_me,
            fitting: self.about.fitting_rule(place).await?,
            caution: words::caution(habits::of(&place.host), false).text(),
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
        let without = words::without(
            habits::keeps_by_itself(&place.host),
            self.about.drops_overwritten(place).await?,
            digest.short(),
        )
        .text();
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
                },
                (Keepable::As { name, there }, Some(rule)) => KeepPlan::Rule {
                    rule,
                    set_by: keeps.set_by,
                    commit_tag: name.to_string(),
                    already_kept: there,
                    without,
                },
                (Keepable::As { name, .. }, None) => KeepPlan::Ask {
                    preselected: self.about.fitting_rule(place).await?,
                    commit_tag: name.to_string(),
                    without,
                    caution: words::caution(habits::of(&place.host), index).text(),
                },
            },
        )
    }
}
