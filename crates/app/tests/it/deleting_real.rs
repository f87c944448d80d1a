//! Deleting on real registries: what their own ways of deleting leave.

use crate::acts::{Desk, REPOSITORY, commit, of_kind, short, tag};
use app::view::delete::EffectKind;
use testkit::images::{ImageSpec, MANIFEST, push, put_manifest, retag};
use testkit::parts::{Part, Registry, RegistryOptions, RegistryVersion, need};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_distribution_a_sibling_survives_and_undo_brings_the_tag_back() {
    if !need(Part::Registry) {
        return;
    }
    let registry = Registry::start(RegistryOptions::default()).await.unwrap();
    let desk = Desk::at(&registry.host()).await;
    let image = ImageSpec::of_sizes(1, &[20_000]);
    let digest = push(&registry, REPOSITORY, "nightly", &image)
        .await
        .unwrap();
    retag(&registry, REPOSITORY, "nightly", "stage")
        .await
        .unwrap();
    let plan = desk.plan_delete(&[tag("nightly")]).await;
    assert!(plan.how.unwrap().contains("by digest only"));
    let outcome = desk.delete(&[tag("nightly")]).await;
    assert_eq!((outcome.done, outcome.failed.len()), (1, 0), "{outcome:?}");
    assert_eq!(registry.tags(REPOSITORY).await.unwrap(), ["stage"]);
    let stage = registry.manifest(REPOSITORY, "stage").await.unwrap();
    assert_eq!(stage.unwrap().0, digest);

    assert_eq!(desk.undo(&outcome).await.done, 1);
    let nightly = registry.manifest(REPOSITORY, "nightly").await.unwrap();
    assert_eq!(nightly.unwrap().0, digest);
    let rows = desk.commits("nightly").await;
    assert_eq!(rows.len(), 1, "what was undone leaves one entry: {rows:#?}");
    assert!(rows[0].active);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_distribution_three_a_tag_goes_by_its_name() {
    if !need(Part::NewRegistry) {
        return;
    }
    let options = RegistryOptions {
        version: RegistryVersion::Three,
        ..RegistryOptions::default()
    };
    let registry = Registry::start(options).await.unwrap();
    let desk = Desk::at(&registry.host()).await;
    let image = ImageSpec::of_sizes(1, &[20_000]);
    let digest = push(&registry, REPOSITORY, "nightly", &image)
        .await
        .unwrap();
    retag(&registry, REPOSITORY, "nightly", "stage")
        .await
        .unwrap();
    assert_eq!(desk.plan_delete(&[tag("nightly")]).await.how, None);
    let outcome = desk.delete(&[tag("nightly")]).await;
    assert_eq!(outcome.done, 1, "{outcome:?}");
    assert_eq!(registry.tags(REPOSITORY).await.unwrap(), ["stage"]);
    let log = registry.access_log();
    assert!(
        log.contains(&format!("DELETE /v2/{REPOSITORY}/manifests/nightly 202")),
        "{log:#?}"
    );
    assert_eq!(desk.undo(&outcome).await.done, 1);
    let outcome = desk.delete(&[commit(&digest)]).await;
    assert_eq!(outcome.done, 1, "{outcome:?}");
    assert!(registry.tags(REPOSITORY).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signature_that_is_listed_under_a_tag_is_named_on_distribution() {
    if !need(Part::Registry) {
        return;
    }
    let registry = Registry::start(RegistryOptions::default()).await.unwrap();
    let desk = Desk::at(&registry.host()).await;
    let digest = push(
        &registry,
        REPOSITORY,
        "v1",
        &ImageSpec::of_sizes(1, &[2_000]),
    )
    .await
    .unwrap();
    let signature = ImageSpec::of_sizes(2, &[200]);
    let signature = push(&registry, REPOSITORY, "signature", &signature)
        .await
        .unwrap();
    let index = serde_json::json!({
        "schemaVersion": 2, "mediaType": testkit::images::INDEX,
        "manifests": [{"mediaType": MANIFEST, "digest": signature, "size": 1}],
    });
    let name = digest.replace(':', "-");
    let bytes = index.to_string().into_bytes();
    put_manifest(&registry, REPOSITORY, &name, testkit::images::INDEX, bytes)
        .await
        .unwrap();
    let plan = desk.plan_delete(&[tag("v1")]).await;
    assert_eq!(
        of_kind(&plan.stays, EffectKind::Referrer),
        [short(&signature)]
    );
}
