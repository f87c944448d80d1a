//! Its tag, or the commit itself, is deleted.

use super::scene::{REPOSITORY, Scene, TAG};
use super::{Fate, Rule};
use crate::home::Home;
use app::view::delete::{DeleteItem, DeleteNow, DeleteOrder, DeleteQuestion};
use testkit::parts::{Door as _, RegistryVersion};

/// The commit is active; where it was asked for, it was kept by hand.
async fn begun(scene: &Scene, rule: Rule) -> String {
    let first = scene.commit(1).await;
    scene.begin(rule, &first).await;
    scene.here.refresh().await;
    if let Some(kept) = scene.here.keep_if_asked(rule, &first).await {
        kept.unwrap();
    }
    first
}

pub async fn tag_deleted_by_us(rule: Rule, version: RegistryVersion) -> Option<Fate> {
    let scene = Scene::real(version).await?;
    let first = begun(&scene, rule).await;
    let item = DeleteItem::Tag {
        name: TAG.to_owned(),
    };
    let question = DeleteQuestion {
        account: scene.here.id.clone(),
        repository: REPOSITORY.to_owned(),
        items: vec![item.clone()],
    };
    let app = &scene.here.home.app;
    let plan = app.plan_delete(question).await.unwrap();
    assert_eq!(plan.impossible, None);
    let order = DeleteOrder {
        account: scene.here.id.clone(),
        repository: REPOSITORY.to_owned(),
        items: vec![DeleteNow {
            item,
            expected: plan.items[0].digest.clone().unwrap(),
            names: Vec::new(),
        }],
    };
    let outcome = app.delete(order).await.unwrap();
    assert_eq!(
        (outcome.done, outcome.failed.as_slice()),
        (1, [].as_slice())
    );
    Some(scene.fate(&scene.here, &first).await)
}

pub async fn tag_deleted_by_someone(rule: Rule) -> Option<Fate> {
    let scene = Scene::scripted(Home::new()).await;
    let first = begun(&scene, rule).await;
    delete(&scene, TAG).await;
    Some(scene.fate(&scene.here, &first).await)
}

pub async fn digest_deleted_by_someone(rule: Rule, version: RegistryVersion) -> Option<Fate> {
    let scene = Scene::real(version).await?;
    let first = begun(&scene, rule).await;
    delete(&scene, &first).await;
    Some(scene.fate(&scene.here, &first).await)
}

async fn delete(scene: &Scene, at: &str) {
    let path = format!("/v2/{REPOSITORY}/manifests/{at}");
    let nothing = bytes::Bytes::new();
    let (status, _, said) = scene
        .someone
        .ask(http::Method::DELETE, &path, &[], nothing)
        .await
        .unwrap();
    assert_eq!(status, 202, "{said:?}");
}
