//! Starting a registry: a new one with its account, and one that was stopped.
//!
//! What was begun is taken back where it comes to nothing; the folder of its data stays. Nobody is told a secret but the
//! registry that was just started: that it runs is looked at once more after somebody answered. Not here: what is proposed
//! (`plan`). Grows by another thing that has to be there before it answers.

use super::container::last_lines;
use super::folder;
use super::htpasswd;
use super::port;
use super::process::Own;
use super::program;
use super::record::{By, How, Record};
use super::room::Hosting;
use crate::ground::blocking;
use crate::view::accounts::{AccountView, NewAccount, ProbeView};
use crate::view::events::Stale;
use crate::view::hosting::HostingOrder;
use crate::view::problem::Problem;
use crate::words;
use crate::words::hosting as say;
use engine::ContainerState;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How long it may take until it answers.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often it is asked meanwhile.
const ASK: Duration = Duration::from_millis(150);

impl Hosting {
    /// Starts a registry, and adds its account.
    pub async fn host(&self, order: HostingOrder) -> Result<AccountView, Problem> {
        let _turn = self.turn.lock().await;
        let user = order.user.trim().to_owned();
        let (name, secret) = (user.clone(), order.secret.clone());
        let line = blocking(move || htpasswd::line(&name, &secret)).await??;
        let typed = order.folder.clone();
        let (path, _) = blocking(move || folder::look(&typed)).await??;
        self.is_nobodys(&path).await?;
        let host = self.host_at(order.port).await?;
        let by = self.chosen(&order).await?;
        let ready = path.clone();
        blocking(move || folder::ready(&ready)).await??;
        let record = Record {
            id: uuid::Uuid::new_v4().to_string(),
            host,
            port: order.port,
            how: How {
                by,
                folder: path.display().to_string(),
                user: line.is_some().then_some(user),
                runs: true,
            },
        };
        // Remembered first: whatever happens next, it is found again.
        self.keep(&record).await?;
        match self.begin(&record, line, &order).await {
            Ok(account) => {
                self.ground.stale(Stale::Hosted);
                Ok(account)
            }
            Err(problem) => {
                self.take_back(&record).await;
                Err(problem)
            }
        }
    }

    /// Starts a registry again that was stopped.
    pub async fn start(&self, id: String) -> Result<(), Problem> {
        let _turn = self.turn.lock().await;
        let mut record = self.record(&id).await?;
        if !self.runs(&record).await? {
            self.is_free(record.port).await?;
            let ready = PathBuf::from(&record.how.folder);
            blocking(move || folder::ready(&ready)).await??;
            self.bring_up(&record).await?;
        }
        let answered = self.answers(&record).await;
        record.how.runs = true;
        self.keep(&record).await?;
        self.ground.stale(Stale::Hosted);
        answered.map(drop)
    }

    /// Returns the address of a registry at a port, where nobody has it.
    async fn host_at(&self, number: u16) -> Result<oci::Host, Problem> {
        if number < port::LOWEST {
            return Err(say::no_port());
        }
        let text = format!("127.0.0.1:{number}");
        let host = oci::Host::parse(&text).map_err(words::unexpected)?;
        let records = self.records().await?;
        if records.iter().any(|record| record.host == host) {
            return Err(say::port_is_of(&host));
        }
        self.is_free(number).await?;
        Ok(host)
    }

    async fn is_free(&self, number: u16) -> Result<(), Problem> {
        if blocking(move || port::is_free(number)).await? {
            Ok(())
        } else {
            Err(say::taken(number))
        }
    }

    /// Starts one that is new, and adds its account.
    async fn begin(
        &self,
        record: &Record,
        line: Option<String>,
        order: &HostingOrder,
    ) -> Result<AccountView, Problem> {
        if let Some(line) = line {
            let own = Own::of(self.own_folder(record));
            let folder = self.own_folder(record);
            let written = blocking(move || own.write_htpasswd(&line)).await?;
            written.map_err(|error| say::own_files(&folder, &error))?;
        }
        self.bring_up(record).await?;
        let probe = self.answers(record).await?;
        let account = NewAccount {
            address: address(record),
            user: record.how.user.clone().unwrap_or_default(),
            secret: order.secret.clone(),
            allow_plain_http: false,
            keep: order.keep.clone(),
            // Its own, as was just set: the secret goes to itself.
            agreed: probe.ways.into_iter().map(|way| way.way).collect(),
            from: None,
            connection: None,
            namespace: None,
        };
        self.accounts.add(account).await
    }

    /// Starts what runs a registry.
    async fn bring_up(&self, record: &Record) -> Result<(), Problem> {
        match &record.how.by {
            By::Engine { image, .. } => match self.engine_of(record).await? {
                Some(engine) => self.start_container(&engine, record, image).await,
                None => Err(say::no_way()),
            },
            By::Program { program, make } => {
                let own = Own::of(self.own_folder(record));
                let htpasswd = record.how.user.as_ref().map(|_| own.htpasswd());
                let settings = program::settings(record, *make, htpasswd.as_deref()).to_string();
                let program = program.clone();
                let started = blocking(move || own.start(&program, &settings)).await?;
                started.map_err(|error| say::of_program(&record.name(), &error))
            }
        }
    }

    /// Waits until a registry answers as it was told to; its program runs then.
    async fn answers(&self, record: &Record) -> Result<ProbeView, Problem> {
        let begun = Instant::now();
        loop {
            let probe = self
                .accounts
                .probe_registry(address(record), None)
                .await
                .ok();
            if !self.runs(record).await? {
                return Err(say::ended(&record.name(), self.last_lines(record).await));
            }
            if let Some(probe) = probe {
                let is_ours = probe.wants_sign_in == record.how.user.is_some()
                    && probe.ways.iter().all(|way| way.registry_itself);
                return if is_ours {
                    Ok(probe)
                } else {
                    Err(say::another_answers(&record.host).problem())
                };
            }
            if begun.elapsed() > PATIENCE {
                return Err(say::silent(&record.name(), self.last_lines(record).await));
            }
            tokio::time::sleep(ASK).await;
        }
    }

    /// Tells whether what runs a registry does so. A container that the engine begins again and again does not.
    pub(super) async fn runs(&self, record: &Record) -> Result<bool, Problem> {
        if let Some(engine) = self.engine_of(record).await? {
            let service = self.service(&engine, record).await?;
            return Ok(service.is_some_and(|service| service.state == ContainerState::Running));
        }
        let own = Own::of(self.own_folder(record));
        blocking(move || own.runs()).await
    }

    /// Returns the last lines that a registry wrote.
    pub(super) async fn last_lines(&self, record: &Record) -> Option<String> {
        if let Some(engine) = self.engine_of(record).await.ok()? {
            let service = self.service(&engine, record).await.ok()??;
            return last_lines(&engine, &service.id).await;
        }
        let own = Own::of(self.own_folder(record));
        blocking(move || own.last_lines()).await.ok()?
    }

    /// Takes back what was begun and came to nothing. The folder of its data stays.
    async fn take_back(&self, record: &Record) {
        let gone = async {
            self.halt(record).await?;
            self.clear(record).await?;
            self.forget(record).await
        };
        if gone.await.is_err() {
            // What could not be taken back is listed, and can be removed.
            self.ground.stale(Stale::Hosted);
        }
    }
}

/// Returns where a registry is asked: without TLS, and nowhere else.
fn address(record: &Record) -> String {
    format!("http://{}", record.host)
}
