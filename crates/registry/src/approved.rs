//! What a person agreed to, and the lock that holds it: which secret may leave for where.
//!
//! It is asked twice, by two who don't know of each other: before a way of signing in is gone (`auth`), and where every request
//! leaves (`transport`). Not here: what a registry wants. Grows by nothing but a way of signing in.

use http::{HeaderName, HeaderValue};
use std::sync::{Mutex, PoisonError};

use crate::way::{Origin, SignInWay, SignInWays};

/// What proves who one is, bound to the only server it may go to.
#[derive(Clone)]
pub(crate) struct Credential {
    /// The header it stands in, mostly `Authorization`.
    pub(crate) name: HeaderName,
    /// The value of that header.
    pub(crate) header: HeaderValue,
    /// Whom it may go to.
    pub(crate) to: Origin,
    /// Which way it goes, where it is a secret; a token for the registry is none.
    pub(crate) way: Option<SignInWay>,
}

/// The ways a person agreed to for one registry.
pub(crate) struct Approved {
    own: Origin,
    ways: Mutex<Ways>,
}

#[derive(Default)]
struct Ways {
    /// `None`: nobody was asked yet, and the first way that is gone is the only one from then on.
    agreed: Option<SignInWays>,
    used: SignInWays,
}

impl Approved {
    /// Makes what was agreed to for the registry at this origin.
    pub(crate) fn new(own: Origin, agreed: Option<SignInWays>) -> Self {
        let used = SignInWays::default();
        Self {
            own,
            ways: Mutex::new(Ways { agreed, used }),
        }
    }

    /// Makes what holds where no secret may go anywhere.
    pub(crate) fn nothing(own: Origin) -> Self {
        Self::new(own, Some(SignInWays::default()))
    }

    /// Returns the registry's own origin.
    pub(crate) fn own(&self) -> &Origin {
        &self.own
    }

    /// Tells whether a way may be gone. Where nobody was asked yet, this one is agreed to, and no other after it.
    pub(crate) fn agree(&self, way: &SignInWay) -> bool {
        self.ways(|ways| {
            ways.agreed
                .get_or_insert_with(|| way.clone().into())
                .contains(way)
        })
    }

    /// Tells whether a way was agreed to, or nobody was asked yet.
    pub(crate) fn has(&self, way: &SignInWay) -> bool {
        self.ways(|ways| {
            ways.agreed
                .as_ref()
                .is_none_or(|agreed| agreed.contains(way))
        })
    }

    /// Tells whether a way was agreed to.
    pub(crate) fn has_agreed(&self, way: &SignInWay) -> bool {
        self.ways(|ways| ways.agreed.as_ref().is_some_and(|it| it.contains(way)))
    }

    /// Tells whether only Basic was agreed to, so that nothing has to be asked before it is sent.
    pub(crate) fn is_basic_alone(&self) -> bool {
        self.ways(|ways| ways.agreed == Some(SignInWay::Basic.into()))
    }

    /// Returns the ways a secret went.
    pub(crate) fn used(&self) -> SignInWays {
        self.ways(|ways| ways.used.clone())
    }

    /// Tells whether ways were agreed to that no secret went yet.
    pub(crate) fn has_unused(&self) -> bool {
        self.ways(|ways| {
            let agreed = ways.agreed.iter().flat_map(SignInWays::iter);
            agreed.into_iter().any(|way| !ways.used.contains(way))
        })
    }

    /// Decides whether a credential may leave for an origin: a token for the registry itself alone, a secret only by a way that was
    /// agreed to.
    pub(crate) fn lets_out(&self, credential: &Credential, to: Option<&Origin>) -> bool {
        let Some(to) = to.filter(|to| **to == credential.to) else {
            return false;
        };
        match &credential.way {
            None => *to == self.own,
            Some(way) => self.lets_secret_out(way, to),
        }
    }

    /// Decides whether a form with a secret may leave for an origin: that of a token service which was agreed to.
    pub(crate) fn lets_form_out(&self, to: Option<&Origin>) -> bool {
        to.is_some_and(|to| {
            let service = to.clone();
            self.lets_secret_out(&SignInWay::Bearer { service }, to)
        })
    }

    /// Decides whether a body with a secret may leave for an origin: the very server, where it was agreed to that it gets one.
    pub(crate) fn lets_body_out(&self, to: Option<&Origin>) -> bool {
        to.is_some_and(|to| self.lets_secret_out(&SignInWay::Basic, to))
    }

    fn lets_secret_out(&self, way: &SignInWay, to: &Origin) -> bool {
        let right = match way {
            SignInWay::Basic => *to == self.own,
            SignInWay::Bearer { service } => to == service,
        };
        self.ways(|ways| {
            let agreed = ways
                .agreed
                .as_ref()
                .is_some_and(|agreed| agreed.contains(way));
            if right && agreed {
                ways.used.add(way.clone());
            }
            right && agreed
        })
    }

    fn ways<T>(&self, with: impl FnOnce(&mut Ways) -> T) -> T {
        with(&mut self.ways.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> Origin {
        Origin::parse(text).unwrap()
    }

    fn bearer(service: &str) -> SignInWay {
        SignInWay::Bearer {
            service: origin(service),
        }
    }

    fn credential(to: &str, way: Option<SignInWay>) -> Credential {
        Credential {
            name: http::header::AUTHORIZATION,
            header: HeaderValue::from_static("x"),
            to: origin(to),
            way,
        }
    }

    const OWN: &str = "https://r.example";
    const AUTH: &str = "https://auth.example";

    #[test]
    fn the_first_way_is_the_only_one_where_nobody_was_asked() {
        let approved = Approved::new(origin(OWN), None);
        assert!(approved.agree(&bearer(AUTH)) && approved.agree(&bearer(AUTH)));
        assert!(
            !approved.agree(&SignInWay::Basic) && !approved.agree(&bearer("https://evil.example"))
        );
    }

    #[test]
    fn what_may_leave_for_where() {
        let approved = Approved::new(origin(OWN), Some(bearer(AUTH).into()));
        let may = |bound: &str, way: Option<SignInWay>, to: &str| {
            approved.lets_out(&credential(bound, way), Some(&origin(to)))
        };
        assert!(may(OWN, None, OWN), "a token to the registry");
        assert!(
            may(AUTH, Some(bearer(AUTH)), AUTH),
            "the secret to its token service"
        );
        assert!(!may(OWN, None, "https://evil.example"));
        assert!(
            !may("https://evil.example", None, "https://evil.example"),
            "bound to the wrong one"
        );
        assert!(!may(AUTH, None, AUTH), "a token to the token service");
        assert!(!may(AUTH, Some(bearer(AUTH)), OWN));
        assert!(!may(OWN, Some(SignInWay::Basic), OWN), "not agreed to");
        assert!(!may(AUTH, Some(SignInWay::Basic), AUTH));
        assert!(
            !may(AUTH, Some(bearer(AUTH)), "http://auth.example"),
            "in the clear"
        );
        assert!(!may(AUTH, Some(bearer(AUTH)), "https://auth.example:444"));
        assert!(!approved.lets_out(&credential(OWN, None), None));
        assert!(
            approved.lets_form_out(Some(&origin(AUTH)))
                && !approved.lets_form_out(Some(&origin(OWN)))
        );
        assert_eq!(approved.used(), bearer(AUTH).into());
        let nobody = Approved::nothing(origin(OWN));
        assert!(
            !nobody.agree(&SignInWay::Basic)
                && nobody.lets_out(&credential(OWN, None), Some(&origin(OWN)))
        );
    }

    #[test]
    fn basic_goes_to_the_registry_alone() {
        let approved = Approved::new(origin(OWN), Some(SignInWay::Basic.into()));
        assert!(approved.is_basic_alone() && approved.has_unused());
        assert!(approved.lets_out(&credential(OWN, Some(SignInWay::Basic)), Some(&origin(OWN))));
        assert!(!approved.has_unused() && !approved.lets_form_out(Some(&origin(OWN))));
        assert!(approved.lets_body_out(Some(&origin(OWN))));
        assert!(!approved.lets_body_out(Some(&origin(AUTH))) && !approved.lets_body_out(None));
        let by_token = Approved::new(origin(OWN), Some(bearer(AUTH).into()));
        assert!(!by_token.lets_body_out(Some(&origin(AUTH))));
    }
}
