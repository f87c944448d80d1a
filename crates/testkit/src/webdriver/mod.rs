//! Drives the real window as a person does: through the system's web driver, `WebKitWebDriver`.
//!
//! One [`Window`] is one driver process and the one app it started. Everything waits until it can be done
//! or a deadline passes, so that callers never sleep. It is not a general client: only what the
//! end-to-end tests and the tour need, and it may grow by what they need next.

mod keyboard;
mod pointer;
mod wire;

pub use keyboard::key;
pub use pointer::Drag;

use crate::parts::{Part, Process};
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use wire::Wire;

/// The time anything may take before it counts as never.
const PATIENCE: Duration = Duration::from_secs(30);
/// The pause between two looks at a condition.
const PAUSE: Duration = Duration::from_millis(40);
/// The protocol's name of an element's id.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// The app's window.
pub struct Window {
    driver: Process,
    wire: Wire,
    session: String,
}

impl Window {
    /// Starts the driver with exactly these variables, and the app with them too; what both print goes
    /// to `log`.
    pub async fn open(app: &Path, environment: &[(String, String)], log: &Path) -> Result<Self> {
        let port = free_port()?;
        let program = Part::WebDriver.program("WebKitWebDriver");
        let mut command = Command::new(program.context("WebKitWebDriver is missing")?);
        command
            .arg(format!("--port={port}"))
            .env_clear()
            .envs(environment.iter().map(|(name, value)| (name, value)))
            // Without it the app starts but never answers the driver.
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .stdin(Stdio::null());
        let driver = Process::start(command, log)?;
        let mut window = Self {
            driver,
            wire: Wire::new(port),
            session: String::new(),
        };
        window.wait_for_driver().await?;
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "webkitgtk:browserOptions": { "binary": app, "args": [] }
        }}});
        let answer = window
            .wire
            .post("/session", &wanted)
            .await
            .context("the app does not open")?;
        let session = answer["sessionId"].as_str();
        session
            .context("the driver opened no session")?
            .clone_into(&mut window.session);
        Ok(window)
    }

    async fn wait_for_driver(&self) -> Result<()> {
        let start = Instant::now();
        loop {
            match self.wire.get("/status").await {
                Ok(_) => return Ok(()),
                Err(error) if start.elapsed() > PATIENCE => return Err(error),
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    /// Returns what the driver and the app have printed.
    pub fn log(&self) -> String {
        self.driver.log()
    }

    /// Tells whether the app still runs.
    pub fn app_runs(&self) -> bool {
        self.driver.id().is_some_and(has_running_child)
    }

    /// Ends the session, and the app with it, as no person could.
    pub async fn drop_session(&self) {
        // An app that has closed already has no session any more.
        let _ = self
            .wire
            .delete(&format!("/session/{}", self.session))
            .await;
    }

    async fn post(&self, path: &str, body: &Value) -> Result<Value> {
        self.wire
            .post(&format!("/session/{}/{path}", self.session), body)
            .await
    }

    async fn get(&self, path: &str) -> Result<Value> {
        self.wire
            .get(&format!("/session/{}/{path}", self.session))
            .await
    }

    /// Runs a script in the page; `arguments` are its arguments.
    pub async fn run(&self, script: &str, arguments: Value) -> Result<Value> {
        self.post(
            "execute/sync",
            &json!({ "script": script, "args": arguments }),
        )
        .await
    }

    /// Runs a script that ends when it calls its last argument.
    pub async fn run_until_called(&self, script: &str, arguments: Value) -> Result<Value> {
        self.post(
            "execute/async",
            &json!({ "script": script, "args": arguments }),
        )
        .await
    }

    /// Counts the elements that a CSS selector finds now.
    pub async fn count(&self, css: &str) -> Result<usize> {
        let script = "return document.querySelectorAll(arguments[0]).length";
        let count = self.run(script, json!([css])).await?;
        Ok(serde_json::from_value(count)?)
    }

    /// Asks the first visible element that a CSS selector finds and whose text contains `text`: the
    /// script is an expression over `e` and the array `more`. Nothing where there is no such element now.
    ///
    /// One request, so that the element can't be drawn anew between finding and asking it.
    async fn ask(
        &self,
        css: &str,
        text: &str,
        expression: &str,
        more: Value,
    ) -> Result<Option<Value>> {
        let script = format!(
            "const [css, text, more] = arguments; \
             const said = (e) => (e.innerText ?? '').replace(/[\\u00a0\\u202f]/g, ' '); \
             const e = [...document.querySelectorAll(css)] \
                 .find((e) => e.checkVisibility() && said(e).includes(text)); \
             return e === undefined ? null : [{expression}]"
        );
        let answer = self.run(&script, json!([css, text, more])).await?;
        Ok(answer.get(0).cloned())
    }

    /// Asks an element as soon as there is one.
    async fn ask_once_there(
        &self,
        css: &str,
        text: &str,
        expression: &str,
        more: Value,
    ) -> Result<Value> {
        let start = Instant::now();
        loop {
            if let Some(answer) = self.ask(css, text, expression, more.clone()).await? {
                return Ok(answer);
            }
            if start.elapsed() > PATIENCE {
                let wanted = if text.is_empty() {
                    String::new()
                } else {
                    format!(" with “{text}”")
                };
                bail!(
                    "no {css}{wanted} in the window, which says:\n{}",
                    self.words().await?
                );
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Tells whether a visible element with this text (empty: any) is there now.
    pub async fn shows(&self, css: &str, text: &str) -> Result<bool> {
        Ok(self.ask(css, text, "true", Value::Null).await?.is_some())
    }

    /// Waits for a visible element with this text (empty: any).
    pub async fn find_with(&self, css: &str, text: &str) -> Result<()> {
        self.ask_once_there(css, text, "true", Value::Null).await?;
        Ok(())
    }

    /// Waits for a visible element.
    pub async fn find(&self, css: &str) -> Result<()> {
        self.find_with(css, "").await
    }

    /// Waits until no visible element is left.
    pub async fn gone(&self, css: &str) -> Result<()> {
        let start = Instant::now();
        while self.shows(css, "").await? {
            if start.elapsed() > PATIENCE {
                bail!(
                    "{css} does not go; the window says:\n{}",
                    self.words().await?
                );
            }
            tokio::time::sleep(PAUSE).await;
        }
        Ok(())
    }

    /// Returns all the words the window shows; what lies on top comes first, since what is long is cut where it is read.
    pub async fn words(&self) -> Result<String> {
        let script = "return [...document.querySelectorAll('dialog[open], :popover-open'), document.body] \
             .map((e) => e.innerText).join('\\n')";
        let words = self.run(script, json!([])).await?;
        Ok(words.as_str().unwrap_or_default().to_owned())
    }

    /// Returns the words of an element, once it is there.
    pub async fn text(&self, css: &str) -> Result<String> {
        let text = self.ask_once_there(css, "", "said(e)", Value::Null).await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Returns an attribute of an element, once it is there.
    pub async fn attribute(&self, css: &str, name: &str) -> Result<Option<String>> {
        let value = self
            .ask_once_there(css, "", "e.getAttribute(more)", json!(name))
            .await?;
        Ok(value.as_str().map(str::to_owned))
    }

    /// Returns what a field holds.
    pub async fn value(&self, css: &str) -> Result<String> {
        let value = self.ask_once_there(css, "", "e.value", Value::Null).await?;
        Ok(value.as_str().unwrap_or_default().to_owned())
    }

    /// Gives an element the focus, where a person would tab to it.
    pub async fn focus(&self, css: &str) -> Result<()> {
        self.ask_once_there(css, "", "e.focus()", Value::Null)
            .await?;
        Ok(())
    }

    /// Clicks an element, once it is there and lets itself be clicked.
    pub async fn click(&self, css: &str) -> Result<()> {
        // What moved between the press and its end was not clicked, and the driver doesn't say so.
        let watched = "(window.clicked = false, e.addEventListener('click', \
             () => { window.clicked = true; }, { capture: true, once: true }), e)";
        let start = Instant::now();
        loop {
            let element = self.ask_once_there(css, "", watched, Value::Null).await;
            let clicked = match element {
                Ok(element) => self.click_element(&element).await,
                Err(error) => Err(error),
            };
            match clicked {
                Ok(()) => return Ok(()),
                // It moved, was drawn anew or is still covered: look again.
                Err(_) if start.elapsed() < PATIENCE => tokio::time::sleep(PAUSE).await,
                Err(error) => return Err(error.context(format!("{css} can't be clicked"))),
            }
        }
    }

    async fn click_element(&self, element: &Value) -> Result<()> {
        let element = element[ELEMENT].as_str().context("no element")?;
        self.post(&format!("element/{element}/click"), &json!({}))
            .await?;
        // A window that was closed by it answers no more.
        let clicked = self.run("return window.clicked", json!([])).await;
        ensure!(clicked.ok() != Some(json!(false)), "the click missed it");
        Ok(())
    }

    /// Clicks a button once it is no longer switched off.
    pub async fn click_ready(&self, css: &str) -> Result<()> {
        self.click(&format!("{css}:not(:disabled)")).await
    }

    /// Chooses an option of a select. The list it opens is the system's own, outside the page, so the
    /// choice is made in the page.
    pub async fn choose(&self, css: &str, option: &str) -> Result<()> {
        let expression =
            "(e.value = more, e.dispatchEvent(new Event('change', { bubbles: true })))";
        self.ask_once_there(css, "", expression, json!(option))
            .await?;
        Ok(())
    }

    /// Sets the window's size.
    pub async fn resize(&self, width: u32, height: u32) -> Result<()> {
        self.post("window/rect", &json!({ "width": width, "height": height }))
            .await?;
        Ok(())
    }

    /// Returns the window's width and height.
    pub async fn size(&self) -> Result<(u64, u64)> {
        let rect = self.get("window/rect").await?;
        Ok((
            rect["width"].as_u64().unwrap_or(0),
            rect["height"].as_u64().unwrap_or(0),
        ))
    }

    /// Waits until what changed last is on the screen.
    pub async fn settle(&self) -> Result<()> {
        let script = "const done = arguments[0]; \
                      requestAnimationFrame(() => requestAnimationFrame(() => done(null)))";
        self.run_until_called(script, json!([])).await?;
        Ok(())
    }

    /// Takes a picture of the page, as PNG.
    pub async fn picture(&self) -> Result<Vec<u8>> {
        use base64::Engine as _;
        // The driver hands out the frame before the last change otherwise.
        self.settle().await?;
        let picture = self.get("screenshot").await?;
        let text = picture.as_str().context("the driver took no picture")?;
        Ok(base64::engine::general_purpose::STANDARD.decode(text)?)
    }
}

/// Tells whether a process has a child that has not ended.
fn has_running_child(parent: u32) -> bool {
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    processes.into_iter().any(|process| {
        let stat = std::fs::read_to_string(process.path().join("stat")).unwrap_or_default();
        // "pid (name) state parent …"; the name may hold anything but ends at the last bracket.
        let mut rest = stat
            .rsplit_once(") ")
            .map_or("", |(_, rest)| rest)
            .split(' ');
        rest.next().is_some_and(|state| state != "Z") && rest.next() == Some(&parent.to_string())
    })
}

fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind(("127.0.0.1", 0))?
        .local_addr()?
        .port())
}
