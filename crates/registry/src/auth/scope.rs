//! What a request needs to be allowed, in the words of the token flow (`distribution`, `spec/auth/scope.md`).

use oci::RepositoryName;
use std::collections::{BTreeMap, BTreeSet};

/// Resources and the actions on them, `repository:team/app:pull,push`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Scopes(BTreeMap<String, BTreeSet<String>>);

impl Scopes {
    /// Makes the scope of actions on a repository.
    pub(crate) fn repository(name: &RepositoryName, actions: &[&str]) -> Self {
        Self::one(format!("repository:{name}"), actions)
    }

    /// Makes the scope of listing the repositories.
    pub(crate) fn catalog() -> Self {
        Self::one("registry:catalog".to_owned(), &["*"])
    }

    fn one(resource: String, actions: &[&str]) -> Self {
        Self(BTreeMap::from([(
            resource,
            actions.iter().map(|action| (*action).to_owned()).collect(),
        )]))
    }

    /// Reads the `scope` of a challenge. A resource's name may itself hold colons: the actions stand behind the last.
    pub(crate) fn read(text: &str) -> Self {
        let mut scopes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for scope in text.split_ascii_whitespace() {
            if let Some((resource, actions)) = scope
                .rsplit_once(':')
                .filter(|(resource, _)| resource.contains(':'))
            {
                let actions = actions
                    .split(',')
                    .filter(|action| !action.is_empty())
                    .map(str::to_owned);
                scopes
                    .entry(resource.to_owned())
                    .or_default()
                    .extend(actions);
            }
        }
        Self(scopes)
    }

    /// Returns what both allow together.
    #[must_use]
    pub(crate) fn and(&self, other: &Self) -> Self {
        let mut both = self.clone();
        for (resource, actions) in &other.0 {
            both.0
                .entry(resource.clone())
                .or_default()
                .extend(actions.iter().cloned());
        }
        both
    }

    /// Returns each resource with its actions.
    pub(crate) fn texts(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|(resource, actions)| {
            let actions: Vec<&str> = actions.iter().map(String::as_str).collect();
            format!("{resource}:{}", actions.join(","))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_merges_and_writes() {
        let name = RepositoryName::parse("team/app").unwrap();
        let wide = Scopes::repository(&name, &["pull"]).and(&Scopes::read(
            "repository:team/app:push,pull registry:catalog:*",
        ));
        assert_eq!(
            wide.texts().collect::<Vec<_>>(),
            ["registry:catalog:*", "repository:team/app:pull,push"]
        );
        assert_eq!(
            Scopes::read("repository:host:5000/app:pull")
                .texts()
                .collect::<Vec<_>>(),
            ["repository:host:5000/app:pull"]
        );
    }

    #[test]
    fn what_is_no_scope_is_none() {
        for text in ["", "pull", "repository:pull", "  "] {
            assert_eq!(Scopes::read(text), Scopes::default(), "{text}");
        }
    }
}
