//! The engine's own search for public images: it asks Docker Hub, or whatever registries it is set to ask.
//!
//! What it is: one question, and its rows in the words of Docker and of Podman. What it is not: it asks no registry itself.
//! It grows by what else an engine tells of an image it found.

use serde_json::Value;

use crate::images::in_query;
use crate::raw::Ask;
use crate::{Engine, Error};

/// The most that is read: a hundred rows with long descriptions are far smaller.
const MOST: usize = 4 * 1024 * 1024;
/// How long it may take: the engine waits for a registry.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(20);

/// A repository that an engine found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The registry it is in; none: the one that the engine asks where none is named, Docker Hub.
    pub host: Option<String>,
    /// Its name there, as the engine says it. Somebody else's text.
    pub name: String,
    /// What it says of itself. Somebody else's text.
    pub description: String,
    /// How many people gave it a star.
    pub stars: u64,
    /// The registry vouches for it.
    pub official: bool,
}

impl Engine {
    /// Searches for public images. A term that begins with a host is looked for at that registry.
    pub async fn search(&self, term: &str, limit: u32) -> Result<Vec<Found>, Error> {
        let path = format!("/images/search?term={}&limit={limit}", in_query(term));
        let ask = Ask {
            most: MOST,
            patience: Some(PATIENCE),
            ..Ask::get(path)
        };
        let rows: Vec<Value> = match self.ask_json(ask).await {
            // Podman says so where it finds nothing.
            Err(Error::Refused { status: 404, .. }) => return Ok(Vec::new()),
            rows => rows?,
        };
        Ok(rows.iter().filter_map(|row| found(row, term)).collect())
    }
}

/// Reads a row, in Docker's words or in Podman's; none where it has no name.
fn found(row: &Value, term: &str) -> Option<Found> {
    let value = |names: [&str; 2]| names.iter().find_map(|name| row.get(name));
    let text = |names| value(names).and_then(Value::as_str).unwrap_or_default();
    let name = text(["name", "Name"]);
    let index = text(["index", "Index"]);
    let (host, name) = match name
        .strip_prefix(index)
        .and_then(|rest| rest.strip_prefix('/'))
    {
        Some(rest) if !index.is_empty() => (Some(index), rest),
        _ if !index.is_empty() => (Some(index), name),
        // Docker says no registry: it is the one that was asked.
        _ => (host_of(term), name),
    };
    let is_official = |value: &Value| {
        value
            .as_bool()
            .unwrap_or_else(|| value.as_str().is_some_and(|said| !said.is_empty()))
    };
    (!name.is_empty()).then(|| Found {
        host: host.map(str::to_owned),
        name: name.to_owned(),
        description: text(["description", "Description"]).to_owned(),
        stars: value(["star_count", "Stars"])
            .and_then(Value::as_u64)
            .unwrap_or_default(),
        official: value(["is_official", "Official"]).is_some_and(is_official),
    })
}

/// Returns the registry that a term begins with, as engines read it.
fn host_of(term: &str) -> Option<&str> {
    let (first, _) = term.split_once('/')?;
    (first.contains(['.', ':']) || first == "localhost").then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(row: &str, term: &str) -> Option<Found> {
        found(&serde_json::from_str(row).unwrap(), term)
    }

    #[test]
    fn a_row_is_read_in_the_words_of_each_engine() {
        let docker = r#"{"name":"team/tool","description":"A tool","star_count":12,"is_official":false,"is_automated":false}"#;
        let of = |host: Option<&str>, official| Found {
            host: host.map(str::to_owned),
            name: "team/tool".to_owned(),
            description: "A tool".to_owned(),
            stars: 12,
            official,
        };
        assert_eq!(read(docker, "tool"), Some(of(None, false)));
        // The registry is the one that was asked.
        let there = of(Some("127.0.0.1:5000"), false);
        assert_eq!(read(docker, "127.0.0.1:5000/tool"), Some(there));
        let podman = r#"{"Index":"docker.io","Name":"docker.io/team/tool","Description":"A tool","Stars":12,"Official":"[OK]","Automated":"","Tag":""}"#;
        assert_eq!(read(podman, "tool"), Some(of(Some("docker.io"), true)));
        let not = podman.replace("[OK]", "").replace("docker.io/team", "team");
        assert_eq!(read(&not, "tool"), Some(of(Some("docker.io"), false)));
    }

    #[test]
    fn what_is_no_row_is_none_and_what_is_odd_says_nothing() {
        for row in ["{}", "null", "7", r#"{"name":""}"#, r#"{"name":["a"]}"#] {
            assert_eq!(read(row, "tool"), None, "{row}");
        }
        let odd = r#"{"name":"a","description":7,"star_count":-3,"is_official":{}}"#;
        let found = read(odd, "team/a").unwrap();
        assert_eq!((found.stars, found.official), (0, false));
        assert_eq!((found.description.as_str(), found.host), ("", None));
    }
}
