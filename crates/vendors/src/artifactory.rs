//! JFrog Artifactory (its documentation): by the protocol alone.
//!
//! Its interface takes the account's user and secret, at the same server where that is its own. It speaks of repository keys
//! (`/artifactory/api/storage/KEY/…`, AQL over `repo`), and a registry's answers don't say which key a name belongs to: that is set
//! up by port, by subdomain or by the first part of the path, mostly in a proxy before it, and what a virtual repository shows lies
//! in others. The path of a token's address names one key, which is that of the repository or of whatever the proxy was pointed at.
//! Facts of another repository's tags under these names would be worse than none.

use crate::plain::lacks;
use crate::sign::Sign;
use crate::vendor::{Fallback, LetsGo, Part, Vendor, VendorId};
use registry::{Seen, SeenChallenge};

pub(crate) struct Artifactory;

impl Vendor for Artifactory {
    fn id(&self) -> VendorId {
        VendorId::Artifactory
    }

    fn signs(&self, seen: &Seen) -> Sign {
        let names = [
            "x-jfrog-version",
            "x-artifactory-id",
            "x-artifactory-node-id",
        ];
        let says_so = names.iter().any(|name| seen.header(name).is_some());
        let tokens = seen.challenges.iter().any(|challenge| {
            matches!(challenge, SeenChallenge::Bearer { path, .. } if path.contains("/api/docker/"))
        });
        Sign::when(says_so || tokens)
    }

    fn lacks(&self, part: Part) -> Fallback {
        lacks(part)
    }

    fn lets_go(&self) -> LetsGo {
        // Its *Docker Tag Retention* is 1 until somebody changes it: the older one is lost.
        LetsGo::AtOnce { at_deletion: true }
    }
}
