//! What stays of a registry that was forgotten, in the rows and in the bytes of the file.

use super::*;
use crate::testing::{add_account, observed, place_at};
use crate::{About, Carried, Observation, Place, Record, StoredUndo};
use oci::Digest;
use std::path::Path;

fn host(text: &str) -> Host {
    Host::parse(text).unwrap()
}

fn digest(digit: char) -> Digest {
    Digest::parse(&format!("sha256:{}", digit.to_string().repeat(64))).unwrap()
}

/// Stores an image under a tag: a manifest that names its config, and what was seen of it.
fn image(store: &Store, place: &Place, tag: &str, digit: char, config: char) {
    let manifest = format!(
        "{{\"config\":{{\"digest\":\"{}\"}},\"who\":\"{digit}-bytes\"}}",
        digest(config)
    );
    store
        .put_manifest(&digest(digit), "type", manifest.as_bytes())
        .unwrap();
    store
        .put_config(&digest(config), format!("{config}-config").as_bytes())
        .unwrap();
    let seen = Observation {
        exact: true,
        who: Some(format!("who-{digit}")),
        ..observed(tag, &digest(digit), 10)
    };
    store.observe(place, &seen).unwrap();
    store.set_reach(place, &digest(digit), 11, true).unwrap();
}

fn bytes(folder: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        all.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    all
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|part| part == text.as_bytes())
}

#[test]
#[allow(clippy::too_many_lines)] // one story: everything that can be known of a registry, then nothing
fn hostile_nothing_of_a_forgotten_registry_stays_in_a_row_or_in_a_byte_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("longshore.db")).unwrap();
    let (gone, stays) = (host("private.example"), host("other.example"));
    let (gone_id, stays_id) = (add_account(&store, &gone), add_account(&store, &stays));
    let (secret, open) = (
        place_at(gone.as_str(), "secret/tool"),
        place_at(stays.as_str(), "open/tool"),
    );
    image(&store, &secret, "v1", 'a', 'b');
    image(&store, &open, "v1", 'c', 'd');
    // One image is at both, and one that the other's index names.
    image(&store, &secret, "shared", '1', '2');
    image(&store, &open, "shared", '1', '2');
    image(&store, &secret, "inside", '3', '4');
    let index = format!("{{\"manifests\":[{{\"digest\":\"{}\"}}]}}", digest('3'));
    store
        .put_manifest(&digest('5'), "index", index.as_bytes())
        .unwrap();
    image(&store, &open, "index", '5', '6');
    // Rows of every kind, moved and deleted, so that old bytes lie about.
    for number in 0..100 {
        image(&store, &secret, &format!("private-tag-{number}"), 'a', 'b');
    }
    store
        .add_tags(&secret, 0, &["private-tag-listed".into()])
        .unwrap();
    let record = Record {
        tag: "private-tag-told".into(),
        digest: digest('7'),
        first_seen: 1,
        last_seen: 2,
        exact: false,
        ended_at: None,
        who: Some("who-a".into()),
        origin: "f".repeat(32),
        number: 1,
    };
    store.take_in("own", &[(secret.clone(), record)]).unwrap();
    store
        .set_about(
            &secret,
            &About {
                title: Some("private title".into()),
                ..About::default()
            },
        )
        .unwrap();
    let pushed = Carried {
        place: open.clone(),
        tag: "v1".into(),
        image: "sha256:an-image".into(),
        name: Some("private.example/secret/tool:v1".into()),
        pushed: true,
        at: 3,
    };
    store.add_carried(&pushed).unwrap();
    let undo = StoredUndo {
        account: gone_id,
        place: secret.clone(),
        content: "private undo".into(),
    };
    store.add_undo(&undo, 5).unwrap();
    let about_gone = store
        .add_task(
            "push",
            1,
            "{\"push\":{\"account\":\"1\",\"name\":\"private task\"}}",
        )
        .unwrap();
    let other_task = store
        .add_task("push", 1, "{\"push\":{\"account\":\"2\"}}")
        .unwrap();

    store
        .forget(gone_id, &gone, |task| task.id == about_gone)
        .unwrap();

    assert_eq!(store.account(gone_id).unwrap(), None);
    assert!(store.account(stays_id).unwrap().is_some());
    assert_eq!(store.all_periods(&secret).unwrap().len(), 0);
    for (digit, there) in [
        ('a', false),
        ('c', true),
        ('1', true),
        ('3', true),
        ('5', true),
    ] {
        assert_eq!(
            store.manifest(&digest(digit)).unwrap().is_some(),
            there,
            "{digit}"
        );
    }
    for (digit, there) in [('b', false), ('d', true), ('2', true), ('4', true)] {
        assert_eq!(
            store.config(&digest(digit)).unwrap().is_some(),
            there,
            "{digit}"
        );
    }
    assert_eq!(store.tasks().unwrap().len(), 1);
    assert!(store.task(other_task).unwrap().is_some());

    let all = bytes(folder.path());
    for private in [
        "private.example",
        "secret/tool",
        "private-tag",
        "private title",
        "private undo",
        "private task",
        "who-a",
        "a-bytes",
        "b-config",
        digest('a').as_str(),
        digest('b').as_str(),
    ] {
        assert!(!holds(&all, private), "{private} is still in the file");
    }
    for open in ["other.example", "open/tool", "c-bytes", "d-config"] {
        assert!(holds(&all, open), "{open}");
    }
}

#[test]
fn what_was_under_way_writes_nothing_until_the_registry_is_added_anew() {
    let store = Store::in_memory().unwrap();
    let gone = host("private.example");
    let id = add_account(&store, &gone);
    let secret = place_at(gone.as_str(), "secret/tool");
    image(&store, &secret, "v1", 'a', 'b');
    store.forget(id, &gone, |_| false).unwrap();
    let late = store.set_reach(&secret, &digest('a'), 12, true);
    assert!(matches!(late, Err(Error::Forgotten)), "{late:?}");
    add_account(&store, &gone);
    store.set_reach(&secret, &digest('a'), 13, true).unwrap();
}
