//! Any registry that speaks the protocol and is none of the others: `registry:2`, `registry:3`, olareg, crane. It has no parts, and
//! is what all others fall back to.

use crate::sign::Sign;
use crate::vendor::{Fallback, LetsGo, Part, Vendor, VendorId};
use registry::Seen;

pub(crate) struct Plain;

impl Vendor for Plain {
    fn id(&self) -> VendorId {
        VendorId::Plain
    }

    fn signs(&self, _: &Seen) -> Sign {
        Sign::Yes
    }

    fn lacks(&self, part: Part) -> Fallback {
        lacks(part)
    }

    fn lets_go(&self) -> LetsGo {
        LetsGo::Unknown
    }
}

/// Tells what takes the place of a part wherever the protocol is all there is.
pub(crate) fn lacks(part: Part) -> Fallback {
    match part {
        Part::List
        | Part::TagFacts
        | Part::DeleteTag
        | Part::DeleteCommit
        | Part::Describe
        | Part::Create => Fallback::ByProtocol,
        Part::History | Part::Restore => Fallback::ByCommitTags,
    }
}
