//! What Pulp does by a task: asked for, and waited for until it is done.
//!
//! Grows by what is read of a task.

use super::place::id_of;
use crate::way::{Failure, Way};
use registry::{Ask, Told};
use serde_json::Value;
use std::time::Duration;

/// How long is waited before each look at a task: some seconds in all.
const WAITS: [Duration; 9] = [
    Duration::from_millis(100),
    Duration::from_millis(200),
    Duration::from_millis(300),
    Duration::from_millis(500),
    Duration::from_millis(800),
    Duration::from_millis(1200),
    Duration::from_millis(1800),
    Duration::from_millis(2500),
    Duration::from_millis(2500),
];

/// Asks for something, and returns the task that did it once it is done; null where it was done at once. Of one that takes longer
/// nothing is known: its answer makes no sense yet.
pub(super) async fn done(way: &Way, ask: &Ask) -> Result<Value, Failure> {
    let told = way.ask(ask).await?;
    if told.status() != 202 {
        return Ok(Value::Null);
    }
    let begun = told.json::<Value>()?;
    let id = id_of(&begun["task"]).ok_or_else(|| told.makes_no_sense("a task without a name"))?;
    let look = Ask::get()
        .at("/pulp/api/v3/tasks")
        .value(id)
        .at("/")
        .query("fields", "state,created_resources");
    let mut last: Told = told;
    for wait in WAITS {
        tokio::time::sleep(wait).await;
        last = way.ask(&look).await?;
        let task = last.json::<Value>()?;
        match task["state"].as_str() {
            Some("completed") => return Ok(task),
            Some("failed" | "canceled" | "canceling" | "skipped") => {
                return Err(last.makes_no_sense("a task that failed").into());
            }
            _ => {}
        }
    }
    Err(last.makes_no_sense("a task that takes too long").into())
}
