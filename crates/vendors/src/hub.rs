//! Docker Hub. Its interface is hub.docker.com's (documentation of the Hub API; `../shared/facts/registries.md` 4.1): nothing of it is
//! asked yet, so all goes by the protocol.

use crate::plain::lacks;
use crate::sign::Sign;
use crate::vendor::{Fallback, LetsGo, Part, Vendor, VendorId};
use oci::Host;
use registry::Seen;

pub(crate) struct Hub;

impl Vendor for Hub {
    fn id(&self) -> VendorId {
        VendorId::Hub
    }

    fn signs(&self, seen: &Seen) -> Sign {
        let named = self.may_be_at(&seen.host);
        Sign::when(named && seen.wants_token(|service| service == "registry.docker.io", "/token"))
    }

    fn may_be_at(&self, host: &Host) -> bool {
        host.as_str() == "docker.io"
    }

    fn lacks(&self, part: Part) -> Fallback {
        lacks(part)
    }

    fn lets_go(&self) -> LetsGo {
        // It stays pullable by its digest.
        LetsGo::Stays
    }
}
