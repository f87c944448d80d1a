//! The note for the team: what commit tags are, and the lines that leave them out elsewhere.

/// The text for *Copy a note for your team*.
pub(crate) fn team_note(path: &str) -> String {
    format!(
        "About the tags that begin with _h. in {path}

When one of us moves a tag with Longshore, the image it pointed at before gets a tag of its own, such as
_h.v1.20261121t020900z-2e04bfa1e576: the tag, when it became active (UTC), and the start of its digest.
So an older image stays pullable, and everyone sees which one it was. They are ordinary tags; nothing else changes.

If a tool takes the newest tag, or a rule counts tags, leave them out:

  any regular expression      ^(?!_h\\.)
  Flux ImagePolicy            filterTags: {{pattern: '^v?[0-9].*'}}   (a numerical or alphabetical policy needs a filter)
  Argo CD Image Updater       ignore-tags: regexp:^_h\\.
  Renovate                    nothing with versioning “docker”; “semver-coerced”: allowedVersions: '!/^_h\\./'
  Keel                        match a tag or a pattern; don’t use “force” without match-tag
  Harbor tag retention        exclude **_h.**; never a rule just for _h.**: it deletes images, not tags
  GitLab clean-up             keep tags that match _h\\..*
  Quay, Gitea, Artifactory    a rule that counts tags counts these too: give it a pattern
  ECR, Artifact Registry      rules by prefix don’t match them; rules by count do
"
    )
}
