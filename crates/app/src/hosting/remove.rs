//! Taking a registry of this computer away: what runs it, its accounts, and its data only where the person says so.
//!
//! Not here: what is deleted of a folder (`folder`). Grows by nothing.

use super::folder;
use super::process::Own;
use super::record::Record;
use super::room::Hosting;
use crate::ground::blocking;
use crate::view::events::Stale;
use crate::view::hosting::{UnhostOrder, UnhostPlan};
use crate::view::problem::{Code, Problem};
use crate::words::hosting as say;
use std::path::PathBuf;

impl Hosting {
    /// Tells what taking a registry away would do: its data is measured.
    pub async fn plan_unhost(&self, id: String) -> Result<UnhostPlan, Problem> {
        let record = self.record(&id).await?;
        let (folder, make) = (PathBuf::from(&record.how.folder), record.make());
        let size = blocking(move || folder::size(&folder, make)).await?;
        Ok(UnhostPlan {
            folder: record.how.folder,
            bytes: size.bytes,
            more: size.more,
        })
    }

    /// Takes a registry away with all its accounts. Where its engine, or what keeps a secret, can't be asked now it stays,
    /// unless a person said yes to that very problem.
    pub async fn unhost(&self, order: UnhostOrder) -> Result<(), Problem> {
        let _turn = self.turn.lock().await;
        let mut record = self.record(&order.id).await?;
        let leaves_engine = match self.halt(&record).await {
            Err(problem)
                if problem.code == Code::NoEngine && order.anyway.contains(&problem.code) =>
            {
                true
            }
            halted => halted.map(|()| false)?,
        };
        // Whatever keeps it from going now, nobody wants it to run.
        record.how.runs = false;
        self.keep(&record).await?;
        self.ground.stale(Stale::Hosted);
        for account in self.accounts.list().await? {
            if account.host == record.host.as_str() {
                self.accounts
                    .remove(account.id, false, order.anyway.clone())
                    .await?;
            }
        }
        if leaves_engine {
            self.clear_own(&record).await?;
        } else {
            self.clear(&record).await?;
        }
        self.forget(&record).await?;
        self.ground.stale(Stale::Hosted);
        if order.data {
            let (folder, make) = (PathBuf::from(&record.how.folder), record.make());
            let deleted = folder.clone();
            let deleted = blocking(move || folder::delete(&deleted, make)).await?;
            deleted.map_err(|error| say::of_data(&folder, &error))?;
        }
        Ok(())
    }

    /// Takes away what a registry was started by, once it is stopped.
    pub(super) async fn clear(&self, record: &Record) -> Result<(), Problem> {
        if let Some(engine) = self.engine_of(record).await? {
            self.remove_container(&engine, record).await?;
        }
        self.clear_own(record).await
    }

    async fn clear_own(&self, record: &Record) -> Result<(), Problem> {
        let folder = self.own_folder(record);
        let own = Own::of(folder.clone());
        let removed = blocking(move || own.remove()).await?;
        removed.map_err(|error| say::own_files(&folder, &error))
    }
}
