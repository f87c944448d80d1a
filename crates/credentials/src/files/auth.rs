//! One entry of `auths`, and what it proves.

use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use secrecy::zeroize::Zeroizing;
use serde::de::{IgnoredAny, MapAccess};

use crate::json::{Name, Shape, Text, Value, means};
use crate::{Credential, TOKEN_USER};

/// The base64 of these files, with or without padding: other tools write it too.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// An entry is there, and what proves the sign-in cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spoiled;

/// What is read of one sign-in.
#[derive(Default)]
pub(super) struct Auth {
    /// User and password; the field is called `auth`.
    both: Option<Text>,
    user: Option<Text>,
    password: Option<Text>,
    identity: Option<Text>,
}

impl<'de> Shape<'de> for Auth {
    fn of_map<A: MapAccess<'de>>(mut map: A) -> Result<Option<Self>, A::Error> {
        let mut auth = Self::default();
        while let Some(Name(name)) = map.next_key::<Name<'de>>()? {
            let field = if means(&name, "auth") {
                &mut auth.both
            } else if means(&name, "username") {
                &mut auth.user
            } else if means(&name, "password") {
                &mut auth.password
            } else if means(&name, "identitytoken") {
                &mut auth.identity
            } else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if let Value::Given(text) = map.next_value()? {
                *field = Some(text);
            }
        }
        Ok(Some(auth))
    }
}

impl Auth {
    /// One in which nothing stands.
    pub(super) const EMPTY: Self = Self {
        both: None,
        user: None,
        password: None,
        identity: None,
    };

    /// Makes an entry that has nothing but user and password, as an old file has it.
    pub(super) fn of(auth: &str) -> Self {
        Self {
            both: Some(Text::new(auth.to_owned())),
            ..Self::default()
        }
    }

    /// Returns the user that may be shown: what `auth` says, else the one that is named by itself.
    pub(super) fn user(&self) -> Option<String> {
        match given(self.both.as_ref()) {
            Some(auth) => shown(&decoded(auth).ok()?.0),
            None => shown(given(self.user.as_ref())?),
        }
    }

    /// Tells whether user and password stand in `auth`.
    pub(super) fn has_auth(&self) -> bool {
        given(self.both.as_ref()).is_some()
    }

    /// Returns the sign-in as Docker reads it: an identity token comes before a password, and `auth` before the fields
    /// beside it. Without a secret there is none.
    pub(super) fn for_docker(&self) -> Result<Option<Credential>, Spoiled> {
        let auth = given(self.both.as_ref()).map(decoded).transpose()?;
        if let Some(token) = given(self.identity.as_ref()) {
            return Ok(Credential::of(TOKEN_USER, token));
        }
        let (user, password) = match &auth {
            Some((user, _)) if user.is_empty() => return Err(Spoiled),
            Some((user, password)) => (user.as_str(), password.trim_matches('\0')),
            None => match (given(self.user.as_ref()), given(self.password.as_ref())) {
                (Some(user), Some(password)) => (user, password),
                _ => return Ok(None),
            },
        };
        if password.is_empty() {
            return Ok(None);
        }
        Credential::of(user, password).map(Some).ok_or(Spoiled)
    }

    /// Returns the sign-in as Podman reads it: `auth` and the identity token beside it, and nothing without `auth`.
    pub(super) fn for_podman(&self) -> Result<Option<Credential>, Spoiled> {
        let Some(auth) = given(self.both.as_ref()) else {
            return Ok(None);
        };
        let (user, password) = match decoded(auth) {
            Ok(both) => both,
            Err(Undecoded::NoColon) => return Ok(None),
            Err(Undecoded::Spoiled) => return Err(Spoiled),
        };
        if let Some(token) = given(self.identity.as_ref()) {
            return Ok(Credential::of(TOKEN_USER, token));
        }
        let password = password.trim_matches('\0');
        if user.is_empty() || password.is_empty() {
            return Ok(None);
        }
        Credential::of(&user, password).map(Some).ok_or(Spoiled)
    }
}

fn given(text: Option<&Text>) -> Option<&str> {
    text.map(|text| text.as_str())
        .filter(|text| !text.is_empty())
}

enum Undecoded {
    /// It is no base64, or not of a text.
    Spoiled,
    /// There is no password in it.
    NoColon,
}

impl From<Undecoded> for Spoiled {
    fn from(_: Undecoded) -> Self {
        Self
    }
}

/// Reads user and password out of `base64(user:password)`. Line ends in it count for nothing.
fn decoded(auth: &str) -> Result<(Text, Text), Undecoded> {
    let auth: Text = Zeroizing::new(auth.replace(['\r', '\n'], ""));
    let bytes = BASE64
        .decode(auth.as_bytes())
        .map(Zeroizing::new)
        .map_err(|_| Undecoded::Spoiled)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| Undecoded::Spoiled)?;
    let (user, password) = text.split_once(':').ok_or(Undecoded::NoColon)?;
    let keep = |text: &str| Zeroizing::new(text.to_owned());
    Ok((keep(user), keep(password)))
}

/// Returns a user's name where it is one that can be shown.
fn shown(user: &str) -> Option<String> {
    const LONGEST: usize = 256;
    let fits = !user.is_empty() && user.len() <= LONGEST && !user.chars().any(char::is_control);
    // Of a sign-in that is a token and not a user's nobody knows whose it is.
    (fits && user != TOKEN_USER).then(|| user.to_owned())
}
