//! Whose registry an account is at, where a person knows better than what it answers. It outlives a sign-in.

use super::room::Kinds;
use super::writes::takes_private;
use crate::view::events::Stale;
use crate::view::kinds::{
    KindChoice, KindMeans, KindOrder, KindPart, KindPartView, KindView, VendorId as Shown,
};
use crate::view::problem::Problem;
use crate::words::kinds as say;
use vendors::{Means, Part, Reason, Vendor, VendorId};

impl Kinds {
    /// Returns whose registry an account is at; nothing is asked.
    pub async fn kind(&self, account: String) -> Result<KindView, Problem> {
        let account = self.accounts.account(&account).await?;
        let recognised = self.accounts.learned(account.id).await.vendor();
        let chosen = self.accounts.chosen_vendor(account.id).await;
        let counts = chosen.or(recognised).unwrap_or(VendorId::Plain);
        let vendor = vendors::of(counts);
        let mut parts = Vec::new();
        for part in Part::ALL {
            let is_asked = self.can_be_asked(account.id, vendor, part).await;
            parts.push(how(vendor, part, is_asked));
        }
        Ok(KindView {
            recognised: recognised.map(shown),
            chosen: chosen.map(shown),
            parts,
            takes_private: takes_private(vendor),
            choices: vendors::ALL
                .iter()
                .map(|vendor| KindChoice {
                    vendor: shown(vendor.id()),
                    why: (!vendor.may_be_at(&account.host)).then(|| say::not_here().text()),
                })
                .collect(),
            command: self.command_view(&account, vendor).await,
        })
    }

    /// Takes what a person says of an account's registry. A vendor whose interface is at one address alone is believed nowhere else:
    /// what is deleted here would be deleted there.
    pub async fn choose(&self, order: KindOrder) -> Result<KindView, Problem> {
        let account = self.accounts.account(&order.account).await?;
        let chosen = order.vendor.map(meant);
        if chosen.is_some_and(|id| !vendors::of(id).may_be_at(&account.host)) {
            return Err(say::elsewhere(&account.host).problem());
        }
        let text = chosen.and_then(|id| serde_json::to_string(&id).ok());
        let id = account.id;
        self.ground
            .db(move |store| store.choose_vendor(id, text.as_deref()))
            .await?;
        self.forget_refused(id);
        self.accounts.hold_to_vendor(id).await;
        self.note_trouble(id, None);
        self.ground.stale(Stale::Accounts);
        self.kind(order.account).await
    }
}

/// Tells how a part works with a vendor, as the vendors' own table has it; or without its interface, where that can't be asked.
fn how(vendor: &dyn Vendor, part: Part, is_asked: bool) -> KindPartView {
    let means = if is_asked {
        vendors::means(vendor, part)
    } else {
        vendors::lacking(vendor, part)
    };
    let (means, why) = match means {
        Means::Native => (KindMeans::Native, None),
        Means::ByProtocol => (KindMeans::ByProtocol, None),
        Means::ByCommitTags => (KindMeans::ByCommitTags, None),
        Means::Impossible(Reason::NoDeletion) => {
            (KindMeans::Impossible, Some(say::no_deletion().text()))
        }
        Means::Impossible(Reason::FirstPush) => {
            (KindMeans::Impossible, Some(say::first_push().text()))
        }
    };
    let part = match part {
        Part::List => KindPart::List,
        Part::Describe => KindPart::Describe,
        Part::Create => KindPart::Create,
        Part::TagFacts => KindPart::TagFacts,
        Part::History => KindPart::History,
        Part::DeleteTag => KindPart::DeleteTag,
        Part::DeleteCommit => KindPart::DeleteCommit,
        Part::Restore => KindPart::Restore,
    };
    KindPartView { part, means, why }
}

/// Makes the two ways between the vendors of the crate and those that the window knows.
macro_rules! same {
    ($($name:ident)*) => {
        pub(super) fn shown(id: VendorId) -> Shown {
            match id { $(VendorId::$name => Shown::$name,)* }
        }

        pub(super) fn meant(id: Shown) -> VendorId {
            match id { $(Shown::$name => VendorId::$name,)* }
        }
    };
}

same! {
    Plain Hub Synapse Polly Harbor Quay Ghcr Gitlab Gitea Ecr EcrPublic Google Acr Artifactory Nexus Zot Pulp
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_knows_every_vendor_by_the_name_it_is_stored_under() {
        for vendor in vendors::ALL {
            let id = vendor.id();
            assert_eq!(meant(shown(id)), id);
            let [one, other] = [
                serde_json::to_string(&id),
                serde_json::to_string(&shown(id)),
            ];
            assert_eq!(one.unwrap(), other.unwrap());
        }
    }

    #[test]
    fn how_a_part_works_is_what_the_vendors_table_says() {
        for vendor in vendors::ALL {
            for part in Part::ALL {
                let told = how(*vendor, part, true);
                let is_native = vendors::means(*vendor, part) == Means::Native;
                assert_eq!(told.means == KindMeans::Native, is_native);
                assert_eq!(told.why.is_some(), told.means == KindMeans::Impossible);
            }
        }
        let means = |id, part, is_asked| how(vendors::of(id), part, is_asked).means;
        assert_eq!(
            means(VendorId::Harbor, Part::DeleteTag, true),
            KindMeans::Native
        );
        assert_eq!(
            means(VendorId::Plain, Part::List, true),
            KindMeans::ByProtocol
        );
        assert_eq!(
            means(VendorId::Polly, Part::History, false),
            KindMeans::ByCommitTags
        );
    }
}
