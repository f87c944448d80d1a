//! One commit kept by hand: under its own name, once, or a sentence says why not.

use crate::acts::writes;
use crate::home::{Home, problem, scripted};
use crate::keeping_rules::{LAB, commit_tags, said};
use crate::watching::push_plainly;
use app::view::browse::Reach;
use app::view::problem::Code;
use testkit::images::{ImageSpec, push};
use testkit::parts::{Part, Registry, RegistryOptions, need};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_commit_is_kept_by_hand_whether_active_or_not() {
    if !need(Part::Registry) {
        return;
    }
    let registry = Registry::start(RegistryOptions::default()).await.unwrap();
    let home = Home::new();
    let id = home.anyone(&registry.host()).await;
    let lab = home.at(&id, LAB);
    let mut digests = Vec::new();
    for seed in 1..=2 {
        let image = ImageSpec::of_sizes(seed, &[2000]);
        digests.push(push(&registry, LAB, "v1", &image).await.unwrap());
        lab.resolve("v1").await;
    }
    for digest in &digests {
        // Pressed twice, it is one wish.
        let press = || Box::pin(home.app.keep_commit(home.at(&id, LAB).commit("v1", digest)));
        let names = futures_util::future::join(press(), press()).await;
        let (name, again) = (names.0.unwrap(), names.1.unwrap());
        assert_eq!(name, again);
        let found = registry.manifest(LAB, &name).await.unwrap().unwrap();
        assert_eq!(&found.0, digest);
    }
    assert_eq!(commit_tags(&registry).await, 2);
    let rows = lab.commits("v1").await;
    assert!(rows.iter().all(|row| row.commit_tag.is_some()), "{rows:#?}");
    assert_eq!(said(&home, &id).await.rule, None, "no rule is made of it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_can_not_be_kept_by_hand_says_why() {
    let (home, registry, id) = scripted().await;
    let gone = registry.push_image(LAB, "v1", "old");
    let long = "v".repeat(76);
    let here = registry.push_image(LAB, &long, "here");
    registry.push_image(LAB, "v1", "here");
    let lost = format!("sha256:{}", "0".repeat(64));
    let keep = async |tag: &str, digest: &str| {
        let told = problem(
            home.app
                .keep_commit(home.at(&id, LAB).commit(tag, digest))
                .await,
        );
        assert_eq!(told.code, Code::NotKept, "{told:?}");
        told.message
    };
    assert!(keep("v1", &lost).await.contains("no longer has it"));
    assert!(keep(&long, &here).await.contains("at most 75 characters"));
    registry.set(|faults| faults.refuse_underscore_tags = true);
    assert!(keep("v1", &gone).await.contains("refuses the tag _h.v1."));
    registry.set(|faults| {
        faults.refuse_underscore_tags = false;
        faults.read_only = true;
    });
    assert!(keep("v1", &gone).await.contains("may not push to lab/tool"));
    assert_eq!(registry.tags(LAB), ["v1".to_owned(), long]);
}

/// Looks at a tag, as its row in the window does.
async fn see(home: &Home, id: &str, tag: &str) {
    let row = home.at(id, LAB).resolve(tag).await;
    assert_eq!(row.trouble, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_only_this_computer_still_knows_is_kept_while_its_layers_are_there() {
    let (home, registry, id) = scripted().await;
    registry.set(|faults| faults.drop_overwritten = true);
    let old = registry.push_image(LAB, "v1", "old");
    see(&home, &id, "v1").await;
    let bytes = registry.manifest(LAB, &old).unwrap();
    push_plainly(&registry, LAB, "v1", 7).await;
    see(&home, &id, "v1").await;
    assert_eq!(registry.manifest(LAB, &old), None, "it was dropped");

    let read: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    let layer = read["layers"][0]["digest"].as_str().unwrap();
    let name = home.at(&id, LAB).keep("v1", &old).await;
    assert_eq!(registry.tagged(LAB, &name).as_ref(), Some(&old));
    assert_eq!(registry.manifest(LAB, &old), Some(bytes));
    let rows = home.at(&id, LAB).commits("v1").await;
    let row = rows.iter().find(|row| row.digest.as_ref() == Some(&old));
    let reach = &row.unwrap().reach;
    assert!(matches!(reach, Reach::Pullable { .. }), "{reach:?}");

    // This registry would take a manifest without its layers.
    registry.drop_manifest(LAB, &old);
    registry.drop_blob(LAB, layer);
    registry.forget_requests();
    let told = problem(
        home.app
            .keep_commit(home.at(&id, LAB).commit("v1", &old))
            .await,
    );
    assert_eq!(told.code, Code::NotKept, "{told:?}");
    assert!(
        told.message.contains("one of its layers is gone"),
        "{told:?}"
    );
    assert_eq!(writes(&registry), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_is_written_in_lower_case_is_told_as_it_is_listed() {
    let (home, registry, id) = scripted().await;
    registry.set(|faults| faults.fold_case = true);
    let digest = registry.push_image(LAB, "rc-a", "one");
    see(&home, &id, "RC-A").await;
    let name = home
        .app
        .keep_commit(home.at(&id, LAB).commit("RC-A", &digest))
        .await;
    let name = name.unwrap();
    assert!(name.starts_with("_h.rc-a."), "{name}");
    assert_eq!(registry.tagged(LAB, &name), Some(digest));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_written_over_a_name_that_can_not_be_read() {
    let (home, registry, id) = scripted().await;
    let digest = registry.push_image(LAB, "v1", "one");
    see(&home, &id, "v1").await;
    registry.forget_requests();
    // The commit is there; whether its commit tag is can't be told.
    registry.set(|faults| (faults.spared, faults.stumbles) = (1, 3));
    let told = problem(
        home.app
            .keep_commit(home.at(&id, LAB).commit("v1", &digest))
            .await,
    );
    assert_eq!(told.code, Code::NotKept, "{told:?}");
    assert_eq!(writes(&registry), 0);
    registry.set(|faults| (faults.spared, faults.stumbles) = (0, 0));
    let name = home
        .app
        .keep_commit(home.at(&id, LAB).commit("v1", &digest))
        .await;
    assert_eq!(registry.tagged(LAB, &name.unwrap()), Some(digest));
}
