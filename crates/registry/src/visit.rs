//! What lies at another registry: a manifest or a blob that a registry sends us to fetch elsewhere.
//!
//! Where that other one wants a token, it is asked for as nobody, by its own challenge and with its own realm's rules: the sign-in
//! is for the registry that was meant, and no part of it comes along. What is fetched is checked by its digest, whoever served
//! it. Not here: storage that takes a signed address, which needs no token. Grows by nothing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::approved::Approved;
use crate::auth::{Auth, Challenge, Scopes, SignIn};
use crate::error::Error;
use crate::transport::{Exchange, Follow, Head, Reply, Transport};
use crate::way::Origin;

/// How many other registries are known at once.
const MOST: usize = 16;

/// The other registries a registry has sent us to.
#[derive(Default)]
pub(crate) struct Visits(Mutex<HashMap<Origin, Arc<Visit>>>);

struct Visit {
    transport: Transport,
    auth: Auth,
}

impl Visits {
    /// Asks once more where a redirect ended with a 401, with a token for nobody; `None` where none is to be had so. Only what
    /// reads is redirected.
    pub(crate) async fn visit(
        &self,
        from: &Transport,
        mut exchange: Exchange,
        refusal: &Head,
    ) -> Result<Option<Reply>, Error> {
        let mut challenges = Challenge::read_all(&refusal.headers);
        challenges.retain(|challenge| matches!(challenge, Challenge::Bearer(_)));
        let Some(origin) = Origin::of(&refusal.url).filter(|_| !challenges.is_empty()) else {
            return Ok(None);
        };
        let visit = self.at(origin, from, &refusal.url);
        // What it is for, the other registry says itself.
        let scopes = Scopes::default();
        let signed = visit
            .auth
            .after(&visit.transport, &challenges, &scopes, None);
        let Ok(Some(signed)) = signed.await else {
            return Ok(None);
        };
        exchange.url = refusal.url.clone();
        exchange.credential = Some(signed.credential);
        exchange.follow = Follow::Anywhere;
        let mut reply = visit.transport.open(exchange, None).await?;
        // Whoever answered, it is not the registry that was asked.
        reply.head.own = false;
        Ok(Some(reply))
    }

    fn at(&self, origin: Origin, from: &Transport, url: &url::Url) -> Arc<Visit> {
        let mut visits = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(visit) = visits.get(&origin) {
            return Arc::clone(visit);
        }
        if visits.len() >= MOST {
            visits.clear();
        }
        let mut base = url.clone();
        base.set_path("/v2/");
        base.set_query(None);
        let visit = Arc::new(Visit {
            transport: from.visiting(base, origin.clone()),
            auth: Auth::new(
                SignIn::Anonymous,
                Arc::new(Approved::nothing(origin.clone())),
                Duration::ZERO,
            ),
        });
        visits.insert(origin, Arc::clone(&visit));
        visit
    }
}
