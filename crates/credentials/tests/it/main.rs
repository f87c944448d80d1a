//! The keychain against a real Secret Service, on a bus of its own.
//!
//! A process finds its bus by its environment, so each test asks a second process: the same test, started again with
//! another bus, where it only does what it is told.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)] // clippy lets only test functions unwrap, not what they share

mod clients;
mod helper;
mod other;
mod signed_in_along;
mod sources;

use std::process::Command;
use std::time::Duration;

use credentials::StoreError;
use other::{Other, serve};
use testkit::parts::{Part, Process, SecretService, State, need, program};

const HARD: &str = "pä\u{1f511} \"quoted\" \\ line\nand\ttab";

#[tokio::test]
async fn secrets_are_kept_replaced_and_forgotten() {
    if serve() || !need(Part::SecretService) {
        return;
    }
    let mut service = SecretService::start(State::Unlocked).await.unwrap();
    let name = "secrets_are_kept_replaced_and_forgotten";
    let mut other = Other::start(name, service.address());
    assert_eq!(other.get("127.0.0.1:5000", "demo"), Ok(None));
    assert_eq!(other.remove("127.0.0.1:5000", "demo"), Ok(()));
    let long = "x".repeat(20_000);
    for (host, user, secret) in [
        ("127.0.0.1:5000", "demo", "first"),
        ("127.0.0.1:5000", "demo", HARD),
        ("127.0.0.1:5000", "de mo@x", "another user"),
        ("127.0.0.1:5001", "demo", &long),
    ] {
        assert_eq!(other.set(host, user, secret), Ok(()));
        assert_eq!(other.get(host, user).unwrap().as_deref(), Some(secret));
    }

    // Another process, as after the app was closed and opened again.
    drop(other);
    let mut other = Other::start(name, service.address());
    assert_eq!(
        other.get("127.0.0.1:5000", "demo").unwrap().as_deref(),
        Some(HARD)
    );

    // Another keychain daemon, as after logging in again. The open store does not know it yet.
    service.unlock().await.unwrap();
    assert_eq!(
        other.get("127.0.0.1:5000", "demo").unwrap().as_deref(),
        Some(HARD)
    );
    assert_eq!(
        other.get("127.0.0.1:5001", "demo").unwrap().as_deref(),
        Some(long.as_str())
    );

    assert_eq!(other.remove("127.0.0.1:5000", "demo"), Ok(()));
    assert_eq!(other.get("127.0.0.1:5000", "demo"), Ok(None));
    let neighbour = other.get("127.0.0.1:5000", "de mo@x").unwrap();
    assert_eq!(neighbour.as_deref(), Some("another user"));
}

#[tokio::test]
async fn a_locked_keychain_is_said_and_works_once_unlocked() {
    if serve() || !need(Part::SecretService) {
        return;
    }
    let mut service = SecretService::start(State::Unlocked).await.unwrap();
    let mut other = Other::start(
        "a_locked_keychain_is_said_and_works_once_unlocked",
        service.address(),
    );
    assert_eq!(other.set("h", "demo", "kept"), Ok(()));
    service.lock().await.unwrap();
    assert!(matches!(other.get("h", "demo"), Err(StoreError::Locked(_))));
    assert!(matches!(
        other.set("h", "demo", "new"),
        Err(StoreError::Locked(_))
    ));
    assert!(matches!(
        other.set("h", "somebody", "new"),
        Err(StoreError::Locked(_))
    ));
    assert!(matches!(
        other.remove("h", "demo"),
        Err(StoreError::Locked(_))
    ));
    service.unlock().await.unwrap();
    assert_eq!(other.get("h", "demo").unwrap().as_deref(), Some("kept"));
    assert_eq!(other.get("h", "somebody"), Ok(None));
}

#[tokio::test]
async fn an_absent_keychain_is_said_and_works_once_there() {
    if serve() || !need(Part::SecretService) {
        return;
    }
    let mut service = SecretService::start(State::Absent).await.unwrap();
    let name = "an_absent_keychain_is_said_and_works_once_there";
    let mut other = Other::start(name, service.address());
    let absent = |other: &mut Other| {
        assert!(matches!(other.get("h", "demo"), Err(StoreError::Absent(_))));
        assert!(matches!(
            other.set("h", "demo", "x"),
            Err(StoreError::Absent(_))
        ));
        assert!(matches!(
            other.remove("h", "demo"),
            Err(StoreError::Absent(_))
        ));
    };
    absent(&mut other);
    absent(&mut Other::start(name, "unix:path=/nonexistent/bus"));
    service.unlock().await.unwrap();
    assert_eq!(other.set("h", "demo", "x"), Ok(()));
    service.end();
    absent(&mut other);
    service.unlock().await.unwrap();
    assert_eq!(other.get("h", "demo").unwrap().as_deref(), Some("x"));
}

#[tokio::test]
async fn a_service_without_any_keychain_has_nothing_and_keeps_nothing() {
    if serve() || !need(Part::SecretService) {
        return;
    }
    let service = SecretService::start(State::Absent).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(program("gnome-keyring-daemon").unwrap());
    command.args(["--foreground", "--components=secrets"]);
    command.env_clear();
    for name in ["HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"] {
        command.env(name, folder.path());
    }
    command.env("DBUS_SESSION_BUS_ADDRESS", service.address());
    let mut daemon = Process::start(command, &folder.path().join("log")).unwrap();
    let name = "a_service_without_any_keychain_has_nothing_and_keeps_nothing";
    let mut other = Other::start(name, service.address());
    // It has nothing, and says so as soon as it is there.
    let there = async |_: &Process| (other.get("h", "demo") == Ok(None)).then_some(());
    daemon.until(Duration::from_mins(1), there).await.unwrap();
    assert!(
        matches!(other.set("h", "demo", "x"), Err(StoreError::Absent(text)) if text.contains("no keychain"))
    );
    assert_eq!(other.get("h", "demo"), Ok(None));
}
