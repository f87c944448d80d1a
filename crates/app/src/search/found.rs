//! What was found, as the window shows it: somebody else's texts, bounded and without what moves or hides its neighbours.
//!
//! Not here: who was asked. Grows by what is told of a repository.

use crate::view::search::SearchRow;
use oci::Reference;
use std::collections::HashSet;

/// The longest description that is shown, in characters.
const DESCRIPTION: usize = 300;
/// The namespace of what Docker Hub vouches for.
const OFFICIAL: &str = "library";

/// What anybody tells of a repository.
pub(super) struct Told<'a> {
    /// The registry's host; none: Docker Hub.
    pub host: Option<&'a str>,
    pub name: &'a str,
    pub description: &'a str,
    pub stars: u64,
    pub pulls: Option<u64>,
    pub official: bool,
}

/// Makes a row; none where the name can't be a repository's.
fn row(told: &Told<'_>) -> Option<SearchRow> {
    let host = told.host.unwrap_or("docker.io");
    let name = Reference::parse(&format!("{host}/{}", told.name)).ok()?;
    if name.tag.is_some() || name.digest.is_some() {
        return None;
    }
    let user = name.repository.namespace().unwrap_or_default();
    Some(SearchRow {
        name: name.repository.name().to_owned(),
        user: user.to_owned(),
        official: told.official || (name.host.as_str() == "docker.io" && user == OFFICIAL),
        host: name.host.to_string(),
        repository: name.repository.to_string(),
        description: oci::text::plain(told.description, DESCRIPTION),
        stars: told.stars,
        pulls: told.pulls,
    })
}

/// Makes the rows of an answer, each repository once.
pub(super) fn rows<'a>(told: impl IntoIterator<Item = Told<'a>>) -> Vec<SearchRow> {
    let mut known = HashSet::new();
    let rows = told.into_iter().filter_map(|told| row(&told));
    rows.filter(|row| known.insert((row.host.clone(), row.repository.clone())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told<'a>(host: Option<&'a str>, name: &'a str) -> Told<'a> {
        Told {
            host,
            name,
            description: "",
            stars: 0,
            pulls: None,
            official: false,
        }
    }

    #[test]
    fn a_repository_is_named_as_its_registry_names_it() {
        let named = |host, name| {
            let row = row(&told(host, name)).unwrap();
            (row.host, row.repository, row.user, row.name, row.official)
        };
        let of = |[host, repository, user, name]: [&str; 4], official| {
            let text = str::to_owned;
            (
                text(host),
                text(repository),
                text(user),
                text(name),
                official,
            )
        };
        let debian = ["docker.io", "library/debian", "library", "debian"];
        assert_eq!(named(None, "debian"), of(debian, true));
        assert_eq!(named(Some("docker.io"), "library/debian"), of(debian, true));
        let tool = ["127.0.0.1:5000", "tool", "", "tool"];
        assert_eq!(named(Some("127.0.0.1:5000"), "tool"), of(tool, false));
        // A name is no registry: only who was asked is.
        let odd = ["docker.io", "evil.example/tool", "evil.example", "tool"];
        assert_eq!(named(None, "evil.example/tool"), of(odd, false));
    }

    #[test]
    fn what_can_be_no_repository_is_left_out_and_a_text_is_bounded() {
        for name in ["", "A/b", "a b", "a:v1", "../a", "a@sha256:00", "<b>"] {
            assert!(row(&told(None, name)).is_none(), "{name}");
        }
        let long = format!("a\u{202e}b\n{}", "x".repeat(5000));
        let description = row(&Told {
            description: &long,
            ..told(None, "a/b")
        })
        .unwrap()
        .description;
        assert!(description.starts_with("ab x"), "{description}");
        assert_eq!(description.chars().count(), DESCRIPTION);
        let twice = rows([told(None, "a"), told(Some("docker.io"), "library/a")]);
        assert_eq!(twice.len(), 1);
    }
}
