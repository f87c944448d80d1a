//! The keyboard: keys, chords and text, wherever the focus is.

use super::{ELEMENT, Window};
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

/// Keys that are no character, as the protocol writes them.
pub mod key {
    /// Enter.
    pub const ENTER: &str = "\u{e007}";
    /// Escape.
    pub const ESCAPE: &str = "\u{e00c}";
    /// Backspace.
    pub const BACKSPACE: &str = "\u{e003}";
    /// Tab.
    pub const TAB: &str = "\u{e004}";
    /// Shift.
    pub const SHIFT: &str = "\u{e008}";
    /// Control.
    pub const CONTROL: &str = "\u{e009}";
    /// Alt.
    pub const ALT: &str = "\u{e00a}";
    /// Arrow up.
    pub const UP: &str = "\u{e013}";
    /// Arrow down.
    pub const DOWN: &str = "\u{e015}";
    /// Arrow left.
    pub const LEFT: &str = "\u{e012}";
    /// Arrow right.
    pub const RIGHT: &str = "\u{e014}";
    /// Space.
    pub const SPACE: &str = " ";
    /// F5.
    pub const F5: &str = "\u{e035}";
    /// F10.
    pub const F10: &str = "\u{e03a}";
    /// Delete.
    pub const DELETE: &str = "\u{e017}";
}

impl Window {
    /// Empties a field and types into it, as a person does: the protocol's own way of emptying tells the
    /// page nothing.
    pub async fn fill(&self, css: &str, text: &str) -> Result<()> {
        self.focus(css).await?;
        self.press(&[key::CONTROL, "a"]).await?;
        self.press(&[key::BACKSPACE]).await?;
        if text.is_empty() {
            return Ok(());
        }
        let field = self.ask_once_there(css, "", "e", Value::Null).await?;
        let field = field[ELEMENT].as_str().context("no field")?;
        self.post(&format!("element/{field}/value"), &json!({ "text": text }))
            .await?;
        Ok(())
    }

    /// Presses keys together, the last one last (`[CONTROL, "x"]`), wherever the focus is.
    pub async fn press(&self, keys: &[&str]) -> Result<()> {
        let down = keys
            .iter()
            .map(|key| json!({ "type": "keyDown", "value": key }));
        let up = keys
            .iter()
            .rev()
            .map(|key| json!({ "type": "keyUp", "value": key }));
        let actions: Vec<Value> = down.chain(up).collect();
        self.post(
            "actions",
            &json!({ "actions": [{ "type": "key", "id": "keys", "actions": actions }] }),
        )
        .await?;
        Ok(())
    }

    /// Tells whether the focus is on an element that a CSS selector finds.
    pub async fn focused(&self, css: &str) -> Result<bool> {
        let script = "return document.activeElement.matches(arguments[0])";
        Ok(self.run(script, json!([css])).await? == true)
    }

    /// Presses a key until the focus is on an element that a CSS selector finds, as a person does who
    /// looks for it.
    pub async fn press_until(&self, key: &str, css: &str) -> Result<()> {
        self.find(css).await?;
        for _ in 0..60 {
            if self.focused(css).await? {
                return Ok(());
            }
            self.press(&[key]).await?;
        }
        let script = "return document.activeElement.outerHTML.slice(0, 200)";
        let at = self.run(script, json!([])).await?;
        bail!("the focus does not come to {css}; it is at {at}")
    }

    /// Types characters, wherever the focus is.
    pub async fn type_text(&self, text: &str) -> Result<()> {
        for character in text.chars() {
            self.press(&[&character.to_string()]).await?;
        }
        Ok(())
    }
}
