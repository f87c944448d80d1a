//! Files that another program drags into a window, by a real drag of the display.
//!
//! Not here: drags inside the window (`webdriver`). Grows by another kind of thing that programs hand over.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use super::display::Display;
use super::process::Process;

/// The program that files are dragged from.
const SOURCE: &str = include_str!("drop_source.py");
/// The system's own Python: only that one has GTK.
pub(super) const PYTHON: &str = "/usr/bin/python3";
const TITLE: &str = "Longshore drop source";
/// Where it stands; the app's window is in the other corner.
const PLACE: (i32, i32) = (1430, 920);
/// Steps of a movement, and the rest after each: a jump would not be seen as a drag.
const STEPS: i32 = 12;
const REST: Duration = Duration::from_millis(30);

/// Tells whether the system's Python can open a window.
pub(super) fn has_gtk() -> bool {
    let python = Path::new("/usr/lib/python3/dist-packages/gi/__init__.py");
    let typelib = |folder: std::fs::DirEntry| {
        folder
            .path()
            .join("girepository-1.0/Gtk-3.0.typelib")
            .is_file()
    };
    let mut libraries = std::fs::read_dir("/usr/lib")
        .into_iter()
        .flatten()
        .flatten();
    Path::new(PYTHON).is_file() && python.is_file() && libraries.any(typelib)
}

/// Files that hang at the pointer, over a window. Let go with [`HeldFiles::release`].
pub struct HeldFiles<'a> {
    display: &'a Display,
    source: Process,
    told: BufReader<std::process::ChildStdout>,
}

impl Display {
    /// Drags files from another program over the window whose title fits a pattern, to this point of it.
    pub async fn hold_files(
        &self,
        files: &[&Path],
        pattern: &str,
        (x, y): (i32, i32),
    ) -> Result<HeldFiles<'_>> {
        let script = self.folder().join("drop_source.py");
        std::fs::write(&script, SOURCE)?;
        let mut command = Command::new(PYTHON);
        command
            .arg(&script)
            .args([PLACE.0.to_string(), PLACE.1.to_string()])
            .args(files)
            .env("DISPLAY", self.name())
            .env("HOME", self.folder())
            .env("NO_AT_BRIDGE", "1")
            .stdin(Stdio::null());
        let mut source = Process::start_piped(command, &self.folder().join("source.log"))?;
        let output = source.child().and_then(|child| child.stdout.take());
        let mut held = HeldFiles {
            display: self,
            source,
            told: BufReader::new(output.context("the source has no output")?),
        };
        held.hears("ready")?;
        tokio::time::sleep(REST * 10).await;
        let from = self.window(TITLE)?;
        let to = self.window(pattern)?;
        self.move_in(&from, 40, 30)?;
        self.do_xdotool(&["mousedown", "1"])?;
        for step in 1..=STEPS {
            self.move_in(&from, 40 - step * 3, 30)?;
            tokio::time::sleep(REST).await;
        }
        for step in 0..=STEPS {
            // From the corner towards the place, which is reached at the last step.
            let (left, above) = (STEPS - step, STEPS - step);
            self.move_in(&to, x + left * 4, y + above * 3)?;
            tokio::time::sleep(REST).await;
        }
        Ok(held)
    }
}

impl HeldFiles<'_> {
    /// Moves them over another point of a window.
    pub async fn move_to(&self, pattern: &str, (x, y): (i32, i32)) -> Result<()> {
        let to = self.display.window(pattern)?;
        for step in (0..=STEPS).rev() {
            self.display.move_in(&to, x + step, y + step)?;
            tokio::time::sleep(REST).await;
        }
        Ok(())
    }

    /// Lets go of them where they are.
    pub async fn release(mut self) -> Result<()> {
        tokio::time::sleep(REST * 7).await;
        self.display.do_xdotool(&["mousemove_relative", "1", "0"])?;
        tokio::time::sleep(REST * 3).await;
        self.display.do_xdotool(&["mouseup", "1"])?;
        self.hears("ended")
    }

    /// Waits until the source says something.
    fn hears(&mut self, wanted: &str) -> Result<()> {
        let mut line = String::new();
        self.told.read_line(&mut line)?;
        if line.is_empty() {
            bail!("the source of files ended:\n{}", self.source.tail());
        }
        ensure!(line.trim() == wanted, "the source said {line}");
        Ok(())
    }
}
