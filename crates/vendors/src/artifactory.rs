//! JFrog Artifactory (its documentation; facts 4.10). Nothing of its interface is asked yet.

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
        LetsGo::AtOnce
    }
}
