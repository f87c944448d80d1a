//! The note for the team: what Longshore's tags are, and the lines that leave them out elsewhere.
//!
//! What each tool does with them was tried, not guessed; a tool that takes a commit tag for a newer version has a line.
//! Not here: what the tags are made of (`oci`). Grows by a tool.

use super::table::sentences;

sentences! { "team_note":
    note(path) => "About the tags that begin with _h. in {path}

When one of us moves a tag with Longshore, the image it pointed at before gets a tag of its own, such as
_h.v1.20261121t020900z-2e04bfa1e5762e04bfa1e5762e04bfa1e5762e04bfa1e5762e04bfa1e5762e04:
the tag, when it became active (UTC; with n in place of z, when it was noticed), and its digest, as much as fits.
So an older image stays pullable, and everyone sees which one it was. They are ordinary tags; nothing else changes.
A tag _about may be there too: it holds the repository’s description and how it keeps, and no image.

If a tool takes the newest tag, or a rule counts tags, leave them out:

  PCRE, Java, JavaScript      ^(?!_h\\.|_about$)
  Go, RE2 (no lookahead)      ^[^_]   (leaves out every tag that begins with _)
  Flux ImagePolicy            filterTags: {pattern: '^v?[0-9].*'}   (a numerical or alphabetical policy needs a filter)
  Argo CD Image Updater       ignore-tags: regexp:^_h\\., _about
  Renovate                    nothing with versioning “docker”; “semver-coerced”, or “regex” without ^: allowedVersions: '!/^_h\\./'
  Keel                        match a tag or a pattern; don’t use “force” without match-tag, nor a webhook on latest
  Harbor, zot retention       exclude _h.** and _about; never a rule just for _h.**: on Harbor it deletes images, not tags
  GitLab clean-up             keep tags that match _h\\..*|_about
  Quay, Gitea, Artifactory    a rule that counts tags counts these too: give it a pattern
  ECR, Artifact Registry      rules by prefix don’t match them; rules by count do
";
}

/// Returns the text for *Copy a note for your team*.
pub(crate) fn team_note(path: &str) -> String {
    note(path).text()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tools that, as tried, take a tag of this form for a newer version, deploy it, or count it among the others.
    const TAKEN_IN: [&str; 9] = [
        "Flux",
        "semver-coerced",
        "“regex” without ^",
        "Keel",
        "webhook on latest",
        "Quay",
        "Gitea",
        "Artifactory",
        "GitLab",
    ];

    #[test]
    fn every_tool_that_is_taken_in_has_a_line() {
        let note = team_note("lab.example/lab/tool");
        let lines = note
            .split_once("leave them out:")
            .map(|(_, lines)| lines)
            .unwrap_or_default();
        for tool in TAKEN_IN {
            assert!(lines.contains(tool), "{tool}:\n{note}");
        }
        assert!(note.starts_with("About the tags that begin with _h. in lab.example/lab/tool\n"));
        assert!(note.contains("_about may be there"));
    }

    #[test]
    fn tools_that_know_no_lookahead_have_a_line_of_their_own() {
        let note = team_note("x");
        let line = note.lines().find(|line| line.contains("Go, RE2")).unwrap();
        assert!(line.contains("  ^[^_] ") && !line.contains("(?"), "{line}");
        assert!(
            [oci::PREFIX, oci::ABOUT_TAG]
                .iter()
                .all(|ours| ours.starts_with('_'))
        );
    }

    #[test]
    fn its_example_is_a_commit_tag() {
        let note = team_note("x");
        let example = note
            .split_whitespace()
            .find_map(|word| oci::CommitTag::parse(word.trim_end_matches(':')));
        assert_eq!(example.unwrap().tag.as_str(), "v1");
    }
}
