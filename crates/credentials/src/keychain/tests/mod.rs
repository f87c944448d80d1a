//! The rules of the keychain over a store in memory. The real Secret Service is met in `tests/it`.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use keyring_core::mock;

use super::*;

mod all_or_nothing;

/// A keychain over one store in memory, and how often it has been opened.
struct Bench {
    keychain: Keychain,
    store: Arc<CredentialStore>,
    opened: Arc<AtomicUsize>,
    reachable: Arc<AtomicBool>,
}

fn bench(limit: Option<usize>) -> Bench {
    let store: Arc<CredentialStore> = mock::Store::new().unwrap();
    let opened = Arc::new(AtomicUsize::new(0));
    let reachable = Arc::new(AtomicBool::new(true));
    let (inner, count, there) = (
        Arc::clone(&store),
        Arc::clone(&opened),
        Arc::clone(&reachable),
    );
    let open = move || {
        count.fetch_add(1, Ordering::SeqCst);
        if there.load(Ordering::SeqCst) {
            Ok(Arc::clone(&inner))
        } else {
            Err(KeyringError::PlatformFailure("no bus".into()))
        }
    };
    let keychain = Keychain {
        open: Box::new(open),
        limit,
        label: |_| None,
        idle: Mutex::new(None),
        writing: Mutex::new(()),
    };
    Bench {
        keychain,
        store,
        opened,
        reachable,
    }
}

impl Bench {
    fn text(&self) -> Result<Option<String>, StoreError> {
        let secret = self.keychain.get(&key())?;
        Ok(secret.map(|secret| secret.expose_secret().to_owned()))
    }

    /// Lets the next use of the first item fail so.
    fn fail_next(&self, error: KeyringError) {
        let entry = self
            .store
            .build(SERVICE, "127.0.0.1:5000 demo", None)
            .unwrap();
        entry
            .as_any()
            .downcast_ref::<mock::Cred>()
            .unwrap()
            .set_error(error);
    }

    /// Returns what is in an item, by the keychain's own name of it.
    fn item(&self, user: &str) -> Option<usize> {
        let secret = self.store.build(SERVICE, user, None).unwrap().get_secret();
        secret.ok().map(|bytes| bytes.len())
    }

    fn opened(&self) -> usize {
        self.opened.load(Ordering::SeqCst)
    }
}

fn key() -> SecretKey {
    SecretKey {
        host: "127.0.0.1:5000".to_owned(),
        user: "demo".to_owned(),
    }
}

#[test]
fn one_open_store_serves_as_long_as_it_works() {
    let bench = bench(None);
    assert_eq!(bench.text(), Ok(None));
    bench.keychain.set(&key(), &"one".into()).unwrap();
    bench.keychain.set(&key(), &"two".into()).unwrap();
    assert_eq!(bench.text(), Ok(Some("two".to_owned())));
    bench.keychain.remove(&key()).unwrap();
    bench.keychain.remove(&key()).unwrap();
    assert_eq!(bench.text(), Ok(None));
    assert_eq!(bench.opened(), 1);
}

#[test]
fn a_kept_store_that_lost_its_service_is_opened_again_at_once() {
    let bench = bench(None);
    bench.keychain.set(&key(), &"one".into()).unwrap();
    bench.fail_next(KeyringError::PlatformFailure("unknown session".into()));
    assert_eq!(bench.text(), Ok(Some("one".to_owned())));
    assert_eq!(bench.opened(), 2);
    // A new store is not tried twice.
    *bench.keychain.idle() = None;
    bench.fail_next(KeyringError::PlatformFailure("broken".into()));
    assert!(matches!(bench.text(), Err(StoreError::Refused(text)) if text.contains("broken")));
    assert_eq!(bench.opened(), 3);
}

#[test]
fn every_failure_has_its_kind_and_none_sticks() {
    let bench = bench(None);
    bench.keychain.set(&key(), &"one".into()).unwrap();
    bench.fail_next(KeyringError::NoStorageAccess("prompt dismissed".into()));
    assert_eq!(
        bench.text(),
        Err(StoreError::Locked("prompt dismissed".to_owned()))
    );
    assert_eq!(bench.text(), Ok(Some("one".to_owned())));
    bench.fail_next(KeyringError::TooLong("user".to_owned(), 3));
    assert!(matches!(bench.text(), Err(StoreError::Refused(_))));
    bench.fail_next(KeyringError::Ambiguous(Vec::new()));
    assert!(
        matches!(bench.text(), Err(StoreError::Refused(text)) if text.contains("more than one"))
    );

    bench.fail_next(KeyringError::PlatformFailure("gone".into()));
    *bench.keychain.idle() = None;
    bench.reachable.store(false, Ordering::SeqCst);
    assert!(matches!(bench.text(), Err(StoreError::Absent(text)) if text.contains("no bus")));
    assert!(bench.keychain.set(&key(), &"two".into()).is_err());
    bench.reachable.store(true, Ordering::SeqCst);
    assert!(bench.text().is_err()); // the failure set above
    assert_eq!(bench.text(), Ok(Some("one".to_owned())));
}

#[test]
fn a_long_secret_is_split_and_leaves_nothing_behind() {
    let bench = bench(Some(2500));
    let long = "x".repeat(6000);
    bench.keychain.set(&key(), &long.as_str().into()).unwrap();
    assert_eq!(bench.text(), Ok(Some(long)));
    let parts = [
        "127.0.0.1:5000 demo",
        "127.0.0.1:5000#1.1 demo",
        "127.0.0.1:5000#1.2 demo",
    ];
    assert!(
        parts
            .iter()
            .all(|part| bench.item(part).is_some_and(|length| length <= 2500))
    );

    bench.keychain.set(&key(), &"short".into()).unwrap();
    assert_eq!(bench.text(), Ok(Some("short".to_owned())));
    assert_eq!(parts.map(|part| bench.item(part)), [Some(5), None, None]);

    bench
        .keychain
        .set(&key(), &"y".repeat(3000).as_str().into())
        .unwrap();
    bench.keychain.remove(&key()).unwrap();
    assert_eq!(parts.map(|part| bench.item(part)), [None, None, None]);

    let far_too_long = "z".repeat(200_000);
    let refused = bench.keychain.set(&key(), &far_too_long.as_str().into());
    assert!(matches!(refused, Err(StoreError::Refused(text)) if text.contains("too long")));
}

#[test]
fn a_damaged_secret_is_said_and_can_be_replaced() {
    let bench = bench(Some(2500));
    bench
        .keychain
        .set(&key(), &"x".repeat(6000).as_str().into())
        .unwrap();
    let second = bench
        .store
        .build(SERVICE, "127.0.0.1:5000#1.1 demo", None)
        .unwrap();
    second.delete_credential().unwrap();
    assert!(matches!(bench.text(), Err(StoreError::Refused(text)) if text.contains("incomplete")));
    bench.keychain.set(&key(), &"new".into()).unwrap();
    assert_eq!(bench.text(), Ok(Some("new".to_owned())));
    let first = bench
        .store
        .build(SERVICE, "127.0.0.1:5000 demo", None)
        .unwrap();
    first.set_secret(b"\xff\xfe").unwrap();
    assert!(matches!(bench.text(), Err(StoreError::Refused(text)) if text.contains("not text")));
}
