//! Amazon's registry, private (botocore's model; facts 4.7). Its interface is at api.ecr.<region>.amazonaws.com and wants signed
//! requests: nothing of it is asked yet.

use crate::plain::lacks;
use crate::sign::Sign;
use crate::vendor::{Fallback, Part, Vendor, VendorId};
use registry::{Seen, SeenChallenge};

pub(crate) struct Ecr;

impl Vendor for Ecr {
    fn id(&self) -> VendorId {
        VendorId::Ecr
    }

    fn signs(&self, seen: &Seen) -> Sign {
        let host = seen.host.as_str();
        let named = host.contains(".dkr.ecr.")
            && (host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn"));
        let asks = seen.challenges.contains(&SeenChallenge::Basic)
            || seen.wants_token(|service| service == "ecr.amazonaws.com", "");
        Sign::when(named && asks)
    }

    fn lacks(&self, part: Part) -> Fallback {
        lacks(part)
    }
}

/// Amazon's public gallery.
pub(crate) struct EcrPublic;

impl Vendor for EcrPublic {
    fn id(&self) -> VendorId {
        VendorId::EcrPublic
    }

    fn signs(&self, seen: &Seen) -> Sign {
        let named = seen.host.as_str() == "public.ecr.aws";
        Sign::when(named && seen.wants_token(|service| service == "public.ecr.aws", ""))
    }

    fn lacks(&self, part: Part) -> Fallback {
        lacks(part)
    }
}
