//! What only an upload tells, asked where a person says so: one is begun and given up, so nothing stays.

use super::check::{Check, Halt};
use super::lines::Found;
use super::room::Connection;
use crate::accounts::Remote;
use crate::view::connection::{CheckMark, CheckView, Probe};
use crate::view::problem::Problem;
use crate::words::connection as say;
use bytes::Bytes;
use futures_util::FutureExt;
use registry::{At, Source, Standing, Started, Upload};
use store::Account;

impl Connection {
    /// Asks by an upload to the repository of the last check whether layers are taken from other repositories, and in chunks.
    pub async fn try_upload(&self, account: String) -> Result<Option<CheckView>, Problem> {
        let found = self.accounts.account(&account).await?;
        let id = found.id;
        let Some((view, turn)) = self.last(id).zip(self.begin(id)) else {
            return Ok(self.last(id));
        };
        let asked = self.by_upload(found, view).boxed();
        self.accounts.asking(&account, asked).await?;
        drop(turn);
        Ok(self.last(id))
    }

    async fn by_upload(&self, account: Account, view: CheckView) -> Result<(), Problem> {
        let Some(repository) = view.repository.clone() else {
            return Ok(());
        };
        let remote = self
            .accounts
            .remote(&account.id.to_string(), &repository)
            .await?;
        let id = account.id;
        let mut check = Check {
            room: self,
            account,
            view: CheckView {
                running: true,
                ..view
            },
        };
        match check.uploads(&remote).await {
            Err(Halt::Ended(problem)) => return Err(problem),
            Ok(()) | Err(Halt::Here) => {}
        }
        check.view.running = false;
        self.keep(id, check.view);
        Ok(())
    }
}

impl Check<'_> {
    async fn uploads(&mut self, remote: &Remote) -> Result<(), Halt> {
        let chunks = match remote.registry.start_upload(None).await {
            Ok(Started::Upload(upload)) => self.chunks(remote, upload).await?,
            Ok(Started::Mounted) => Found::new(CheckMark::Unknown, say::only_an_upload_tells()),
            Err(error) => self.failed(&error)?,
        };
        self.tell(Probe::Chunks, chunks);
        let mount = self.mounts(remote).await?;
        self.tell(Probe::Mount, mount);
        Ok(())
    }

    /// Sends one byte of an upload, and gives the upload up, whatever came of it.
    async fn chunks(&self, remote: &Remote, upload: Upload) -> Result<Found, Halt> {
        let one = Source::of_bytes(Bytes::from_static(b"."));
        let sent = if upload.least() > 1 {
            Ok(Standing::Open(upload.clone()))
        } else {
            remote.registry.upload_chunk(&upload, &one, 1).await
        };
        let last = match &sent {
            Ok(Standing::Open(further)) => further.clone(),
            _ => upload.clone(),
        };
        // One that can't be given up ends by itself.
        let _ = remote.registry.cancel_upload(&last).await;
        match sent {
            Ok(Standing::Open(_)) if upload.least() > 1 => Ok(Found::new(
                CheckMark::Good,
                say::takes_large_chunks(&upload.least()),
            )),
            Ok(Standing::Open(_)) => Ok(Found::new(CheckMark::Good, say::takes_chunks())),
            Ok(Standing::Forgotten) => Ok(Found::new(CheckMark::No, say::takes_whole())),
            Err(error) if error.was_not_answered() => self.failed(&error),
            Err(error) => Ok(Found::new(CheckMark::No, say::takes_whole()).asked(&error)),
        }
    }

    /// Has the registry take a blob that the repository has, from the repository itself: where it does, nothing changes.
    async fn mounts(&self, remote: &Remote) -> Result<Found, Halt> {
        let first = remote.registry.first_tag_of().await;
        let tag = first.ok().and_then(|page| page.first);
        let head = match tag {
            Some(tag) => remote.registry.head(&At::Tag(tag)).await.ok().flatten(),
            None => None,
        };
        let blob = match head {
            Some(head) => self.known_blob(&head.digest).await,
            None => None,
        };
        let Some(blob) = blob else {
            return Ok(Found::new(CheckMark::Unknown, say::open_a_tag()));
        };
        let from = &remote.place.repository;
        match remote.registry.start_upload(Some((&blob, from))).await {
            Ok(Started::Mounted) => Ok(Found::new(CheckMark::Good, say::mounts())),
            Ok(Started::Upload(upload)) => {
                let _ = remote.registry.cancel_upload(&upload).await;
                Ok(Found::new(CheckMark::No, say::sends_again()))
            }
            Err(error) => self.failed(&error),
        }
    }
}
