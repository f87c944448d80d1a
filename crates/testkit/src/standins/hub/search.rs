//! What Docker Hub's own search answers, and what an engine's asks for.
//!
//! It is a script of [`Scripted`](crate::scripted::Scripted), so that what was found can be opened at the same host. Grows by
//! another question to a search.

use crate::scripted::{Answer, Asked};
use serde_json::{Value, json};

/// A repository that can be found.
#[derive(Clone, Debug)]
pub struct Public {
    /// `namespace/name`, or a name alone.
    pub name: String,
    /// What it says of itself.
    pub description: String,
    /// Its stars.
    pub stars: u64,
    /// How often it was pulled.
    pub pulls: u64,
    /// The registry vouches for it.
    pub official: bool,
}

impl Public {
    /// Makes one with some stars.
    pub fn new(name: &str, description: &str, stars: u64) -> Self {
        Self {
            name: name.to_owned(),
            description: description.to_owned(),
            stars,
            pulls: stars * 1000,
            official: false,
        }
    }

    fn holds(&self, term: &str) -> bool {
        self.name.contains(term) || self.description.contains(term)
    }
}

/// Answers Docker Hub's own search (`/v2/search/repositories/`, in pages) and that of engines (`/v1/search`), over these.
pub fn answers(all: Vec<Public>) -> impl Fn(&Asked<'_>) -> Option<Answer> + Send + Sync {
    move |asked| {
        let first = |name: &str| asked.fields(name).into_iter().next().unwrap_or_default();
        match asked.path {
            "/v2/search/repositories/" => {
                let number = |name: &str, else_: usize| first(name).parse().unwrap_or(else_);
                let (page, size) = (number("page", 1), number("page_size", 10));
                Some(Answer::json(page_of(&all, &first("query"), page, size)))
            }
            "/v1/_ping" => Some(Answer::json("true")),
            "/v1/search" => {
                let found = all.iter().filter(|each| each.holds(&first("q")));
                let rows: Vec<Value> = found
                    .map(|each| {
                        json!({
                            "name": each.name, "description": each.description, "star_count": each.stars,
                            "is_official": each.official, "is_automated": false, "is_trusted": false,
                        })
                    })
                    .collect();
                Some(Answer::json(json!({
                    "query": first("q"), "num_results": rows.len(), "num_pages": 1, "page": 1,
                    "page_size": rows.len(), "results": rows,
                })))
            }
            _ => None,
        }
    }
}

fn page_of(all: &[Public], query: &str, page: usize, size: usize) -> Value {
    let found: Vec<&Public> = all.iter().filter(|each| each.holds(query)).collect();
    let rows: Vec<Value> = found
        .iter()
        .skip((page.max(1) - 1) * size)
        .take(size)
        .map(|each| {
            json!({
                "repo_name": each.name, "short_description": each.description, "star_count": each.stars,
                "pull_count": each.pulls, "repo_owner": "", "is_automated": false,
                "is_official": each.official,
            })
        })
        .collect();
    let next = if page.max(1) * size < found.len() {
        format!(
            "https://hub.example/v2/search/repositories/?page={}",
            page + 1
        )
    } else {
        String::new()
    };
    json!({"count": found.len(), "next": next, "previous": "", "results": rows})
}
