//! Sentences about whose registry an account is at. Not here: what a registry did (`registry`). Grows with `kinds`.

use super::table::sentences;
use vendors::VendorId;

sentences! { "kinds":
    elsewhere(host) => "The interface of this vendor is at one address of its own, and {host} isn’t a registry of it. Choose another.";
    not_here() => "Its interface is at one address of its own.";
    no_deletion() => "It lets nobody delete over the protocol.";
    first_push() => "It makes a repository with the first image that is pushed.";
    push_first() => "Push an image to the new name instead; its description can be written then.";
    docker_alone(vendor) => "{vendor} lists images in Docker’s own format alone. What the engine pushes as an OCI manifest is pullable, but not listed there.";
    in_dockers_format(tag, converted, pushed) => "{tag} points at {converted}: the same image in Docker’s own format. {pushed}, as the engine pushed it, stays pullable by its digest.";
    not_in_dockers_format(pushed) => "{pushed} was pushed as it is: it has no form in Docker’s own format, so it isn’t listed there.";
    not_converted(pushed, cause) => "{pushed} was pushed, but not converted to Docker’s own format: {cause}";
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
