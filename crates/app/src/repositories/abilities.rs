//! What a registry can and cannot do, as far as is known, each with how it is known.
//!
//! Nothing is asked for it: this tells what other questions have brought to light, in this run or an earlier one.

use super::room::Repositories;
use crate::removal::TagDeletion;
use crate::view::about::{Ability, Skill};
use crate::view::problem::Problem;
use crate::view::said::Said;
use crate::words::repositories as say;
use store::Place;
use vendors::Part;

impl Repositories {
    /// Tells what is known, one line a skill, in a fixed order.
    pub(crate) async fn abilities(
        &self,
        account: i64,
        place: &Place,
    ) -> Result<Vec<Ability>, Problem> {
        let (_, listed_at) = self
            .ground
            .db(move |store| store.repositories(account))
            .await?;
        let learned = self.accounts.learned(account).await;
        let catalog = match learned.catalog() {
            _ if learned.tells_list() => (Some(true), say::listed()),
            Some(false) => (Some(false), say::refused_to_list()),
            Some(true) => (Some(true), say::listed()),
            None if listed_at.is_some() => (Some(true), say::listed()),
            None => (None, say::not_asked()),
        };
        let referrers = match learned.referrers() {
            Some(true) => (Some(true), say::said_so()),
            Some(false) => (Some(false), say::keeps_no_list()),
            None => (None, say::not_asked()),
        };
        let habits = self.about.habits(place).await?;
        let dropped = self.about.drops_overwritten(place).await?;
        let keeps = say::keeps(habits.vendor, habits.lets_go, dropped);
        let history = if self.kinds.is_native(account, Part::History).await {
            say::has_history()
        } else if self.kinds.tells_since(account).await {
            say::tells_since()
        } else {
            say::no_history()
        };
        let (deletes, tags) = match self.removal.known_way(account, &place.host).await {
            None => ((None, say::not_asked()), (None, say::not_asked())),
            Some(TagDeletion::ByName) => {
                ((Some(true), say::said_so()), (Some(true), say::said_so()))
            }
            Some(TagDeletion::ByVendor | TagDeletion::ByVendorAlone) => (
                (Some(true), say::said_so()),
                (Some(true), say::by_its_interface()),
            ),
            Some(TagDeletion::ByDecoy) => (
                (Some(true), say::said_so()),
                (Some(false), say::by_digest_only()),
            ),
            Some(TagDeletion::Impossible(why))
                if self.removal.deletes_commits_by_vendor(account).await =>
            {
                (
                    (Some(true), say::commits_by_its_interface()),
                    (Some(false), why),
                )
            }
            Some(TagDeletion::Impossible(why)) => ((Some(false), why.clone()), (Some(false), why)),
        };
        let ability = |what, (can, why): (Option<bool>, Said)| Ability {
            what,
            can,
            why: why.text(),
        };
        let mut all = vec![
            ability(Skill::Catalog, catalog),
            ability(Skill::KeepsOverwritten, keeps),
            ability(Skill::Deletes, deletes),
            ability(Skill::DeletesTags, tags),
            ability(Skill::Referrers, referrers),
            ability(Skill::History, (Some(false), history)),
        ];
        if let Some(ahead) = self.ground.registry_clocks.off(&place.host) {
            all.push(ability(
                Skill::Time,
                (Some(false), say::clock_is_off(ahead)),
            ));
        }
        Ok(all)
    }
}
