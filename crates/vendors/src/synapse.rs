//! Synapse of Sage Bionetworks (its source of 24 Oct 2024, read; facts 4.13). Nothing of its interface is asked yet. Its tokens allow no
//! deletion: its token service knows `push` and `pull` alone.

use crate::plain::lacks;
use crate::sign::Sign;
use crate::vendor::{Fallback, LetsGo, Part, Reason, Vendor, VendorId};
use registry::Seen;

pub(crate) struct Synapse;

impl Vendor for Synapse {
    fn id(&self) -> VendorId {
        VendorId::Synapse
    }

    fn signs(&self, seen: &Seen) -> Sign {
        Sign::when(seen.wants_token(|_| true, "/docker/v1/bearerToken"))
    }

    fn is_of_images_alone(&self) -> bool {
        true
    }

    fn lacks(&self, part: Part) -> Fallback {
        match part {
            Part::DeleteTag => Fallback::Impossible(Reason::NoDeletion),
            other => lacks(other),
        }
    }

    fn lets_go(&self) -> LetsGo {
        // The registry has no clean-up (its source; facts 4.13).
        LetsGo::Stays
    }
}
