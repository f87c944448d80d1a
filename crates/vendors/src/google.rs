//! Google's Artifact Registry and the former Container Registry (facts 4.8). Nothing of its interface is asked yet.

use crate::plain::lacks;
use crate::sign::Sign;
use crate::vendor::{Fallback, Part, Vendor, VendorId};
use registry::Seen;

pub(crate) struct Google;

impl Vendor for Google {
    fn id(&self) -> VendorId {
        VendorId::Google
    }

    fn signs(&self, seen: &Seen) -> Sign {
        let host = seen.host.as_str();
        let named = host.ends_with(".pkg.dev") || host == "gcr.io" || host.ends_with(".gcr.io");
        Sign::when(named && seen.wants_token(|_| true, "/v2/token"))
    }

    fn lacks(&self, part: Part) -> Fallback {
        lacks(part)
    }
}
