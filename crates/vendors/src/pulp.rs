//! Pulp with pulp-container (2.30 measured; facts 8 of servers.md). Nothing of its interface is asked yet.

use crate::plain::lacks;
use crate::sign::Sign;
use crate::vendor::{Fallback, LetsGo, Part, Vendor, VendorId};
use registry::{Ask, Seen};
use serde_json::Value;

pub(crate) struct Pulp;

impl Vendor for Pulp {
    fn id(&self) -> VendorId {
        VendorId::Pulp
    }

    fn signs(&self, seen: &Seen) -> Sign {
        let own = seen.host.as_str();
        let is_like_it = seen.wants_token(|service| service == own, "/token/");
        let ask = Ask::get().at("/pulp/api/v3/status/");
        Sign::ask_when(is_like_it, ask, |told| {
            let versions = told.json::<Value>().unwrap_or_default();
            let mut versions = versions["versions"].as_array().into_iter().flatten();
            versions.any(|version| version["component"] == "container")
        })
    }

    fn lacks(&self, part: Part) -> Fallback {
        lacks(part)
    }

    fn lets_go(&self) -> LetsGo {
        // It stays in the versions of the repository.
        LetsGo::Stays
    }
}
