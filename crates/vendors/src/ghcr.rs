//! GitHub's registry (facts 4.4). Its interface is api.github.com's: nothing of it is asked yet. Its registry answers 405 to every
//! deletion.

use crate::plain::lacks;
use crate::sign::Sign;
use crate::vendor::{Fallback, LetsGo, Part, Reason, Vendor, VendorId};
use oci::Host;
use registry::Seen;

pub(crate) struct Ghcr;

impl Vendor for Ghcr {
    fn id(&self) -> VendorId {
        VendorId::Ghcr
    }

    fn signs(&self, seen: &Seen) -> Sign {
        let named = self.may_be_at(&seen.host);
        Sign::when(named && seen.wants_token(|service| service == "ghcr.io", "/token"))
    }

    fn may_be_at(&self, host: &Host) -> bool {
        host.as_str() == "ghcr.io"
    }

    fn lacks(&self, part: Part) -> Fallback {
        match part {
            Part::DeleteTag => Fallback::Impossible(Reason::NoDeletion),
            other => lacks(other),
        }
    }

    fn lets_go(&self) -> LetsGo {
        // It lists it as an untagged version.
        LetsGo::Stays
    }
}
