//! The tag is overwritten by us, and the registry then cleans up.

use super::scene::Scene;
use super::{Fate, Rule};
use testkit::parts::RegistryVersion;

pub async fn cleaned_up(rule: Rule, version: RegistryVersion) -> Option<Fate> {
    images(rule, version, false).await
}

pub async fn cleaned_up_with_untagged(rule: Rule, version: RegistryVersion) -> Option<Fate> {
    images(rule, version, true).await
}

async fn images(rule: Rule, version: RegistryVersion, untagged: bool) -> Option<Fate> {
    let mut scene = Scene::real(version).await?;
    let [first, next] = [scene.commit(1).await, scene.commit(2).await];
    scene.begin(rule, &first).await;
    scene.here.activate(&next, rule.answer()).await.unwrap();
    scene.garbage_collect(untagged).await;
    Some(scene.fate(&scene.here, &first).await)
}

pub async fn platforms_cleaned_up_on_2_8(rule: Rule, version: RegistryVersion) -> Option<Fate> {
    platforms(rule, version).await
}

pub async fn platforms_cleaned_up_on_3(rule: Rule, version: RegistryVersion) -> Option<Fate> {
    platforms(rule, version).await
}

async fn platforms(rule: Rule, version: RegistryVersion) -> Option<Fate> {
    let mut scene = Scene::real(version).await?;
    let first = scene.index(1).await;
    // The name it arrived under moves on: from here on nothing but ours holds the first.
    let next = scene.index(2).await;
    scene.begin(rule, &first).await;
    scene.here.activate(&next, rule.answer()).await.unwrap();
    scene.garbage_collect(true).await;
    Some(scene.fate(&scene.here, &first).await)
}
