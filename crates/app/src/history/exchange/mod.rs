//! Export and import of what this computer has seen (`docs/export.md`).
//!
//! An import only ever adds: it is told as *imported* and takes nothing away from what was seen here.

mod format;
mod listing;

#[cfg(any(test, fuzzing))]
pub(crate) use self::format::read_export;
use self::format::{Lines, MOST_BYTES, MOST_LINES};
use crate::accounts::Accounts;
use crate::ground::{Ground, NotMade, blocking, count, new_file};
use crate::view::events::Stale;
use crate::view::problem::Problem;
use crate::view::seen::{Exported, Imported};
use crate::words;
use crate::words::history as say;
use oci::ABOUT_TAG;
use std::collections::{BTreeSet, HashMap};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::{ImportOutcome, Place, Record, Store};

/// How many of the lines that can't be read are told one by one.
const TOLD: usize = 20;
/// How many facts are taken in at a time.
const PART: usize = 1000;

/// Hands over what was seen to other computers, and takes in what they saw.
pub struct Exchange {
    ground: Arc<Ground>,
    accounts: Arc<Accounts>,
    downloads: PathBuf,
}

impl Exchange {
    pub(crate) fn new(ground: &Arc<Ground>, accounts: &Arc<Accounts>, downloads: PathBuf) -> Self {
        Self {
            ground: Arc::clone(ground),
            accounts: Arc::clone(accounts),
            downloads,
        }
    }

    /// Writes what was seen to a new file among the downloads: everything, what is of one account's registry, or one
    /// repository.
    pub async fn export(
        &self,
        account: Option<String>,
        repository: Option<String>,
    ) -> Result<Exported, Problem> {
        let host = match &account {
            Some(account) => Some(self.accounts.account(account).await?.host),
            None => None,
        };
        let repository = match (&account, &repository) {
            (Some(account), Some(name)) => {
                Some(self.accounts.place(account, name).await?.repository)
            }
            (None, Some(_)) => return Err(words::no_account()),
            (_, None) => None,
        };
        let (origin, whole, records) = self
            .ground
            .db(move |store| {
                let limit = u32::try_from(MOST_LINES).unwrap_or(u32::MAX);
                let mut records = store.records(host.as_ref(), repository.as_ref(), limit)?;
                // The header is a line too.
                let whole = records.len() < MOST_LINES;
                records.retain(|(_, record)| record.tag != ABOUT_TAG);
                Ok((store.origin()?, whole, records))
            })
            .await?;
        let now = self.ground.now();
        let text = format::write(&origin, now, &records);
        if !whole || text.len() > MOST_BYTES {
            return Err(say::too_much_seen().problem().hint(say::export_less()));
        }
        let set = self.ground.kept.settings().downloads;
        let folder = set.map_or_else(|| self.downloads.clone(), PathBuf::from);
        let file = blocking(move || save(&folder, now, &text)).await??;
        Ok(Exported {
            path: file.display().to_string(),
            facts: count(records.len()),
        })
    }

    /// Takes in what an export says.
    pub async fn import(&self, text: String) -> Result<Imported, Problem> {
        let now = self.ground.now();
        let lines = blocking(move || format::read(&text, now)).await??;
        self.take_in(lines).await
    }

    /// Takes in what lines say, of an export or of another tool's listing.
    async fn take_in(&self, mut lines: Lines) -> Result<Imported, Problem> {
        let records = std::mem::take(&mut lines.records);
        let mut taken: Vec<(usize, ImportOutcome)> = Vec::with_capacity(records.len());
        let (mut places, mut changed) = (BTreeSet::new(), BTreeSet::new());
        let mut records = records.into_iter().peekable();
        // A part at a time: whoever reads the cache meanwhile doesn't wait for all of it. What is taken in twice is
        // as if it were taken in once, so that an import cut short is simply begun again.
        while records.peek().is_some() {
            let (numbers, part): (Vec<usize>, Vec<(Place, Record)>) = records
                .by_ref()
                .take(PART)
                .map(|(number, place, record)| (number, (place, record)))
                .unzip();
            let (part, told) = self
                .ground
                .db(move |store| {
                    let told = store.take_in(&store.origin()?, &part)?;
                    Ok((part, told))
                })
                .await?;
            for ((number, (place, _)), told) in numbers.into_iter().zip(part).zip(told) {
                if told == ImportOutcome::New {
                    changed.insert(place.clone());
                }
                places.insert(place);
                taken.push((number, told));
            }
        }
        for (number, told) in &taken {
            match told {
                ImportOutcome::New | ImportOutcome::Known => {}
                ImportOutcome::Refused => lines.unread(*number, say::line_taken()),
                ImportOutcome::Full => lines.unread(*number, say::line_too_many()),
            }
        }
        self.tell(&changed).await?;
        let of = |wanted: ImportOutcome| {
            let taken = taken.iter().filter(|(_, taken)| *taken == wanted);
            count(taken.count())
        };
        Ok(Imported {
            added: of(ImportOutcome::New),
            known: of(ImportOutcome::Known),
            repositories: count(places.len()),
            unread_count: count(lines.unread.len()),
            unread: lines.sentences(TOLD),
        })
    }

    /// Tells the window what it has to read again.
    async fn tell(&self, changed: &BTreeSet<Place>) -> Result<(), Problem> {
        let mut accounts: HashMap<String, Vec<String>> = HashMap::new();
        for account in self.ground.db(Store::accounts).await? {
            let of = accounts.entry(account.host.to_string()).or_default();
            of.push(account.id.to_string());
        }
        for place in changed {
            for account in accounts.get(place.host.as_str()).into_iter().flatten() {
                self.ground.stale(Stale::Tags {
                    account: account.clone(),
                    repository: place.repository.to_string(),
                });
            }
        }
        Ok(())
    }
}

/// Writes a new file; one that is there is never touched.
fn save(folder: &Path, now: i64, text: &str) -> Result<PathBuf, Problem> {
    let failed = |file: &Path, error: &std::io::Error| {
        say::not_written()
            .problem()
            .hint(say::check_downloads())
            .detail(Some(format!("{}: {error}", file.display())))
    };
    let at = oci::UtcSeconds(now).rfc3339();
    let day = at.split('T').next().unwrap_or_default();
    let made = new_file(folder, &format!("longshore-seen-{day}"), "jsonl");
    let (file, mut open) = made.map_err(|not| match not {
        NotMade::File(file, error) => failed(&file, &error),
        NotMade::Full => say::too_many_exports()
            .problem()
            .hint(say::remove_exports()),
    })?;
    let written = open
        .write_all(text.as_bytes())
        .and_then(|()| open.sync_all());
    match written {
        Ok(()) => Ok(file),
        Err(error) => {
            // Half an export is none.
            let _ = std::fs::remove_file(&file);
            Err(failed(&file, &error))
        }
    }
}
