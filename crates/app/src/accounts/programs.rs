//! Docker's and Podman's own programs, signed in and out along with an account.
//!
//! What was put where is noted with the account, so that it is taken back and nothing else is. Nothing here is done unasked,
//! but for signing out with the account what was signed in with it.
//!
//! Not here: what goes into which file (`credentials`). Grows by what else a person asks of these programs.

use super::room::Accounts;
use crate::ground::blocking;
use crate::view::accounts::{AccountView, Program};
use crate::view::events::Stale;
use crate::view::problem::{Code, Problem};
use crate::words;
use crate::words::accounts as say;
use credentials::{Client, ClientError, ClientSignIn, Credential, Keeps};
use registry::SignIn;
use std::collections::BTreeSet;
use store::{Account, Store};

impl Accounts {
    /// Lists the programs of this computer that could be signed in along. None is run.
    pub async fn programs(&self) -> Result<Vec<Program>, Problem> {
        let clients = self.sources.clients();
        let here = blocking(move || clients.here()).await?;
        Ok(here.into_iter().map(view).collect())
    }

    /// Lists the files that would hold the secret of a registry in plain text, as there is no credential helper. It may run
    /// helpers, to see whether they work.
    pub async fn programs_in_plain_text(&self, host: String) -> Result<Vec<String>, Problem> {
        let clients = self.sources.clients();
        blocking(move || {
            let keeps = clients.here().into_iter();
            let keeps = keeps.filter_map(|client| clients.keeps(client, &host).ok());
            let files = keeps.filter_map(|keeps| match keeps {
                Keeps::PlainText(file) => Some(file),
                Keeps::Helper(_) => None,
            });
            files.collect::<BTreeSet<_>>().into_iter().collect()
        })
        .await
    }

    /// Signs the programs in with the sign-in of an account, or anew where they are. With `plain`, their files may hold the
    /// secret where there is no helper. The first that fails is told; the others are signed in all the same.
    pub async fn sign_in_programs(&self, id: String, plain: bool) -> Result<AccountView, Problem> {
        let account = self.account(&id).await?;
        let credential = self.handed_on(&account).await?;
        let _turn = self.programs.lock().await;
        let before = self.signed_in(&account).await?;
        let clients = self.sources.clients();
        let host = account.host.to_string();
        let (signed_in, failed) = blocking(move || {
            let (mut signed_in, mut failed) = (Vec::new(), None);
            for signed in before {
                if let Err(error) = clients.sign_out(&signed) {
                    failed = Some((signed.client, error));
                    signed_in.push(signed);
                }
            }
            let here = clients.here().into_iter();
            let missing = |client: &Client| signed_in.iter().all(|signed| signed.client != *client);
            for client in here.filter(missing).collect::<Vec<_>>() {
                match clients.sign_in(client, &host, &credential, plain) {
                    Ok(signed) => signed_in.push(signed),
                    Err(error) => failed = failed.or(Some((client, error))),
                }
            }
            (signed_in, failed)
        })
        .await?;
        self.note(&account, &signed_in).await?;
        match failed {
            Some((client, error)) => Err(problem(client, &error, true)),
            None => self.view_of(&account).await,
        }
    }

    /// Signs the programs out that were signed in along with an account.
    pub async fn sign_out_programs(&self, id: String) -> Result<AccountView, Problem> {
        let account = self.account(&id).await?;
        self.leave_programs(&account).await?;
        self.view_of(&account).await
    }

    /// Does the same for an account that goes. What can't be signed out now stays noted.
    pub(super) async fn leave_programs(&self, account: &Account) -> Result<(), Problem> {
        let _turn = self.programs.lock().await;
        let before = self.signed_in(account).await?;
        if before.is_empty() {
            return Ok(());
        }
        let clients = self.sources.clients();
        let (left, failed) = blocking(move || {
            let (mut left, mut failed) = (Vec::new(), None);
            for signed in before {
                if let Err(error) = clients.sign_out(&signed) {
                    failed = failed.or(Some((signed.client, error)));
                    left.push(signed);
                }
            }
            (left, failed)
        })
        .await?;
        self.note(account, &left).await?;
        failed.map_or(Ok(()), |(client, error)| {
            Err(problem(client, &error, false))
        })
    }

    /// Forgets which programs were signed in along: what can't be signed out now stays as it is.
    pub(super) async fn forget_programs(&self, account: &Account) -> Result<(), Problem> {
        let _turn = self.programs.lock().await;
        self.note(account, &[]).await
    }

    /// Returns an account as the window shows it.
    pub(super) async fn view_of(&self, account: &Account) -> Result<AccountView, Problem> {
        let programs = self.ground.db(Store::programs).await?;
        Ok(self.account_view(account, programs.get(&account.id)))
    }

    /// Returns the sign-in that can be handed on: one that we keep.
    async fn handed_on(&self, account: &Account) -> Result<Credential, Problem> {
        match self.sign_in_of(account).await?.0 {
            SignIn::Basic { user, secret } => Ok(Credential { user, secret }),
            SignIn::Asked(_) => Err(say::kept_by_another(&account.host).coded(Code::Program)),
            SignIn::Anonymous => Err(say::not_yours(&account.host).coded(Code::Program)),
        }
    }

    async fn signed_in(&self, account: &Account) -> Result<Vec<ClientSignIn>, Problem> {
        let programs = self.ground.db(Store::programs).await?;
        Ok(read(programs.get(&account.id)))
    }

    async fn note(&self, account: &Account, signed_in: &[ClientSignIn]) -> Result<(), Problem> {
        let id = account.id;
        let text = serde_json::to_string(signed_in)
            .ok()
            .filter(|_| !signed_in.is_empty());
        self.ground
            .db(move |store| store.set_programs(id, text.as_deref()))
            .await?;
        self.ground.stale(Stale::Accounts);
        Ok(())
    }
}

/// Returns the programs that were signed in along, as the window shows them.
pub(super) fn views(stored: Option<&String>) -> Vec<Program> {
    let signed_in = read(stored);
    signed_in.iter().map(|signed| view(signed.client)).collect()
}

fn read(stored: Option<&String>) -> Vec<ClientSignIn> {
    stored
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default()
}

fn view(client: Client) -> Program {
    match client {
        Client::Docker => Program::Docker,
        Client::Podman => Program::Podman,
    }
}

fn problem(client: Client, error: &ClientError, signed_in: bool) -> Problem {
    let name = match client {
        Client::Docker => "Docker",
        Client::Podman => "Podman",
    };
    words::accounts::of_program(error, name, signed_in)
}
