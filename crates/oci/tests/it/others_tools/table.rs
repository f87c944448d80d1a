//! The table: a tool, where its grammar was read, which tags its user has, and what becomes of the three forms.

use super::Verdict::{
    Broken, Chosen, Matched, OnlyOursRemoved, Refused, ReleasesRemoved, Unharmed, Unmatched,
};
use super::{Field, Verdict, dependabot, pickers, renovate, rules};

/// One row.
pub struct Row {
    pub tool: &'static str,
    pub read_at: &'static str,
    /// The tags its user has, oldest first; each list is a repository of its own.
    pub releases: &'static [&'static [&'static str]],
    pub ask: fn(&Field) -> Verdict,
    /// `v1.h-…`, `_h.v1.…` (ours), `v1-h-…`.
    pub expected: [Verdict; 3],
}

const PLAIN: &[&str] = &["1.2.2", "1.2.3", "1.10.0"];
const WITH_V: &[&str] = &["v1", "v2"];
const CANDIDATES: &[&str] = &["1.2.3-rc.1", "1.2.3-rc.2"];
const ALPINE: &[&str] = &["1.2.2-alpine", "1.2.3-alpine"];
const MAIN: &[&str] = &["main-0a1b2c3-1700000000", "main-4d5e6f7-1700000100"];
const DEV: &[&str] = &["dev-1", "dev-2"];
const RELEASES: &[&str] = &["release-1", "release-2", "release-3"];

/// Every row of the table.
pub const ROWS: &[Row] = &[
    Row {
        tool: "Flux semver with prereleases",
        read_at: "https://github.com/fluxcd/image-reflector-controller/blob/60e1fb88fa27ef7cbfb32408c70799bce7c6e894/internal/policy/semver.go",
        releases: &[CANDIDATES, ALPINE],
        ask: pickers::flux_semver,
        expected: [Chosen, Unharmed, Chosen],
    },
    Row {
        tool: "Flux numerical, ^main-[a-fA-F0-9]+-(?P<ts>.*)",
        read_at: "https://github.com/fluxcd/image-reflector-controller/blob/c0ee790b3e8366a394878ef1bde39a33e0bf7f82/internal/policy/numerical.go",
        releases: &[MAIN],
        ask: pickers::flux_numerical_of_main,
        expected: [Broken, Unharmed, Broken],
    },
    Row {
        tool: "Flux alphabetical, ^dev-",
        read_at: "https://github.com/fluxcd/image-reflector-controller/blob/60e1fb88fa27ef7cbfb32408c70799bce7c6e894/internal/policy/alphabetical.go",
        releases: &[DEV],
        ask: pickers::flux_alphabetical_of_dev,
        expected: [Chosen, Unharmed, Chosen],
    },
    Row {
        tool: "Flux numerical without filter",
        read_at: "https://github.com/fluxcd/image-reflector-controller/blob/c0ee790b3e8366a394878ef1bde39a33e0bf7f82/internal/policy/numerical.go",
        releases: &[&["20261101", "20261102"]],
        ask: pickers::flux_numerical,
        expected: [Broken, Broken, Broken],
    },
    Row {
        tool: "Flux alphabetical without filter, digit tags",
        read_at: "https://github.com/fluxcd/image-reflector-controller/blob/60e1fb88fa27ef7cbfb32408c70799bce7c6e894/internal/policy/alphabetical.go",
        releases: &[&["20261101", "20261102"]],
        ask: pickers::flux_alphabetical,
        expected: [Chosen, Chosen, Chosen],
    },
    Row {
        tool: "Flux alphabetical without filter, letter tags",
        read_at: "https://github.com/fluxcd/image-reflector-controller/blob/60e1fb88fa27ef7cbfb32408c70799bce7c6e894/internal/policy/alphabetical.go",
        releases: &[&["build-1", "build-2"]],
        ask: pickers::flux_alphabetical,
        expected: [Chosen, Unharmed, Chosen],
    },
    Row {
        tool: "Argo CD Image Updater newest-build, ^main-",
        read_at: "https://github.com/argoproj-labs/argocd-image-updater/blob/09c7e15eb350cbe666229a77a54bbd88e742b0eb/registry-scanner/pkg/tag/tag.go",
        releases: &[MAIN],
        ask: pickers::newest_build_of_main,
        expected: [Chosen, Unharmed, Chosen],
    },
    Row {
        tool: "Argo CD Image Updater semver with prereleases",
        read_at: "https://github.com/argoproj-labs/argocd-image-updater/blob/05fba7c799c63ea38271f9fd880ebcaa69eac64e/registry-scanner/pkg/image/version.go",
        releases: &[CANDIDATES, ALPINE],
        ask: pickers::highest_loose,
        expected: [Chosen, Unharmed, Chosen],
    },
    Row {
        tool: "Kargo NewestBuild, ^main-",
        read_at: "https://github.com/akuity/kargo/blob/0bceef83d7d708d265145d9545996d2cae386c1f/internal/image/newest_build_selector.go",
        releases: &[MAIN],
        ask: pickers::newest_build_of_main,
        expected: [Chosen, Unharmed, Chosen],
    },
    Row {
        tool: "Kargo SemVer with prereleases",
        read_at: "https://github.com/akuity/kargo/blob/0f40d5ca04f6d1b725b3d85432ca4e60caff818b/internal/image/semver_selector.go",
        releases: &[CANDIDATES, ALPINE],
        ask: pickers::highest_loose,
        expected: [Chosen, Unharmed, Chosen],
    },
    Row {
        tool: "Renovate docker (its default)",
        read_at: "https://github.com/renovatebot/renovate/blob/19bc690f888487575d5ec65f94b1b8baa18c8d69/lib/modules/versioning/docker/index.ts",
        releases: &[PLAIN, WITH_V, ALPINE, CANDIDATES],
        ask: renovate::docker,
        expected: [Unharmed, Unharmed, Unharmed],
    },
    Row {
        tool: "Renovate loose",
        read_at: "https://github.com/renovatebot/renovate/blob/081d3a73286891c0122497a9c85bbbae0790b1b6/lib/modules/versioning/loose/index.ts",
        releases: &[ALPINE, CANDIDATES],
        ask: renovate::loose,
        expected: [Chosen, Unharmed, Chosen],
    },
    Row {
        tool: "Renovate regex, not held to the end",
        read_at: "https://github.com/renovatebot/renovate/blob/09fb36fc320b01c5dc152b670b00aea61664cb58/lib/modules/versioning/regex/index.ts",
        releases: &[PLAIN],
        ask: renovate::regex_open_at_the_end,
        expected: [Chosen, Unharmed, Chosen],
    },
    Row {
        tool: "Renovate regex, held to neither end",
        read_at: "https://github.com/renovatebot/renovate/blob/09fb36fc320b01c5dc152b670b00aea61664cb58/lib/modules/versioning/regex/index.ts",
        releases: &[PLAIN],
        ask: renovate::regex_open_at_both_ends,
        expected: [Chosen, Chosen, Chosen],
    },
    Row {
        tool: "Renovate semver-coerced",
        read_at: "https://github.com/renovatebot/renovate/blob/0c79e48951673e1a345e88dac39d5b208dfea83c/lib/modules/versioning/semver-coerced/index.ts",
        releases: &[PLAIN, WITH_V],
        ask: renovate::semver_coerced,
        expected: [Chosen, Chosen, Chosen],
    },
    Row {
        tool: "Dependabot, tags that end in a source commit",
        read_at: "https://github.com/dependabot/dependabot-core/blob/006f1a4c43ee03c734c877396b690eb180e4b959/docker/lib/dependabot/docker/tag.rb",
        releases: &[&["1.2.2-gabc1234", "1.2.3-gdef5678"]],
        ask: dependabot::dependabot,
        expected: [Chosen, Unharmed, Chosen],
    },
    Row {
        tool: "Keel all",
        read_at: "https://github.com/keel-hq/keel/blob/13a7b5aa509b3f88e13b77c2962af837c770864e/internal/policy/semver.go",
        releases: &[CANDIDATES],
        ask: pickers::keel_all,
        expected: [Chosen, Unharmed, Chosen],
    },
    Row {
        tool: "Keel glob:dev-*",
        read_at: "https://github.com/keel-hq/keel/blob/02fb52ab5295fc9539f2470ca6121207e45b99c4/internal/policy/glob.go",
        releases: &[DEV],
        ask: pickers::keel_glob,
        expected: [Chosen, Unharmed, Chosen],
    },
    Row {
        tool: "Keel regexp:^main-.*",
        read_at: "https://github.com/keel-hq/keel/blob/13a7b5aa509b3f88e13b77c2962af837c770864e/internal/policy/regexp.go",
        releases: &[MAIN],
        ask: pickers::keel_regexp,
        expected: [Chosen, Unharmed, Chosen],
    },
    Row {
        tool: "Keel by webhook on latest",
        read_at: "https://github.com/keel-hq/keel/blob/13a7b5aa509b3f88e13b77c2962af837c770864e/internal/policy/semver.go",
        releases: &[&["latest"]],
        ask: pickers::keel_on_latest,
        expected: [Chosen, Chosen, Chosen],
    },
    Row {
        tool: "Keel force without match-tag",
        read_at: "https://github.com/keel-hq/keel/blob/02fb52ab5295fc9539f2470ca6121207e45b99c4/internal/policy/force.go",
        releases: &[WITH_V],
        ask: pickers::keel_force,
        expected: [Chosen, Chosen, Chosen],
    },
    Row {
        tool: "What’s up Docker, semver",
        read_at: "https://github.com/getwud/wud/blob/077d5816d604a952b05fe47e7c0d97311b5c735d/app/tag/index.ts",
        releases: &[CANDIDATES, &["v1.2.3-rc.1", "v1.2.3-rc.2"]],
        ask: pickers::whats_up_docker,
        expected: [Chosen, Unharmed, Chosen],
    },
    Row {
        tool: "Helm, strict versions",
        read_at: "https://github.com/helm/helm/blob/main/pkg/registry/client.go",
        releases: &[CANDIDATES],
        ask: pickers::helm,
        expected: [Chosen, Unharmed, Chosen],
    },
    Row {
        tool: "Watchtower (one tag’s manifest only)",
        read_at: "https://github.com/containrrr/watchtower/blob/main/pkg/registry/digest/digest.go",
        releases: &[PLAIN, WITH_V, &["latest"]],
        ask: pickers::watchtower,
        expected: [Unharmed, Unharmed, Unharmed],
    },
    Row {
        tool: "Harbor, retain the latest 3 of release-*",
        read_at: "https://github.com/goharbor/harbor/blob/0512dfce50d7aa9ef05cf0e56e7b0c50aa99e785/src/pkg/retention/policy/rule/latestps/evaluator.go",
        releases: &[RELEASES],
        ask: rules::harbor_latest_of_releases,
        expected: [ReleasesRemoved, OnlyOursRemoved, ReleasesRemoved],
    },
    Row {
        tool: "zot, ^release-.*, the newest 3",
        read_at: "https://github.com/project-zot/zot/blob/782170b84a3306ef7ca37f31cb58b335971f98b2/pkg/retention/matcher.go",
        releases: &[RELEASES],
        ask: rules::zot_latest_of_releases,
        expected: [ReleasesRemoved, OnlyOursRemoved, ReleasesRemoved],
    },
    Row {
        tool: "Quay, Gitea, Artifactory, GitLab: rules that count without a pattern",
        read_at: "https://docs.gitea.com/usage/packages/storage",
        releases: &[RELEASES, &["v1", "v2", "v3"]],
        ask: rules::latest_of_all,
        expected: [ReleasesRemoved, ReleasesRemoved, ReleasesRemoved],
    },
    Row {
        tool: "ECR tagPrefixList, Artifact Registry tagPrefixes",
        read_at: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html",
        releases: &[WITH_V],
        ask: rules::prefix_list,
        expected: [Matched, Unmatched, Matched],
    },
    Row {
        tool: "ACR ^v.*",
        read_at: "https://learn.microsoft.com/azure/container-registry/container-registry-auto-purge",
        releases: &[WITH_V],
        ask: rules::acr_filter,
        expected: [Matched, Unmatched, Matched],
    },
    Row {
        tool: "Quay mirror v*",
        read_at: "https://docs.projectquay.io/manage_quay.html",
        releases: &[WITH_V],
        ask: rules::quay_mirror,
        expected: [Matched, Unmatched, Matched],
    },
    Row {
        tool: "GitLab protected tags ^v.*",
        read_at: "https://docs.gitlab.com/user/packages/container_registry/protected_container_tags/",
        releases: &[WITH_V],
        ask: rules::gitlab_protected,
        expected: [Refused, Unharmed, Refused],
    },
];
