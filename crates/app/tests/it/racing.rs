//! Someone else pushes to the same tag meanwhile: no commit is missing afterwards.

use crate::home::{Home, failure, load, scripted_with_engine};
use app::view::problem::Code;
use app::view::push::KeepAnswer;
use app::view::tasks::TaskState;
use testkit::images::ImageSpec;
use testkit::parts::Dockerd;
use testkit::scripted::Scripted;

/// A push onto `v1` under the rule *at each overwrite*, caught while the engine uploads; the old commit is kept already.
struct Uploading {
    home: Home,
    id: String,
    engine: Dockerd,
    registry: Scripted,
    first: String,
    task: String,
}

async fn uploading() -> Option<Uploading> {
    let (home, registry, engine, id) = scripted_with_engine().await?;
    let first = registry.push_image("lab/tool", "v1", "first");
    let big = ImageSpec::of_sizes(5, &[40_000_000, 40_000_000]);
    engine
        .load_tar(big.save(&["local/big:1"]).unwrap())
        .await
        .unwrap();
    // Slow answers: the push takes long enough for something to happen meanwhile.
    registry.set(|faults| faults.delay = std::time::Duration::from_millis(700));
    let task = home.at(&id, "lab/tool").push_order(
        "v1",
        &big.id().unwrap(),
        Some(&first),
        KeepAnswer::EachOverwrite,
    );
    let task = home.app.start_push(task).await.unwrap();
    while registry.count("POST", "/v2/lab/tool/blobs/uploads/") == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    Some(Uploading {
        home,
        id,
        engine,
        registry,
        first,
        task,
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_someone_pushed_while_the_engine_uploaded_is_kept_too() {
    let Some(Uploading {
        home,
        id,
        registry,
        first,
        task,
        engine: _engine,
    }) = uploading().await
    else {
        return;
    };
    assert_eq!(registry.tags("lab/tool").len(), 2);
    let intruder = registry.push_image("lab/tool", "v1", "someone else’s");
    let ended = home.ended(&task).await;
    assert_eq!(ended.state, TaskState::Done, "{ended:#?}");
    let outcome = ended
        .outcome
        .and_then(app::view::tasks::TaskOutcome::moved)
        .unwrap();
    for commit in [&first, &intruder] {
        let kept = registry
            .tags("lab/tool")
            .into_iter()
            .find(|tag| tag.ends_with(&commit[7..]))
            .expect("kept");
        assert_eq!(registry.tagged("lab/tool", &kept).as_ref(), Some(commit));
    }
    assert!(
        outcome
            .notes
            .iter()
            .any(|note| note.text.contains(&intruder[7..19])),
        "{:?}",
        outcome.notes
    );
    let digests = home.at(&id, "lab/tool").digests("v1").await;
    assert_eq!(digests, [outcome.digest.unwrap(), intruder, first]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_this_computer_pushed_is_kept_when_a_refresh_finds_it_displaced() {
    let Some((home, registry, engine, id)) = scripted_with_engine().await else {
        return;
    };
    let lab = home.at(&id, "lab/tool");
    let images = load(&engine, 3, 30_000).await;
    let refresh = async || lab.resolve("v1").await;

    // Nothing was ever said of keeping here: nothing is written.
    lab.pushed("v1", &images[0], KeepAnswer::ByRule).await;
    registry.push_image("lab/tool", "v1", "by plain docker push");
    refresh().await;
    assert_eq!(registry.tags("lab/tool"), ["v1"]);

    // At each overwrite: ours is kept, theirs is theirs.
    let ours = lab
        .pushed("v1", &images[1], KeepAnswer::EachOverwrite)
        .await;
    assert_eq!(registry.tags("lab/tool").len(), 2);
    registry.push_image("lab/tool", "v1", "by plain docker push, again");
    refresh().await;
    refresh().await;
    let kept: Vec<String> = registry
        .tags("lab/tool")
        .into_iter()
        .filter(|tag| tag.ends_with(&ours[7..]))
        .collect();
    assert_eq!(kept.len(), 1, "{:?}", registry.tags("lab/tool"));
    assert_eq!(registry.tagged("lab/tool", &kept[0]), Some(ours));
    assert_eq!(registry.tags("lab/tool").len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_pushes_of_one_tag_from_here_see_each_other() {
    let Some((home, registry, engine, id)) = scripted_with_engine().await else {
        return;
    };
    let images = load(&engine, 2, 30_000).await;
    // Long enough for both to read the tag before either writes it.
    registry.set(|faults| faults.delay = std::time::Duration::from_millis(200));
    let start = async |image: &str| {
        let order = home
            .at(&id, "lab/tool")
            .push_order("v1", image, None, KeepAnswer::ByRule);
        home.app.start_push(order).await.unwrap()
    };
    let (one, two) = (start(&images[0]).await, start(&images[1]).await);
    let ended = [home.ended(&one).await, home.ended(&two).await];
    let (done, stopped): (Vec<_>, Vec<_>) = ended
        .into_iter()
        .partition(|task| task.state == TaskState::Done);
    assert_eq!((done.len(), stopped.len()), (1, 1));
    failure(&stopped[0], Code::TagMoved);
    let digest = done[0]
        .outcome
        .clone()
        .and_then(app::view::tasks::TaskOutcome::moved)
        .unwrap()
        .digest;
    assert_eq!(registry.tagged("lab/tool", "v1"), digest);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_someone_pushed_while_the_old_one_was_kept_is_not_overwritten() {
    let Some((home, registry, engine, id)) = scripted_with_engine().await else {
        return;
    };
    let images = load(&engine, 1, 30_000).await;
    let first = registry.push_image("lab/tool", "v1", "first");
    registry.set(|faults| faults.delay = std::time::Duration::from_millis(500));
    let just_this =
        home.at(&id, "lab/tool")
            .push_order("v1", &images[0], Some(&first), KeepAnswer::JustThis);
    let task = home.app.start_push(just_this).await.unwrap();
    while registry.tags("lab/tool").len() < 2 {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let intruder = registry.push_image("lab/tool", "v1", "someone else’s");
    let ended = home.ended(&task).await;
    failure(&ended, Code::TagMoved);
    assert_eq!(registry.tagged("lab/tool", "v1"), Some(intruder));
    // The commit tag stays, and is told.
    let kept = ended
        .outcome
        .and_then(app::view::tasks::TaskOutcome::moved)
        .unwrap()
        .commit_tag
        .unwrap();
    assert_eq!(registry.tagged("lab/tool", &kept), Some(first));
    assert_eq!(registry.count("POST", "/v2/lab/tool/blobs/uploads/"), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_push_that_breaks_off_tells_what_it_leaves_behind() {
    let Some(Uploading {
        home,
        registry,
        first,
        task,
        mut engine,
        ..
    }) = uploading().await
    else {
        return;
    };
    engine.stop();
    let ended = home.ended(&task).await;
    assert_eq!(ended.state, TaskState::Failed, "{ended:#?}");
    assert_eq!(registry.tagged("lab/tool", "v1").as_ref(), Some(&first));
    let outcome = ended
        .outcome
        .and_then(app::view::tasks::TaskOutcome::moved)
        .unwrap();
    let commit_tag = outcome.commit_tag.expect("it was written before");
    assert_eq!(
        registry.tagged("lab/tool", &commit_tag).as_ref(),
        Some(&first)
    );
    assert!(
        outcome
            .notes
            .iter()
            .any(|note| note.text.contains(&commit_tag) && note.text.contains("stays")),
        "{:?}",
        outcome.notes
    );
    assert_eq!(outcome.digest, None, "nothing has arrived");
}
