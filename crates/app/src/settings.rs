//! What the window needs for its first frame, how it was left, and what the person sets for the whole app.
//!
//! What is set lies in `ground`, where every room reads it when it is asked to do something: so a change holds at once. Not
//! here: the file. Grows by what a person sets for the whole app.

use crate::ground::options::Options;
use crate::ground::{Ground, Kept, RequestLog, SETTINGS, Unread, blocking};
use crate::view::answering::{Unanswered, Whom};
use crate::view::events::Stale;
use crate::view::log::RequestLine;
use crate::view::problem::Problem;
use crate::view::settings::{AppSettings, SettingsView};
use crate::view::start::{Preferences, Start};
use crate::words::settings as say;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::Store;

/// The keys under which the database held the window and the size of text before there was a file.
const OLD_WINDOW: &str = "window";
const OLD_ZOOM: &str = "zoom";
/// Under which name the file holds where the window stood.
const PLACE: &str = "place";
/// The file that requests are written to where the person wants that.
const LOG: &str = "requests.log";
/// The file of the shell's own faults.
const FAULTS: &str = "faults.log";

/// How the app is set on this computer.
pub struct Settings {
    ground: Arc<Ground>,
    log: RequestLog,
    folder: PathBuf,
    downloads: PathBuf,
}

/// Where the window stood on the screens, in their own pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct WindowPlace {
    /// From the left, the window's frame included; absent: the system gives no places.
    pub x: Option<i32>,
    /// From above.
    pub y: Option<i32>,
    /// Of its inside.
    pub width: u32,
    /// Of its inside.
    pub height: u32,
    /// It filled the screen, but for the system's bars; the rest says how it was before.
    pub maximized: bool,
}

impl Settings {
    pub(crate) fn new(ground: &Arc<Ground>, options: &Options) -> Self {
        let made = Self {
            ground: Arc::clone(ground),
            log: options.log.clone(),
            folder: options.data_dir.clone(),
            downloads: options.downloads.clone(),
        };
        // A log that can't be opened is told where it is set.
        let _ = apply_log(&made.log, &made.folder.join(LOG), &ground.kept.settings());
        made
    }

    /// Returns what the window needs for its first frame.
    pub fn start(&self) -> Start {
        Start {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            platform: self.ground.platform.to_string(),
            preferences: self.ground.kept.window(),
            settings: self.view(None),
        }
    }

    /// Returns what is set.
    pub fn get(&self) -> SettingsView {
        self.view(None)
    }

    /// Changes what is set, at once, and returns it as it is now: within what can be used.
    pub async fn set(&self, values: AppSettings) -> Result<SettingsView, Problem> {
        let before = self.ground.kept.settings();
        let values = usable(values, &before)?;
        let (ground, wanted) = (Arc::clone(&self.ground), values.clone());
        let (log, file) = (self.log.clone(), self.folder.join(LOG));
        let log_changes = before.log_requests != wanted.log_requests;
        let kept = blocking(move || {
            if log_changes {
                apply_log(&log, &file, &wanted)?;
            }
            Ok(ground.kept.set(wanted))
        })
        .await??;
        if before.engine != values.engine {
            self.ground.stale(Stale::Engine);
            self.ground.stale(Stale::Images);
        }
        if values.watch_minutes < before.watch_minutes {
            let latest = self.ground.now() + i64::from(values.watch_minutes) * 60;
            self.ground.db(move |store| store.hasten(latest)).await?;
            self.ground.wake.notify_one();
        }
        Ok(self.view(kept.err()))
    }

    /// Sets all as it is by itself. How the window was left is no setting, and stays.
    pub async fn reset(&self) -> Result<SettingsView, Problem> {
        self.set(AppSettings::default()).await
    }

    /// Returns what was asked of registries lately, oldest first.
    pub fn recent_requests(&self) -> Vec<RequestLine> {
        self.log.lines()
    }

    /// Lists who has not answered what the window asks.
    pub fn unanswered(&self) -> Vec<Unanswered> {
        self.ground.questions.unanswered()
    }

    /// Ends what the window asks of one: nobody waits for it any more, here or anywhere.
    pub fn stop_asking(&self, whom: &Whom) {
        self.ground.questions.end(whom);
    }

    /// Remembers how the window is.
    pub async fn save(&self, preferences: Preferences) -> Result<(), Problem> {
        let ground = Arc::clone(&self.ground);
        blocking(move || ground.kept.change_window(|_| preferences))
            .await?
            .map_err(|why| say::not_kept().problem().detail(Some(why)))
    }

    /// Returns where the window stood when it was left.
    pub fn window_place(&self) -> Option<WindowPlace> {
        self.ground.kept.value(PLACE)
    }

    /// Remembers where the window stands. Blocks.
    pub fn set_window_place(&self, place: WindowPlace) {
        // A place that could not be remembered is nothing to interrupt anybody with.
        let _ = self.ground.kept.set_value(PLACE, &place);
    }

    fn view(&self, not_kept: Option<String>) -> SettingsView {
        let kept = &self.ground.kept;
        let values = kept.settings();
        let shown = |path: &Path| path.display().to_string();
        let set = values.downloads.as_deref().map(PathBuf::from);
        SettingsView {
            file: shown(kept.path()),
            downloads: shown(set.as_deref().unwrap_or(&self.downloads)),
            log: shown(&self.folder.join(LOG)),
            faults: shown(&self.folder.join(FAULTS)),
            problem: not_kept
                .map(|why| say::not_kept().problem().detail(Some(why)))
                .or_else(|| kept.unread().map(|unread| of_unread(SETTINGS, unread))),
            values,
        }
    }
}

/// Begins or ends to write requests to the file.
fn apply_log(log: &RequestLog, file: &Path, values: &AppSettings) -> Result<(), Problem> {
    log.write_to(values.log_requests.then_some(file))
        .map_err(|error| {
            say::no_log()
                .problem()
                .detail(Some(format!("{}: {error}", file.display())))
        })
}

/// Takes over what the database held before there was a file, once: it is let go of there.
pub(crate) fn take_over(store: &Store, kept: &Kept) -> Result<(), store::Error> {
    if let Some(window) = store.preference::<Preferences>(OLD_WINDOW)? {
        if kept.change_window(|_| window).is_err() {
            return Ok(()); // the next start tries again
        }
        store.forget_preference(OLD_WINDOW)?;
    }
    if let Some(text_size) = store.preference::<u16>(OLD_ZOOM)? {
        let settings = AppSettings {
            text_size,
            ..kept.settings()
        };
        if kept.set(settings).is_ok() {
            store.forget_preference(OLD_ZOOM)?;
        }
    }
    Ok(())
}

/// Reads what was typed: an address an engine can have, a folder by its whole path.
fn usable(mut values: AppSettings, before: &AppSettings) -> Result<AppSettings, Problem> {
    let typed = |text: Option<String>| {
        text.map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
    };
    values.engine = typed(values.engine.take());
    if values.engine != before.engine
        && let Some(engine) = &values.engine
        && let Err(why) = engine::Candidate::check_id(engine)
    {
        return Err(say::no_engine_address()
            .problem()
            .hint(say::engine_address_like())
            .detail(Some(why)));
    }
    values.downloads = typed(values.downloads.take());
    if values.downloads != before.downloads
        && let Some(folder) = &values.downloads
    {
        let whole = match (folder.strip_prefix("~/"), std::env::home_dir()) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => PathBuf::from(folder),
        };
        if !whole.is_absolute() || whole.is_file() {
            return Err(say::no_folder().problem().hint(say::whole_path()));
        }
        values.downloads = Some(whole.display().to_string());
    }
    Ok(values)
}

/// Says what became of a file that could not be read.
fn of_unread(file: &str, why: &Unread) -> Problem {
    match why {
        Unread::All { aside: to, why } => say::unread(file)
            .problem()
            .hint(say::aside(&to.display()))
            .detail(Some(why.clone())),
        Unread::Some { aside, names } => {
            let told = say::partly(file, names.clone()).problem();
            match aside {
                Some(aside) => told.hint(say::copied(&aside.display())),
                None => told,
            }
        }
        Unread::Stuck { why } => say::stuck(file)
            .problem()
            .hint(say::free_it())
            .detail(Some(why.clone())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::settings::ThemeChoice;

    #[test]
    fn what_somebody_wrote_into_the_file_hinders_no_other_change() {
        for written in [
            AppSettings {
                downloads: Some("exports".to_owned()),
                ..AppSettings::default()
            },
            AppSettings {
                engine: Some("lab".to_owned()),
                ..AppSettings::default()
            },
        ] {
            let wanted = AppSettings {
                theme: ThemeChoice::Dark,
                ..written.clone()
            };
            assert_eq!(usable(wanted.clone(), &written).unwrap(), wanted);
            assert!(usable(written, &AppSettings::default()).is_err());
        }
    }
}
