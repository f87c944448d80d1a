//! Looking at what a host presents, and giving an account what its registry is reached by from then on.
//!
//! Not here: what that is (`trust`), whether a token service is trusted (`services`). Grows by what a person sees before they
//! decide.

use super::address::Address;
use super::room::Accounts;
use super::scheme::not_answered;
use super::services::{self, Service};
use super::states::keep_beside;
use super::trust::Connection;
use super::ways::scheme_of;
use crate::view::accounts::AccountView;
use crate::view::certificate::{CertificateView, ConnectionOrder};
use crate::view::events::Stale;
use crate::view::problem::Problem;
use crate::words::certificate as say;
use futures_util::FutureExt;
use registry::{Presented, Registry, TlsFault};
use store::Account;

impl Accounts {
    /// Looks at the certificate that a host presents. Nothing is sent to it.
    pub async fn look_at_certificate(
        &self,
        address: String,
        connection: Option<ConnectionOrder>,
    ) -> Result<CertificateView, Problem> {
        let address = Address::read(&address)?;
        let host = &address.host;
        let connection = self.connection(host, connection).await?;
        let reach = self.reach(host, &connection).await?;
        let looked = async {
            let presented = Registry::certificate(host, &reach.options).await;
            let presented = presented.map_err(|error| not_answered(&error, &address))?;
            // Where it is trusted, what stands between may be that of where tokens come from.
            let service = if presented.wrong.is_empty() {
                services::between(&address, &reach.options).await
            } else {
                None
            };
            Ok((presented, service))
        };
        let given = connection.has_authority();
        let (presented, service) = self.asking_to_sign_in(host, looked.boxed()).await?;
        Ok(match service {
            Some(Service { host, presented }) => CertificateView {
                of_service: true,
                ..view(presented, &host, given)
            },
            None => view(presented, host, given),
        })
    }

    /// Gives an account what its registry is reached by from now on, once that is seen to do. No secret is sent for it.
    pub async fn change_connection(
        &self,
        id: String,
        connection: ConnectionOrder,
    ) -> Result<AccountView, Problem> {
        let account = self.account(&id).await?;
        let connection = self.connection(&account.host, Some(connection)).await?;
        let mut address = Address::read(account.host.as_str())?;
        address.typed = Some(scheme_of(&account));
        let reach = self.reach(&account.host, &connection).await?;
        let probed = services::probed(&address, &reach.options).boxed();
        self.asking_to_sign_in(&account.host, probed).await?;
        self.keep_proxy_secret(connection.ordered(), &keep_beside(&account))
            .await?;
        let (stored, before) = (connection.stored(), Connection::of(&account));
        // Asking took its time: what became of the account meanwhile stays.
        self.ground
            .db(move |store| match store.account(account.id)? {
                Some(now) => store.change_account(&Account {
                    connection: stored,
                    ..now
                }),
                None => Ok(()),
            })
            .await?;
        self.leave_proxy(&before, None).await?;
        let account = self.account(&id).await?;
        self.close_session(account.id, &account.host);
        self.ground.stale(Stale::Accounts);
        self.view_of(&account).await
    }
}

fn view(presented: Presented, host: &oci::Host, given: bool) -> CertificateView {
    let Presented {
        fingerprint,
        subject,
        issuer,
        names,
        from,
        until,
        is_own_issuer,
        wrong,
        ..
    } = presented;
    let said = |fault| say::of_fault(fault, host, is_own_issuer, given).text();
    CertificateView {
        host: host.to_string(),
        of_service: false,
        changed: wrong.contains(&TlsFault::PinChanged),
        wrong: wrong.iter().map(said).collect(),
        subject,
        issuer,
        names,
        from: from.0,
        until: until.0,
        fingerprint: fingerprint.to_string(),
    }
}
