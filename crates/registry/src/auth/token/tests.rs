//! The life of a token, and that one fetch serves all.

use super::*;
use crate::error::Kind;
use secrecy::ExposeSecret;

const FLOOR: Duration = Duration::from_mins(1);
use std::sync::atomic::{AtomicU32, Ordering};

fn token(text: &str, lives: Duration) -> Token {
    Token {
        secret: SecretString::from(text),
        lives,
    }
}

async fn get(
    slot: &Slot,
    refused: Option<u64>,
    fetches: &AtomicU32,
    lives: Duration,
) -> (u64, String) {
    let fetch = || async {
        let number = fetches.fetch_add(1, Ordering::SeqCst) + 1;
        tokio::task::yield_now().await;
        Ok(token(&format!("token {number}"), lives))
    };
    let (serial, secret) = slot.get(refused, fetch).await.unwrap();
    (serial, secret.expose_secret().to_owned())
}

#[tokio::test]
async fn a_token_is_kept_until_it_expires_or_is_refused() {
    let (slot, fetches) = (Slot::default(), AtomicU32::new(0));
    assert_eq!(
        get(&slot, None, &fetches, FLOOR).await,
        (1, "token 1".into())
    );
    assert_eq!(
        get(&slot, None, &fetches, FLOOR).await,
        (1, "token 1".into())
    );
    assert_eq!(
        get(&slot, Some(1), &fetches, FLOOR).await,
        (2, "token 2".into())
    );
    assert_eq!(
        get(&slot, Some(1), &fetches, FLOOR).await,
        (2, "token 2".into()),
        "another's refusal of the old one"
    );
    assert!(
        slot.fresh(None, Instant::now() + FLOOR)
            .is_err_and(|fetches| fetches == 2),
        "it has expired by then"
    );
    let until = slot.state(|state| state.held.as_ref().unwrap().until);
    assert!(slot.fresh(None, until).is_err(), "its last moment is over");
    assert_eq!(margin(Duration::from_mins(5)), MARGIN);
    assert_eq!(margin(Duration::from_secs(8)), Duration::from_secs(2));
    let before = until.checked_sub(Duration::from_nanos(1)).unwrap();
    assert!(
        slot.fresh(None, before)
            .is_ok_and(|(serial, _)| serial == 2)
    );
}

#[tokio::test]
async fn an_expired_token_is_fetched_anew() {
    let (slot, fetches) = (Slot::default(), AtomicU32::new(0));
    assert_eq!(get(&slot, None, &fetches, Duration::ZERO).await.0, 1);
    assert_eq!(get(&slot, None, &fetches, Duration::ZERO).await.0, 2);
}

#[tokio::test]
async fn one_fetch_serves_all_who_wait() {
    let (slot, fetches) = (Slot::default(), AtomicU32::new(0));
    let (a, b, c) = tokio::join!(
        get(&slot, None, &fetches, FLOOR),
        get(&slot, None, &fetches, FLOOR),
        get(&slot, None, &fetches, FLOOR)
    );
    assert_eq!([a.0, b.0, c.0], [1, 1, 1]);
    assert_eq!(fetches.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn those_who_wait_share_a_failure_and_later_ones_try_again() {
    let (slot, fetches) = (Slot::default(), AtomicU32::new(0));
    let failing = || {
        slot.get(None, || async {
            fetches.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            Err(Error::new(Kind::SignIn, "GET token"))
        })
    };
    let (a, b, c) = tokio::join!(failing(), failing(), failing());
    assert!([a, b, c].iter().all(|answer| {
        answer
            .as_ref()
            .is_err_and(|error| error.kind == Kind::SignIn)
    }));
    assert_eq!(fetches.load(Ordering::SeqCst), 1);
    assert!(failing().await.is_err());
    assert_eq!(fetches.load(Ordering::SeqCst), 2);
}
