//! A marked secret is used for all that a sign-in is used for, and looked for in everything that was written and run.

use crate::desk::{Desk, Setup, walk};
use crate::house::{House, IMAGES};
use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use testkit::images::{ImageSpec, push};
use testkit::parts::{Part, Registry, RegistryOptions, need};
use testkit::steps::{
    choose_for_registry, id, open_images, open_repository, push_as, tag, type_registry,
};

/// It is written otherwise in a URL, in JSON and in base64.
pub(crate) const MARKED: &str = "m4rked/s3cret+w!th \"&\u{f6}dd";
const REPOSITORY: &str = "lab/tool";

#[tokio::test(flavor = "multi_thread")]
async fn a_marked_secret_is_found_in_no_file_no_log_line_and_no_program() {
    let Some(house) = House::build().await else {
        return;
    };
    for token in [false, true] {
        let options = RegistryOptions {
            auth: Some(("demo", MARKED)),
            token,
            ..RegistryOptions::default()
        };
        let registry = Registry::start(options).await.unwrap();
        push(&registry, REPOSITORY, "v1", &ImageSpec::of_sizes(1, &[64]))
            .await
            .unwrap();
        walk("no-secret", Setup::beside(&house.engine), async |desk| {
            let watched = Watched::begin(desk.home());
            used(desk, &registry).await?;
            let programs = watched.end()?;
            ensure!(
                programs.iter().any(|name| name.contains("longshore-app")),
                "nothing was watched: {programs:?}"
            );
            if need(Part::CredentialHelper) {
                let helper = |name: &String| name.contains("docker-credential");
                ensure!(programs.iter().any(helper), "no helper ran: {programs:?}");
            }
            nowhere(desk)?;
            // What is looked for would be seen.
            let watched = Watched::begin(desk.home());
            let told = format!("sleep 0.3 # {MARKED}");
            let mut shell = std::process::Command::new("sh");
            let shell = shell.args(["-c", &told]).env("HOME", desk.home());
            ensure!(shell.status()?.success() && watched.end().is_err());
            let entry = STANDARD.encode(format!("demo:{MARKED}"));
            fs::write(desk.home().join("entry"), entry)?;
            ensure!(nowhere(desk).is_err());
            Ok(())
        })
        .await;
    }
}

/// Signs in, and does what a sign-in is for.
async fn used(desk: &mut Desk, registry: &Registry) -> Result<()> {
    let host = registry.host();
    let window = desk.window()?;
    // Refused once: what a registry says of it is written down too.
    type_registry(window, &host, "demo", &format!("{MARKED}, not")).await?;
    window.click_ready(&id("sign-in")).await?;
    window.find(&id("problem")).await?;
    window.fill(&id("secret"), MARKED).await?;
    window.click(&id("along")).await?;
    window.click_ready(&id("sign-in")).await?;
    window.gone(&id("registry-sheet")).await?;

    open_repository(window, REPOSITORY).await?;
    window.hover(&tag("v1")).await?;
    window
        .click(&format!("{} {}", tag("v1"), id("pull-tag")))
        .await?;
    window.find_with(&tag("v1"), "on this computer").await?;
    open_images(window).await?;
    push_as(window, IMAGES[0], REPOSITORY, "v2").await?;
    open_repository(window, REPOSITORY).await?;
    window.find(&tag("v2")).await?;

    // Another run reads it from the keychain.
    desk.close().await?;
    desk.open().await?;
    open_repository(desk.window()?, REPOSITORY).await?;
    choose_for_registry(desk.window()?, &host, "menu-refresh").await?;
    desk.window()?.find(&tag("v2")).await?;
    choose_for_registry(desk.window()?, &host, "menu-sign-out").await?;
    desk.window()?.find(&id("sign-in-again")).await
}

/// The secret in the forms in which it might be written.
fn forms() -> Vec<Vec<u8>> {
    let both = format!("demo:{MARKED}");
    let encoded = |text: &str| {
        let bytes = url::form_urlencoded::byte_serialize(text.as_bytes());
        bytes.collect::<String>()
    };
    let json = serde_json::Value::from(MARKED).to_string();
    [
        MARKED.to_owned(),
        json.trim_matches('"').to_owned(),
        encoded(MARKED),
        encoded(MARKED).replace('+', "%20"),
        STANDARD.encode(&both),
        STANDARD.encode(MARKED),
        URL_SAFE_NO_PAD.encode(&both),
        // What an engine is sent: JSON in base64. Its middle, whatever stands before it.
        URL_SAFE_NO_PAD.encode(&json)[4..16].to_owned(),
    ]
    .map(String::into_bytes)
    .to_vec()
}

fn holds(bytes: &[u8]) -> bool {
    let found = |form: &Vec<u8>| {
        bytes
            .windows(form.len())
            .any(|part| part == form.as_slice())
    };
    forms().iter().any(found)
}

/// Checks every file of the desk: the app's, the page's, Docker's, and what was printed.
pub(crate) fn nowhere(desk: &Desk) -> Result<()> {
    let (mut left, mut read) = (vec![desk.home().to_owned()], 0);
    while let Some(path) = left.pop() {
        let about = fs::symlink_metadata(&path);
        if about.as_ref().is_ok_and(fs::Metadata::is_dir) {
            let inside = fs::read_dir(&path)?;
            left.extend(inside.filter_map(|entry| Some(entry.ok()?.path())));
        } else if about.is_ok_and(|about| about.is_file()) {
            // A file that went meanwhile holds nothing.
            let bytes = fs::read(&path).unwrap_or_default();
            read += 1;
            ensure!(!holds(&bytes), "{} holds the secret", path.display());
        }
    }
    ensure!(read > 10, "only {read} files were there");
    let log = fs::read_to_string(desk.home().join("requests.log"))?;
    ensure!(log.contains(" GET "), "the log of requests is empty");
    Ok(())
}

/// Looks at the arguments and the environment of every program of a desk, from begin to end.
pub(crate) struct Watched {
    stop: Arc<AtomicBool>,
    looking: std::thread::JoinHandle<(BTreeSet<String>, Option<String>)>,
}

impl Watched {
    pub(crate) fn begin(home: &Path) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (home, until) = (home.display().to_string(), Arc::clone(&stop));
        let looking = std::thread::spawn(move || {
            let (mut seen, mut shown) = (BTreeSet::new(), None);
            while !until.load(Ordering::SeqCst) {
                for (name, told) in programs(&home) {
                    if holds(&told) {
                        shown.get_or_insert_with(|| name.clone());
                    }
                    seen.insert(name);
                }
                std::thread::sleep(Duration::from_millis(2));
            }
            (seen, shown)
        });
        Self { stop, looking }
    }

    /// Returns the names of all programs that were seen.
    pub(crate) fn end(self) -> Result<BTreeSet<String>> {
        self.stop.store(true, Ordering::SeqCst);
        let looked = self.looking.join();
        let (seen, shown) = looked.ok().context("the watch failed")?;
        ensure!(shown.is_none(), "the secret is shown by {shown:?}");
        Ok(seen)
    }
}

/// Lists the programs that run with the home of a desk: each with its name, and its arguments and environment.
fn programs(home: &str) -> Vec<(String, Vec<u8>)> {
    let all = fs::read_dir("/proc").into_iter().flatten().flatten();
    all.filter_map(|entry| {
        let folder: PathBuf = entry.path();
        let environment = fs::read(folder.join("environ")).ok()?;
        let is_ours = environment
            .windows(home.len())
            .any(|part| part == home.as_bytes());
        let arguments = fs::read(folder.join("cmdline")).ok()?;
        let name = arguments.split(|byte| *byte == 0).next()?;
        let name = String::from_utf8_lossy(name).into_owned();
        is_ours.then(|| (name, [arguments, environment].concat()))
    })
    .collect()
}
