//! What a request needs to be allowed, in the words of the token flow (`distribution`, `spec/auth/scope.md`).
//!
//! Ours are `repository:team/app:pull`; those of a challenge are whatever the registry wrote, `*` too, and are asked for as they
//! were written.

use oci::RepositoryName;
use std::collections::BTreeSet;

/// How many scopes of a challenge are read.
const MOST: usize = 16;
/// How long one may be.
const LONGEST: usize = 1024;

/// Resources and the actions on them, `repository:team/app:pull,push`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Scopes(BTreeSet<String>);

impl Scopes {
    /// Makes the scope of actions on a repository.
    pub(crate) fn repository(name: &RepositoryName, actions: &[&str]) -> Self {
        let actions: BTreeSet<&str> = actions.iter().copied().collect();
        let actions: Vec<&str> = actions.into_iter().collect();
        Self::one(format!("repository:{name}:{}", actions.join(",")))
    }

    /// Makes the scopes of pulling from a repository and from all below its name (`appendRepositoryDetailsAccessRecords` of GitLab's
    /// registry).
    pub(crate) fn below(name: &RepositoryName) -> Self {
        let all = format!("repository:{name}/*:pull");
        Self::repository(name, &["pull"]).and(&Self::one(all))
    }

    /// Makes the scope of listing the repositories.
    pub(crate) fn catalog() -> Self {
        Self::one("registry:catalog:*".to_owned())
    }

    /// Makes the scope of a repository nobody means: for token services that give nothing to who asks for nothing.
    pub(crate) fn anything() -> Self {
        Self::one("repository:longshore/any:pull".to_owned())
    }

    fn one(scope: String) -> Self {
        Self(BTreeSet::from([scope]))
    }

    /// Reads the `scope` parameters of a challenge: several in one, or one in each.
    pub(crate) fn read<'a>(parameters: impl IntoIterator<Item = &'a str>) -> Self {
        let words = parameters.into_iter().flat_map(str::split_ascii_whitespace);
        let good = words.filter(|scope| scope.len() <= LONGEST);
        Self(good.take(MOST).map(str::to_owned).collect())
    }

    /// Returns what both allow, of different resources.
    #[must_use]
    pub(crate) fn and(&self, other: &Self) -> Self {
        Self(self.0.union(&other.0).cloned().collect())
    }

    /// Tells whether nothing in particular is needed.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Tells whether these are words every token service knows: `pull` and `push` in a repository.
    pub(crate) fn is_plain(&self) -> bool {
        self.0.iter().all(|scope| {
            let actions = scope
                .strip_prefix("repository:")
                .and_then(|scope| scope.rsplit_once(':'))
                .map(|(_, actions)| actions);
            actions.is_some_and(|actions| {
                actions
                    .split(',')
                    .all(|action| matches!(action, "pull" | "push"))
            })
        })
    }

    /// Returns what is left where only these actions may be asked for.
    #[must_use]
    pub(crate) fn left_of(&self, actions: TokenActions) -> Self {
        let left = |scope: &String| match actions {
            TokenActions::Any => Some(scope.clone()),
            TokenActions::OfImages => of_images(scope, false),
            TokenActions::ToPush => of_images(scope, true),
        };
        Self(self.0.iter().filter_map(left).collect())
    }

    /// Returns each resource with its actions.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// The actions that a token service may be asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TokenActions {
    /// Any: it leaves out of its token what it doesn't allow.
    #[default]
    Any,
    /// To pull, push and mount, as it fails at any other. Of what is dropped there is to push in its place. To push is asked for
    /// where it is needed alone: Quay's makes a repository that isn't there of the mere question (`endpoints/v2/v2auth.py`).
    OfImages,
    /// The same, and never to pull without to push: what isn't allowed is left out of the token, and of a repository that isn't there
    /// yet nothing is allowed to who asks to pull alone (Synapse's source, `getPermittedActions`).
    ToPush,
}

/// Returns what a scope asks for of images: to pull, push and mount them; none where it asks for something else alone.
fn of_images(scope: &str, always_push: bool) -> Option<String> {
    let (name, actions) = scope.strip_prefix("repository:")?.rsplit_once(':')?;
    let all = actions.split(',').count();
    let known = |action: &&str| matches!(*action, "pull" | "push" | "mount");
    let mut actions: Vec<&str> = actions.split(',').filter(known).collect();
    if actions == ["pull"] && (always_push || all > 1) {
        actions.push("push");
    }
    (!actions.is_empty()).then(|| format!("repository:{name}:{}", actions.join(",")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(scopes: &Scopes) -> Vec<&str> {
        scopes.texts().collect()
    }

    #[test]
    fn ours_are_written_and_theirs_are_kept() {
        let name = RepositoryName::parse("team/app").unwrap();
        let ours = Scopes::repository(&name, &["push", "pull"]);
        assert_eq!(texts(&ours), ["repository:team/app:pull,push"]);
        let below = ["repository:team/app/*:pull", "repository:team/app:pull"];
        assert_eq!(texts(&Scopes::below(&name)), below);
        let theirs = Scopes::read(["repository:b:push,pull repository:host:5000/a:pull", "*"]);
        assert_eq!(
            texts(&theirs),
            ["*", "repository:b:push,pull", "repository:host:5000/a:pull"]
        );
        assert_eq!(texts(&ours.and(&Scopes::catalog())).len(), 2);
        assert_eq!(Scopes::read(["", "  "]), Scopes::default());
    }

    #[test]
    fn theirs_are_bounded() {
        let long = "a".repeat(LONGEST + 1);
        let many: Vec<String> = (0..100).map(|at| at.to_string()).collect();
        let many = many.join(" ");
        assert!(Scopes::read([long.as_str()]).is_empty());
        assert_eq!(texts(&Scopes::read([many.as_str()])).len(), MOST);
    }

    #[test]
    fn what_is_left_of_images_alone() {
        let all = Scopes::read([
            "registry:catalog:* repository:a:delete,pull repository:b:* repository:c:pull,push repository:d:pull *",
        ]);
        let (a, c) = ("repository:a:pull,push", "repository:c:pull,push");
        let left = all.left_of(TokenActions::OfImages);
        assert_eq!(texts(&left), [a, c, "repository:d:pull"]);
        let left = all.left_of(TokenActions::ToPush);
        assert_eq!(texts(&left), [a, c, "repository:d:pull,push"]);
        assert_eq!(all.left_of(TokenActions::Any), all);
        for actions in [TokenActions::OfImages, TokenActions::ToPush] {
            assert!(Scopes::catalog().left_of(actions).is_empty());
        }
    }

    #[test]
    fn what_every_token_service_knows() {
        let plain = |text: &str| Scopes::read([text]).is_plain();
        assert!(plain("repository:a:pull repository:host:5000/b:pull,push"));
        for text in [
            "repository:a:delete",
            "repository:a:pull,*",
            "registry:catalog:*",
            "*",
            "repository:pull",
        ] {
            assert!(!plain(text), "{text}");
        }
    }
}
