//! Nexus 3: user and secret with each request, and commits that stay without a tag until somebody cleans up.
//!
//! Facts 4.12. Its interface is at another port, which the registry doesn't name: it is not asked, and none is here.

use super::tokens::error;
use super::{Violations, harbor};
use crate::scripted::{Answer, Asked, Scripted};
use anyhow::Result;

/// Who may sign in, and sees everything.
pub const USER: &str = harbor::USER;
/// Their secret.
pub const SECRET: &str = harbor::SECRET;

/// A Nexus that is played; it ends when it is dropped.
pub struct Nexus {
    /// The registry, whose content others change.
    pub registry: Scripted,
    violations: Violations,
}

impl Nexus {
    /// Starts one on a free port of 127.0.0.1, with nothing in it.
    pub async fn start() -> Result<Self> {
        let registry = Scripted::start().await?;
        let violations = Violations::default();
        let noting = violations.clone();
        registry.script(move |asked| answer(&noting, asked));
        Ok(Self {
            registry,
            violations,
        })
    }

    /// Returns what it was asked that it would refuse.
    pub fn violations(&self) -> Vec<String> {
        self.violations.all()
    }
}

fn answer(violations: &Violations, asked: &Asked<'_>) -> Option<Answer> {
    if !asked.path.starts_with("/v2/") {
        violations.note(format!("{} {}", asked.method, asked.path));
        return Some(Answer::of(404));
    }
    if asked.is_user(USER, SECRET) {
        return None;
    }
    let refused = error(
        401,
        "UNAUTHORIZED",
        "access to the requested resource is not authorized",
    );
    let refused = refused.with("server", "Nexus/3.70.0 (OSS)");
    Some(refused.with(
        "www-authenticate",
        "BASIC realm=\"Sonatype Nexus Repository Manager\"",
    ))
}
