//! Sonatype Nexus 3 (its documentation): by the protocol alone.
//!
//! Its interface (`/service/rest/v1/search?repository=&docker.imageName=`) takes the account's user and secret, and tells of each
//! tag its digest, time, size and who pushed it. It is at the server's own port, though, and a registry mostly at one of its own
//! (`httpPort`, `httpsPort` of the repository), which doesn't say where the other is; and of a repository's name nothing is said
//! at the registry either, while the same image may be in several, and a group shows those of others. Facts of another
//! repository's tags under these names would be worse than none.

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
