//! A path that a person types: read, opened with the account it belongs to, and remembered once it was found to be there.
//!
//! Not here: the address of a registry that is added (`accounts::address`), finding what is cached (`find`). Grows by a way in
//! which paths are written.

use super::compose::has_host;
use super::room::Repositories;
use crate::ground::{lock, names};
use crate::view::accounts::AccountState;
use crate::view::browse::OpenedPath;
use crate::view::events::Stale;
use crate::view::problem::Problem;
use crate::words::repositories as say;
use oci::Reference;
use store::{Account, Place, Store};

/// The longest text that is read as a path (bytes).
const LONGEST: usize = 1024;
/// How many paths may be under way to be opened.
const MOST: usize = 64;

impl Repositories {
    /// Reads a path as it is typed or pasted: `host/namespace/name[:tag][@digest]`, or without a host one of the account. It is
    /// remembered when its tags were listed.
    pub async fn open_path(
        &self,
        account: Option<String>,
        text: String,
    ) -> Result<OpenedPath, Problem> {
        let accounts = self.ground.db(Store::accounts).await?;
        let id = |each: &Account| each.id.to_string();
        let chosen = account.and_then(|wanted| accounts.iter().find(|each| id(each) == wanted));
        let reference = read(&text, chosen)?;
        let place = Place {
            host: reference.host.clone(),
            repository: reference.repository.clone(),
        };
        let there = store::accounts_for(&accounts, &place);
        let chosen = chosen.filter(|chosen| there.iter().any(|each| each.id == chosen.id));
        let signed_in = |each: &&&Account| self.accounts.standing(each) != AccountState::SignedOut;
        let with = chosen
            .or_else(|| there.iter().find(signed_in).copied())
            .or_else(|| there.first().copied());
        let repository = reference.repository.to_string();
        if let Some(with) = with {
            let mut typed = lock(&self.typed);
            if typed.len() < MOST {
                typed.insert((with.id, repository.clone()));
            }
        }
        Ok(OpenedPath {
            account: with.map(id),
            host: reference.host.to_string(),
            repository,
            tag: reference.tag.map(|tag| tag.to_string()),
            digest: reference.digest.map(|digest| digest.to_string()),
        })
    }

    /// Takes a path off the list that a person typed once. The repository stays as it is.
    pub async fn forget_path(&self, account: String, repository: String) -> Result<(), Problem> {
        let found = self.accounts.account(&account).await?;
        let place = names::place(&found, &repository)?;
        self.ground
            .db(move |store| store.forget_typed(found.id, place.repository.as_str()))
            .await?;
        self.ground.stale(Stale::Repositories { account });
        Ok(())
    }

    /// Notes that a repository has tags: where a person typed its path it is remembered.
    pub(super) async fn was_there(&self, account: i64, repository: &str) {
        if !lock(&self.typed).remove(&(account, repository.to_owned())) {
            return;
        }
        let (name, now) = (repository.to_owned(), self.ground.now());
        let added = self
            .ground
            .db(move |store| store.add_typed(account, &name, now))
            .await;
        if added.unwrap_or_default() {
            let account = account.to_string();
            self.ground.stale(Stale::Repositories { account });
        }
    }
}

/// Reads a path; without a host it is one of the account.
fn read(text: &str, account: Option<&Account>) -> Result<Reference, Problem> {
    let host = account.map_or("registry.example.org", |account| account.host.as_str());
    let refuse = || say::bad_path().problem().hint(say::for_example_path(host));
    if text.len() > LONGEST {
        return Err(refuse());
    }
    let around = [
        "docker pull ",
        "podman pull ",
        "docker://",
        "oci://",
        "https://",
        "http://",
    ];
    let path = around.iter().fold(text.trim(), |rest, before| {
        rest.strip_prefix(before).unwrap_or(rest).trim_start()
    });
    // A host alone is no path, and not the name of a repository either.
    let path = match path.trim_end_matches('/') {
        inner if inner.contains('/') => inner,
        _ => path,
    };
    if path.is_empty() {
        return Err(say::no_path().problem().hint(say::for_example_path(host)));
    }
    let whole = match account {
        Some(account) if !has_host(path) => format!("{}/{path}", account.host),
        _ => path.to_owned(),
    };
    // Names of repositories have small letters, and hosts are written in any.
    let whole = match whole.split_once('/') {
        Some((host, rest)) => format!("{}/{rest}", host.to_ascii_lowercase()),
        None => whole,
    };
    Reference::parse(&whole).map_err(|_| refuse())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, host: Option<&str>) -> Option<String> {
        let account = host.map(|host| Account {
            id: 1,
            host: oci::Host::parse(host).unwrap(),
            scheme: "https".into(),
            user: None,
            state: String::new(),
            ways: None,
            source: None,
            connection: None,
            namespace: None,
        });
        let read = read(text, account.as_ref());
        read.ok().map(|reference| reference.to_string())
    }

    #[test]
    fn a_path_is_read_as_people_write_it() {
        let digest = format!("sha256:{}", "a".repeat(64));
        for (text, account, is) in [
            ("ghcr.io/lab/tool:v1", None, "ghcr.io/lab/tool:v1"),
            (" https://GHCR.io/lab/tool/ ", None, "ghcr.io/lab/tool"),
            (
                "docker pull lab.example:5000/a:1",
                None,
                "lab.example:5000/a:1",
            ),
            ("nginx", None, "docker.io/library/nginx"),
            ("nginx:1", Some("docker.io"), "docker.io/library/nginx:1"),
            (
                "team/tool:v1",
                Some("lab.example"),
                "lab.example/team/tool:v1",
            ),
            ("tool", Some("localhost:5000"), "localhost:5000/tool"),
            // Another registry's path stays that, whatever account is on show.
            ("ghcr.io/lab/tool", Some("lab.example"), "ghcr.io/lab/tool"),
        ] {
            assert_eq!(told(text, account).as_deref(), Some(is), "{text}");
        }
        let both = format!("ghcr.io/lab/tool:v1@{digest}");
        assert_eq!(told(&both, None), Some(both));
        for no_path in [
            "",
            "  ",
            "https://",
            "lab/Tool",
            "a b",
            "ghcr.io/",
            "ghcr.io/a:",
            "x@y",
        ] {
            assert_eq!(told(no_path, Some("lab.example")), None, "{no_path}");
        }
        assert_eq!(told(&"a/".repeat(LONGEST), None), None);
    }
}
