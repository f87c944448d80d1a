//! Asking a token service: by GET with Basic, or by POST where GET is not served.
//!
//! `distribution`, `spec/auth/token.md` (GET) and `oauth.md` (POST). Not here: how long a token is kept and who shares it (`token`),
//! and in which words it is asked for (the module above). Grows by what token services answer.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;
use std::time::Duration;
use url::Url;

use super::scope::Scopes;
use super::sign_in::SignIn;
use super::token::Token;
use crate::approved::Credential;
use crate::body::Body;
use crate::error::{Error, Kind};
use crate::transport::{Exchange, Follow, Transport};
use crate::way::{Origin, SignInWay};

/// What we call ourselves to token services.
const CLIENT: &str = "longshore";
/// The largest answer of a token service that is read.
pub(super) const LIMIT: u64 = 64 << 10;
/// The longest token that is sent: no server takes a longer header.
const LONGEST: usize = 32 << 10;
/// The life of a token that doesn't say it, or says nonsense.
const UNSAID: Duration = Duration::from_mins(1);
/// The least life that is believed. `distribution` asks token services for a minute at least; some give less, and a token that
/// is sent after its end costs a refused request, with a chunk of a layer in it.
const FLOOR: Duration = Duration::from_secs(1);
/// The longest life that is believed.
const CEILING: Duration = Duration::from_hours(24);
/// From how many seconds on they are nanoseconds, as olareg says: nobody gives a token for thirty years.
const NANOSECONDS: f64 = 1e9;

/// Where tokens are given, and the registry's name there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Service {
    pub(super) realm: Url,
    pub(super) name: Option<String>,
}

impl Service {
    /// Returns the way a secret goes to it.
    pub(super) fn way(&self) -> Option<SignInWay> {
        Origin::of(&self.realm).map(|service| SignInWay::Bearer { service })
    }
}

/// How a token service wants to be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    Get,
    Post,
}

/// Asks the token service for a token with these scopes.
pub(super) async fn fetch(
    transport: &Transport,
    sign_in: &SignIn,
    service: &Service,
    scopes: &Scopes,
    flow: Option<Flow>,
) -> Result<(Token, Flow), Error> {
    // An identity token is a refresh token: it is exchanged by POST and never sent otherwise.
    let first = if sign_in.is_identity() {
        Flow::Post
    } else {
        flow.unwrap_or(Flow::Get)
    };
    let refused = match ask(transport, sign_in, service, scopes, first).await {
        Ok(token) => return Ok((token, first)),
        Err(error) => error,
    };
    let may_post = first == Flow::Get && flow.is_none() && sign_in.is_someone();
    // Where GET is not served at all, rather than refused: a 400 is about the words.
    if !may_post || !is_not_served(&refused) {
        return Err(refused);
    }
    let asked = ask(transport, sign_in, service, scopes, Flow::Post).await;
    asked.map(|token| (token, Flow::Post))
}

fn is_not_served(error: &Error) -> bool {
    matches!(error.status, Some(404 | 405 | 501))
}

async fn ask(
    transport: &Transport,
    sign_in: &SignIn,
    service: &Service,
    scopes: &Scopes,
    flow: Flow,
) -> Result<Token, Error> {
    let mut url = service.realm.clone();
    let mut exchange = match flow {
        Flow::Get => {
            {
                let mut query = url.query_pairs_mut();
                query.extend_pairs(service.name.as_deref().map(|name| ("service", name)));
                query.extend_pairs(scopes.texts().map(|scope| ("scope", scope)));
                query.append_pair("client_id", CLIENT);
                if let SignIn::Basic { user, .. } = sign_in {
                    query.append_pair("account", user);
                }
            }
            let mut exchange = Exchange::new(http::Method::GET, url);
            exchange.credential = sign_in.basic().and_then(|header| {
                Some(Credential {
                    name: http::header::AUTHORIZATION,
                    header,
                    to: Origin::of(&service.realm)?,
                    way: Some(service.way()?),
                })
            });
            exchange
        }
        Flow::Post => {
            let mut exchange = Exchange::new(http::Method::POST, url);
            exchange.body = Body::Form(form(sign_in, service, scopes));
            exchange
        }
    };
    exchange.is_for_token = true;
    // A secret is for this service, and for nobody it names.
    exchange.follow = if sign_in.is_someone() {
        Follow::AtTheSame
    } else {
        Follow::Anywhere
    };
    let answer = transport.exchange(exchange, LIMIT).await?.into_success()?;
    read(&answer.bytes, UNSAID).map_err(|why| {
        let kind = Kind::Malformed(why.to_owned());
        Error::new(kind, answer.head.request.clone()).with_status(answer.status)
    })
}

/// Makes the POST flow's fields: a secret, as a whole.
fn form(sign_in: &SignIn, service: &Service, scopes: &Scopes) -> SecretString {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("client_id", CLIENT);
    form.extend_pairs(service.name.as_deref().map(|name| ("service", name)));
    let words: Vec<&str> = scopes.texts().collect();
    if !words.is_empty() {
        form.append_pair("scope", &words.join(" "));
    }
    if let SignIn::Basic { user, secret } = sign_in {
        if sign_in.is_identity() {
            form.append_pair("grant_type", "refresh_token")
                .append_pair("refresh_token", secret.expose_secret());
        } else {
            form.append_pair("grant_type", "password")
                .append_pair("username", user)
                .append_pair("password", secret.expose_secret());
        }
    }
    SecretString::from(form.finish())
}

#[derive(Deserialize)]
struct Wire {
    token: Option<SecretString>,
    access_token: Option<SecretString>,
    expires_in: Option<Value>,
}

/// Reads the answer of a token service; one that doesn't say how long its token lives has it live so long. Its `issued_at` is not: the age of a token is counted from its arrival.
pub(super) fn read(bytes: &[u8], unsaid: Duration) -> Result<Token, &'static str> {
    // The text of a parse error could quote the token.
    let wire: Wire = serde_json::from_slice(bytes)
        .map_err(|_| "the token service's answer is not what it should be")?;
    let some =
        |token: Option<SecretString>| token.filter(|token| !token.expose_secret().is_empty());
    let secret = some(wire.token)
        .or_else(|| some(wire.access_token))
        .ok_or("the token service gave no token")?;
    let text = secret.expose_secret();
    if text.len() > LONGEST || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("the token cannot be sent");
    }
    Ok(Token {
        lives: lives(wire.expires_in.as_ref(), unsaid),
        secret,
    })
}

/// Returns how long a token lives, whatever says so: seconds, as a number or a text. What cannot be read is as if it were not there.
fn lives(expires_in: Option<&Value>, unsaid: Duration) -> Duration {
    let said = match expires_in {
        Some(Value::Number(number)) => number.as_f64(),
        Some(Value::String(text)) => text.trim().parse().ok(),
        _ => None,
    };
    let seconds = said.map(|seconds| {
        if seconds >= NANOSECONDS {
            seconds / NANOSECONDS
        } else {
            seconds
        }
    });
    seconds
        .filter(|seconds| *seconds > 0.0)
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .map_or(unsaid, |life| life.clamp(FLOOR, CEILING))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Behaviour (sign-in): The token is called `token` or `access_token`, and the other may be empty.
    /// Source: Harbor 2.15 sends both, `access_token` empty.
    #[test]
    fn a_token_comes_under_either_name() {
        for body in [
            r#"{"token":"t"}"#,
            r#"{"access_token":"t"}"#,
            r#"{"token":"","access_token":"t"}"#,
            r#"{"token":"t","access_token":"","expires_in":1800,"issued_at":"2026-01-02 03:04:05"}"#,
            r#"{"token":"t","access_token":"other","scope":"x"}"#,
        ] {
            let token = read(body.as_bytes(), UNSAID).ok().unwrap();
            assert_eq!(token.secret.expose_secret(), "t", "{body}");
        }
        for body in [
            "",
            "{}",
            "<html>",
            r#"{"token":null}"#,
            r#"{"token":3}"#,
            "[]",
        ] {
            assert!(read(body.as_bytes(), UNSAID).is_err(), "{body}");
        }
    }

    #[test]
    fn a_token_that_no_header_can_hold_is_none() {
        let of =
            |token: &str| read(json!({ "token": token }).to_string().as_bytes(), UNSAID).is_ok();
        assert!(of(&"t".repeat(LONGEST)) && !of(&"t".repeat(LONGEST + 1)));
        for token in ["a b", "a\r\nX-Evil: 1", "a\u{0}", "a\u{7f}", "tökén", " "] {
            assert!(!of(token), "{token:?}");
        }
    }

    /// Behaviour (sign-in): The life of a token is a number, a text, in nanoseconds, nothing or nonsense; it is a minute then.
    /// Source: Token services of Django, Apigee and Entra ID write texts, olareg nanoseconds, Quay and Gitea nothing.
    #[test]
    fn a_life_is_read_in_every_shape() {
        let seconds = |value: Value| lives(Some(&value), UNSAID).as_secs();
        assert_eq!(lives(None, UNSAID), UNSAID);
        for (value, expected) in [
            (json!(300), 300),
            (json!("300"), 300),
            (json!(" 300.9 "), 300),
            (json!(300.5), 300),
            (json!(5), 5),
            (json!("59"), 59),
            (json!(1), 1),
            (json!(0.2), 1),
            (json!(0), 60),
            (json!(-5), 60),
            (json!("-5"), 60),
            (json!(null), 60),
            (json!(true), 60),
            (json!("soon"), 60),
            (json!("NaN"), 60),
            (json!("inf"), 60),
            (json!("2026-01-02T03:04:05Z"), 60),
            (json!([300]), 60),
            (json!({"seconds": 300}), 60),
            (json!(300_000_000_000_i64), 300),
            (json!(1_000_000), 86_400),
            (json!(u64::MAX), 86_400),
            (json!(1e300), 60),
        ] {
            assert_eq!(seconds(value.clone()), expected, "{value}");
        }
    }

    #[test]
    fn a_refresh_token_is_no_password() {
        let service = Service {
            realm: Url::parse("https://a.example/token").unwrap(),
            name: Some("s".into()),
        };
        let scopes = Scopes::read(["repository:a:pull repository:b:pull"]);
        let form = |user: &str| {
            let sign_in = SignIn::Basic {
                user: user.into(),
                secret: SecretString::from("p&w"),
            };
            form(&sign_in, &service, &scopes).expose_secret().to_owned()
        };
        let scope = "scope=repository%3Aa%3Apull+repository%3Ab%3Apull";
        assert_eq!(
            form("demo"),
            format!(
                "client_id=longshore&service=s&{scope}&grant_type=password&username=demo&password=p%26w"
            )
        );
        assert_eq!(
            form("<token>"),
            format!(
                "client_id=longshore&service=s&{scope}&grant_type=refresh_token&refresh_token=p%26w"
            )
        );
    }
}
