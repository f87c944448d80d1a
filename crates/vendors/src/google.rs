//! Google's Artifact Registry and the former Container Registry (facts 4.8). Nothing of its interface is asked yet.

use crate::plain::lacks;
use crate::sign::Sign;
use crate::vendor::{Fallback, LetsGo, Part, Vendor, VendorId};
use oci::Host;
use registry::Seen;

pub(crate) struct Google;

impl Vendor for Google {
    fn id(&self) -> VendorId {
        VendorId::Google
    }

    fn signs(&self, seen: &Seen) -> Sign {
        let named = self.may_be_at(&seen.host);
        Sign::when(named && seen.wants_token(|_| true, "/v2/token"))
    }

    fn may_be_at(&self, host: &Host) -> bool {
        let host = host.as_str();
        host == "gcr.io"
            || [".pkg.dev", ".gcr.io"]
                .iter()
                .any(|end| host.ends_with(end))
    }

    fn lacks(&self, part: Part) -> Fallback {
        lacks(part)
    }

    fn lets_go(&self) -> LetsGo {
        // Until a cleanup policy says otherwise.
        LetsGo::Stays
    }
}
