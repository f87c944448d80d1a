//! The vendors there are. A new one is a file and a line here.

use crate::vendor::{Vendor, VendorId};
use crate::{
    acr::Acr,
    artifactory::Artifactory,
    ecr::{Ecr, EcrPublic},
    ghcr::Ghcr,
    gitea::Gitea,
    gitlab::Gitlab,
    google::Google,
    harbor::Harbor,
    hub::Hub,
    nexus::Nexus,
    plain::Plain,
    polly::Polly,
    pulp::Pulp,
    quay::Quay,
    synapse::Synapse,
    zot::Zot,
};

/// Every vendor, in the order in which they are recognised: whoever has the surer sign first, whoever could be any last.
pub const ALL: &[&dyn Vendor] = &[
    &Hub,
    &Ghcr,
    &Synapse,
    &Ecr,
    &EcrPublic,
    &Google,
    &Acr,
    &Gitlab,
    &Artifactory,
    &Nexus,
    &Harbor,
    &Quay,
    &Gitea,
    &Pulp,
    &Polly,
    &Zot,
    &Plain,
];

/// Returns a vendor by its name.
pub fn of(id: VendorId) -> &'static dyn Vendor {
    ALL.iter()
        .copied()
        .find(|vendor| vendor.id() == id)
        .unwrap_or(&Plain)
}
