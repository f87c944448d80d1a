//! What the person has set and how the window was left: read once from one file, kept in memory, written at each change.
//!
//! A file that can't be read is put aside (`aside`), never written over. Not here: how the file is written (`SettingsFile`, which a
//! shell brings along), what a setting may be (`settings`). Grows by nothing: a new setting is a field of `view`.

use super::aside::{Unread, free_name, put_aside};
use super::options::SettingsFile;
use super::threads::lock;
use crate::view::settings::AppSettings;
use crate::view::start::Preferences;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// The name of the file in the data folder.
pub(crate) const SETTINGS: &str = "settings.json";
/// Under which name the file holds how the window was left.
const WINDOW: &str = "window";

/// The settings, and how the window was left.
pub(crate) struct Kept {
    file: Arc<dyn SettingsFile>,
    path: PathBuf,
    state: Mutex<State>,
    /// Who holds it writes: changes reach the file in the order in which they were made.
    writing: Mutex<()>,
    unread: Option<Unread>,
}

struct State {
    settings: AppSettings,
    window: Preferences,
    rest: Map<String, Value>,
}

impl Kept {
    /// Reads the file in a data folder that is this program's by now.
    pub fn open(folder: &Path, file: Arc<dyn SettingsFile>) -> Self {
        let path = folder.join(SETTINGS);
        let mut unread = put_aside(&path).err();
        let mut rest = match &unread {
            // Whoever keeps it in memory has a file nowhere, and is asked all the same.
            None | Some(Unread::All { .. }) => file.read(&path).unwrap_or_else(|why| {
                unread = Some(Unread::Stuck { why });
                Map::new()
            }),
            Some(_) => Map::new(),
        };
        let mut names = Vec::new();
        let window = rest.remove(WINDOW).unwrap_or_default();
        let settings = bounded(as_far_as_readable(&Value::Object(rest.clone()), &mut names));
        let window: Preferences = match window {
            Value::Null => Preferences::default(),
            window => {
                let mut inside = Vec::new();
                let read = as_far_as_readable(&window, &mut inside);
                names.extend(inside.into_iter().map(|name| {
                    let under = if name.is_empty() { "" } else { "." };
                    format!("{WINDOW}{under}{name}")
                }));
                read
            }
        };
        if !names.is_empty() && unread.is_none() {
            let aside = free_name(&path).filter(|aside| std::fs::copy(&path, aside).is_ok());
            unread = Some(Unread::Some { aside, names });
        }
        let window = window.bounded();
        Self {
            file,
            path,
            state: Mutex::new(State {
                settings,
                window,
                rest,
            }),
            writing: Mutex::default(),
            unread,
        }
    }

    /// Returns where the file lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns what could not be read at the start.
    pub fn unread(&self) -> Option<&Unread> {
        self.unread.as_ref()
    }

    /// Returns what is set.
    pub fn settings(&self) -> AppSettings {
        lock(&self.state).settings.clone()
    }

    /// Returns how the window was left.
    pub fn window(&self) -> Preferences {
        lock(&self.state).window.clone()
    }

    /// Returns a value of another name, where it can be read.
    pub fn value<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let value = lock(&self.state).rest.get(name).cloned()?;
        serde_json::from_value(value).ok()
    }

    /// Changes what is set. Blocks. An error says why it holds only until the program ends.
    pub fn set(&self, settings: AppSettings) -> Result<(), String> {
        let _turn = lock(&self.writing);
        let settings = bounded(settings);
        lock(&self.state).settings = settings.clone();
        self.write(fields(&settings))
    }

    /// Changes how the window was left. Blocks.
    pub fn change_window(
        &self,
        change: impl FnOnce(Preferences) -> Preferences,
    ) -> Result<(), String> {
        let _turn = lock(&self.writing);
        let window = change(self.window()).bounded();
        lock(&self.state).window = window.clone();
        self.write(Map::from_iter([(WINDOW.to_owned(), as_value(&window))]))
    }

    /// Changes a value of another name. Blocks.
    pub fn set_value(&self, name: &str, value: &impl Serialize) -> Result<(), String> {
        let _turn = lock(&self.writing);
        let value = as_value(value);
        lock(&self.state)
            .rest
            .insert(name.to_owned(), value.clone());
        self.write(Map::from_iter([(name.to_owned(), value)]))
    }

    fn write(&self, values: Map<String, Value>) -> Result<(), String> {
        match &self.unread {
            Some(Unread::Stuck { why }) => Err(why.clone()),
            _ => self.file.write(values),
        }
    }
}

/// Returns settings within what can be used.
fn bounded(mut settings: AppSettings) -> AppSettings {
    settings.text_size = settings.text_size.clamp(SMALLEST, LARGEST);
    settings.watch_minutes = settings.watch_minutes.clamp(1, LONGEST_WATCH);
    settings
}

/// What the size of everything may be, in percent.
const SMALLEST: u16 = 50;
const LARGEST: u16 = 300;
/// The longest wait of the watch, in minutes: a day.
const LONGEST_WATCH: u16 = 24 * 60;

fn as_value(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

fn fields(value: &impl Serialize) -> Map<String, Value> {
    match as_value(value) {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// Reads a struct field by field: one that can't be read is named, and as it is by itself. Names nobody knows are passed
/// over: a later version may have written them.
fn as_far_as_readable<T: Default + Serialize + DeserializeOwned>(
    found: &Value,
    unread: &mut Vec<String>,
) -> T {
    let mut good = fields(&T::default());
    let Value::Object(found) = found else {
        unread.push(String::new());
        return T::default();
    };
    for (name, value) in found {
        let Some(before) = good.get(name).cloned() else {
            continue;
        };
        good.insert(name.clone(), value.clone());
        if serde_json::from_value::<T>(Value::Object(good.clone())).is_err() {
            good.insert(name.clone(), before);
            unread.push(name.clone());
        }
    }
    serde_json::from_value(Value::Object(good)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::settings::ThemeChoice;

    /// A file as a shell writes it, without the shell.
    #[derive(Default)]
    struct Plain(Mutex<PathBuf>);

    impl SettingsFile for Plain {
        fn read(&self, file: &Path) -> Result<Map<String, Value>, String> {
            file.clone_into(&mut lock(&self.0));
            let Ok(bytes) = std::fs::read(file) else {
                return Ok(Map::new());
            };
            serde_json::from_slice(&bytes).map_err(|error| error.to_string())
        }

        fn write(&self, values: Map<String, Value>) -> Result<(), String> {
            let path = lock(&self.0).clone();
            let mut all = self.read(&path)?;
            all.extend(values);
            std::fs::write(&path, as_value(&all).to_string()).map_err(|error| error.to_string())
        }
    }

    struct Folder(tempfile::TempDir);

    impl Folder {
        fn new() -> Self {
            Self(tempfile::tempdir().unwrap())
        }

        fn file(&self) -> PathBuf {
            self.0.path().join(SETTINGS)
        }

        fn holding(text: &[u8]) -> Self {
            let folder = Self::new();
            std::fs::write(folder.file(), text).unwrap();
            folder
        }

        fn open(&self) -> Kept {
            Kept::open(self.0.path(), Arc::new(Plain::default()))
        }
    }

    #[test]
    fn what_is_set_is_there_at_the_next_start_and_what_nobody_knows_stays() {
        let folder = Folder::holding(br#"{"later":{"than":"this"},"theme":"light"}"#);
        let kept = folder.open();
        assert_eq!(kept.unread(), None);
        assert_eq!(kept.settings().theme, ThemeChoice::Light);
        let set = AppSettings {
            theme: ThemeChoice::Dark,
            text_size: 125,
            engine: Some("unix:///run/own.sock".into()),
            ..AppSettings::default()
        };
        kept.set(set.clone()).unwrap();
        kept.change_window(|window| Preferences {
            sidebar: Some(300),
            ..window
        })
        .unwrap();
        let again = folder.open();
        assert_eq!(again.settings(), set);
        assert_eq!(again.window().sidebar, Some(300));
        let text = std::fs::read_to_string(folder.file()).unwrap();
        assert!(text.contains(r#""later":{"than":"this"}"#), "{text}");
    }

    #[test]
    fn hostile_a_file_that_is_none_is_put_aside_whole_and_each_beside_the_other() {
        let folder = Folder::new();
        let huge = [b"{\"a\":\"".as_slice(), &vec![b'x'; 5_000_000], b"\"}"].concat();
        let deep = "[".repeat(100_000);
        let bad: [&[u8]; 6] = [
            b"{\"theme\": \"da",
            b"",
            b"[]",
            b"\xff\xfe\x00{}",
            deep.as_bytes(),
            &huge,
        ];
        for (number, bytes) in bad.into_iter().enumerate() {
            std::fs::write(folder.file(), bytes).unwrap();
            let kept = folder.open();
            let Some(Unread::All { aside, .. }) = kept.unread() else {
                panic!("{number}: {:?}", kept.unread());
            };
            assert!(std::fs::read(aside).unwrap() == bytes, "{number}");
            assert_eq!(kept.settings(), AppSettings::default());
            kept.set(AppSettings::default()).unwrap();
            assert_eq!(folder.open().unread(), None, "the new one is a good one");
        }
        assert!(folder.0.path().join("settings.json.bad").is_file());
        assert!(folder.0.path().join("settings.json.bad-6").is_file());
    }

    #[test]
    fn hostile_one_bad_value_takes_only_itself_away_and_is_kept_in_a_copy() {
        let text = br#"{"theme":"purple","textSize":150,"watchMinutes":"often","window":{"filter":7,"sidebar":280}}"#;
        let folder = Folder::holding(text);
        let kept = folder.open();
        let Some(Unread::Some { aside, names }) = kept.unread() else {
            panic!("{:?}", kept.unread());
        };
        assert_eq!(names, &["theme", "watchMinutes", "window.filter"]);
        assert_eq!(std::fs::read(aside.as_ref().unwrap()).unwrap(), text);
        let settings = kept.settings();
        assert_eq!(
            (settings.theme, settings.text_size),
            (ThemeChoice::System, 150)
        );
        assert_eq!(kept.window().sidebar, Some(280));
        // What nobody could read, or find the way back from, is not taken.
        let small = Folder::holding(br#"{"textSize":1,"watchMinutes":0}"#).open();
        let small = small.settings();
        assert_eq!((small.text_size, small.watch_minutes), (50, 1));
    }

    #[cfg(unix)]
    #[test]
    fn hostile_a_folder_or_a_link_in_its_place_is_put_aside_too() {
        let folder = Folder::new();
        std::fs::create_dir(folder.file()).unwrap();
        assert!(matches!(folder.open().unread(), Some(Unread::All { .. })));
        std::os::unix::fs::symlink("/dev/zero", folder.file()).unwrap();
        assert!(matches!(folder.open().unread(), Some(Unread::All { .. })));
        assert!(folder.open().unread().is_none());
    }
}
