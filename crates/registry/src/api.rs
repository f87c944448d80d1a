//! What a host tells below `/v2/` beside the protocol, as Docker Hub's search: asked as nobody, once, and read as JSON.
//!
//! It takes the one path of every request, so that it is bounded, logged and limited as they are. Which host, and what is
//! asked, is the caller's. Grows by another kind of answer.

use http::Method;
use serde::de::DeserializeOwned;

use crate::auth::{Scopes, SignIn};
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::host::{Call, Host};
use crate::options::HttpOptions;

/// A host whose own questions are asked.
pub struct Api(Host);

impl Api {
    /// Makes it. Nothing is sent yet.
    pub fn new(endpoint: Endpoint, options: &HttpOptions) -> Result<Self, Error> {
        Host::new(endpoint, SignIn::Anonymous, None, options).map(Self)
    }

    /// Asks for a path below `/v2/` with this query, and reads at most so many bytes of JSON. It is not tried again.
    pub async fn get_json<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
        most: u64,
    ) -> Result<T, Error> {
        let mut url = self.0.at(path)?;
        url.query_pairs_mut().extend_pairs(query);
        let mut call = Call::new(Method::GET, url, Scopes::default(), most);
        call.accept = Some("application/json");
        let answer = self.0.ask_plainly(&call).await?;
        if !answer.is_success() {
            return Err(answer.into_error());
        }
        serde_json::from_slice(&answer.bytes).map_err(|why| answer.malformed(why.to_string()))
    }
}

impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Api({})", self.0.endpoint)
    }
}
