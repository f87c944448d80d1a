//! The tag is overwritten, and nothing else happens.

use super::scene::{REPOSITORY, Scene, TAG};
use super::{Fate, Rule};
use crate::home::{Home, load};
use testkit::parts::{Dockerd, Part, RegistryVersion, need};

/// A scene with an engine, and an image that this computer pushed under the rule; its digest.
async fn pushed(rule: Rule, version: RegistryVersion) -> Option<(Dockerd, Scene, String, String)> {
    if !need(Part::Dockerd) {
        return None;
    }
    let engine = Dockerd::start(None).await.unwrap();
    let scene = Scene::real_with(version, Home::with(Some(&engine))).await?;
    let images = load(&engine, 2, 20_000).await;
    let lab = scene.here.lab();
    let first = lab.pushed(TAG, &images[0], rule.said()).await;
    Some((engine, scene, first, images[1].clone()))
}

pub async fn overwritten_by_our_push(rule: Rule, version: RegistryVersion) -> Option<Fate> {
    let (_engine, scene, first, next) = pushed(rule, version).await?;
    scene.here.lab().pushed(TAG, &next, rule.answer()).await;
    Some(scene.fate(&scene.here, &first).await)
}

pub async fn overwritten_by_make_active(rule: Rule, version: RegistryVersion) -> Option<Fate> {
    let scene = Scene::real(version).await?;
    let [first, next] = [scene.commit(1).await, scene.commit(2).await];
    scene.begin(rule, &first).await;
    scene.here.activate(&next, rule.answer()).await.unwrap();
    Some(scene.fate(&scene.here, &first).await)
}

pub async fn overwritten_by_docker_push(rule: Rule, version: RegistryVersion) -> Option<Fate> {
    let (engine, scene, first, next) = pushed(rule, version).await?;
    let name = format!("{}/{REPOSITORY}", scene.host());
    let tag = format!("/images/{next}/tag?repo={name}&tag={TAG}");
    let (status, _, said) = engine.post(&tag, "", &[]).await.unwrap();
    assert_eq!(status, 201, "{said:?}");
    let push = format!("/images/{name}/push?tag={TAG}");
    let nobody = [("x-registry-auth", "e30=")];
    let (status, _, said) = engine.post(&push, "", &nobody).await.unwrap();
    let said = String::from_utf8_lossy(&said);
    assert!(status == 200 && !said.contains("errorDetail"), "{said}");
    noticed(&scene, rule, &first).await;
    Some(scene.fate(&scene.here, &first).await)
}

pub async fn overwritten_by_someone(rule: Rule, version: RegistryVersion) -> Option<Fate> {
    let scene = Scene::real(version).await?;
    let [first, next] = [scene.commit(1).await, scene.commit(2).await];
    scene.begin(rule, &first).await;
    scene.overwrite(&next).await;
    noticed(&scene, rule, &first).await;
    Some(scene.fate(&scene.here, &first).await)
}

/// The page is refreshed, and the commit kept by hand where that is asked for.
async fn noticed(scene: &Scene, rule: Rule, commit: &str) {
    scene.here.refresh().await;
    if let Some(kept) = scene.here.keep_if_asked(rule, commit).await {
        kept.unwrap();
    }
}
