//! Sentences about whose registry an account is at. Not here: what a registry did (`registry`). Grows with `kinds`.

use super::table::sentences;
use vendors::VendorId;

sentences! { "kinds":
    elsewhere(host) => "The interface of this vendor is at one address of its own, and {host} isn’t a registry of it. Choose another.";
    not_here() => "Its interface is at one address of its own.";
    no_deletion() => "It lets nobody delete over the protocol.";
}

/// Returns what a vendor is called.
pub(crate) fn name(vendor: VendorId) -> &'static str {
    match vendor {
        VendorId::Plain => "This registry",
        VendorId::Hub => "Docker Hub",
        VendorId::Synapse => "Synapse",
        VendorId::Polly => "Polly",
        VendorId::Harbor => "Harbor",
        VendorId::Quay => "Quay",
        VendorId::Ghcr => "GitHub",
        VendorId::Gitlab => "GitLab",
        VendorId::Gitea => "Gitea",
        VendorId::Ecr => "ECR",
        VendorId::EcrPublic => "ECR Public",
        VendorId::Google => "Artifact Registry",
        VendorId::Acr => "ACR",
        VendorId::Artifactory => "Artifactory",
        VendorId::Nexus => "Nexus",
        VendorId::Zot => "zot",
        VendorId::Pulp => "Pulp",
    }
}
