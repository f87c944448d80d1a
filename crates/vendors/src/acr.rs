//! Azure's registry (its SDK of 2021-07-01; facts 4.9). Nothing of its interface is asked yet.

use crate::plain::lacks;
use crate::sign::Sign;
use crate::vendor::{Fallback, LetsGo, Part, Vendor, VendorId};
use registry::Seen;

pub(crate) struct Acr;

impl Vendor for Acr {
    fn id(&self) -> VendorId {
        VendorId::Acr
    }

    fn signs(&self, seen: &Seen) -> Sign {
        let own = seen.host.as_str();
        Sign::when(seen.wants_token(|service| service == own, "/oauth2/token"))
    }

    fn lacks(&self, part: Part) -> Fallback {
        lacks(part)
    }

    fn lets_go(&self) -> LetsGo {
        // Its retention of untagged manifests is off until somebody switches it on (Premium).
        LetsGo::Stays
    }
}
