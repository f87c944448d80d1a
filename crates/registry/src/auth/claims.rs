//! Whether a token names somebody, where nothing else can tell: some token services give one for nobody to who says a wrong
//! password, and some registries take any at `/v2/`.
//!
//! A token is a secret for us and none of our business: its claims are read for this one question, nothing is decided by them but
//! the sentence at a sign-in, and what cannot be read says nothing. Not here: who asks for tokens. Grows by nothing.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};

/// The claims that differ between any two tokens.
const PASSING: [&str; 4] = ["exp", "iat", "nbf", "jti"];

/// Tells whether a token says of its owner what the other one, which is nobody's, says of nobody.
pub(super) fn names_nobody(token: &SecretString, nobodys: &SecretString) -> bool {
    match (claims(token), claims(nobodys)) {
        (Some(claims), Some(nobodys)) => claims == nobodys,
        _ => false,
    }
}

/// Reads what a JSON Web Token claims, as far as it lasts.
fn claims(token: &SecretString) -> Option<Map<String, Value>> {
    let mut parts = token.expose_secret().split('.');
    let (_, payload, _) = (parts.next()?, parts.next()?, parts.next()?);
    let payload = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
    let mut claims: Map<String, Value> = serde_json::from_slice(&payload).ok()?;
    claims.retain(|name, _| !PASSING.contains(&name.as_str()));
    Some(claims)
}
