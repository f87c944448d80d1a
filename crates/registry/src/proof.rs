//! Whether a sign-in is right that something was refused to. Many registries say the same to one that is wrong and to one
//! that has no right: 401.
//!
//! Not here: the refusal itself (`host`). Grows by another way to tell the two apart.

use http::Method;

use crate::auth::Scopes;
use crate::host::{Call, Host};
use crate::transport::Budget;

impl Host {
    /// Finds out whether the sign-in is right although something was refused to it: then it has no right to that.
    pub(crate) async fn is_proven(&self, call: &Call) -> bool {
        if call.url == *self.base() {
            return false;
        }
        if self.auth.has_basic() {
            return self.is_proven_at_the_door(call).await;
        }
        // By a token that is for nothing in particular.
        if !self.auth.has_tokens() {
            return false;
        }
        if self.auth.was_taken() {
            return true;
        }
        let ping = self.ping(call);
        let Ok(signed) = self.auth.before(&self.transport, &ping.scopes).await else {
            return false;
        };
        let reply = self.once(&ping, signed.as_ref(), Budget::Question, 1).await;
        let taken = signed.is_some() && reply.is_ok_and(|reply| reply.own && reply.is_success());
        if taken {
            self.auth.took(signed.as_ref(), &ping.scopes);
        }
        taken
    }

    /// Returns the question for `/v2/`, which needs no right in particular.
    fn ping(&self, call: &Call) -> Call {
        let door = self.base().clone();
        Call::new(Method::GET, door, Scopes::default(), call.limit)
    }

    /// Finds out the same where a secret goes with every request: `/v2/` takes it, and lets nobody in without one. Harbor says
    /// 401 of a catalog that is for its administrators alone, and Nexus of a repository.
    async fn is_proven_at_the_door(&self, call: &Call) -> bool {
        // One finds out for all who were refused.
        let mut found = self.auth.door.turn().await;
        let serial = self.auth.serial();
        if let Some(is_right) = found.of(serial) {
            return is_right;
        }
        // What was never taken is most likely wrong, and some lock out whoever sends that twice.
        if !self.auth.was_basic_taken() {
            return false;
        }
        let ping = self.ping(call);
        let signed = self.auth.before(&self.transport, &ping.scopes).await;
        let Ok(Some(signed)) = signed else {
            return false;
        };
        // A fault on the way tells nothing, and is not kept.
        let Ok(signed) = self.once(&ping, Some(&signed), Budget::Question, 1).await else {
            return false;
        };
        let is_right = match signed.status {
            _ if signed.own && signed.is_success() => {
                match self.once(&ping, None, Budget::Question, 1).await {
                    Ok(nobody) if nobody.status == 401 => nobody.own,
                    Ok(nobody) if nobody.is_success() => false,
                    _ => return false,
                }
            }
            401 | 403 => false,
            _ => return false,
        };
        found.note(serial, is_right);
        is_right
    }

    /// Finds out whether a sign-in that was taken is nobody's: strangers are let in by the same token.
    pub(crate) async fn is_nobody(&self, ping: &Call) -> bool {
        let nobody = self.auth.is_nobody(&self.transport).await;
        let Some((true, signed)) = nobody else {
            return false;
        };
        let reply = self.once(ping, Some(&signed), Budget::Question, 1).await;
        reply.is_ok_and(|reply| reply.own && reply.is_success())
    }
}
