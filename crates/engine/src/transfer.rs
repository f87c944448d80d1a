//! Push and pull: one request each, whose answer is a stream of lines that lasts as long as the transfer.
//!
//! The engine does the work and signs in to the registry itself. Dropping the [`Transfer`] closes the connection, which
//! makes the engine stop.

use bytes::Bytes;
use http::Request;
use http_body_util::Empty;

use crate::event::Reader;
use crate::images::{in_path, in_query};
use crate::lines::Reading;
use crate::{Address, Engine, Error, Event, RegistryAuth, Way};

/// A running push or pull. It begins when first polled, ends after its first error, and is cancelled by dropping it.
pub type Transfer = Reading<Event>;

impl Engine {
    /// Lets the engine push one tag that it has. `repository` is the name with its registry, `host/name`.
    pub fn push(&self, repository: &str, tag: &str, auth: &RegistryAuth) -> Transfer {
        self.transfer(push_path(repository, tag), auth)
    }

    /// Lets the engine pull one image, by tag or by digest. `repository` is the name with its registry, `host/name`.
    pub fn pull(&self, repository: &str, tag_or_digest: &str, auth: &RegistryAuth) -> Transfer {
        self.transfer(pull_path(repository, tag_or_digest), auth)
    }

    fn transfer(&self, path: Result<String, Error>, auth: &RegistryAuth) -> Transfer {
        let request = path.and_then(|path| {
            confided(self.address(), auth)?;
            Request::post(path)
                .header("X-Registry-Auth", auth.header()?)
                .body(Empty::<Bytes>::new())
                .map_err(|error| Error::Broken(error.to_string()))
        });
        Reading::of(self, request, Reader::default())
    }
}

/// Refuses to send a secret to another computer in the clear, whatever engine was chosen.
fn confided(address: &Address, auth: &RegistryAuth) -> Result<(), Error> {
    if matches!(auth, RegistryAuth::None) || address.way() != Way::Plain {
        return Ok(());
    }
    Err(Error::Unsupported(format!(
        "The engine at {address} is on another computer and is spoken to without encryption, so your secret is not sent to it."
    )))
}

/// Builds the path of a push. A tag is demanded: without one, an engine would push every tag of the repository.
fn push_path(repository: &str, tag: &str) -> Result<String, Error> {
    demand(tag)?;
    Ok(format!(
        "/images/{}/push?tag={}",
        in_path(repository)?,
        in_query(tag)
    ))
}

/// Builds the path of a pull. A tag is demanded: without one, an engine would pull every tag of the repository.
fn pull_path(repository: &str, tag_or_digest: &str) -> Result<String, Error> {
    demand(tag_or_digest)?;
    in_path(repository)?;
    Ok(format!(
        "/images/create?fromImage={}&tag={}",
        in_query(repository),
        in_query(tag_or_digest)
    ))
}

fn demand(tag: &str) -> Result<(), Error> {
    if tag.is_empty() {
        return Err(Error::Refused {
            status: 400,
            message: "No tag was given.".to_owned(),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_goes_to_no_other_computer_in_the_clear() {
        let basic = RegistryAuth::Basic {
            user: "demo".to_owned(),
            secret: "hunter2".into(),
            host: "registry.example".to_owned(),
        };
        for (given, here) in [
            ("unix:///run/x.sock", true),
            ("npipe:////./pipe/x", true),
            ("tcp://127.0.0.1:2375", true),
            ("tcp://localhost", true),
            ("tcp://[::1]:99", true),
            ("https://10.0.0.1", true),
            ("ssh://ana@lab", true),
            ("tcp://10.0.0.1:2375", false),
            ("tcp://docker", false),
            ("tcp://localhost.example", false),
            ("tcp://127.0.0.1.example", false),
        ] {
            let address = Address::parse(given);
            assert_eq!(confided(&address, &basic).is_ok(), here, "{given}");
            assert!(confided(&address, &RegistryAuth::None).is_ok(), "{given}");
        }
    }
}
