//! `bindings`: the test that compares the window's types can also write them.

use crate::{Done, shell};

/// Writes the TypeScript of the view types.
pub fn write() -> Done {
    let mut cargo = shell::cargo()?;
    cargo
        .args(["test", "--quiet", "--package", "app", "--lib", "bindings"])
        .env("LONGSHORE_BINDINGS", "write");
    shell::succeed(cargo)?;
    shell::say("Written to ui/src/lib/backend/generated/types.ts.");
    Ok(())
}
