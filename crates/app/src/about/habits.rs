//! What registries are known to do with a digest that no tag names any more.
//!
//! One small table by host, until a vendor's own interface is used; then each gets a file of its own. A
//! registry that isn't here is treated as one that loses such a digest at some clean-up.

use crate::view::keep::KeepRule;
use crate::words::keeping::Habits;

/// A commit that is gone so soon after its tag moved on (seconds) was let go of by the move, not by a clean-up.
pub(crate) const AT_ONCE: i64 = 600;

/// Chooses the way of keeping that fits this registry. `drops`: it was seen to let go of what a tag had just left, or its vendor's
/// are known to, as zot's and Gitea's; none of them is known by its host's name.
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

/// Tells whether replaced images are known to stay for long without a tag.
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

/// Returns what a registry is known to do, by its host.
pub(crate) fn of(host: &oci::Host) -> Habits {
    Habits {
        keeps_by_itself: keeps_by_itself(host),
        removes_single_tags: removes_single_tags(host),
    }
}

/// Tells whether a tag is known to go alone, without the commit it points at.
fn removes_single_tags(host: &oci::Host) -> bool {
    keeps_by_itself(host)
        && !["ghcr.io", "docker.synapse.org"].contains(&host.as_str())
        && !host.as_str().ends_with(".polly.elucidata.io")
}

#[cfg(test)]
mod tests {
    use super::*;

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
