//! Who may do what: Basic, and tokens by GET or POST.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, Method, StatusCode, header};
use std::collections::BTreeMap;
use url::form_urlencoded;

use super::{Auth, Faults, Shared, locked, reply::Reply};

/// The tokens that were given.
#[derive(Default)]
pub(super) struct Tokens {
    given: BTreeMap<String, Token>,
}

struct Token {
    scopes: Vec<String>,
    left: Option<u32>,
}

impl Tokens {
    /// Makes every token that was given one that has expired.
    pub(super) fn expire(&mut self) {
        for token in self.given.values_mut() {
            token.left = Some(0);
        }
    }
}

/// Returns what a request is told that may not go on; `None` where it may.
pub(super) fn refusal(
    shared: &Shared,
    faults: &Faults,
    headers: &HeaderMap,
    needs: Option<&str>,
) -> Option<Reply> {
    let sent = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    if sent.is_none() && needs.is_none() && faults.open_ping {
        return None;
    }
    match faults.auth {
        Auth::Open => None,
        Auth::Basic if sent.is_some_and(|sent| is_user(faults, sent)) => None,
        Auth::Basic => Some(unauthorized(r#"Basic realm="scripted""#)),
        Auth::TokenGet | Auth::TokenPost => {
            let token = sent.and_then(|sent| sent.strip_prefix("Bearer "));
            let why = match token.map(|token| use_token(shared, token, needs)) {
                Some(Ok(())) => return None,
                Some(Err(why)) => format!(r#",error="{why}""#),
                None => String::new(),
            };
            let scheme = if shared.tls { "https" } else { "http" };
            let realm = faults
                .realm
                .clone()
                .unwrap_or_else(|| format!("{scheme}://{}/token", shared.host));
            let scope = needs
                .map(|scope| format!(r#",scope="{scope}""#))
                .unwrap_or_default();
            Some(unauthorized(&format!(
                r#"Bearer realm="{realm}",service="scripted"{scope}{why}"#
            )))
        }
    }
}

fn unauthorized(challenge: &str) -> Reply {
    Reply::error(
        StatusCode::UNAUTHORIZED,
        "UNAUTHORIZED",
        "authentication required",
    )
    .with(header::WWW_AUTHENTICATE, challenge)
}

fn is_user(faults: &Faults, sent: &str) -> bool {
    let Some((user, secret)) = &faults.sign_in else {
        return true;
    };
    sent.strip_prefix("Basic ") == Some(STANDARD.encode(format!("{user}:{secret}")).as_str())
}

/// Uses a token once, and says why where it is no good.
fn use_token(shared: &Shared, token: &str, needs: Option<&str>) -> Result<(), &'static str> {
    let mut tokens = locked(&shared.tokens);
    let token = tokens.given.get_mut(token).ok_or("invalid_token")?;
    match &mut token.left {
        Some(0) => return Err("invalid_token"),
        Some(left) => *left -= 1,
        None => {}
    }
    let Some((resource, actions)) = needs.and_then(|needs| needs.rsplit_once(':')) else {
        return Ok(());
    };
    let granted = |action: &str| {
        token
            .scopes
            .iter()
            .filter_map(|scope| scope.rsplit_once(':'))
            .any(|(on, may)| on == resource && may.split(',').any(|may| may == action))
    };
    if actions.split(',').all(granted) {
        Ok(())
    } else {
        Err("insufficient_scope")
    }
}

/// Answers as the token service.
pub(super) fn token(
    shared: &Shared,
    faults: &Faults,
    method: &Method,
    query: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> Reply {
    let served = match faults.auth {
        Auth::TokenPost => Method::POST,
        _ => Method::GET,
    };
    if *method != served {
        return Reply::new(StatusCode::METHOD_NOT_ALLOWED);
    }
    let fields: Vec<(String, String)> = if served == Method::POST {
        form_urlencoded::parse(body)
    } else {
        form_urlencoded::parse(query.as_bytes())
    }
    .into_owned()
    .collect();
    let field = |name: &str| {
        fields
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    };
    let (is_someone, is_user) = if served == Method::POST {
        let secret = field("password").or(field("refresh_token"));
        let right = faults.sign_in.as_ref().is_none_or(|(user, good)| {
            secret == Some(good.as_str())
                && (field("grant_type") == Some("refresh_token")
                    || field("username") == Some(user.as_str()))
        });
        (secret.is_some(), secret.is_some() && right)
    } else {
        let sent = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        (
            sent.is_some(),
            sent.is_some_and(|sent| self::is_user(faults, sent)),
        )
    };
    if !is_user && (is_someone || !faults.anonymous_tokens) {
        return Reply::json(
            StatusCode::UNAUTHORIZED,
            &serde_json::json!({"details": "incorrect username or password"}),
        );
    }
    let scopes = fields
        .iter()
        .filter(|(key, _)| key == "scope")
        .flat_map(|(_, value)| value.split(' '));
    let scopes: Vec<String> = scopes
        .map(|scope| grant(scope, &faults.never_granted))
        .collect();
    let mut tokens = locked(&shared.tokens);
    let name = format!("token-{}", tokens.given.len() + 1);
    tokens.given.insert(
        name.clone(),
        Token {
            scopes,
            left: faults.token_uses,
        },
    );
    let mut answer = serde_json::Map::new();
    answer.insert(faults.token_key.unwrap_or("token").to_owned(), name.into());
    if let Some(expires_in) = faults.expires_in {
        answer.insert("expires_in".to_owned(), expires_in.into());
    }
    Reply::json(StatusCode::OK, &answer.into())
}

fn grant(scope: &str, never: &[String]) -> String {
    let (resource, actions) = scope.rsplit_once(':').unwrap_or((scope, ""));
    let actions: Vec<&str> = actions
        .split(',')
        .filter(|action| !never.iter().any(|never| never == action))
        .collect();
    format!("{resource}:{}", actions.join(","))
}
