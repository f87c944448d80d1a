//! Polly of Elucidata (its documentation; facts 4.14). What it answers is not known, so it is recognised by nobody's answer; and it has
//! no interface that is known but its own command, which is not run yet.

use crate::plain::lacks;
use crate::sign::Sign;
use crate::vendor::{Fallback, LetsGo, Part, Vendor, VendorId};
use registry::Seen;

pub(crate) struct Polly;

impl Vendor for Polly {
    fn id(&self) -> VendorId {
        VendorId::Polly
    }

    fn signs(&self, _: &Seen) -> Sign {
        Sign::No
    }

    fn lacks(&self, part: Part) -> Fallback {
        lacks(part)
    }

    fn lets_go(&self) -> LetsGo {
        // Overwritten versions stay pullable by digest (its documents).
        LetsGo::Stays
    }
}
