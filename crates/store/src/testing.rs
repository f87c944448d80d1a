//! What the tests of this crate begin with: a place, and an account that may reach it. Not here: what a test stores there.

use crate::{NewAccount, Observation, Place, Store};
use oci::{Digest, Host, RepositoryName};

/// Returns a place as any other.
pub(crate) fn place() -> Place {
    place_at("registry.example", "lab/tool")
}

/// Returns the place with this host and path.
pub(crate) fn place_at(host: &str, repository: &str) -> Place {
    Place {
        host: Host::parse(host).unwrap(),
        repository: RepositoryName::parse(repository).unwrap(),
    }
}

/// Stores an account of nobody's at a host, and returns its id.
pub(crate) fn add_account(store: &Store, host: &Host) -> i64 {
    let new = NewAccount {
        host: host.clone(),
        scheme: "https".into(),
        user: None,
        state: "anonymous".into(),
        ways: None,
        source: None,
        connection: None,
        namespace: None,
    };
    store.add_account(&new).unwrap()
}

/// Returns an empty store but for an account at the host of [`place`], and the account's id.
pub(crate) fn with_account() -> (Store, i64) {
    let store = Store::in_memory().unwrap();
    let account = add_account(&store, &place().host);
    (store, account)
}

/// Returns that a tag was only seen to point at a digest, by nobody's doing that is known.
pub(crate) fn observed(tag: &str, digest: &Digest, at: i64) -> Observation {
    Observation {
        tag: tag.to_owned(),
        digest: digest.clone(),
        at,
        exact: false,
        who: None,
    }
}
