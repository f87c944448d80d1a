//! Whose packages are asked for: GitHub has another path for each kind of owner, and a repository's name doesn't say which it is.

use crate::way::{Failure, Way};
use oci::RepositoryName;
use registry::{Ask, AskHeader, Told};
use serde_json::Value;

/// Whose packages are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// Whoever is signed in.
    Oneself,
    /// An organisation.
    Organisation(String),
    /// A user, of whom what is private may be told to nobody here.
    User(String),
    /// An organisation or a user.
    Either(String),
    /// The same, or whoever is signed in: the account's user has that name, which need not be the token's.
    Own(String),
}

impl Owner {
    /// Returns who it may be, in the order in which they are asked.
    fn each(&self) -> Vec<Self> {
        let either =
            |name: &String| vec![Self::Organisation(name.clone()), Self::User(name.clone())];
        match self {
            Self::Either(name) => either(name),
            Self::Own(name) => [either(name), vec![Self::Oneself]].concat(),
            known => vec![known.clone()],
        }
    }

    /// Begins the path of their packages.
    pub(super) fn packages(&self, ask: Ask) -> Ask {
        let ask = match self {
            Self::Oneself => ask.at("/user"),
            Self::User(name) => ask.at("/users").value(name),
            Self::Organisation(name) | Self::Either(name) | Self::Own(name) => {
                ask.at("/orgs").value(name)
            }
        };
        with_headers(ask.at("/packages"))
    }

    pub(super) fn read(text: &str) -> Option<Self> {
        let (kind, name) = text.split_once(':')?;
        let name = name.to_owned();
        Some(match kind {
            "self" => Self::Oneself,
            "org" => Self::Organisation(name),
            "user" => Self::User(name),
            "either" => Self::Either(name),
            _ => return None,
        })
    }

    pub(super) fn text(&self) -> String {
        match self {
            Self::Oneself => "self:".to_owned(),
            Self::Organisation(name) => format!("org:{name}"),
            Self::User(name) => format!("user:{name}"),
            Self::Either(name) | Self::Own(name) => format!("either:{name}"),
        }
    }
}

/// Asks of whoever an owner may be, one after the other; returns who it was.
pub(super) async fn asked(
    way: &Way,
    owner: &Owner,
    ask: impl Fn(&Owner) -> Ask,
) -> Result<(Owner, Told), Failure> {
    for owner in owner.each() {
        match way.ask(&ask(&owner)).await {
            Err(Failure::NotFound) => {}
            told => return Ok((owner, told?)),
        }
    }
    Err(Failure::NotFound)
}

pub(super) fn with_headers(ask: Ask) -> Ask {
    ask.header(AskHeader::Accept, "application/vnd.github+json")
        .header(AskHeader::GithubApiVersion, "2022-11-28")
}

/// Reads the name of a user or an organisation, as the registry writes it: one part of a repository's name, in small letters.
pub(super) fn login(value: &Value) -> Option<String> {
    let name = value.as_str()?.to_ascii_lowercase();
    let is_one = !name.contains('/') && RepositoryName::parse(&name).is_ok();
    is_one.then_some(name)
}
