//! What somebody else wrote reaches no view as it was written: whatever a registry says, in every place in which it can say it.

use crate::acts::{Desk, REPOSITORY, scripted, tag};
use serde_json::{Value, json};
use testkit::images::{INDEX, MANIFEST};
use testkit::scripted::{Faults, Scripted};

const EVIL: &str = "safe\u{202e}llive\u{2066}\u{200b}\u{7}\u{1b}[2J\u{2028}next\u{feff}\u{e0041}";

/// What nobody may put into a window: control characters, what turns the direction, what has no width.
fn is_hostile(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// Looks through every text of a view.
fn search(view: &Value, path: &str) {
    match view {
        Value::String(text) => {
            let lines = path.ends_with("detail") || path.ends_with("description");
            let found = text
                .chars()
                .find(|letter| is_hostile(*letter) && !(lines && *letter == '\n'));
            assert_eq!(found, None, "{path}: {text:?}");
        }
        Value::Array(all) => all.iter().for_each(|view| search(view, path)),
        Value::Object(all) => all
            .iter()
            .for_each(|(key, view)| search(view, &format!("{path}.{key}"))),
        _ => {}
    }
}

/// Fills a repository with such texts wherever a registry may put one; the digest of the first image.
fn fill(registry: &Scripted) -> String {
    let bad = |text: &str| format!("{text}{EVIL}{}", "x".repeat(9000));
    let config = json!({
        "architecture": bad("amd64"), "os": bad("linux"), "variant": EVIL, "created": EVIL, "author": bad("eve"),
        "config": {"Labels": {EVIL: EVIL}}, "history": [{"created_by": EVIL}], "rootfs": {"type": EVIL, "diff_ids": [EVIL]},
    })
    .to_string();
    let blob = registry.put_blob(REPOSITORY, config.as_bytes());
    let image = json!({
        "schemaVersion": 2, "mediaType": MANIFEST, "layers": [], "annotations": {EVIL: EVIL, "org.opencontainers.image.title": EVIL},
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": blob, "size": config.len()},
    });
    let image = registry.put_manifest(
        REPOSITORY,
        Some("v1"),
        MANIFEST,
        image.to_string().as_bytes(),
    );
    let entry = json!({"mediaType": MANIFEST, "digest": image, "size": 1, "platform": {"os": "linux", "architecture": EVIL}});
    let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [entry]});
    registry.put_manifest(REPOSITORY, Some("v2"), INDEX, index.to_string().as_bytes());
    let typed = json!({"schemaVersion": 2, "mediaType": EVIL});
    registry.put_manifest(
        REPOSITORY,
        Some("v3"),
        MANIFEST,
        typed.to_string().as_bytes(),
    );
    let empty = json!({"mediaType": "application/vnd.oci.empty.v1+json", "digest": registry.put_blob(REPOSITORY, b"{}"), "size": 2});
    let mut says = json!({"schemaVersion": 2, "mediaType": MANIFEST, "config": empty, "layers": [empty], "annotations": {}});
    for key in [
        "org.opencontainers.image.title",
        "org.opencontainers.image.description",
        "org.opencontainers.image.authors",
        "org.opencontainers.image.created",
        "dev.longshore.keep",
        "dev.longshore.keep.rule",
    ] {
        says["annotations"][key] = bad("").into();
    }
    registry.put_manifest(
        REPOSITORY,
        Some("_about"),
        MANIFEST,
        says.to_string().as_bytes(),
    );
    image
}

/// Looks at everything there is in the repository.
async fn look(desk: &Desk) -> Vec<Value> {
    let lab = desk.lab();
    desk.refresh().await;
    lab.refresh_about().await;
    let mut views = Vec::new();
    for name in ["v1", "v2", "v3"] {
        views.push(serde_json::to_value(lab.resolve(name).await).unwrap());
        lab.refresh_commits(name).await;
        views.push(serde_json::to_value(lab.commits(name).await).unwrap());
    }
    let about = lab.about().await;
    assert!(
        about
            .words
            .title
            .as_ref()
            .is_some_and(|title| title.starts_with("safellive")),
        "{about:?}"
    );
    views.push(serde_json::to_value(about).unwrap());
    views.push(serde_json::to_value(lab.timeline().await).unwrap());
    views.push(serde_json::to_value(lab.moves().await).unwrap());
    views.push(serde_json::to_value(desk.plan_delete(&[tag("v1")]).await).unwrap());
    views
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_texts_of_a_registry_reach_no_view() {
    let (desk, registry) = scripted().await;
    let image = fill(&registry);
    let mut views = look(&desk).await;
    let refusals: [fn(&mut Faults); 3] = [
        |faults| (faults.too_many, faults.busy_text) = (50, Some(EVIL.into())),
        |faults| faults.too_many = 0,
        |faults| faults.digest_header = Some("sha256:none".into()),
    ];
    for refusal in refusals {
        registry.set(refusal);
        let asked = desk
            .home
            .app
            .refresh_tags(desk.id.clone(), REPOSITORY.into())
            .await;
        if let Err(told) = asked {
            assert!(
                told.detail
                    .as_ref()
                    .is_some_and(|detail| detail.contains("safe")),
                "{told:?}"
            );
            views.push(serde_json::to_value(told).unwrap());
        }
        let row = desk
            .home
            .app
            .resolve_tag(desk.id.clone(), REPOSITORY.into(), "v1".into())
            .await;
        views.push(serde_json::to_value(row.ok()).unwrap());
        if let Err(told) = desk.plan_active("v1", &image).await {
            views.push(serde_json::to_value(told).unwrap());
        }
    }
    let events: Vec<Value> = desk
        .home
        .events()
        .iter()
        .map(|event| serde_json::to_value(event).unwrap())
        .collect();
    for view in views.iter().chain(&events) {
        search(view, "view");
    }
    assert!(
        views
            .iter()
            .map(|view| view.to_string().len())
            .sum::<usize>()
            < 100_000
    );
}
