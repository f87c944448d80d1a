//! GitLab's registry (4.39 measured; facts 4.5). Nothing of its two interfaces is asked yet.

use crate::plain::lacks;
use crate::sign::Sign;
use crate::vendor::{Fallback, Part, Vendor, VendorId};
use registry::Seen;

pub(crate) struct Gitlab;

impl Vendor for Gitlab {
    fn id(&self) -> VendorId {
        VendorId::Gitlab
    }

    fn signs(&self, seen: &Seen) -> Sign {
        Sign::when(seen.wants_token(|service| service == "container_registry", "/jwt/auth"))
    }

    fn lacks(&self, part: Part) -> Fallback {
        lacks(part)
    }
}
