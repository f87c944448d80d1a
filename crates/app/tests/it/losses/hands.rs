//! What those do who may push or delete as well: to a colleague's commit, to commit tags, to the repository, and in the
//! moment between our last look and our write.

use super::scene::{REPOSITORY, Scene, TAG};
use super::{Fate, Rule};
use crate::home::Home;
use std::sync::{Arc, Mutex};
use testkit::images::MANIFEST;
use testkit::parts::RegistryVersion;
use testkit::scripted::Clock;

pub async fn colleagues_commit_displaced(rule: Rule, version: RegistryVersion) -> Option<Fate> {
    let scene = Scene::real(version).await?;
    let [first, next] = [scene.commit(1).await, scene.commit(2).await];
    scene.overwrite(&first).await;
    scene.here.keeps(rule, false).await;
    scene.here.refresh().await;
    scene.overwrite(&next).await;
    scene.here.refresh().await;
    if let Some(kept) = scene.here.keep_if_asked(rule, &first).await {
        kept.unwrap();
    }
    Some(scene.fate(&scene.here, &first).await)
}

/// A commit that was overwritten from here, and kept where the rule says so; with the commit tags it got.
async fn overwritten(rule: Rule) -> (Scene, String, Vec<String>) {
    let scene = Scene::scripted(Home::new()).await;
    let [first, next] = [scene.commit(1).await, scene.commit(2).await];
    scene.begin(rule, &first).await;
    scene.here.activate(&next, rule.answer()).await.unwrap();
    scene.here.refresh().await;
    let mut names = scene.script().tags(REPOSITORY);
    names.retain(|name| {
        let kept = scene.script().tagged(REPOSITORY, name);
        name.starts_with("_h.") && kept.as_ref() == Some(&first)
    });
    let keeps = matches!(rule, Rule::Asked | Rule::Overwrite | Rule::Push);
    assert_eq!(names.len(), usize::from(keeps), "{rule:?}: {names:?}");
    (scene, first, names)
}

/// Whoever may push plants every name that the commit's commit tag may be given, on another image, and then moves the tag.
pub async fn commit_tag_planted(rule: Rule) -> Option<Fate> {
    let scene = Scene::scripted(Home::new()).await;
    scene.here.home.clock_is("2026-11-21T10:00:00Z");
    let now = Clock::Fixed("Sat, 21 Nov 2026 10:00:00 GMT".to_owned());
    scene.script().set(|faults| faults.clock = now);
    let first = scene.commit(1).await;
    scene.begin(rule, &first).await;
    let there = scene.script().tags(REPOSITORY);
    let mut planted = Vec::new();
    for time in ["100000z", "100000n", "100001z", "100001n"] {
        let name = format!("_h.{TAG}.20261121t{time}-{}", &first[7..]);
        // What the rule has kept already is a commit tag that was overwritten: another row.
        if !there.contains(&name) {
            scene.script().push_image(REPOSITORY, &name, "another");
            planted.push(name);
        }
    }
    assert!(planted.len() > 2, "{there:?}");
    scene.here.refresh().await;
    let theirs = scene.script().push_image(REPOSITORY, TAG, "another");
    scene.here.refresh().await;
    if let Some(kept) = scene.here.keep_if_asked(rule, &first).await {
        kept.unwrap();
    }
    for name in planted {
        let bears = scene.script().tagged(REPOSITORY, &name);
        assert_eq!(bears.as_ref(), Some(&theirs), "it is not ours to overwrite");
    }
    Some(scene.fate(&scene.here, &first).await)
}

pub async fn commit_tag_overwritten(rule: Rule) -> Option<Fate> {
    let (scene, first, names) = overwritten(rule).await;
    for name in names {
        scene
            .script()
            .push_image(REPOSITORY, &name, "another image");
    }
    Some(scene.fate(&scene.here, &first).await)
}

pub async fn commit_tag_deleted(rule: Rule) -> Option<Fate> {
    let (scene, first, names) = overwritten(rule).await;
    for name in names {
        scene.script().drop_manifest(REPOSITORY, &name);
    }
    Some(scene.fate(&scene.here, &first).await)
}

pub async fn repository_deleted(rule: Rule) -> Option<Fate> {
    let (scene, first, _) = overwritten(rule).await;
    scene.script().drop_repository(REPOSITORY);
    Some(scene.fate(&scene.here, &first).await)
}

/// Someone pushes in the moment in which our manifest arrives: after our last look, before our write.
pub async fn pushed_between_read_and_write(rule: Rule) -> Option<Fate> {
    let scene = Scene::scripted(Home::new()).await;
    let [first, next] = [scene.commit(1).await, scene.commit(2).await];
    scene.begin(rule, &first).await;
    let theirs = scene.commit(3).await;
    let bytes = scene.script().manifest(REPOSITORY, &theirs).unwrap();
    let came = Arc::new(Mutex::new(false));
    let comes = Arc::clone(&came);
    scene
        .script()
        .before("PUT", &format!("/manifests/{TAG}"), move |hand| {
            hand.put_manifest(REPOSITORY, Some(TAG), MANIFEST, &bytes);
            *comes.lock().unwrap() = true;
        });
    scene.here.activate(&next, rule.answer()).await.unwrap();
    assert!(*came.lock().unwrap(), "nobody came in between");
    assert_eq!(scene.active().await, next);
    Some(scene.unseen(&theirs).await)
}
