//! The room itself: whom a search asks, and whose answer is shown.

use super::found::{Told, rows};
use super::hub::Hub;
use crate::ground::options::Options;
use crate::local::LocalEngine;
use crate::view::problem::{Code, Problem};
use crate::view::search::{FoundBy, SearchPage};
use crate::words::search as say;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

/// So many letters are looked for.
const LONGEST: usize = 200;
/// How long Docker Hub is waited for before the engine is asked beside it.
const HEAD_START: Duration = Duration::from_secs(2);
/// How long it is waited for once the engine has found something.
const REST: Duration = Duration::from_secs(1);
/// So many rows an engine is asked for; it has no second page.
const ROWS: u32 = 100;

/// Finds public images.
pub struct Search {
    local: Arc<LocalEngine>,
    hub: Hub,
}

impl Search {
    pub(crate) fn new(local: &Arc<LocalEngine>, options: &Options) -> Self {
        Self {
            local: Arc::clone(local),
            hub: Hub::new(&options.instead),
        }
    }

    /// Searches for public images. Docker Hub answers, or the engine where Hub doesn't; a term that begins with another
    /// registry's host is asked there, by the engine.
    pub async fn public(&self, term: &str, page: u32) -> Result<SearchPage, Problem> {
        let term = oci::text::plain(term, LONGEST);
        let (host, term) = of_host(term.trim());
        if term.is_empty() {
            return Err(say::nothing_typed().problem());
        }
        if let Some(host) = host {
            return self.by_engine(&format!("{host}/{term}")).await;
        }
        let mut hub = pin!(self.hub.search(term, page));
        let early = tokio::select! {
            biased;
            answer = &mut hub => Some(answer),
            () = tokio::time::sleep(HEAD_START), if page <= 1 => None,
        };
        let (hub, engine) = if let Some(answer) = early {
            (answer, None)
        } else {
            let mut engine = pin!(self.by_engine(term));
            tokio::select! {
                biased;
                answer = &mut hub => match answer {
                    Ok(found) => (Ok(found), None),
                    // It was asked already.
                    Err(problem) => (Err(problem), Some(engine.await)),
                },
                answer = &mut engine => {
                    let late = match &answer {
                        // It has had its time.
                        Ok(_) => tokio::time::timeout(REST, hub).await,
                        Err(_) => Ok(hub.await),
                    };
                    (late.unwrap_or_else(|_| Err(say::silent_hub())), Some(answer))
                }
            }
        };
        let problem = match hub {
            Ok(found) => {
                return Ok(SearchPage {
                    rows: found.rows,
                    next: found.next,
                    by: FoundBy::Hub,
                    host: self.hub.host().to_owned(),
                    problem: None,
                });
            }
            // What the engine finds is no second page of what Hub found.
            Err(problem) if page > 1 => return Err(problem),
            Err(problem) => problem,
        };
        let answer = match engine {
            Some(answer) => answer,
            None => self.by_engine(term).await,
        };
        match answer {
            Ok(found) => Ok(SearchPage {
                problem: Some(problem),
                ..found
            }),
            Err(error) if error.code == Code::NoEngine => Err(problem.hint(say::no_engine())),
            Err(error) => Err(problem.hint(say::nor_engine(error.what()))),
        }
    }

    /// Asks the engine.
    async fn by_engine(&self, term: &str) -> Result<SearchPage, Problem> {
        let engine = self.local.engine().await?;
        let found = engine.search(term, ROWS).await;
        let found = self.local.answer_of(&engine, found).await?;
        let told = found.iter().map(|found| Told {
            host: found.host.as_deref(),
            name: &found.name,
            description: &found.description,
            stars: found.stars,
            pulls: None,
            official: found.official,
        });
        Ok(SearchPage {
            rows: rows(told),
            next: None,
            by: FoundBy::Engine,
            host: engine.name().to_owned(),
            problem: None,
        })
    }
}

/// Returns the registry that a term begins with, where that is not Docker Hub, and what is looked for.
fn of_host(term: &str) -> (Option<&str>, &str) {
    match term.split_once('/') {
        Some((first, rest)) if first.contains(['.', ':']) || first == "localhost" => {
            let is_hub = matches!(
                first,
                "docker.io" | "index.docker.io" | "hub.docker.com" | "registry-1.docker.io"
            );
            ((!is_hub).then_some(first), rest)
        }
        _ => (None, term),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_may_name_its_registry() {
        assert_eq!(of_host("samtools"), (None, "samtools"));
        assert_eq!(of_host("team/tool"), (None, "team/tool"));
        assert_eq!(of_host("docker.io/team/tool"), (None, "team/tool"));
        assert_eq!(of_host("quay.io/tool"), (Some("quay.io"), "tool"));
        assert_eq!(of_host("localhost/tool"), (Some("localhost"), "tool"));
        assert_eq!(of_host("127.0.0.1:5000/"), (Some("127.0.0.1:5000"), ""));
    }
}
