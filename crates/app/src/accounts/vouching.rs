//! What vouches for the certificate of an account's registry, and how long it is good.
//!
//! Not here: what a person does where nothing does (`trust`). Grows by another place that vouches.

use super::room::Accounts;
use super::trust::Connection;
use crate::view::problem::Problem;
use crate::words;
use oci::UtcSeconds;
use registry::Registry;
use store::Account;

/// What vouches for a certificate that is trusted.
pub(crate) struct Vouched {
    /// Until when it is good.
    pub until: UtcSeconds,
    pub by: VouchedBy,
}

/// Who vouches: what the account has of its own comes first.
pub(crate) enum VouchedBy {
    /// The authorities of this computer.
    Computer,
    /// The person, who trusted this very one.
    Person,
    /// The authority in this file, or in this folder of Docker's.
    File(String),
}

impl Accounts {
    /// Looks at the certificate that an account's registry presents. No request is sent to it.
    pub(crate) async fn vouched(&self, account: &Account) -> Result<Vouched, Problem> {
        let reach = self.reach_of(account).await?;
        let presented = Registry::certificate(&account.host, &reach.options).await;
        let presented = presented
            .map_err(|error| words::of_registry(&error, &account.host, account.user.is_some()))?;
        let own = Connection::of(account).view();
        let (trusted, file) = own.map_or((None, None), |own| (own.trusted, own.authority));
        let by = match (trusted, file.or(reach.folders.vouches)) {
            (Some(_), _) => VouchedBy::Person,
            (None, Some(file)) => VouchedBy::File(file),
            (None, None) => VouchedBy::Computer,
        };
        Ok(Vouched {
            until: presented.until,
            by,
        })
    }
}
