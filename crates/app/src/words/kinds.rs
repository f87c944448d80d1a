//! Sentences about whose registry an account is at. Not here: what a registry did (`registry`). Grows with `kinds`.

use super::table::sentences;
use crate::view::problem::{Code, Problem};
use vendors::{CommandFailure, VendorId};

sentences! { "kinds":
    elsewhere(host) => "The interface of this vendor is at one address of its own, and {host} isn’t a registry of it. Choose another.";
    not_here() => "Its interface is at one address of its own.";
    takes_no_second(host) => "{host} takes no second sign-in.";
    wants_second(host) => "{host} does this only with a second sign-in. Add one.";
    wrong_second(host) => "{host} doesn’t take this token. Nothing was kept.";
    narrow_second(host) => "{host} lets this token do too little. Nothing was kept.";
    type_second() => "Type the token.";
    odd_second() => "That is no token: it has spaces or is too long.";
    elsewhere_now(tag) => "{tag} points at something else by now, and was left alone.";
    may_not(host) => "{host} doesn’t let you do this.";
    ask_an_owner() => "Ask an owner of it to let you.";
    no_deletion() => "It lets nobody delete over the protocol.";
    keeps_commit(vendor, commit) => "{vendor} refuses to delete {commit}. Nothing was deleted.";
    keeps_some() => "It keeps the last commit of a repository, and public ones that were pulled very often. Its own pages delete whole repositories.";
    may_not_delete(vendor, commit) => "{vendor} doesn’t let this account delete {commit}. Nothing was deleted.";
    token_deletes() => "The token needs the right to delete packages, and the account has to administer this one.";
    has_other_tags(commit) => "{commit} has other tags since you looked. Nothing was deleted.";
    first_push() => "It makes a repository with the first image that is pushed.";
    push_first() => "Push an image to the new name instead; its description can be written then.";
    docker_alone(vendor) => "{vendor} lists only images in Docker’s own format. What the engine pushes as an OCI manifest is pullable, but not listed there.";
    in_dockers_format(tag, converted, pushed) => "{tag} points at {converted}: the same image in Docker’s own format. {pushed}, as the engine pushed it, stays pullable by its digest.";
    not_in_dockers_format(pushed) => "{pushed} was pushed as it is: it has no form in Docker’s own format, so it isn’t listed there.";
    not_converted(pushed, cause) => "{pushed} was pushed, but not converted to Docker’s own format: {cause}";

    no_command() => "This registry has no command of its own that could be run.";
    command_missing(program) => "{program} is not on this computer, or not where programs are looked for.";
    install_command(program) => "Install {program}, then open Longshore again.";
    command_not_run(program) => "{program} could not be run.";
    command_hung(program) => "{program} didn’t answer in time.";
    command_failed(program) => "{program} did not do it.";
    command_unreadable(program) => "What {program} printed can’t be read.";
    try_command() => "Try it in a terminal. If it asks you to sign in, do that there, then try again here.";
    paste_instead() => "You can paste what it prints instead.";
    no_organisation(program) => "{program} names repositories without their organisation.";
    type_organisation() => "Type the organisation, as it stands in their addresses.";
    bad_organisation(text) => "“{text}” is no organisation’s name: small letters and digits, with dots and dashes between.";
    no_login_line(program) => "{program} printed no line that signs in.";
    other_registry(program, theirs, host) => "{program} signs in to {theirs}, and not to {host}.";
    other_account() => "Let it run for the account of that registry.";
}

/// Says why a vendor's own command did not do what it was run for.
pub(crate) fn of_command(program: &str, failure: &CommandFailure) -> Problem {
    use CommandFailure as F;
    let (message, hint) = match failure {
        F::Missing => (command_missing(program), install_command(program)),
        F::NotStarted(_) => (command_not_run(program), try_command()),
        F::Hung => (command_hung(program), try_command()),
        F::Said(_) => (command_failed(program), try_command()),
        F::TooMuch | F::Unreadable => (command_unreadable(program), paste_instead()),
        F::NoOrganisation => (no_organisation(program), type_organisation()),
    };
    let detail = match failure {
        F::NotStarted(text) | F::Said(text) if !text.is_empty() => Some(text.clone()),
        _ => None,
    };
    message.coded(Code::Program).hint(hint).detail(detail)
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
