//! GitLab's registry (4.39 measured; facts 4.5). Nothing of its two interfaces is asked yet.

use crate::plain::lacks;
use crate::sign::Sign;
use crate::vendor::{Fallback, LetsGo, Part, Vendor, VendorId};
use registry::Seen;

/// A day (seconds).
const DAY: i64 = 86_400;

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

    fn lets_go(&self) -> LetsGo {
        // Online garbage collection takes it after `gc.reviewafter`, 24 hours where nobody changed it; measured.
        LetsGo::After {
            seconds: DAY,
            hidden: false,
        }
    }
}
