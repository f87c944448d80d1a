//! zot (its source; facts 4.11). Nothing of its extensions is asked yet, but for which there are.

use crate::plain::lacks;
use crate::sign::{Confirm, Sign};
use crate::vendor::{Fallback, LetsGo, Part, Vendor, VendorId};
use registry::{Ask, Seen, SeenChallenge};
use serde_json::Value;

/// The only header of those that others are known by which it has.
const VERSION: &str = "docker-distribution-api-version";

pub(crate) struct Zot;

impl Vendor for Zot {
    fn id(&self) -> VendorId {
        VendorId::Zot
    }

    fn signs(&self, seen: &Seen) -> Sign {
        // It looks like any other, so whoever may be it is asked.
        let is_plain = seen.headers.keys().all(|name| *name == VERSION);
        let tokens = seen
            .challenges
            .iter()
            .any(|challenge| *challenge != SeenChallenge::Basic);
        if !is_plain || tokens || seen.status == 404 {
            return Sign::No;
        }
        Sign::Maybe(Box::new(Confirm {
            ask: Ask::get().at("/v2/_oci/ext/discover").once(),
            is_below_v2: true,
            is_so: |told| {
                let found = told.json::<Value>().unwrap_or_default();
                let mut found = found["extensions"].as_array().into_iter().flatten();
                found.any(|found| {
                    found["name"]
                        .as_str()
                        .is_some_and(|name| name.starts_with("_zot"))
                })
            },
        }))
    }

    fn lacks(&self, part: Part) -> Fallback {
        lacks(part)
    }

    fn lets_go(&self) -> LetsGo {
        // Measured: 404 right after (its issue 4444).
        LetsGo::AtOnce
    }
}
