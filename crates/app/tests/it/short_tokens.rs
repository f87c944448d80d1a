//! Sign-ins that end while the engine sends an image: a token of a minute, and a secret that its helper has anew by then.

use crate::home::{Home, SECRET, USER, account, picking, with_helper};
use app::view::push::KeepAnswer;
use std::time::Duration;
use testkit::images::ImageSpec;
use testkit::parts::{Dockerd, Part, Registry, RegistryOptions, SlowLine, need};

/// A registry behind a line over which a layer of this many bytes takes some `seconds`, an engine, and the layer's image
/// in it.
async fn parts(
    token: bool,
    bytes: usize,
    seconds: usize,
) -> Option<(Registry, SlowLine, Dockerd, String)> {
    if !need(Part::Registry) || !need(Part::Dockerd) {
        return None;
    }
    let options = RegistryOptions {
        auth: Some((USER, SECRET)),
        token,
        token_life: Duration::from_mins(1),
        ..RegistryOptions::default()
    };
    let registry = Registry::start(options).await.unwrap();
    let line = SlowLine::start(registry.host(), bytes / seconds);
    let line = line.await.unwrap();
    let engine = Dockerd::start(None).await.unwrap();
    let image = ImageSpec::of_sizes(7, &[1_000, bytes]);
    let file = image.save(&["local/big:1"]).unwrap();
    engine.load_tar(file).await.unwrap();
    Some((registry, line, engine, image.id().unwrap()))
}

/// Behaviour (sign-in): A push goes on when the token it began with has ended: the engine asks for another.
/// Source: Synapse gives tokens of two minutes; a large layer takes longer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_push_outlives_a_token_of_a_minute() {
    let Some((registry, line, engine, image)) = parts(true, 10_000_000, 66).await else {
        return;
    };
    let home = Home::with(Some(&engine));
    let added = home.app.add_account(account(line.host(), USER, SECRET));
    let id = added.await.unwrap().id;
    let lab = home.at(&id, "lab/tool");
    let digest = lab.pushed("v1", &image, KeepAnswer::ByRule).await;
    let there = registry.manifest("lab/tool", "v1").await.unwrap();
    assert_eq!(there.unwrap().0, digest);
    let log = registry.access_log();
    let sent = |line: &&String| line.starts_with("PATCH") && line.ends_with("202");
    assert_eq!(
        log.iter().filter(sent).count(),
        3,
        "each layer and the configuration, once"
    );
}

/// Behaviour (sign-in): A secret that ends in the middle of a push is asked for anew where another program keeps it; what
/// went through is not sent again.
/// Source: Docker's helper of ECR gives a secret of twelve hours, gcloud's one of an hour.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_push_outlives_the_secret_that_a_helper_gave() {
    let Some((mut registry, line, engine, image)) = parts(false, 3_000_000, 6).await else {
        return;
    };
    let home = Home::with(Some(&engine));
    home.docker_has(&with_helper(line.host()));
    home.helper_gives(USER, SECRET);
    let found = home.found().await;
    let id = home.app.add_account(picking(&found)).await.unwrap().id;
    let lab = home.at(&id, "lab/tool");
    let expected = lab.plan_push("v1", &image).await.target;
    assert_eq!(expected, None);
    let order = lab.push_order("v1", &image, None, KeepAnswer::ByRule);
    let task = home.app.start_push(order).await.unwrap();
    // The first layer is through, the second is on its way.
    let first = |log: Vec<String>| {
        let sent = |line: &&String| line.starts_with("PUT") && line.ends_with("201");
        log.iter().filter(sent).count() == 1
    };
    while !first(registry.access_log()) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let newer = "the secret of the next hour";
    home.helper_gives(USER, newer);
    registry.change_secret(newer).unwrap();
    let ended = home.ended(&task).await;
    let outcome = ended
        .outcome
        .clone()
        .and_then(app::view::tasks::TaskOutcome::moved);
    let digest = outcome.and_then(|outcome| outcome.digest);
    let there = registry.manifest("lab/tool", "v1").await.unwrap();
    assert_eq!(there.map(|(digest, _)| digest), digest, "{ended:#?}");
    let refused = |line: &&String| line.contains("/uploads/") && line.ends_with("401");
    let log = registry.access_log();
    assert!(
        log.iter().any(|line| refused(&line)),
        "the secret did not end in the middle"
    );
}
