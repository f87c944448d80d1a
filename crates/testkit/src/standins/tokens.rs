//! Tokens that are good for what was asked, and what is asked for where one isn't: as GitLab's, Azure's and Google's registries do.
//!
//! Not here: where the tokens are asked for, and by whom (each stand-in).

use crate::scripted::{Answer, Asked};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// The tokens that were given, each with what it is good for: `repository:a/b:pull`, one action each.
#[derive(Default)]
pub(super) struct Tokens {
    given: BTreeMap<String, BTreeSet<String>>,
    count: usize,
}

impl Tokens {
    /// Gives a token for these scopes.
    pub(super) fn give(&mut self, scopes: &[String]) -> String {
        self.count += 1;
        let name = format!("token-{}", self.count);
        let single = scopes.iter().flat_map(|scope| single(scope));
        self.given.insert(name.clone(), single.collect());
        name
    }

    /// Ends all that were given.
    pub(super) fn expire(&mut self) {
        self.given.clear();
    }

    /// Tells why a request may not go on with its token; `Ok` where it may.
    fn may(&self, token: &str, needs: &[String]) -> Result<(), Option<&'static str>> {
        if token.is_empty() {
            return Err(None);
        }
        let granted = self.given.get(token).ok_or(Some("invalid_token"))?;
        let mut needs = needs.iter().flat_map(|scope| single(scope));
        if needs.all(|scope| granted.contains(&scope)) {
            Ok(())
        } else {
            Err(Some("insufficient_scope"))
        }
    }

    /// Answers a request that lacks a token for what it needs; none: it may go on. `bearer` is the challenge without a scope.
    pub(super) fn refuses(
        &self,
        asked: &Asked<'_>,
        needs: &[String],
        bearer: &str,
    ) -> Option<Answer> {
        let why = self.may(asked.token(), needs).err()?;
        let scope = match needs {
            [] => String::new(),
            needs => format!(",scope=\"{}\"", needs.join(" ")),
        };
        let why = why.map_or_else(String::new, |why| format!(",error=\"{why}\""));
        let challenge = format!("{bearer}{scope}{why}");
        let refused = error(401, "UNAUTHORIZED", "authentication required");
        Some(refused.with("www-authenticate", challenge))
    }
}

/// Returns each action of a scope as a scope of its own.
fn single(scope: &str) -> Vec<String> {
    let (resource, actions) = scope.rsplit_once(':').unwrap_or((scope, ""));
    let each = actions
        .split(',')
        .map(|action| format!("{resource}:{action}"));
    each.collect()
}

/// Returns the scopes that a token is asked for with, be they repeated or separated by blanks.
pub(super) fn scopes(asked: &Asked<'_>) -> Vec<String> {
    let fields = asked.fields("scope");
    let words = fields.iter().flat_map(|field| field.split(' '));
    words
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Returns what a request of the protocol needs: nothing for `/v2/` itself.
pub(super) fn needs(asked: &Asked<'_>) -> Vec<String> {
    let rest = asked.path.strip_prefix("/v2/").unwrap_or_default();
    if rest.is_empty() {
        return Vec::new();
    }
    if rest == "_catalog" {
        return vec!["registry:catalog:*".to_owned()];
    }
    let actions = match asked.method {
        "GET" | "HEAD" => "pull",
        "DELETE" => "delete",
        _ => "pull,push",
    };
    let ends = ["/tags/", "/manifests/", "/blobs/", "/referrers/"];
    let name = ends.iter().find_map(|end| rest.split_once(end));
    name.map(|(name, _)| format!("repository:{name}:{actions}"))
        .into_iter()
        .collect()
}

/// Makes an error in the registry's words.
pub(super) fn error(status: u16, code: &str, message: &str) -> Answer {
    let body = json!({"errors": [{"code": code, "message": message}]});
    Answer::json(body).with_status(status)
}
