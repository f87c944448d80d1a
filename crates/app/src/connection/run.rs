//! A check from its first line to its last, one request after the other.
//!
//! The whole check is asked for by a person. The light one asks a single question as nobody, where something went wrong with the
//! registry as a whole; it is no second knocker: rare, and never where a registry is in trouble, which is knocked at already.

use super::check::{Check, Halt};
use super::lines::{self, Found, clock, goes_to};
use super::room::Connection;
use crate::accounts::{Session, VouchedBy};
use crate::ground::lock;
use crate::view::answering::Whom;
use crate::view::connection::{CheckMark, CheckView, Probe};
use crate::view::problem::{Code, Problem};
use crate::words::connection as say;
use futures_util::FutureExt;
use registry::{Kind, Registry, Scheme};
use std::time::Instant;
use store::Account;

/// How long nobody checks lightly again (seconds).
const RARELY: i64 = 600;
/// A day (seconds).
const DAY: i64 = 86_400;
/// How many days before its end a certificate is told to end.
const SOON: i64 = 14;

impl Connection {
    /// Checks the connection of an account: wholly, or lightly, which may ask nothing where that was done a moment ago. Nothing is
    /// written. Lines are told as they come.
    pub async fn check(
        &self,
        account: String,
        repository: Option<String>,
        whole: bool,
    ) -> Result<Option<CheckView>, Problem> {
        let found = self.accounts.account(&account).await?;
        let id = found.id;
        if !whole && !self.may_look(id, &account) {
            return Ok(self.last(id));
        }
        let Some(turn) = self.begin(id) else {
            return Ok(self.last(id));
        };
        if whole {
            let asked = self.wholly(found, repository).boxed();
            self.accounts.asking(&account, asked).await?;
        } else {
            self.lightly(found).await;
        }
        drop(turn);
        Ok(self.last(id))
    }

    /// Writes the last check of an account as plain text.
    pub async fn report(&self, account: String) -> Result<String, Problem> {
        let found = self.accounts.account(&account).await?;
        let check = self
            .last(found.id)
            .ok_or_else(|| say::nothing_asked().problem())?;
        Ok(say::report(
            &check,
            &say::About {
                host: &found.host,
                user: found.user.as_deref(),
                version: env!("CARGO_PKG_VERSION"),
                platform: self.ground.platform.to_string(),
            },
        ))
    }

    /// Tells whether an account may be looked at lightly just now.
    fn may_look(&self, id: i64, account: &str) -> bool {
        let whom = Whom::Account {
            account: account.to_owned(),
        };
        let whole = self.last(id).map(|check| check.asked_at);
        let last = whole.max(lock(&self.looked).get(&id).copied());
        let long_ago = last.is_none_or(|at| !(at..at + RARELY).contains(&self.ground.now()));
        long_ago && !self.ground.questions.is_in_trouble(&whom)
    }

    async fn lightly(&self, account: Account) {
        let Ok(registry) = self.accounts.as_nobody(&account).await else {
            return;
        };
        let now = self.ground.now();
        lock(&self.looked).insert(account.id, now);
        // What was asked wholly before keeps its time.
        let view = self
            .last(account.id)
            .unwrap_or_else(|| lines::unasked(lines::begun(account.id, None, now)));
        let mut check = Check {
            room: self,
            view: CheckView {
                running: true,
                ..view
            },
            account,
        };
        // What ends it here is told by its line.
        let _ = check.door(&registry).await;
        check.view.running = false;
        self.keep(check.account.id, check.view);
    }

    async fn wholly(&self, account: Account, repository: Option<String>) -> Result<(), Problem> {
        let id = account.id;
        let first = self
            .ground
            .db(move |store| store.repositories_part(id, None, 1))
            .await?;
        let repository = repository.or_else(|| first.into_iter().next());
        let mut check = Check {
            room: self,
            view: lines::begun(id, repository, self.ground.now()),
            account,
        };
        self.keep(id, check.view.clone());
        if let Err(Halt::Ended(problem)) = check.all().await {
            return Err(problem);
        }
        check.view.running = false;
        self.keep(id, check.view);
        Ok(())
    }
}

impl Check<'_> {
    async fn all(&mut self) -> Result<(), Halt> {
        let accounts = &self.room.accounts;
        let mut session = accounts.session(&self.account.id.to_string()).await;
        let refused = lock(&self.room.refused).get(&self.account.id).cloned();
        // What another program keeps is read for the check: only so is what is sent what is noted where it is refused.
        if let Ok(open) = &session
            && open.is_kept_elsewhere()
        {
            let refused = refused.filter(|refused| open.is_of(refused));
            let is_new = match &refused {
                Some(refused) => open.has_other_than(refused).await,
                None => true,
            };
            if is_new {
                session = accounts.session_anew(&self.account).await;
            }
        }
        let registry = match &session {
            Ok(session) => session.registry.clone(),
            // As nobody it can be reached all the same.
            Err(problem) => match accounts.as_nobody(&self.account).await {
                Ok(registry) => registry,
                Err(_) => return self.signed_out(problem),
            },
        };
        if let Err(halt) = self.door(&registry).await {
            self.rest(&say::not_reached());
            return Err(halt);
        }
        self.certificate().await;
        let session = match session {
            Ok(session) => session,
            Err(problem) => return self.signed_out(&problem),
        };
        self.sign_in(&session).await?;
        self.of_registry(&session).await?;
        self.of_repository(&session).await?;
        self.last_lines().await;
        Ok(())
    }

    fn signed_out(&mut self, problem: &Problem) -> Result<(), Halt> {
        if problem.code == Code::Ended {
            return Err(Halt::Ended(problem.clone()));
        }
        self.rest(&say::not_signed_in());
        self.tell(Probe::SignedIn, Found::failed(problem));
        Err(Halt::Here)
    }

    /// Asks who answers at all, how, and what its clock shows: a single request, as nobody.
    async fn door(&mut self, registry: &Registry) -> Result<(), Halt> {
        let tls = registry.endpoint().scheme == Scheme::Https;
        let began = Instant::now();
        let greeting = match registry.greet().await {
            Ok(greeting) => greeting,
            Err(error) => {
                let found = self.failed(&error)?;
                if matches!(error.kind, Kind::Tls(_)) {
                    self.tell(Probe::Certificate, found.clone());
                }
                self.tell(Probe::Reached, found);
                return Err(Halt::Here);
            }
        };
        let took = began.elapsed().as_millis();
        let reached = if tls {
            say::over_tls(&took)
        } else {
            say::over_http(&took)
        };
        self.tell(Probe::Reached, Found::new(CheckMark::Good, reached));
        let certificate = if tls {
            Found::new(CheckMark::Good, say::trusted())
        } else {
            self.in_the_clear()
        };
        self.tell(Probe::Certificate, certificate);
        let ground = &self.room.ground;
        let now = ground.now();
        ground.registry_time(&self.account.host, greeting.date);
        let clock = match greeting.date.map(|date| date.0.saturating_sub(now)) {
            None => Found::new(CheckMark::Unknown, say::no_clock()),
            Some(ahead) => clock(ahead),
        };
        self.tell(Probe::Clock, clock);
        Ok(())
    }

    /// Says that what is sent is not encrypted.
    fn in_the_clear(&self) -> Found {
        if self.account.host.is_loopback() {
            Found::new(CheckMark::No, say::on_this_computer())
        } else {
            Found::new(CheckMark::Warn, say::no_tls())
        }
    }

    /// Looks at the certificate once more: who vouches for it, and how long it is good; and whether the engine could do without
    /// it. What is in the way of that was told.
    async fn certificate(&mut self) {
        let accounts = &self.room.accounts;
        let host = &self.account.host;
        // That an engine may do so on this computer itself goes without saying.
        let engine = if host.is_loopback() {
            None
        } else {
            self.room.local.may_do_without_tls(host).await
        };
        let of_engine = engine.map(say::engine_may);
        if self.account.scheme != "https" {
            if of_engine.is_some() {
                self.tell(Probe::Certificate, self.in_the_clear().and(of_engine));
            }
            return;
        }
        let Ok(vouched) = accounts.vouched(&self.account).await else {
            return;
        };
        let days = (vouched.until.0 - self.room.ground.now()).max(0) / DAY;
        let found = if days < SOON {
            Found::new(CheckMark::Warn, say::ends_soon(&days))
        } else {
            let said = match vouched.by {
                VouchedBy::Computer => say::trusted_for(&days),
                VouchedBy::Person => say::trusted_as_it_is(&days),
                VouchedBy::File(file) => say::trusted_by(&file, &days),
            };
            Found::new(CheckMark::Good, said)
        };
        self.tell(Probe::Certificate, found.and(of_engine));
    }

    /// Asks whether the sign-in is taken. One that was refused is not sent again: some registries lock out whoever does.
    async fn sign_in(&mut self, session: &Session) -> Result<(), Halt> {
        let Some(user) = &self.account.user else {
            self.tell(Probe::SignedIn, Found::new(CheckMark::No, say::nobody()));
            return Ok(());
        };
        let room = self.room;
        let before = lock(&room.refused).get(&self.account.id).cloned();
        if before.is_some_and(|refused| session.is_of(&refused)) {
            self.rest(&say::not_signed_in());
            self.tell(
                Probe::SignedIn,
                Found::new(CheckMark::Bad, say::not_sent_again()),
            );
            return Err(Halt::Here);
        }
        if let Err(error) = session.registry.check().await {
            if error.kind == Kind::SignIn {
                let refused = session.refused().await;
                lock(&room.refused).insert(self.account.id, refused);
            }
            let found = self.failed(&error)?;
            self.rest(&say::not_signed_in());
            self.tell(Probe::SignedIn, found);
            return Err(Halt::Here);
        }
        lock(&room.refused).remove(&self.account.id);
        let ways = session.registry.ways_used();
        let host = &self.account.host;
        let to: Vec<String> = ways.iter().map(|way| goes_to(way, host)).collect();
        let said = if to.is_empty() {
            say::signed_in_as(user)
        } else {
            say::signed_in(user, to)
        };
        self.tell(Probe::SignedIn, Found::new(CheckMark::Good, said));
        Ok(())
    }
}
