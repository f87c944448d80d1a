//! Docker's and Podman's own programs, signed in and out along with an account.
//!
//! What was put where is noted with the account, so that it is taken back and nothing else is. Nothing here is done unasked,
//! but for signing out with the account what was signed in with it.
//!
//! Not here: what goes into which file (`credentials`). Grows by what else a person asks of these programs.

use super::room::Accounts;
use crate::ground::blocking;
use crate::view::accounts::{AccountView, Program, ProgramsKeep};
use crate::view::events::Stale;
use crate::view::problem::{Code, Problem};
use crate::words;
use crate::words::accounts as say;
use credentials::{Client, ClientError, ClientSignIn, Clients, Credential, Keeps, Place};
use registry::SignIn;
use std::collections::HashMap;
use store::{Account, Store};

impl Accounts {
    /// Lists the programs of this computer that could be signed in along. None is run.
    pub async fn programs(&self) -> Result<Vec<Program>, Problem> {
        let clients = self.sources.clients();
        let here = blocking(move || clients.here()).await?;
        Ok(here.into_iter().map(view).collect())
    }

    /// Finds out where the sign-in of a registry would be kept. It may run helpers, to see whether they work.
    pub async fn programs_keep(&self, host: String) -> Result<ProgramsKeep, Problem> {
        let clients = self.sources.clients();
        blocking(move || {
            let mut kept = ProgramsKeep::default();
            for client in clients.here() {
                match clients.keeps(client, &host) {
                    Ok(Keeps::PlainText(file)) => kept.plain_in.push(file),
                    Ok(Keeps::Helper(_, Some(user))) => kept.users.push(user),
                    // What is wrong there is told when it is signed in.
                    Ok(Keeps::Helper(_, None)) | Err(_) => {}
                }
            }
            kept.plain_in.dedup();
            kept.users.dedup();
            kept
        })
        .await
    }

    /// Signs the programs in with the sign-in of an account, or anew where they are. With `plain`, their files may hold the
    /// secret where there is no helper. The first that fails is told; the others are signed in all the same.
    pub async fn sign_in_programs(&self, id: String, plain: bool) -> Result<AccountView, Problem> {
        let _turn = self.programs.lock().await;
        let account = self.account(&id).await?;
        if let Some(namespace) = &account.namespace {
            return Err(say::along_is_for_all(&account.host, namespace).coded(Code::Program));
        }
        let credential = self.handed_on(&account).await?;
        let clients = self.sources.clients();
        let (here, host) = {
            let clients = clients.clone();
            (
                blocking(move || clients.here()).await?,
                account.host.to_string(),
            )
        };
        let mut failed = None;
        for client in here {
            let notes = self.notes().await?;
            // Of whichever account it was: this one takes it over.
            let mut before = notes.values().flatten();
            let before = before.find(|noted| noted.is_of(client, &host)).cloned();
            let (given, clients, host) = (credential.clone(), clients.clone(), host.clone());
            let signed_in =
                blocking(move || clients.sign_in(client, &host, &given, plain, before.as_ref()));
            match signed_in.await? {
                // Noted at once: what comes next may ask the person, and take its time.
                Ok(signed_in) => self.take_over(&account, notes, signed_in).await?,
                Err(error) => failed = failed.or(Some((client, error))),
            }
        }
        match failed {
            Some((client, error)) => Err(problem(client, &error, true)),
            None => self.view_of(&account).await,
        }
    }

    /// Signs the programs out that were signed in along with an account; with `anyway`, those that can't be are forgotten.
    pub async fn sign_out_programs(
        &self,
        id: String,
        anyway: bool,
    ) -> Result<AccountView, Problem> {
        let account = self.account(&id).await?;
        match self.leave_programs(&account).await {
            Err(_) if anyway => self.forget_programs(&account).await?,
            left => left?,
        }
        self.view_of(&account).await
    }

    /// Signs them out for an account that goes. What can't be signed out now stays noted.
    pub(super) async fn leave_programs(&self, account: &Account) -> Result<(), Problem> {
        let _turn = self.programs.lock().await;
        let before = self.notes().await?.remove(&account.id).unwrap_or_default();
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
        self.note(account.id, &left).await?;
        failed.map_or(Ok(()), |(client, error)| {
            Err(problem(client, &error, false))
        })
    }

    /// Forgets which programs were signed in along: they stay as they are.
    pub(super) async fn forget_programs(&self, account: &Account) -> Result<(), Problem> {
        let _turn = self.programs.lock().await;
        self.note(account.id, &[]).await
    }

    /// Returns an account as the window shows it.
    pub(super) async fn view_of(&self, account: &Account) -> Result<AccountView, Problem> {
        let programs = self.ground.db(Store::programs).await?;
        Ok(self.account_view(account, programs.get(&account.id)))
    }

    /// Notes a sign-in with its account, and with no other any more.
    async fn take_over(
        &self,
        account: &Account,
        mut notes: HashMap<i64, Vec<ClientSignIn>>,
        signed_in: ClientSignIn,
    ) -> Result<(), Problem> {
        for (id, noted) in &mut notes {
            let before = noted.len();
            noted.retain(|noted| !signed_in.replaces(noted));
            if noted.len() != before && *id != account.id {
                self.note(*id, noted).await?;
            }
        }
        let mut own = notes.remove(&account.id).unwrap_or_default();
        own.push(signed_in);
        self.note(account.id, &own).await
    }

    /// Returns the sign-in that can be handed on: one that we keep.
    async fn handed_on(&self, account: &Account) -> Result<Credential, Problem> {
        match self.sign_in_of(account).await?.0 {
            SignIn::Basic { user, secret } => Ok(Credential { user, secret }),
            SignIn::Asked(_) => Err(say::kept_by_another(&account.host).coded(Code::Program)),
            SignIn::Anonymous => Err(say::not_yours(&account.host).coded(Code::Program)),
        }
    }

    /// Returns what was noted, by account.
    async fn notes(&self) -> Result<HashMap<i64, Vec<ClientSignIn>>, Problem> {
        let stored = self.ground.db(Store::programs).await?;
        let notes = stored.iter().map(|(id, text)| (*id, read(Some(text))));
        Ok(notes.collect())
    }

    async fn note(&self, account: i64, signed_in: &[ClientSignIn]) -> Result<(), Problem> {
        let text = serde_json::to_string(signed_in)
            .ok()
            .filter(|_| !signed_in.is_empty());
        self.ground
            .db(move |store| store.set_programs(account, text.as_deref()))
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

/// Lists where what we put somewhere would be found on this computer.
pub(super) fn places(clients: &Clients, stored: &HashMap<i64, String>) -> Vec<Place> {
    let noted = stored.values().flat_map(|text| read(Some(text)));
    noted.filter_map(|noted| noted.place(clients)).collect()
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
