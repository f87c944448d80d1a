//! What is known of a registry's ways: what becomes of a commit that no tag names any more, and whether a tag goes alone.
//!
//! The vendor says it (`vendors`), where it was recognised or chosen; what was seen of the very registry counts before that. A
//! registry that is nobody's lets go of such a commit at some clean-up. Not here: the sentences (`words::keeping`). Grows by
//! another way of registries that a sheet has to tell.

use super::room::About;
use crate::view::keep::KeepRule;
use crate::view::problem::Problem;
use store::Place;
use vendors::{LetsGo, Means, Part, VendorId};

/// A commit that is gone so soon after its tag moved on (seconds) was let go of by the move, not by a clean-up.
pub(crate) const AT_ONCE: i64 = 600;

/// What a registry is known to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Habits {
    /// Whose it is.
    pub vendor: VendorId,
    /// What becomes of a commit that no tag names any more.
    pub lets_go: LetsGo,
    /// A commit that was let go of can be put back by the vendor's interface.
    pub restores: bool,
    /// A tag is known to go alone, without the commit it points at.
    pub removes_single_tags: bool,
}

impl Habits {
    /// Returns those of a vendor's registry; of one that was seen to let go of what a tag had just left, where it was (`drops`), and
    /// of which an account is let put a commit back, where its vendor can (`restores`).
    pub fn of(vendor: VendorId, drops: bool, restores: bool) -> Self {
        let known = vendors::of(vendor);
        let is_native = |part| vendors::means(known, part) == Means::Native;
        let lets_go = match known.lets_go() {
            // That it answers to nobody is no news of one that hides it.
            hides @ LetsGo::After { hidden: true, .. } => hides,
            known @ LetsGo::AtOnce { .. } => known,
            _ if drops => LetsGo::AtOnce { at_deletion: true },
            told => told,
        };
        Self {
            vendor,
            lets_go,
            restores: restores && is_native(Part::Restore),
            removes_single_tags: is_native(Part::DeleteTag),
        }
    }

    /// Tells whether a commit stays for long without a tag.
    pub fn keeps_by_itself(self) -> bool {
        self.lets_go == LetsGo::Stays
    }

    /// Chooses the way of keeping that fits.
    pub fn fitting_rule(self) -> KeepRule {
        match self.lets_go {
            LetsGo::Stays => KeepRule::OnRequest,
            // A colleague's plain push destroys at once: only what was kept before outlives it.
            LetsGo::AtOnce { .. } => KeepRule::Push,
            LetsGo::After { hidden: true, .. } if !self.restores => KeepRule::Push,
            LetsGo::Unknown | LetsGo::After { .. } => KeepRule::Overwrite,
        }
    }
}

impl About {
    /// Returns what the registry of a repository is known to do.
    pub(crate) async fn habits(&self, place: &Place) -> Result<Habits, Problem> {
        let drops = self.drops_overwritten(place).await?;
        let vendor = self.vendor(&place.host).await;
        let restores = self.accounts.can_restore(&place.host, vendor).await;
        Ok(Habits::of(vendor, drops, restores))
    }

    /// Returns whose registry is at a host, as far as is known.
    pub(crate) async fn vendor(&self, host: &oci::Host) -> VendorId {
        let vendor = self.accounts.vendor_at(host).await;
        vendor.unwrap_or(VendorId::Plain)
    }

    /// Tells whether this registry was seen to let go of what a tag had just left.
    pub(crate) async fn drops_overwritten(&self, place: &Place) -> Result<bool, Problem> {
        let host = place.host.clone();
        self.ground
            .db(move |store| store.drops_overwritten(&host, AT_ONCE))
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_that_fits_follows_from_what_a_registry_lets_go_of() {
        for (vendor, rule) in [
            (VendorId::Plain, KeepRule::Overwrite),
            (VendorId::Gitlab, KeepRule::Overwrite),
            (VendorId::Nexus, KeepRule::Overwrite),
            (VendorId::Hub, KeepRule::OnRequest),
            (VendorId::Ghcr, KeepRule::OnRequest),
            (VendorId::Ecr, KeepRule::OnRequest),
            (VendorId::Google, KeepRule::OnRequest),
            (VendorId::Acr, KeepRule::OnRequest),
            (VendorId::Polly, KeepRule::OnRequest),
            (VendorId::Synapse, KeepRule::OnRequest),
            (VendorId::Harbor, KeepRule::OnRequest),
            (VendorId::Pulp, KeepRule::OnRequest),
            (VendorId::Zot, KeepRule::Push),
            (VendorId::Gitea, KeepRule::Push),
            (VendorId::Artifactory, KeepRule::Push),
        ] {
            assert_eq!(
                Habits::of(vendor, false, true).fitting_rule(),
                rule,
                "{vendor:?}"
            );
            assert_eq!(
                Habits::of(vendor, true, true).fitting_rule(),
                KeepRule::Push
            );
        }
    }

    #[test]
    fn what_hides_a_commit_for_a_while_is_not_one_that_drops_it() {
        let quay = Habits::of(VendorId::Quay, true, true);
        assert_eq!(quay, Habits::of(VendorId::Quay, false, true));
        assert_eq!(quay.fitting_rule(), KeepRule::Overwrite);
        // Without the token that puts it back, a colleague's push destroys at once.
        let alone = Habits::of(VendorId::Quay, false, false);
        assert_eq!(alone.fitting_rule(), KeepRule::Push);
    }
}
