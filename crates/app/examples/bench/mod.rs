//! What the benches share: an app in a folder of its own that signs in as nobody, its list of tags, and the file of figures.
//!
//! Not here: what is measured.

use anyhow::{Context, Result};
use app::view::accounts::{Keep, NewAccount};
use app::view::browse::TagList;
use app::view::problem::Problem;
use app::{
    Access, Clock, Events, Longshore, Options, Platform, RequestLog, SessionSecrets,
    SettingsInMemory, Silent,
};
use secrecy::SecretString;
use serde::Serialize;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Opens the app on a data folder, without an engine.
pub fn open(folder: &Path, events: impl Events + 'static) -> Result<Longshore> {
    // No engine of this machine's is asked.
    open_at(
        folder,
        events,
        &format!("unix://{}/none.sock", folder.display()),
    )
}

/// Opens the app on a data folder, with the engine at this address.
pub fn open_at(
    folder: &Path,
    events: impl Events + 'static,
    docker_host: &str,
) -> Result<Longshore> {
    Longshore::open(Options {
        access: Access::Alone,
        data_dir: folder.to_owned(),
        keychain: Arc::new(SessionSecrets::new()),
        work_factor: None,
        engine: Some(docker_host.to_owned()),
        docker_config: Some(folder.join("docker-config")),
        cert_folders: Vec::new(),
        sign_ins: app::Files::default(),
        programs: app::Programs::default(),
        ssh: app::SshProgram::default(),
        buildx: app::BuildxAt::Nowhere,
        sandbox: None,
        events: Arc::new(events),
        notices: Arc::new(Silent),
        downloads: folder.join("downloads"),
        clock: Clock::system(),
        log: RequestLog::new(Clock::system()),
        settings: Arc::new(SettingsInMemory::default()),
        watch_every: Some(Duration::from_hours(1)),
        engine_patience: None,
        instead: app::Instead::default(),
        platform: Platform::here(),
    })
    .map_err(said)
}

#[allow(dead_code)] // one bench signs in as somebody
/// Adds a registry, as nobody; the account's id.
pub async fn sign_in(app: &Longshore, host: &str) -> Result<String> {
    let nobody = NewAccount {
        address: host.to_owned(),
        user: String::new(),
        secret: SecretString::from(""),
        allow_plain_http: false,
        keep: Keep::Keychain,
        agreed: Vec::new(),
        from: None,
        connection: None,
        namespace: None,
    };
    Ok(app.accounts.add(nobody).await.map_err(said)?.id)
}

/// Reads the names of a repository's tags part by part, as the window does, and hands over each part.
pub async fn tags(
    app: &Longshore,
    account: &str,
    repository: &str,
    mut each: impl FnMut(&TagList) -> Result<()>,
) -> Result<Vec<String>> {
    let (mut names, mut after) = (Vec::new(), None);
    loop {
        let part = app
            .repositories
            .tags(account.to_owned(), repository.to_owned(), after)
            .await
            .map_err(said)?;
        each(&part)?;
        names.extend(part.rows.into_iter().map(|row| row.name));
        after = part.next;
        if after.is_none() {
            return Ok(names);
        }
    }
}

/// Makes an error of the app's own sentence, for the terminal.
#[allow(clippy::needless_pass_by_value)] // errors are handed over whole, as `map_err` gives them
pub fn said(problem: Problem) -> anyhow::Error {
    anyhow::anyhow!("{} {:?}", problem.message, problem.detail)
}

/// Writes the figures, and the folder where it is missing.
pub fn write(file: &Path, figures: &impl Serialize) -> Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, serde_json::to_string_pretty(figures)? + "\n")
        .with_context(|| file.display().to_string())
}
