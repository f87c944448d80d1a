//! Sonatype Nexus 3 (its documentation; facts 4.12). Nothing of its interface is asked yet.

use crate::plain::lacks;
use crate::sign::Sign;
use crate::vendor::{Fallback, LetsGo, Part, Vendor, VendorId};
use registry::Seen;

pub(crate) struct Nexus;

impl Vendor for Nexus {
    fn id(&self) -> VendorId {
        VendorId::Nexus
    }

    fn signs(&self, seen: &Seen) -> Sign {
        let server = seen.header("server").unwrap_or_default();
        Sign::when(server.starts_with("Nexus/"))
    }

    fn lacks(&self, part: Part) -> Fallback {
        lacks(part)
    }

    fn lets_go(&self) -> LetsGo {
        // Until its task `repository.docker.gc` is run, by whoever runs it.
        LetsGo::Unknown
    }
}
