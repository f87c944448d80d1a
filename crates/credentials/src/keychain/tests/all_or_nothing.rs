//! A long secret is replaced wholly or not at all, wherever the keychain stops.

use std::any::Any;
use std::collections::BTreeMap;

use keyring_core::api::{CredentialApi, CredentialStoreApi};
use keyring_core::{Credential, Result};
use proptest::prelude::*;

use super::*;

const LIMIT: usize = 2500;

/// What is kept, and how many changes go well before none does any more.
#[derive(Debug, Default)]
struct Disk {
    items: Mutex<BTreeMap<String, Vec<u8>>>,
    left: AtomicUsize,
}

impl Disk {
    fn change(&self, change: impl FnOnce(&mut BTreeMap<String, Vec<u8>>)) -> Result<()> {
        let left = self.left.load(Ordering::SeqCst);
        if left == 0 {
            return Err(KeyringError::NoStorageAccess("the power went out".into()));
        }
        self.left.store(left - 1, Ordering::SeqCst);
        change(&mut self.items.lock().unwrap());
        Ok(())
    }

    fn names(&self) -> Vec<String> {
        self.items.lock().unwrap().keys().cloned().collect()
    }
}

#[derive(Debug)]
struct Stopping(Arc<Disk>);

#[derive(Debug)]
struct StoppingItem {
    disk: Arc<Disk>,
    name: String,
}

impl CredentialStoreApi for Stopping {
    fn vendor(&self) -> String {
        "tests".to_owned()
    }

    fn id(&self) -> String {
        "stopping".to_owned()
    }

    fn build(&self, _: &str, user: &str, _: Option<&HashMap<&str, &str>>) -> Result<Entry> {
        Ok(Entry::new_with_credential(Arc::new(StoppingItem {
            disk: Arc::clone(&self.0),
            name: user.to_owned(),
        })))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl CredentialApi for StoppingItem {
    fn set_secret(&self, secret: &[u8]) -> Result<()> {
        assert!(secret.len() <= LIMIT);
        self.disk.change(|items| {
            items.insert(self.name.clone(), secret.to_vec());
        })
    }

    fn get_secret(&self) -> Result<Vec<u8>> {
        let items = self.disk.items.lock().unwrap();
        items.get(&self.name).cloned().ok_or(KeyringError::NoEntry)
    }

    fn delete_credential(&self) -> Result<()> {
        if !self.disk.items.lock().unwrap().contains_key(&self.name) {
            return Err(KeyringError::NoEntry);
        }
        self.disk.change(|items| {
            items.remove(&self.name);
        })
    }

    fn get_credential(&self) -> Result<Option<Arc<Credential>>> {
        Ok(None)
    }

    fn get_specifiers(&self) -> Option<(String, String)> {
        None
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A keychain that stops, and what it keeps.
struct Stops {
    keychain: Keychain,
    disk: Arc<Disk>,
}

impl Stops {
    fn new() -> Self {
        let disk = Arc::new(Disk::default());
        let store: Arc<CredentialStore> = Arc::new(Stopping(Arc::clone(&disk)));
        Self {
            keychain: Keychain {
                open: Box::new(move || Ok(Arc::clone(&store))),
                limit: Some(LIMIT),
                label: |_| None,
                idle: Mutex::new(None),
                writing: Mutex::new(()),
            },
            disk,
        }
    }

    /// Keeps a secret with so many changes of items.
    fn set(&self, secret: &str, changes: usize) -> std::result::Result<(), StoreError> {
        self.disk.left.store(changes, Ordering::SeqCst);
        self.keychain.set(&key(), &secret.into())
    }

    fn remove(&self, changes: usize) -> std::result::Result<(), StoreError> {
        self.disk.left.store(changes, Ordering::SeqCst);
        self.keychain.remove(&key())
    }

    fn get(&self) -> Option<String> {
        let secret = self.keychain.get(&key()).unwrap();
        secret.map(|secret| secret.expose_secret().to_owned())
    }

    /// Puts items down as an earlier version did: all of them under the names of the oldest generation.
    fn as_earlier(&self, secret: &str) {
        let parts = value::split(secret.as_bytes(), Some(LIMIT), Generation::Oldest).unwrap();
        let mut items = self.disk.items.lock().unwrap();
        for (number, part) in parts.iter().enumerate() {
            let name = match number {
                0 => "127.0.0.1:5000 demo".to_owned(),
                _ => format!("127.0.0.1:5000#{number} demo"),
            };
            items.insert(name, part.to_vec());
        }
    }
}

fn secret(letter: char, length: usize) -> String {
    String::from(letter).repeat(length)
}

/// Windows holds 2,560 bytes an item (`CRED_MAX_CREDENTIAL_BLOB_SIZE`), so a long token is several of them there.
#[test]
fn a_long_secret_is_replaced_wholly_or_not_at_all() {
    let lengths = [10, 2_400, 2_500, 2_501, 6_000, 9_000];
    for old in lengths {
        for new in lengths {
            let (before, after) = (secret('a', old), secret('b', new));
            for earlier in [false, true] {
                let mut changes = 0;
                loop {
                    let stops = Stops::new();
                    if earlier {
                        stops.as_earlier(&before);
                    } else {
                        stops.set(&before, usize::MAX).unwrap();
                    }
                    let done = stops.set(&after, changes);
                    let kept = stops.get().unwrap();
                    let at = format!("{old} to {new} after {changes}");
                    assert!(kept == before || kept == after, "{at}");
                    assert_eq!(done.is_ok(), kept == after, "{at}");
                    let whole = stops.disk.left.load(Ordering::SeqCst) > 0;

                    // The next write finds its way, and leaves as many items as its secret has.
                    let last = secret('c', 5_000);
                    stops.set(&last, usize::MAX).unwrap();
                    assert_eq!(stops.get(), Some(last), "{at}");
                    assert_eq!(stops.disk.names().len(), 3, "{at}");
                    if whole {
                        break;
                    }
                    changes += 1;
                }
                // Each item of the new secret was a place to stop.
                assert!(changes >= new.div_ceil(LIMIT), "{old} to {new}: {changes}");
            }
        }
    }
}

#[test]
fn a_first_long_secret_is_there_wholly_or_not_at_all() {
    let new = secret('b', 6_000);
    for changes in 0..=3 {
        let stops = Stops::new();
        let done = stops.set(&new, changes);
        assert_eq!(stops.get(), done.is_ok().then(|| new.clone()), "{changes}");
        stops.remove(usize::MAX).unwrap();
        assert_eq!(stops.disk.names(), [""; 0], "{changes}");
    }
}

#[test]
fn a_removal_that_stops_leaves_no_half_of_a_secret() {
    let old = secret('a', 9_000);
    for changes in 0..=4 {
        let stops = Stops::new();
        stops.set(&old, usize::MAX).unwrap();
        let done = stops.remove(changes);
        let kept = stops.get();
        assert!(kept.is_none() || kept == Some(old.clone()), "{changes}");
        assert_eq!(kept.is_some(), changes == 0, "{changes}");
        assert_eq!(done.is_ok(), changes == 4, "{changes}");
        // Asked again, it goes on where it stopped.
        stops.remove(usize::MAX).unwrap();
        assert_eq!(stops.disk.names(), [""; 0], "{changes}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn after_any_writes_that_stop_anywhere_one_of_them_is_kept(
        writes in prop::collection::vec((0_usize..12_000, 0_usize..12), 1..8),
    ) {
        let stops = Stops::new();
        let mut kept = None;
        for (number, (length, changes)) in writes.into_iter().enumerate() {
            let letter = char::from(b'a' + u8::try_from(number).unwrap());
            let text = secret(letter, length + 1);
            let done = stops.set(&text, changes);
            if done.is_ok() {
                kept = Some(text);
            }
            prop_assert_eq!(stops.get(), kept.clone());
        }
    }
}
