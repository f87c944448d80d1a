#![allow(clippy::unwrap_used)] // clippy lets only test functions unwrap, not what they share

use std::path::Path;

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;

/// So little work that a test needn't wait.
const LITTLE: u8 = 2;
const PASSPHRASE: &str = "correct horse battery";
const SECRET: &str = "pä\u{1f511} \"quoted\" \\ line\nand\ttab";

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sign-ins.age");
    (folder, path)
}

fn file(path: &Path) -> EncryptedFile {
    EncryptedFile::with_work_factor(path.to_owned(), LITTLE)
}

fn opened(path: &Path) -> EncryptedFile {
    let file = file(path);
    file.open(&PASSPHRASE.into()).unwrap();
    file
}

fn key(user: &str) -> SecretKey {
    SecretKey {
        host: "lab.example:5000".to_owned(),
        user: user.to_owned(),
    }
}

fn text(store: &EncryptedFile, user: &str) -> Option<String> {
    let secret = store.get(&key(user)).unwrap();
    secret.map(|secret| secret.expose_secret().to_owned())
}

fn names(folder: &TempDir) -> Vec<String> {
    let entries = fs::read_dir(folder.path()).unwrap();
    let name = |entry: io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    let mut names: Vec<String> = entries.map(name).collect();
    names.sort();
    names
}

fn closed<T>(result: &Result<T, StoreError>) -> bool {
    matches!(result, Err(StoreError::File(EncryptedFileError::Closed)))
}

#[test]
fn it_keeps_replaces_and_forgets_and_the_next_run_reads_it() {
    let (_folder, path) = folder();
    let store = opened(&path);
    assert!(!store.is_there() && store.is_open());
    assert_eq!(text(&store, "ana"), None);
    store.remove(&key("ana")).unwrap();
    assert!(!store.is_there(), "nothing was kept, so nothing is written");
    store.set(&key("ana"), &"first".into()).unwrap();
    store.set(&key("ana"), &SECRET.into()).unwrap();
    store.set(&key("bob"), &"bob's".into()).unwrap();
    assert!(!format!("{store:?}").contains("bob's"));

    let next = opened(&path);
    assert_eq!(text(&next, "ana").as_deref(), Some(SECRET));
    next.remove(&key("ana")).unwrap();
    assert_eq!(
        (text(&next, "ana"), text(&next, "bob").as_deref()),
        (None, Some("bob's"))
    );
    assert_eq!(text(&opened(&path), "ana"), None);
}

#[test]
fn nothing_is_given_or_taken_before_it_is_opened() {
    let (_folder, path) = folder();
    opened(&path).set(&key("ana"), &SECRET.into()).unwrap();
    let before = fs::read(&path).unwrap();
    let store = file(&path);
    assert!(!store.is_open());
    assert!(closed(&store.get(&key("ana"))));
    assert!(closed(&store.set(&key("ana"), &"other".into())));
    assert!(closed(&store.remove(&key("ana"))));
    for wrong in ["", "Correct horse battery", "correct horse battery "] {
        assert_eq!(
            store.open(&wrong.into()),
            Err(EncryptedFileError::WrongPassphrase),
            "{wrong:?}"
        );
        assert!(!store.is_open());
    }
    assert_eq!(fs::read(&path).unwrap(), before);
    store.open(&PASSPHRASE.into()).unwrap();
    // What is open stays open where somebody mistypes.
    assert!(store.open(&"something else".into()).is_err());
    assert_eq!(text(&store, "ana").as_deref(), Some(SECRET));
}

#[test]
fn a_new_file_wants_a_passphrase_worth_the_name() {
    let (folder, path) = folder();
    for short in ["", "seven 7", "          ", "  short   "] {
        let refused = file(&path).open(&short.into());
        assert_eq!(refused, Err(EncryptedFileError::TooShort), "{short:?}");
    }
    file(&path).open(&"pässwörd".into()).unwrap();
    assert!(names(&folder).is_empty());
}

#[test]
fn nothing_in_its_bytes_is_plain_and_age_itself_reads_it() {
    let (_folder, path) = folder();
    let store = opened(&path);
    let secret = "correct-horse-battery-staple";
    store.set(&key("ana"), &secret.into()).unwrap();
    let bytes = fs::read(&path).unwrap();
    for plain in [secret, "ana", "lab.example", "secrets", PASSPHRASE] {
        let found = bytes.windows(plain.len()).any(|at| at == plain.as_bytes());
        assert!(!found, "{plain}");
    }
    let identity = age::scrypt::Identity::new(PASSPHRASE.into());
    let plain = age::decrypt(&identity, &bytes).unwrap();
    assert_eq!(
        String::from_utf8(plain).unwrap(),
        r#"{"version":1,"secrets":[{"host":"lab.example:5000","user":"ana","secret":"correct-horse-battery-staple"}]}"#
    );
    // The same secret again is no reason to write.
    store.set(&key("ana"), &secret.into()).unwrap();
    assert_eq!(fs::read(&path).unwrap(), bytes);
    store.set(&key("bob"), &"b".into()).unwrap();
    store.remove(&key("bob")).unwrap();
    let anew = fs::read(&path).unwrap();
    assert_eq!(anew.len(), bytes.len());
    assert_ne!(anew, bytes, "each time under a new key");
}

#[cfg(unix)]
#[test]
fn all_of_it_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let (folder, path) = folder();
    let store = opened(&path);
    let modes = || {
        let mode = |name: &String| {
            let about = fs::metadata(folder.path().join(name)).unwrap();
            about.permissions().mode() & 0o777
        };
        names(&folder).iter().map(mode).collect::<Vec<_>>()
    };
    store.set(&key("ana"), &SECRET.into()).unwrap();
    assert_eq!(names(&folder), ["sign-ins.age", "sign-ins.lock"]);
    assert_eq!(modes(), [0o600, 0o600]);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    store.set(&key("bob"), &SECRET.into()).unwrap();
    assert_eq!(modes(), [0o600, 0o600], "and is so again once written");
}

#[test]
fn a_file_that_was_cut_or_changed_is_told_and_left_as_it_is() {
    let (_folder, path) = folder();
    let store = opened(&path);
    store.set(&key("ana"), &SECRET.into()).unwrap();
    let whole = fs::read(&path).unwrap();
    let mut spoiled: Vec<Vec<u8>> = (0..whole.len())
        .step_by(7)
        .map(|at| whole[..at].to_vec())
        .collect();
    spoiled.push(whole[..whole.len() - 1].to_vec());
    spoiled.push([&whole[..], b"x"].concat());
    spoiled.push(b"{\"auths\":{}}".to_vec());
    spoiled.push(vec![0; 2 * LARGEST]);
    for at in (0..whole.len()).step_by(11) {
        let mut changed = whole.clone();
        changed[at] ^= 0x20;
        spoiled.push(changed);
    }
    for bytes in spoiled {
        fs::write(&path, &bytes).unwrap();
        let refused = file(&path).open(&PASSPHRASE.into()).unwrap_err();
        let expected = matches!(
            refused,
            EncryptedFileError::Unreadable(_) | EncryptedFileError::WrongPassphrase
        );
        assert!(expected, "{refused:?}");
        // Nor does one that was open write over it.
        assert!(store.set(&key("bob"), &"x".into()).is_err());
        assert_eq!(fs::read(&path).unwrap(), bytes);
        // And it goes on once the file is whole again, where it was not closed over it.
        fs::write(&path, &whole).unwrap();
        store.open(&PASSPHRASE.into()).unwrap();
        assert_eq!(text(&store, "ana").as_deref(), Some(SECRET));
    }
}

#[test]
fn a_file_that_asks_for_too_much_work_is_refused_at_once() {
    let (_folder, path) = folder();
    opened(&path).set(&key("ana"), &SECRET.into()).unwrap();
    let bytes = fs::read(&path).unwrap();
    let line = bytes.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let header = std::str::from_utf8(&bytes[..line + 60]).unwrap();
    let at = header[line..].find('\n').unwrap() + line;
    assert!(header[..at].ends_with(" 2"), "{header}");
    for work in ["21", "30", "63"] {
        let greedy = [&bytes[..=at - 2], work.as_bytes(), &bytes[at..]].concat();
        fs::write(&path, greedy).unwrap();
        let refused = file(&path).open(&PASSPHRASE.into());
        let told = "it asks for too much work".to_owned();
        assert_eq!(refused, Err(EncryptedFileError::Unreadable(told)), "{work}");
    }
}

#[test]
fn what_is_in_it_is_read_strictly_and_never_quoted() {
    for text in [
        "",
        "null",
        r#"{"secrets":[]}"#,
        r#"{"version":2,"secrets":[],"more":"hunter2"}"#,
        r#"{"version":1,"secrets":[{"host":"h","user":"u"}]}"#,
        r#"{"version":1,"secrets":[{"host":"h","user":"u","secret":["hunter2"]}]}"#,
        r#"{"version":1,"secrets":[{"host":"h","user":"u","secret":"hunter2"},{"host":"h","user":"u","secret":"x"}]}"#,
        "{\"version\":1,\"secrets\":[{\"host\":\"h\",\"user\":\"u\",\"secret\":\"hunter2\"",
    ] {
        let refused = contents::read(text.as_bytes()).unwrap_err();
        assert!(!refused.to_string().contains("hunter2"), "{refused}");
        assert!(matches!(refused, EncryptedFileError::Unreadable(_)));
    }
}

#[test]
fn two_windows_on_one_file_lose_nothing() {
    let (_folder, path) = folder();
    let (one, two) = (opened(&path), opened(&path));
    std::thread::scope(|scope| {
        for (name, store) in [("one", &one), ("two", &two)] {
            scope.spawn(move || {
                for number in 0..20 {
                    let user = format!("{name} {number}");
                    store.set(&key(&user), &name.into()).unwrap();
                    if number % 2 == 1 {
                        let before = format!("{name} {}", number - 1);
                        store.remove(&key(&before)).unwrap();
                    }
                }
            });
        }
    });
    for store in [&one, &two, &opened(&path)] {
        for name in ["one", "two"] {
            for number in 0..20 {
                let expected = (number % 2 == 1).then_some(name);
                let user = format!("{name} {number}");
                assert_eq!(text(store, &user).as_deref(), expected, "{user}");
            }
        }
    }
}

#[test]
fn one_that_was_put_aside_stays_and_others_begin_anew() {
    let (folder, path) = folder();
    let (one, two) = (opened(&path), opened(&path));
    assert_eq!(file(&path).put_aside(), Ok(None));
    one.set(&key("ana"), &SECRET.into()).unwrap();
    assert_eq!(text(&two, "ana").as_deref(), Some(SECRET));
    let moved = one.put_aside().unwrap().unwrap();
    assert_eq!(moved, folder.path().join("sign-ins.old-1.age"));
    assert!(!one.is_open() && !one.is_there());
    assert_eq!(text(&opened(&moved), "ana").as_deref(), Some(SECRET));
    assert_eq!(text(&two, "ana"), None);
    one.open(&"another passphrase".into()).unwrap();
    one.set(&key("ana"), &"new".into()).unwrap();
    // The other window has the old passphrase: it asks, and writes over nothing.
    assert!(closed(&two.set(&key("bob"), &"x".into())));
    assert!(!two.is_open());
    two.open(&"another passphrase".into()).unwrap();
    assert_eq!(text(&two, "ana").as_deref(), Some("new"));
    let next = two.put_aside().unwrap();
    assert_eq!(next, Some(folder.path().join("sign-ins.old-2.age")));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_kept_comes_back(kept in prop::collection::btree_map(("\\PC{0,40}", "\\PC{0,40}"), ".{0,200}", 0..6)) {
        let key = |(host, user): &(String, String)| SecretKey { host: host.clone(), user: user.clone() };
        let contents: Contents = kept.iter().map(|(at, secret)| (key(at), secret.as_str().into())).collect();
        let bytes = age_file::encrypt(&contents, &PASSPHRASE.into(), LITTLE).unwrap();
        let read = age_file::decrypt(&bytes, &PASSPHRASE.into()).unwrap();
        prop_assert_eq!(read.len(), kept.len());
        for (at, secret) in &kept {
            prop_assert_eq!(read[&key(at)].expose_secret(), secret.as_str());
        }
    }

    #[test]
    fn whatever_the_bytes_are_they_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300), begins in any::<bool>()) {
        let begin: &[u8] = if begins { b"age-encryption.org/v1\n-> scrypt " } else { b"" };
        let refused = age_file::decrypt(&[begin, &bytes].concat(), &PASSPHRASE.into());
        prop_assert!(refused.is_err());
        let _ = contents::read(&bytes);
    }
}
