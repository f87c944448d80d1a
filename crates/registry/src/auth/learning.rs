//! How a registry wants to be met, asked before anything secret is sent.
//!
//! The challenges of `/v2/` count; those of the catalog too, as some paths ask otherwise (Harbor) or alone do (a registry whose
//! `/v2/` lets everyone in). Not here: which of them may be met (the module above). Grows by a path that asks otherwise.

use http::{Method, header};
use std::time::Duration;
use url::Url;

use super::challenge::Challenge;
use crate::error::Error;
use crate::transport::{Answer, Exchange, Follow, Transport};

/// How much of an answer is read.
const LIMIT: u64 = 64 << 10;

/// How long the catalog is waited for.
const CATALOG: Duration = Duration::from_secs(5);

/// What a registry offers.
#[derive(Default)]
pub(super) struct Offered {
    pub(super) challenges: Vec<Challenge>,
    /// Whether it asks for something, be it in a way that nobody here knows.
    pub(super) asks: bool,
}

impl Offered {
    fn of(answer: &Answer) -> Self {
        let texts = answer.headers.get_all(header::WWW_AUTHENTICATE);
        let asks = answer.own && texts.iter().any(|text| !text.is_empty());
        let challenges = challenges(answer);
        Self { challenges, asks }
    }
}

/// Asks how a registry wants to be met, by an answer of its `/v2/` to nobody where there is one.
pub(super) async fn offered(
    transport: &Transport,
    answer: Option<&Answer>,
) -> Result<Offered, Error> {
    let offered = match answer {
        Some(answer) => Offered::of(answer),
        None => Offered::of(&ping(transport).await?),
    };
    if offered.asks {
        return Ok(offered);
    }
    // What the catalog does not say is not missed.
    let listed = catalog(transport).await;
    Ok(listed.as_ref().map(Offered::of).unwrap_or_default())
}

/// Reads what a registry's own answer wants; a host that it redirected to speaks for itself only.
pub(crate) fn challenges(answer: &Answer) -> Vec<Challenge> {
    if answer.own {
        Challenge::read_all(&answer.headers)
    } else {
        Vec::new()
    }
}

/// Asks `/v2/` as nobody. What says neither yes nor who may is an error: it would be taken for "everyone may".
async fn ping(transport: &Transport) -> Result<Answer, Error> {
    let answer = ask(transport, transport.base().clone()).await?;
    match answer.status {
        408 | 429 | 500..=599 => Err(answer.into_error()),
        _ => Ok(answer),
    }
}

/// Asks for one entry of the catalog as nobody; `None` where that fails, or takes too long: some registries work out the whole list
/// first, and a person waits for this.
pub(crate) async fn catalog(transport: &Transport) -> Option<Answer> {
    let mut url = transport.base().clone();
    url.set_path("/v2/_catalog");
    url.set_query(Some("n=1"));
    let longest = CATALOG.min(transport.options.read_timeout);
    let asked = tokio::time::timeout(longest, ask(transport, url)).await;
    asked.ok()?.ok()
}

async fn ask(transport: &Transport, url: Url) -> Result<Answer, Error> {
    let mut exchange = Exchange::new(Method::GET, url);
    exchange.follow = Follow::Anywhere;
    transport.exchange(exchange, LIMIT).await
}
