//! Gitea and Forgejo (measured; facts 4.6). Nothing of their interface is asked yet.

use crate::plain::lacks;
use crate::sign::Sign;
use crate::vendor::{Fallback, LetsGo, Part, Vendor, VendorId};
use registry::{Ask, Seen};
use serde_json::Value;

pub(crate) struct Gitea;

impl Vendor for Gitea {
    fn id(&self) -> VendorId {
        VendorId::Gitea
    }

    fn signs(&self, seen: &Seen) -> Sign {
        let is_like_it = seen.wants_token(|service| service == "container_registry", "/v2/token");
        let ask = Ask::get().at("/api/v1/version");
        Sign::ask_when(is_like_it, ask, |told| {
            told.json::<Value>()
                .is_ok_and(|told| told["version"].is_string())
        })
    }

    fn lacks(&self, part: Part) -> Fallback {
        lacks(part)
    }

    fn lets_go(&self) -> LetsGo {
        // Measured: 404 right after.
        LetsGo::AtOnce
    }
}
