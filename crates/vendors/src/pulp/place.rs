//! Pulp's own addresses: what serves a name, the repository behind it, and its versions.
//!
//! An address comes from the server. It is believed in its identifier and its number alone, and written anew. Not here: what is asked
//! there. Grows by a kind of repository.

use super::List;
use crate::way::{Failure, Way};
use oci::RepositoryName;
use registry::Ask;
use serde_json::Value;

/// The list of what serves repositories by a name.
pub(super) const DISTRIBUTIONS: &str = "/pulp/api/v3/distributions/container/container/";

/// A repository, as the interface names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    kind: &'static str,
    id: String,
}

/// The kinds of repositories: what is pushed to had one of its own before pulp-container 2.27.
const KINDS: [&str; 2] = [
    "/pulp/api/v3/repositories/container/container",
    "/pulp/api/v3/repositories/container/container-push",
];

impl Place {
    /// Reads the address of a repository.
    pub fn read(href: &Value) -> Option<Self> {
        let href = href.as_str()?;
        KINDS.into_iter().find_map(|kind| {
            let rest = href.strip_prefix(kind)?.strip_prefix('/')?;
            let id = uuid(rest.strip_suffix('/')?)?;
            Some(Self {
                kind,
                id: id.to_owned(),
            })
        })
    }

    /// Finds the repository that is served under a name. One of which a fixed version is served is none.
    pub async fn find(way: &Way, name: &RepositoryName) -> Result<Self, Failure> {
        let found = distribution(way, name, "repository,repository_version").await?;
        if !found["repository_version"].is_null() {
            return Err(Failure::NotFound);
        }
        Self::read(&found["repository"]).ok_or(Failure::NotFound)
    }

    /// Begins the path of the repository, which ends with a slash as all of its paths do.
    pub fn ask(&self, ask: Ask) -> Ask {
        ask.at(self.kind).value(&self.id).at("/")
    }

    /// Returns its address, as a value of a query or a body.
    pub fn href(&self) -> String {
        format!("{}/{}/", self.kind, self.id)
    }

    /// Returns the address of one of its versions.
    pub fn version(&self, number: u64) -> String {
        format!("{}versions/{number}/", self.href())
    }

    /// Reads the number out of the address of one of its versions.
    pub fn number_of(&self, href: &Value) -> Option<u64> {
        let rest = href.as_str()?.strip_prefix(&*self.href())?;
        let number = rest.strip_prefix("versions/")?.strip_suffix('/')?;
        number.parse().ok()
    }

    /// Asks for the newest version.
    pub async fn newest(&self, way: &Way) -> Result<u64, Failure> {
        let ask = self.ask(Ask::get()).query("fields", "latest_version_href");
        let told = way.ask(&ask).await?;
        let number = self.number_of(&told.json::<Value>()?["latest_version_href"]);
        Ok(number.ok_or_else(|| told.makes_no_sense("a repository without a version"))?)
    }
}

/// Asks what serves a name, for these fields.
pub(super) async fn distribution(
    way: &Way,
    name: &RepositoryName,
    fields: &'static str,
) -> Result<Value, Failure> {
    let ask = Ask::get()
        .at(DISTRIBUTIONS)
        .query("base_path", name)
        .query("fields", format_args!("base_path,{fields}"))
        .query("limit", 1);
    let told = way.ask(&ask).await?;
    let mut rows = List::read(&told)?.rows.into_iter();
    let found = rows.find(|row| row["base_path"] == name.as_str());
    found.ok_or(Failure::NotFound)
}

/// Returns the identifier at the end of an address.
pub(super) fn id_of(href: &Value) -> Option<&str> {
    uuid(href.as_str()?.strip_suffix('/')?.rsplit('/').next()?)
}

fn uuid(text: &str) -> Option<&str> {
    let is_one = text.len() == 36
        && text
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    is_one.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const ID: &str = "01a22b4d-c264-7170-8aa5-53e5f1f89075";

    #[test]
    fn hostile_an_address_is_an_identifier_and_no_path() {
        for kind in KINDS {
            let href = format!("{kind}/{ID}/");
            let place = Place::read(&json!(href)).unwrap();
            assert_eq!(place.href(), href);
            assert_eq!(place.version(7), format!("{href}versions/7/"));
            assert_eq!(place.number_of(&json!(place.version(7))), Some(7));
            for not in [
                "versions/x/",
                "versions/-1/",
                "versions/7",
                "../versions/7/",
            ] {
                assert_eq!(place.number_of(&json!(format!("{href}{not}"))), None);
            }
        }
        for not in [
            format!("/pulp/api/v3/repositories/rpm/rpm/{ID}/"),
            format!("http://else.example{}/{ID}/", KINDS[0]),
            format!("{}/{ID}", KINDS[0]),
            format!("{}/../{ID}/", KINDS[0]),
            format!("{}/{}/", KINDS[0], "/".repeat(36)),
        ] {
            assert_eq!(Place::read(&json!(not)), None, "{not}");
        }
        assert_eq!(id_of(&json!(format!("/any/{ID}/"))), Some(ID));
        assert_eq!(id_of(&json!("/any/../")), None);
        assert_eq!(id_of(&json!(7)), None);
    }
}
