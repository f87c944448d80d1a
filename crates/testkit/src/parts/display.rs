//! A virtual display with a window manager, so that a window can be closed as a person closes it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use super::process::Process;
use super::programs::Part;

/// A running display, ended when dropped.
#[derive(Debug)]
pub struct Display {
    // The manager goes before the server it talks to.
    _manager: Process,
    _server: Process,
    name: String,
    folder: TempDir,
}

/// The window manager's whole configuration: one shortcut, and no title bars in the pictures.
const MANAGER: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<openbox_config xmlns="http://openbox.org/3.4/rc">
  <keyboard><keybind key="A-F4"><action name="Close"/></keybind></keyboard>
  <mouse/>
  <applications><application type="normal"><decor>no</decor><focus>yes</focus></application></applications>
</openbox_config>
"#;

impl Display {
    /// Starts a display of that many pixels.
    pub async fn start(width: u32, height: u32) -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("longshore-display-")
            .tempdir()?;
        let program = Part::Display.program("Xvfb").context("Xvfb is missing")?;
        let mut command = Command::new(program);
        command
            // It chooses a free number and prints it; `-noreset` keeps it when its last window closes.
            .args([
                "-displayfd",
                "1",
                "-noreset",
                "-nolisten",
                "tcp",
                "-screen",
                "0",
            ])
            .arg(format!("{width}x{height}x24"))
            // What it shows lies in a file, where it can be read without asking.
            .arg("-fbdir")
            .arg(folder.path())
            // Its drawing library keeps compiled shaders in the home folder, which is the person's.
            .env("HOME", folder.path())
            .env("XDG_CACHE_HOME", folder.path().join("cache"));
        let mut server = Process::start_piped(command, &folder.path().join("server.log"))?;
        let output = server.child().and_then(|child| child.stdout.take());
        let output = output.context("Xvfb has no output")?;
        let number = tokio::task::spawn_blocking(move || {
            let mut line = String::new();
            BufReader::new(output).read_line(&mut line).map(|_| line)
        });
        let number = number.await??;
        if number.trim().is_empty() {
            bail!("Xvfb did not start:\n{}", server.tail());
        }
        let name = format!(":{}", number.trim());
        let manager = manage(&name, folder.path()).await?;
        Ok(Self {
            _manager: manager,
            _server: server,
            name,
            folder,
        })
    }

    /// Returns what `DISPLAY` must be.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the colours that are on the display just now, each once, by looks at one pixel in 64.
    pub fn colours(&self) -> Result<Vec<u32>> {
        let bytes = fs::read(self.folder.path().join("Xvfb_screen0"))?;
        // An X window dump: a header of big-endian words, the colour map, then 4 bytes a pixel.
        let word = |at: usize| -> Option<usize> {
            let four = bytes.get(at * 4..at * 4 + 4)?;
            usize::try_from(u32::from_be_bytes(four.try_into().ok()?)).ok()
        };
        let (header, line, map) = (word(0), word(12), word(19));
        let (Some(header), Some(line), Some(map)) = (header, line, map) else {
            bail!("the display's picture has no header");
        };
        // An entry of the colour map takes 12 bytes.
        let pixels = bytes.get(header + map * 12..).unwrap_or_default();
        let mut colours = Vec::new();
        for row in pixels.chunks_exact(line.max(4)).step_by(8) {
            for pixel in row.chunks_exact(4).step_by(8) {
                let colour = u32::from_ne_bytes([pixel[0], pixel[1], pixel[2], 0]);
                if !colours.contains(&colour) {
                    colours.push(colour);
                }
            }
        }
        Ok(colours)
    }

    /// Presses keys in the focused window, in xdotool's names: `alt+F4`.
    pub fn press(&self, keys: &str) -> Result<()> {
        succeed(&self.xdotool(&["key", "--clearmodifiers", keys])?)
    }

    /// Presses the right button on a point of the window whose title fits a pattern, and lets it go.
    pub fn press_right(&self, pattern: &str, (x, y): (i32, i32)) -> Result<()> {
        self.move_in(&self.window(pattern)?, x, y)?;
        self.do_xdotool(&["click", "3"])
    }

    /// Moves the pointer to the lower right corner, where a window has nothing that lights up.
    pub fn put_pointer_away(&self) -> Result<()> {
        succeed(&self.xdotool(&["mousemove", "99999", "99999"])?)
    }

    /// Tells whether a window with that title is on the display.
    pub fn has_window(&self, title: &str) -> Result<bool> {
        Ok(!self.windows(title)?.is_empty())
    }

    /// Returns the title of the window whose title fits a pattern.
    pub fn title(&self, pattern: &str) -> Result<String> {
        let windows = self.windows(pattern)?;
        let window = windows
            .last()
            .with_context(|| format!("no window is called {pattern}"))?;
        let output = self.xdotool(&["getwindowname", window])?;
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Closes the window whose title fits a pattern as a person does: focus it, then Alt and F4.
    pub fn close(&self, pattern: &str) -> Result<()> {
        let windows = self.windows(pattern)?;
        // The first hit may be the toolkit's hidden leader; the last is the window one sees.
        let Some(window) = windows.last() else {
            bail!("no window is called {pattern}");
        };
        succeed(&self.xdotool(&["windowactivate", "--sync", window])?)?;
        self.press("alt+F4")
    }

    fn windows(&self, pattern: &str) -> Result<Vec<String>> {
        let pattern = format!("^{pattern}$");
        let output = self.xdotool(&["search", "--onlyvisible", "--name", &pattern])?;
        let text = String::from_utf8_lossy(&output.stdout);
        Ok(text.lines().map(str::to_owned).collect())
    }

    /// Returns the window one sees whose title fits a pattern: the first hit may be the toolkit's hidden leader.
    pub(super) fn window(&self, pattern: &str) -> Result<String> {
        let windows = self.windows(pattern)?;
        let window = windows.last();
        window
            .cloned()
            .with_context(|| format!("no window is called {pattern}"))
    }

    /// Moves the pointer to a point of a window.
    pub(super) fn move_in(&self, window: &str, x: i32, y: i32) -> Result<()> {
        let (x, y) = (x.to_string(), y.to_string());
        self.do_xdotool(&["mousemove", "--window", window, "--", &x, &y])
    }

    pub(super) fn do_xdotool(&self, arguments: &[&str]) -> Result<()> {
        succeed(&self.xdotool(arguments)?)
    }

    /// Returns the folder with what belongs to it.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn xdotool(&self, arguments: &[&str]) -> Result<Output> {
        xdotool(&self.name, arguments)
    }
}

/// Starts the window manager and waits until it manages. It sometimes fails to open a display that has
/// just started, so it gets a second and a third try.
async fn manage(display: &str, folder: &Path) -> Result<Process> {
    let program = Part::Display
        .program("openbox")
        .context("openbox is missing")?;
    let config = folder.join("openbox.xml");
    fs::write(&config, MANAGER)?;
    let mut last = None;
    for _ in 0..3 {
        let mut command = Command::new(&program);
        command.arg("--config-file").arg(&config);
        command.env("DISPLAY", display).env("HOME", folder);
        command.env("XDG_CACHE_HOME", folder.join("cache"));
        let mut manager = Process::start(command, &folder.join("manager.log"))?;
        let ready = manager
            .until(Duration::from_secs(10), async |_: &Process| {
                // Only a window manager publishes the number of desktops.
                let output = xdotool(display, &["get_num_desktops"]).ok()?;
                output.status.success().then_some(())
            })
            .await;
        match ready {
            Ok(()) => return Ok(manager),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| anyhow::anyhow!("openbox did not start")))
}

fn xdotool(display: &str, arguments: &[&str]) -> Result<Output> {
    let program = Part::Display
        .program("xdotool")
        .context("xdotool is missing")?;
    let output = Command::new(program)
        .env("DISPLAY", display)
        .args(arguments)
        .output()?;
    Ok(output)
}

fn succeed(output: &Output) -> Result<()> {
    if output.status.success() {
        return Ok(());
    }
    bail!("xdotool: {}", String::from_utf8_lossy(&output.stderr))
}
