//! Filling a new sandbox once, and starting over after a filling that was cut short.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Runs `fill` the first time only.
pub(super) async fn once(
    folder: &Path,
    name: &str,
    fill: impl AsyncFnOnce() -> Result<()>,
) -> Result<()> {
    let mark = filled(folder, name);
    if !mark.exists() {
        fill()
            .await
            .with_context(|| format!("fill the sandbox's {name}"))?;
        fs::write(mark, "")?;
    }
    Ok(())
}

/// Removes what a filling that was cut short left: on top of it the next would add a second history.
pub(super) fn forget_half_filled(folder: &Path, name: &str) -> Result<()> {
    let data = folder.join(name);
    let half = data.exists() && !filled(folder, name).exists();
    if half && fs::remove_dir_all(&data).is_err() {
        // An engine leaves folders that nobody may look into, not even their owner.
        open_up(&data);
        fs::remove_dir_all(&data)?;
    }
    Ok(())
}

fn filled(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}-filled"))
}

#[cfg(unix)]
fn open_up(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let _ = fs::set_permissions(folder, fs::Permissions::from_mode(0o700));
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        // Not through a link: what it points at is not ours.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            open_up(&entry.path());
        }
    }
}

#[cfg(not(unix))]
fn open_up(_folder: &Path) {}
