//! The keychain in its three states.

use anyhow::Result;
use testkit::parts::{Part, SecretService, State, need};

#[tokio::test]
async fn it_locks_and_unlocks() -> Result<()> {
    if !need(Part::SecretService) {
        return Ok(());
    }
    let mut service = SecretService::start(State::Unlocked).await?;
    assert!(!service.is_locked()?);
    service.lock().await?;
    assert!(service.is_locked()?);
    service.unlock().await?;
    assert!(!service.is_locked()?);
    service.end();
    assert!(service.is_locked().is_err());
    Ok(())
}

#[tokio::test]
async fn it_starts_locked_or_absent() -> Result<()> {
    if !need(Part::SecretService) {
        return Ok(());
    }
    let locked = SecretService::start(State::Locked).await?;
    assert!(locked.is_locked()?);
    let absent = SecretService::start(State::Absent).await?;
    assert!(absent.is_locked().is_err(), "nobody answers");
    assert_ne!(locked.address(), absent.address());
    Ok(())
}
