//! `docs/registries.md`: what works how with which vendor, from `vendors::means`, and what each was tried on, from the list of systems.
//!
//! `LONGSHORE_TABLE=write cargo test -p app --test it systems::matrix` writes it. Not here: what a vendor has (`vendors`). Grows by a
//! reason for which something is impossible.

use super::TRIED;
use super::world::On;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use vendors::{ALL, Means, Part, Reason, Vendor, VendorId, means};

const BEGIN: &str = "<!-- matrix: written by crates/app/tests/it/systems/matrix.rs -->\n";
const END: &str = "<!-- /matrix -->";

fn name(id: VendorId) -> &'static str {
    match id {
        VendorId::Plain => "any OCI registry",
        VendorId::Hub => "Docker Hub",
        VendorId::Synapse => "Synapse",
        VendorId::Polly => "Polly",
        VendorId::Harbor => "Harbor",
        VendorId::Quay => "Quay",
        VendorId::Ghcr => "GitHub (GHCR)",
        VendorId::Gitlab => "GitLab",
        VendorId::Gitea => "Gitea, Forgejo",
        VendorId::Ecr => "AWS (ECR)",
        VendorId::EcrPublic => "AWS (ECR Public)",
        VendorId::Google => "Google (Artifact Registry)",
        VendorId::Acr => "Azure (ACR)",
        VendorId::Artifactory => "Artifactory",
        VendorId::Nexus => "Nexus",
        VendorId::Zot => "zot",
        VendorId::Pulp => "Pulp",
    }
}

fn part(part: Part) -> &'static str {
    match part {
        Part::List => "list",
        Part::Describe => "describe",
        Part::Create => "create",
        Part::TagFacts => "tags with facts",
        Part::History => "history",
        Part::DeleteTag => "delete a tag",
        Part::DeleteCommit => "delete a commit",
        Part::Restore => "restore",
    }
}

fn way(vendor: &dyn Vendor, part: Part) -> &'static str {
    match means(vendor, part) {
        Means::Native if part == Part::TagFacts && vendor.facts().is_none() => {
            "**native**: since when and by whom; what, by protocol"
        }
        Means::Native => "**native**",
        Means::ByProtocol => "by protocol",
        Means::ByCommitTags => "by commit tags",
        Means::Impossible(Reason::NoDeletion) => "impossible: it serves no deletion",
        Means::Impossible(Reason::FirstPush) => "impossible: the first image makes one",
    }
}

fn on(on: On) -> String {
    match on {
        On::StandIn(what) => format!("a stand-in of {what}"),
        On::Real(what) => format!("real: {what}"),
    }
}

/// What a vendor was tried on, the real ones first.
fn tried_on(id: VendorId) -> String {
    let mut all: Vec<&super::Tried> = TRIED.iter().filter(|tried| tried.vendor == id).collect();
    all.sort_by_key(|tried| matches!(tried.on, On::StandIn(_)));
    let all: Vec<String> = all.iter().map(|tried| on(tried.on)).collect();
    if all.is_empty() {
        return "not tried".to_owned();
    }
    all.join("; ")
}

fn tables() -> String {
    let mut text = String::from("| registry | tried on |");
    for each in Part::ALL {
        let _ = write!(text, " {} |", part(each));
    }
    text.push_str("\n|---|---|");
    text.push_str(&"---|".repeat(Part::ALL.len()));
    text.push('\n');
    for vendor in ALL {
        let id = vendor.id();
        let _ = write!(text, "| {} | {} |", name(id), tried_on(id));
        for each in Part::ALL {
            let means = means(*vendor, each);
            // Where its command may not run, or isn't there, all goes by the protocol.
            let by = vendor.program().filter(|_| means == Means::Native);
            let by = by.map_or(String::new(), |program| format!(", by `{}`", program.name));
            let _ = write!(text, " {}{by} |", way(*vendor, each));
        }
        text.push('\n');
    }
    text.push_str("\n| tried on | as | what |\n|---|---|---|\n");
    for tried in TRIED {
        let steps: Vec<String> = tried
            .steps
            .iter()
            .map(|step| step.replace('_', " "))
            .collect();
        let _ = writeln!(
            text,
            "| {} | {} | {} |",
            on(tried.on),
            name(tried.vendor),
            steps.join(", ")
        );
    }
    text
}

#[test]
fn the_docs_say_what_works_how_and_what_it_was_tried_on() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/registries.md");
    let text = fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(BEGIN).unwrap();
    let (shown, after) = rest.split_once(END).unwrap();
    let tables = tables();
    if std::env::var_os("LONGSHORE_TABLE").is_some_and(|what| what == "write") {
        fs::write(&path, format!("{before}{BEGIN}{tables}{END}{after}")).unwrap();
    } else {
        assert_eq!(
            shown, tables,
            "write it with LONGSHORE_TABLE=write cargo test -p app --test it systems::matrix"
        );
    }
}

#[test]
fn only_a_program_that_was_started_is_said_to_be_real() {
    let real = include_str!("real.rs").matches(": VendorId = VendorId::");
    assert_eq!(real.count(), 2, "what is real is the protocol’s, or Pulp");
    for file in [
        include_str!("played.rs"),
        include_str!("played_ghcr.rs"),
        include_str!("played_gitlab.rs"),
        include_str!("own_tokens.rs"),
        include_str!("by_protocol.rs"),
        include_str!("mod.rs"),
        include_str!("hub.rs"),
    ] {
        assert!(!file.contains("On::Real"));
    }
    for tried in TRIED {
        let is_real = matches!(tried.on, On::Real(_));
        // What is played fails, or ends its tokens, as a test wants it; no real one does.
        let at_will = ["expired_token", "fails_500"];
        let is_played = at_will.iter().any(|step| tried.steps.contains(step));
        assert_ne!(is_real, is_played, "{:?}", tried.on);
        assert!(!is_real || [VendorId::Plain, VendorId::Pulp].contains(&tried.vendor));
    }
}
