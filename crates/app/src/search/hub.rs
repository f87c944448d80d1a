//! Docker Hub's own search. The only place that knows its JSON; Hub's interface for accounts is a vendor's (`vendors`).
//!
//! `GET /v2/search/repositories/?query=&page=&page_size=`: `count`, `next`, `results` of `repo_name`, `short_description`,
//! `star_count`, `pull_count`, `is_official`. Not here: what becomes of an answer that doesn't come. Grows by another
//! question to Hub.

use super::found::{Told, rows};
use crate::view::problem::Problem;
use crate::view::search::SearchRow;
use crate::words;
use crate::words::search as say;
use oci::Host;
use registry::{Api, Ask, Endpoint, HttpOptions, Instead, Proof, Scheme};
use serde::Deserialize;
use serde_json::Value;
use std::time::Duration;

const HOST: &str = "hub.docker.com";
const PATH: &str = "/v2/search/repositories/";
/// How many rows a page has.
const PAGE: &str = "25";
/// So many pages can be read on: whoever hasn't found it then searches for something else.
const PAGES: u32 = 20;
/// The most bytes of an answer that are read.
const MOST: u64 = 1 << 20;
/// How long an answer may take: the engine can be asked instead.
const PATIENCE: Duration = Duration::from_secs(8);

/// Docker Hub.
pub(super) struct Hub {
    /// None where its address can't be read.
    open: Option<(Host, Api)>,
    /// The registry that its repositories are in, where it is asked at another address: that very host. None: Docker Hub's.
    registry: Option<String>,
}

/// A page of what it found.
pub(super) struct Found {
    pub rows: Vec<SearchRow>,
    pub next: Option<u32>,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default)]
    next: Value,
    results: Vec<Value>,
}

impl Hub {
    /// Opens it, elsewhere where it is played. Nothing is asked yet.
    pub fn new(instead: &Instead) -> Self {
        let own = Host::parse(HOST).ok();
        let played = own.as_ref().and_then(|own| instead.of(own)).cloned();
        let registry = Host::parse("docker.io").ok();
        let registry = registry.and_then(|it| instead.of(&it));
        let is_played = played.is_some() && registry.is_none();
        let open = || {
            let own = own.map(|host| Endpoint {
                scheme: Scheme::Https,
                host,
            });
            let endpoint = played.or(own)?;
            let options = HttpOptions {
                connect_timeout: PATIENCE,
                read_timeout: PATIENCE,
                ..HttpOptions::default()
            };
            let host = endpoint.host.clone();
            Some((host, Api::at(endpoint, &Proof::Nobody, &options).ok()?))
        };
        let open = open();
        let registry = open.as_ref().filter(|_| is_played);
        Self {
            registry: registry.map(|(host, _)| host.to_string()),
            open,
        }
    }

    /// Returns its host, for people.
    pub fn host(&self) -> &str {
        self.open.as_ref().map_or(HOST, |(host, _)| host.as_str())
    }

    /// Searches, as nobody.
    pub async fn search(&self, term: &str, page: u32) -> Result<Found, Problem> {
        let Some((host, api)) = &self.open else {
            return Err(say::no_hub().problem());
        };
        let ask = Ask::get()
            .at(PATH)
            .query("query", term)
            .query("page", page)
            .query("page_size", PAGE)
            .most(MOST)
            .once();
        let asked = async { api.ask(&ask).await?.json::<Wire>() };
        let wire = tokio::time::timeout(PATIENCE, asked)
            .await
            .map_err(|_| say::silent_hub())?
            .map_err(|error| say::of_hub(&words::of_registry(&error, host, false)))?;
        let more = wire.next.as_str().is_some_and(|next| !next.is_empty());
        Ok(Found {
            rows: rows(
                wire.results
                    .iter()
                    .filter_map(|row| told(self.registry.as_deref(), row)),
            ),
            next: (more && !wire.results.is_empty() && page < PAGES).then_some(page + 1),
        })
    }
}

/// Reads a row; none where it has no name.
fn told<'a>(host: Option<&'a str>, row: &'a Value) -> Option<Told<'a>> {
    let text = |name| row.get(name).and_then(Value::as_str).unwrap_or_default();
    let number = |name| row.get(name).and_then(Value::as_u64);
    Some(Told {
        host,
        name: row.get("repo_name")?.as_str()?,
        description: text("short_description"),
        stars: number("star_count").unwrap_or_default(),
        pulls: number("pull_count"),
        official: row.get("is_official").and_then(Value::as_bool) == Some(true),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_docker_hub_unless_it_is_played() {
        assert_eq!(Hub::new(&Instead::default()).host(), "hub.docker.com");
        let played = Instead::parse("hub.docker.com=http://127.0.0.1:5000").unwrap();
        let hub = Hub::new(&played);
        assert_eq!(hub.host(), "127.0.0.1:5000");
        assert_eq!(hub.registry.as_deref(), Some("127.0.0.1:5000"));
        let both = "hub.docker.com=http://127.0.0.1:5000,docker.io=http://127.0.0.1:5000";
        assert_eq!(Hub::new(&Instead::parse(both).unwrap()).registry, None);
    }

    #[test]
    fn an_odd_row_says_what_can_be_read_of_it() {
        let row = serde_json::json!({"repo_name": "a/b", "short_description": null, "star_count": -1, "pull_count": "many", "is_official": "no"});
        let told = told(None, &row).unwrap();
        assert_eq!((told.name, told.description), ("a/b", ""));
        assert_eq!((told.stars, told.pulls, told.official), (0, None, false));
        for none in ["7", "null", "{}", r#"{"repo_name":7}"#] {
            let row: Value = serde_json::from_str(none).unwrap();
            assert!(super::told(None, &row).is_none());
        }
    }
}
