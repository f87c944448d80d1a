//! A push that is stopped, or whose name the engine has given to another image.

use crate::home::{Home, failure, load};
use crate::main_job::parts;
use app::view::active::ActiveOrder;
use app::view::problem::Code;
use app::view::push::{KeepAnswer, Likely, LikelyPlace, NameAnswer};
use app::view::tasks::{TaskOutcome, TaskState};
use std::time::Duration;
use store::LocalName;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_push_leaves_the_commit_tag_and_says_so() {
    let Some((home, registry, engine, id)) = parts().await else {
        return;
    };
    let lab = home.at(&id, "lab/tool");
    let images = load(&engine, 1, 30_000).await;
    let first = lab.pushed("v1", &images[0], KeepAnswer::ByRule).await;
    // Large enough to be caught on its way.
    let big = testkit::images::ImageSpec::of_sizes(99, &[60_000_000, 60_000_000]);
    engine
        .load_tar(big.save(&["local/big:1"]).unwrap())
        .await
        .unwrap();
    let task = lab.push_order(
        "v1",
        &big.id().unwrap(),
        Some(&first),
        KeepAnswer::EachOverwrite,
    );
    let task = home.app.start_push(task).await.unwrap();
    home.until(&task, |view| view.done > 0 || view.finished_at.is_some())
        .await;
    home.app.cancel_task(task.clone()).await.unwrap();
    let ended = home.ended(&task).await;
    assert_eq!(ended.state, TaskState::Cancelled, "{ended:#?}");
    let outcome = ended
        .outcome
        .and_then(app::view::tasks::TaskOutcome::moved)
        .unwrap();
    let commit_tag = outcome.commit_tag.unwrap();
    assert!(
        outcome
            .notes
            .iter()
            .any(|note| note.text.contains(&commit_tag)),
        "{:?}",
        outcome.notes
    );
    assert_eq!(
        registry
            .manifest("lab/tool", "v1")
            .await
            .unwrap()
            .unwrap()
            .0,
        first
    );
    assert_eq!(
        registry
            .manifest("lab/tool", &commit_tag)
            .await
            .unwrap()
            .unwrap()
            .0,
        first
    );
    // The name the push lent it is the former image's again.
    let name = format!("{}/lab/tool:v1", registry.host());
    let image = engine.image(&name).await.unwrap().unwrap();
    assert_eq!(image["Id"].as_str().unwrap(), images[0]);

    // At most ten a second; the first and the last are always told.
    let events = home.events_of(&task);
    assert_eq!(events.first().unwrap().1.state, TaskState::Waiting);
    assert_eq!(events.last().unwrap().1.state, TaskState::Cancelled);
    let took = events.last().unwrap().0.duration_since(events[0].0);
    let most =
        usize::try_from(took.as_millis() / Duration::from_millis(100).as_millis()).unwrap() + 6;
    assert!(events.len() <= most, "{} events in {took:?}", events.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_our_push_or_pull_gave_moves_by_itself() {
    let Some((mut home, registry, engine, id)) = parts().await else {
        return;
    };
    let images = load(&engine, 3, 30_000).await;
    let name = format!("{}/lab/tool:v1", registry.host());
    let first = pushed_unasked(&home, &id, &images[0], None).await;
    let bearer = async || {
        let image = engine.image(&name).await.unwrap().unwrap();
        image["Id"].as_str().unwrap().to_owned()
    };
    // Rebuilt, pushed again: our own last push gave the name, also after a restart.
    home.reopen();
    let lab = home.at(&id, "lab/tool");
    let plan = lab.plan_push("v1", &images[1]).await;
    assert_eq!(plan.name_taken, None);
    let second = pushed_unasked(&home, &id, &images[1], Some(&first)).await;
    assert_eq!(bearer().await, images[1]);

    // A pull that finds it moves it as well, and what a pull gave moves with the next push.
    let order = ActiveOrder {
        account: id.clone(),
        repository: "lab/tool".into(),
        tag: "v1".into(),
        digest: first.clone(),
        expected: Some(second.clone()),
        keep: KeepAnswer::ByRule,
        share_rule: false,
        allows: None,
        accept_loss: false,
    };
    home.app.make_active(order).await.unwrap();
    lab.pulled("v1", None).await;
    assert_eq!(bearer().await, images[0]);
    pushed_unasked(&home, &id, &images[2], Some(&first)).await;
    assert_eq!(bearer().await, images[2]);

    // What was pushed where is proposed the next time, by the image and by its name.
    let places = home.app.push_places(images[1].clone(), None).await.unwrap();
    let told = |place: &LikelyPlace| (place.repository.clone(), place.tag.clone(), place.why);
    assert_eq!(
        places.iter().map(told).collect::<Vec<_>>(),
        [("lab/tool".to_owned(), Some("v1".to_owned()), Likely::Pushed)]
    );
    assert_ne!(first, second);
}

/// Pushes as v1 with nothing said of local names, which must end well, and returns the digest.
async fn pushed_unasked(home: &Home, id: &str, image: &str, expected: Option<&str>) -> String {
    let lab = home.at(id, "lab/tool");
    let mut order = lab.push_order("v1", image, expected, KeepAnswer::EachOverwrite);
    order.taken_name = NameAnswer::Unasked;
    let task = home.app.start_push(order).await.unwrap();
    let ended = home.ended(&task).await;
    assert_eq!(ended.state, TaskState::Done, "{ended:#?}");
    let outcome = ended.outcome.and_then(TaskOutcome::moved).unwrap();
    outcome.digest.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_somebody_else_gave_can_be_left_where_it_is() {
    let Some((home, registry, engine, id)) = parts().await else {
        return;
    };
    let lab = home.at(&id, "lab/tool");
    let images = load(&engine, 3, 30_000).await;
    let name = format!("{}/lab/tool:v1", registry.host());
    let give = async |image: &str| {
        let to = format!(
            "/images/{image}/tag?repo={}/lab/tool&tag=v1",
            registry.host()
        );
        engine.post(&to, "", &[]).await.unwrap();
    };
    let bearer = async || {
        let image = engine.image(&name).await.unwrap().unwrap();
        image["Id"].as_str().unwrap().to_owned()
    };
    give(&images[0]).await;
    let plan = lab.plan_push("v1", &images[1]).await;
    assert_eq!(plan.name_taken.as_deref(), Some(name.as_str()));
    let mut leaving = lab.push_order("v1", &images[1], None, KeepAnswer::ByRule);
    leaving.taken_name = NameAnswer::Leave;
    let task = home.app.start_push(leaving).await.unwrap();
    let ended = home.ended(&task).await;
    assert_eq!(ended.state, TaskState::Done, "{ended:#?}");
    assert_eq!(bearer().await, images[0]);
    let pushed = registry
        .manifest("lab/tool", "v1")
        .await
        .unwrap()
        .unwrap()
        .0;

    // It is still theirs: the next push asks again.
    let plan = lab.plan_push("v1", &images[2]).await;
    assert_eq!(plan.name_taken.as_deref(), Some(name.as_str()));
    // An image that had the name already did not get it from us, whatever we push of it.
    let expected = Some(pushed.as_str());
    let mut order = lab.push_order("v1", &images[0], expected, KeepAnswer::EachOverwrite);
    order.taken_name = NameAnswer::Unasked;
    let task = home.app.start_push(order).await.unwrap();
    assert_eq!(home.ended(&task).await.state, TaskState::Done);
    let plan = lab.plan_push("v1", &images[2]).await;
    assert_eq!(plan.name_taken.as_deref(), Some(name.as_str()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_a_crash_left_lent_goes_back_at_the_next_push() {
    let Some((mut home, registry, engine, id)) = parts().await else {
        return;
    };
    let images = load(&engine, 3, 30_000).await;
    let give = async |image: &str, tag: &str| {
        let path = format!("{}/lab/tool", registry.host());
        let to = format!("/images/{image}/tag?repo={path}&tag={tag}");
        engine.post(&to, "", &[]).await.unwrap();
    };
    // As a push leaves it that ends with its program: the name at the new image, noted as lent.
    let lent = |before: Option<&str>| LocalName {
        lent: true,
        before: before.map(str::to_owned),
        ..LocalName::given(&images[1])
    };
    let place = store::Place {
        host: oci::Host::parse(&registry.host()).unwrap(),
        repository: oci::RepositoryName::parse("lab/tool").unwrap(),
    };
    let store = store::Store::open(&home.folder.path().join("longshore.db")).unwrap();
    let at = engine::Address::parse(&engine.docker_host()).to_string();
    for (tag, before) in [("v1", Some(images[0].as_str())), ("v2", None)] {
        give(&images[1], tag).await;
        let name = lent(before);
        store.set_local_name(&place, &at, tag, Some(&name)).unwrap();
    }
    home.reopen();

    let plan = home.at(&id, "lab/tool").plan_push("v1", &images[2]).await;
    let name = |tag: &str| format!("{}/lab/tool:{tag}", registry.host());
    let bearer = engine.image(&name("v1")).await.unwrap().unwrap();
    assert_eq!(bearer["Id"].as_str().unwrap(), images[0]);
    assert!(!engine.has_image(&name("v2")).await.unwrap());
    // Who has it back got it from somebody else: that is asked about.
    assert_eq!(plan.name_taken, Some(name("v1")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_local_name_is_never_moved_without_asking() {
    let Some((home, registry, engine, id)) = parts().await else {
        return;
    };
    let lab = home.at(&id, "lab/tool");
    let images = load(&engine, 3, 30_000).await;
    let name = format!("{}/lab/tool:v1", registry.host());
    let first = lab.pushed("v1", &images[0], KeepAnswer::ByRule).await;
    // Someone gives the name to another image.
    let give = async |image: &str| {
        let to = format!(
            "/images/{image}/tag?repo={}/lab/tool&tag=v1",
            registry.host()
        );
        engine.post(&to, "", &[]).await.unwrap();
    };
    give(&images[2]).await;

    let plan = lab.plan_push("v1", &images[1]).await;
    assert_eq!(plan.name_taken.as_deref(), Some(name.as_str()));
    let mut careful = lab.push_order("v1", &images[1], Some(&first), KeepAnswer::EachOverwrite);
    careful.taken_name = NameAnswer::Unasked;
    let task = home.app.start_push(careful).await.unwrap();
    failure(&home.ended(&task).await, Code::NameTaken);
    assert_eq!(
        registry.tags("lab/tool").await.unwrap(),
        ["v1"],
        "nothing was written"
    );

    let second = lab
        .pushed("v1", &images[1], KeepAnswer::EachOverwrite)
        .await;
    // Someone gave the name to another image: a pull asks too, and then moves it.
    give(&images[0]).await;
    let task = home
        .app
        .start_pull(lab.pull_order("v1", None))
        .await
        .unwrap();
    failure(&home.ended(&task).await, Code::NameTaken);
    assert_eq!(
        engine.image(&name).await.unwrap().unwrap()["Id"]
            .as_str()
            .unwrap(),
        images[0]
    );
    let mut agreed = lab.pull_order("v1", None);
    agreed.move_name = true;
    let task = home.app.start_pull(agreed).await.unwrap();
    let ended = home.ended(&task).await;
    assert_eq!(ended.state, TaskState::Done, "{ended:#?}");
    assert_eq!(
        ended
            .outcome
            .and_then(app::view::tasks::TaskOutcome::moved)
            .unwrap()
            .digest,
        Some(second)
    );
    assert_eq!(
        engine.image(&name).await.unwrap().unwrap()["Id"]
            .as_str()
            .unwrap(),
        images[1]
    );
}
