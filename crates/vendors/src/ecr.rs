//! Amazon's registries, private and public (botocore's models `ecr` and `ecr-public`): by the protocol alone.
//!
//! Their interface (`DescribeRepositories`, `DescribeImages`, `BatchDeleteImage`, …) is at `api.ecr.<region>.amazonaws.com` and
//! wants every request signed with an account's keys (Signature Version 4). What the registry is signed in to with, and what the
//! helper `docker-credential-ecr-login` gives, is a password for the registry that is good for 12 hours and for nothing else: so
//! nothing of that interface can be asked, and no cloud's own library is taken in for it.

use crate::plain::lacks;
use crate::sign::Sign;
use crate::vendor::{Fallback, LetsGo, Part, Vendor, VendorId};
use oci::Host;
use registry::{Seen, SeenChallenge};

pub(crate) struct Ecr;

impl Vendor for Ecr {
    fn id(&self) -> VendorId {
        VendorId::Ecr
    }

    fn signs(&self, seen: &Seen) -> Sign {
        let named = self.may_be_at(&seen.host);
        let asks = seen.challenges.contains(&SeenChallenge::Basic)
            || seen.wants_token(|service| service == "ecr.amazonaws.com", "");
        Sign::when(named && asks)
    }

    fn may_be_at(&self, host: &Host) -> bool {
        let host = host.as_str();
        let ends = [".amazonaws.com", ".amazonaws.com.cn"];
        host.contains(".dkr.ecr.") && ends.iter().any(|end| host.ends_with(end))
    }

    fn lacks(&self, part: Part) -> Fallback {
        lacks(part)
    }

    fn lets_go(&self) -> LetsGo {
        // Until a lifecycle policy says otherwise.
        LetsGo::Stays
    }
}

/// Amazon's public gallery.
pub(crate) struct EcrPublic;

impl Vendor for EcrPublic {
    fn id(&self) -> VendorId {
        VendorId::EcrPublic
    }

    fn signs(&self, seen: &Seen) -> Sign {
        let named = self.may_be_at(&seen.host);
        Sign::when(named && seen.wants_token(|service| service == "public.ecr.aws", ""))
    }

    fn may_be_at(&self, host: &Host) -> bool {
        host.as_str() == "public.ecr.aws"
    }

    fn lacks(&self, part: Part) -> Fallback {
        lacks(part)
    }

    fn lets_go(&self) -> LetsGo {
        // Until a lifecycle policy says otherwise.
        LetsGo::Stays
    }
}
