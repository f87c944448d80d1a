//! Names as a person or the window gives them, read.

use crate::view::problem::Problem;
use crate::words;
use oci::Digest;
use store::{Account, Place};

/// Reads the name of a repository of an account.
pub(crate) fn place(account: &Account, repository: &str) -> Result<Place, Problem> {
    let name = oci::RepositoryName::parse(repository)
        .map_err(|error| words::general::bad_repository(repository, &error))?;
    if let Some(namespace) = account
        .namespace
        .as_deref()
        .filter(|_| !account.covers(repository))
    {
        let for_that = words::general::outside_namespace(repository, &account.host, namespace);
        return Err(for_that
            .problem()
            .hint(words::general::use_another_account()));
    }
    Ok(Place {
        host: account.host.clone(),
        repository: name,
    })
}

/// Reads a tag.
pub(crate) fn tag(text: &str) -> Result<oci::Tag, Problem> {
    oci::Tag::parse(text).map_err(|error| words::general::bad_tag(text, &error))
}

/// Reads a digest that the window hands back.
pub(crate) fn digest(text: &str) -> Result<Digest, Problem> {
    Digest::parse(text).map_err(words::unexpected)
}
