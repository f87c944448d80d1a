//! Amazon's public gallery: tokens of its own service, for everything at once, and no list of its repositories.
//!
//! A token is got at `/token/` for the service `public.ecr.aws`, also by nobody; one that isn't good is a 400 without a challenge
//! (aws/containers-roadmap#2835, lablup/backend.ai#2549); HEAD of a blob is a 401 (containers-roadmap#2671). The catalog is refused
//! (facts 1). Its own interface wants requests signed with keys: it is not asked, and none is here.

use super::tokens::error;
use super::{Violations, amazon};
use crate::scripted::{Answer, Asked, Scripted};
use anyhow::Result;
use serde_json::json;

/// The name it is met under.
pub const HOST: &str = "public.ecr.aws";
/// Who signs in: it is the same for everybody.
pub const USER: &str = amazon::USER;
/// The password, as a helper or `aws ecr-public get-login-password` gives it.
pub const SECRET: &str = amazon::SECRET;
/// Where tokens are given.
pub const TOKEN: &str = "/token/";

/// The gallery, played; it ends when it is dropped.
pub struct AmazonPublic {
    /// The registry, whose content others change.
    pub registry: Scripted,
    violations: Violations,
}

impl AmazonPublic {
    /// Starts one on a free port of 127.0.0.1, with nothing in it.
    pub async fn start() -> Result<Self> {
        let registry = Scripted::start().await?;
        let violations = Violations::default();
        let (noting, host) = (violations.clone(), registry.host());
        registry.script(move |asked| answer(&noting, &host, asked));
        Ok(Self {
            registry,
            violations,
        })
    }

    /// Returns where it is played.
    pub fn address(&self) -> String {
        format!("http://{}", self.registry.host())
    }

    /// Returns what it was asked that it would refuse.
    pub fn violations(&self) -> Vec<String> {
        self.violations.all()
    }
}

/// What is good for whoever signed in; nobody's is another, by which nothing is pushed.
const GOOD: &str = "a-token-of-somebody";
const NOBODYS: &str = "a-token-of-nobody";

fn answer(violations: &Violations, host: &str, asked: &Asked<'_>) -> Option<Answer> {
    if asked.path == TOKEN {
        return Some(token(asked));
    }
    if !asked.path.starts_with("/v2/") {
        violations.note(format!("{} {}", asked.method, asked.path));
        return Some(Answer::of(404));
    }
    let challenge =
        format!("Bearer realm=\"http://{host}{TOKEN}\",service=\"{HOST}\",scope=\"aws\"");
    let refused = || Some(Answer::of(401).with("www-authenticate", challenge.clone()));
    let reads = ["GET", "HEAD"].contains(&asked.method);
    match asked.token() {
        "" => return refused(),
        GOOD => {}
        NOBODYS if reads => {}
        NOBODYS => return refused(),
        _ => return Some(error(400, "DENIED", "Not Authorized")),
    }
    if asked.path == "/v2/_catalog" {
        return Some(error(401, "DENIED", "Not Authorized"));
    }
    if asked.method == "HEAD" && asked.path.contains("/blobs/") {
        return refused();
    }
    None
}

fn token(asked: &Asked<'_>) -> Answer {
    if asked.method != "GET" || asked.fields("service") != [HOST] {
        return error(400, "UNSUPPORTED", "Invalid parameter");
    }
    if asked.authorization.is_empty() {
        return Answer::json(json!({"token": NOBODYS}));
    }
    if !asked.is_user(USER, SECRET) {
        return error(401, "DENIED", "Not Authorized");
    }
    Answer::json(json!({"token": GOOD}))
}
