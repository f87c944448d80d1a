//! A push that is stopped, or whose name the engine has given to another image.

use crate::home::{failure, load};
use crate::main_job::parts;
use app::view::problem::Code;
use app::view::push::KeepAnswer;
use app::view::tasks::TaskState;
use std::time::Duration;

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
async fn a_local_name_is_never_moved_without_asking() {
    let Some((home, registry, engine, id)) = parts().await else {
        return;
    };
    let lab = home.at(&id, "lab/tool");
    let images = load(&engine, 2, 30_000).await;
    let name = format!("{}/lab/tool:v1", registry.host());
    let first = lab.pushed("v1", &images[0], KeepAnswer::ByRule).await;

    let plan = lab.plan_push("v1", &images[1]).await;
    assert_eq!(plan.name_taken.as_deref(), Some(name.as_str()));
    let mut careful = lab.push_order("v1", &images[1], Some(&first), KeepAnswer::EachOverwrite);
    careful.move_name = false;
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
    let tag = format!(
        "/images/{}/tag?repo={}/lab/tool&tag=v1",
        images[0],
        registry.host()
    );
    engine.post(&tag, "", &[]).await.unwrap();
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
