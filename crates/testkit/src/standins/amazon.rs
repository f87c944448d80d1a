//! Amazon's private registry: met with Basic by a password of twelve hours, and its own names; no interface of it is asked, and none is
//! here.
//!
//! Facts 2.1 (Basic alone) and 4.7 (`ecr.amazonaws.com`, the user `AWS`, what lost its tag stays). What becomes of a secret that has
//! ended is what people report of it: 403, *Your authorization token has expired* (aws/aws-cli#6580).

use super::Violations;
use super::tokens::error;
use crate::scripted::{Answer, Asked, Scripted};
use anyhow::Result;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The name it is met under.
pub const HOST: &str = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
/// Who signs in: it is the same for everybody.
pub const USER: &str = "AWS";
/// The password, as a helper or `aws ecr get-login-password` gives it.
pub const SECRET: &str = "correct-horse-battery-staple";

/// A registry of Amazon's that is played; it ends when it is dropped.
pub struct Amazon {
    /// The registry, whose content others change.
    pub registry: Scripted,
    violations: Violations,
    has_ended: Arc<AtomicBool>,
}

impl Amazon {
    /// Starts one on a free port of 127.0.0.1, with nothing in it.
    pub async fn start() -> Result<Self> {
        let registry = Scripted::start().await?;
        let (violations, has_ended) = (Violations::default(), Arc::new(AtomicBool::new(false)));
        let (noting, ended) = (violations.clone(), Arc::clone(&has_ended));
        registry.script(move |asked| answer(&noting, ended.load(Ordering::Relaxed), asked));
        Ok(Self {
            registry,
            violations,
            has_ended,
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

    /// Ends the password.
    pub fn end_secret(&self) {
        self.has_ended.store(true, Ordering::Relaxed);
    }
}

fn answer(violations: &Violations, has_ended: bool, asked: &Asked<'_>) -> Option<Answer> {
    if !asked.path.starts_with("/v2/") {
        violations.note(format!("{} {}", asked.method, asked.path));
        return Some(Answer::of(404));
    }
    if asked.is_user(USER, SECRET) {
        let text = "Your authorization token has expired. Reauthenticate and try again.";
        return has_ended.then(|| error(403, "DENIED", text));
    }
    let challenge = format!("Basic realm=\"https://{HOST}/\",service=\"ecr.amazonaws.com\"");
    Some(Answer::of(401).with("www-authenticate", challenge))
}
