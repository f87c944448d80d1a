//! What registries are known to do with a digest that no tag names any more.
//!
//! One small table by host, until a vendor's own interface is used; then each gets a file of its own. A
//! registry that isn't here is treated as one that loses such a digest at some clean-up.

use crate::view::browse::KeepRule;

/// A commit that is gone so soon after its tag moved on (seconds) was let go of by the move, not by a clean-up.
pub(crate) const AT_ONCE: i64 = 600;

/// Which way of keeping fits this registry. `drops`: it was seen to let go of what a tag had just left, as zot, Gitea
/// and Artifactory do; none of them is known by its host's name.
pub(crate) fn fitting_rule(host: &oci::Host, drops: bool) -> KeepRule {
    if drops {
        // A colleague's plain push destroys at once: only what was kept before outlives it.
        KeepRule::Push
    } else if keeps_by_itself(host) {
        KeepRule::OnRequest
    } else {
        KeepRule::Overwrite
    }
}

/// True where replaced images are known to stay for long without a tag.
pub(crate) fn keeps_by_itself(host: &oci::Host) -> bool {
    let name = host.as_str();
    let name = name.split(':').next().unwrap_or(name);
    let ecr = name.contains(".dkr.ecr.")
        && (name.ends_with(".amazonaws.com") || name.ends_with(".amazonaws.com.cn"));
    matches!(
        name,
        "docker.io" | "index.docker.io" | "registry-1.docker.io" | "ghcr.io" | "docker.synapse.org"
    ) || ecr
        || [".azurecr.io", "-docker.pkg.dev", ".polly.elucidata.io"]
            .iter()
            .any(|end| name.ends_with(end))
}

/// True where a tag is known to go alone, without the commit it points at.
fn removes_single_tags(host: &oci::Host) -> bool {
    keeps_by_itself(host)
        && !["ghcr.io", "docker.synapse.org"].contains(&host.as_str())
        && !host.as_str().ends_with(".polly.elucidata.io")
}

/// What may happen to a commit that is not kept, as a sentence.
pub(crate) fn without(host: &oci::Host, drops: bool, short: &str) -> String {
    if drops {
        format!("{short} can’t be pulled any more: this registry lets go of it at once.")
    } else if keeps_by_itself(host) {
        format!(
            "{short} stays on this registry without a tag until it is cleaned up by a rule or by hand."
        )
    } else {
        format!("{short} can be pulled until this registry’s next clean-up.")
    }
}

/// What others may do with a commit tag, and whether it can be taken back, in sentences.
pub(crate) fn caution(host: &oci::Host, index: bool) -> String {
    let mut text = String::from(
        "Everyone sees it; tools that take the newest tag may take it, and rules that count, age or match tags may remove it.",
    );
    if !removes_single_tags(host) {
        text.push_str(" This registry may not be able to remove a single tag.");
    }
    if index && !keeps_by_itself(host) {
        text.push_str(
            " On some registries a clean-up of untagged images still removes the platforms of a multi-platform image.",
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_commit_tag_may_bring_is_said() {
        let told = |host: &str, index| caution(&oci::Host::parse(host).unwrap(), index);
        for host in ["127.0.0.1:5000", "docker.io", "ghcr.io"] {
            let text = told(host, false);
            for words in ["Everyone sees it", "newest tag", "count, age or match"] {
                assert!(text.contains(words), "{host}: {text}");
            }
            assert_eq!(text.contains("a single tag"), host != "docker.io", "{host}");
        }
        assert!(told("lab.example", true).contains("platforms of a multi-platform image"));
        assert!(!told("docker.io", true).contains("platforms"));
    }

    #[test]
    fn the_fitting_rule_by_host() {
        for (host, rule) in [
            ("127.0.0.1:5000", KeepRule::Overwrite),
            ("registry.example.org", KeepRule::Overwrite),
            ("notghcr.io", KeepRule::Overwrite),
            ("ghcr.io", KeepRule::OnRequest),
            ("docker.io", KeepRule::OnRequest),
            (
                "123456789012.dkr.ecr.eu-west-1.amazonaws.com",
                KeepRule::OnRequest,
            ),
            ("europe-docker.pkg.dev", KeepRule::OnRequest),
            ("lab.azurecr.io", KeepRule::OnRequest),
            ("docker.polly.elucidata.io", KeepRule::OnRequest),
            ("docker.synapse.org", KeepRule::OnRequest),
        ] {
            assert_eq!(
                fitting_rule(&oci::Host::parse(host).unwrap(), false),
                rule,
                "{host}"
            );
            assert_eq!(
                fitting_rule(&oci::Host::parse(host).unwrap(), true),
                KeepRule::Push
            );
        }
    }
}
