//! What a registry can and cannot do, as far as is known, each with how it is known.
//!
//! Nothing is asked for it: this tells what other questions have brought to light.

use crate::house::House;
use crate::remove::Way;
use crate::vendors;
use crate::view::about::{Ability, Skill};
use crate::view::problem::Problem;
use store::Place;

impl House {
    /// One a skill, in a fixed order.
    pub(crate) async fn abilities(
        &self,
        account: i64,
        place: &Place,
    ) -> Result<Vec<Ability>, Problem> {
        let (_, listed_at) = self.db(move |store| store.repositories(account)).await?;
        let catalog = if self.learnt.refused_catalog(account) {
            (Some(false), "It refused to list them for you.")
        } else if listed_at.is_some() {
            (Some(true), "It listed them for you.")
        } else {
            (None, "It was not asked yet.")
        };
        let keeps = if self.drops_overwritten(place).await? {
            (
                Some(false),
                "Seen here: a commit was gone right after its tag moved on.",
            )
        } else if vendors::keeps_by_itself(&place.host) {
            (
                Some(true),
                "By its documentation, until a rule or a person removes it.",
            )
        } else {
            (
                None,
                "Not known of this registry. Many keep it until their next clean-up.",
            )
        };
        let way = self.removals.known(account);
        let (deletes, tags) = match &way {
            None => (
                (None, "It was not asked yet.".to_owned()),
                (None, "It was not asked yet.".to_owned()),
            ),
            Some(Way::ByTag) => (
                (Some(true), "It said so when it was asked.".to_owned()),
                (Some(true), "It said so when it was asked.".to_owned()),
            ),
            Some(Way::ByDecoy) => (
                (Some(true), "It said so when it was asked.".to_owned()),
                (
                    Some(false),
                    "It deletes by digest only. Longshore points the tag at an empty manifest and deletes that."
                        .to_owned(),
                ),
            ),
            Some(Way::No(why)) => ((Some(false), why.clone()), (Some(false), why.clone())),
        };
        let ability = |what, (can, why): (Option<bool>, String)| Ability { what, can, why };
        let said = |(can, why): (Option<bool>, &str)| (can, why.to_owned());
        Ok(vec![
            ability(Skill::Catalog, said(catalog)),
            ability(Skill::KeepsOverwritten, said(keeps)),
            ability(Skill::Deletes, deletes),
            ability(Skill::DeletesTags, tags),
            ability(Skill::Referrers, said((None, "It was not asked yet."))),
            ability(
                Skill::History,
                said((
                    Some(false),
                    "No interface that all registries share tells it. The timeline comes from commit tags and from what was seen.",
                )),
            ),
        ])
    }
}
