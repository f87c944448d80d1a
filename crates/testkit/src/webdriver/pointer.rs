//! The pointer: press, move, release, in steps, as a hand does.

use super::Window;
use anyhow::Result;
use serde_json::{Value, json};
use std::time::Duration;

/// Steps of a movement; a jump would not be seen as a drag.
const STEPS: u32 = 8;
/// How long an element stays where it is before it is pressed on.
const REST: Duration = Duration::from_millis(150);
/// How often that is looked at.
const TRIES: usize = 40;

/// A drag under way: the button is down. Let go with [`Drag::release`].
pub struct Drag<'a> {
    window: &'a Window,
    at: (f64, f64),
}

impl Window {
    /// Presses the button on the middle of an element, once that stays where it is: a list may have just got another row.
    pub async fn grab(&self, css: &str) -> Result<Drag<'_>> {
        let mut at = self.middle(css).await?;
        for _ in 0..TRIES {
            tokio::time::sleep(REST).await;
            let now = self.middle(css).await?;
            if now == at {
                break;
            }
            at = now;
        }
        let (x, y) = rounded(at);
        self.point(vec![
            json!({ "type": "pointerMove", "duration": 0, "x": x, "y": y }),
            json!({ "type": "pointerDown", "button": 0 }),
        ])
        .await?;
        Ok(Drag { window: self, at })
    }

    /// Moves the pointer over the middle of an element.
    pub async fn hover(&self, css: &str) -> Result<()> {
        let (x, y) = rounded(self.middle(css).await?);
        self.point(vec![
            json!({ "type": "pointerMove", "duration": 0, "x": x, "y": y }),
        ])
        .await
    }

    /// Presses the right button on the middle of an element.
    pub async fn ask_for_menu(&self, css: &str) -> Result<()> {
        let (x, y) = rounded(self.middle(css).await?);
        self.point(vec![
            json!({ "type": "pointerMove", "duration": 0, "x": x, "y": y }),
            json!({ "type": "pointerDown", "button": 2 }),
            json!({ "type": "pointerUp", "button": 2 }),
        ])
        .await
    }

    async fn middle(&self, css: &str) -> Result<(f64, f64)> {
        let expression = "((r) => [r.x + r.width / 2, r.y + r.height / 2])( \
                          (e.scrollIntoView({ block: 'nearest' }), e.getBoundingClientRect()))";
        let middle = self
            .ask_once_there(css, "", expression, Value::Null)
            .await?;
        Ok(serde_json::from_value(middle)?)
    }

    async fn point(&self, actions: Vec<Value>) -> Result<()> {
        let pointer = json!({ "type": "pointer", "id": "mouse",
            "parameters": { "pointerType": "mouse" }, "actions": actions });
        self.post("actions", &json!({ "actions": [pointer] }))
            .await?;
        Ok(())
    }
}

impl Drag<'_> {
    /// Moves over the middle of an element, in steps.
    pub async fn over(mut self, css: &str) -> Result<Self> {
        let to = self.window.middle(css).await?;
        let steps = (1..=STEPS).map(|step| {
            let part = f64::from(step) / f64::from(STEPS);
            let (x, y) = rounded((
                self.at.0 + (to.0 - self.at.0) * part,
                self.at.1 + (to.1 - self.at.1) * part,
            ));
            json!({ "type": "pointerMove", "duration": 15, "x": x, "y": y })
        });
        self.window.point(steps.collect()).await?;
        self.at = to;
        Ok(self)
    }

    /// Lets the button go.
    pub async fn release(self) -> Result<()> {
        self.window
            .point(vec![json!({ "type": "pointerUp", "button": 0 })])
            .await
    }
}

#[allow(clippy::cast_possible_truncation, reason = "screen coordinates")]
fn rounded((x, y): (f64, f64)) -> (i64, i64) {
    (x.round() as i64, y.round() as i64)
}
