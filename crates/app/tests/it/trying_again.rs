//! An engine that tries again what broke off: it is told, and what has moved is never counted back.

use crate::home::{Home, scripted_with_engine};
use app::view::push::KeepAnswer;
use app::view::tasks::{ItemState, TaskState, TaskView};
use std::time::{Duration, Instant};
use testkit::images::ImageSpec;

/// Behaviour (waiting): A registry that closes the connection in the middle of a layer is tried again by the engine, which is told with the bytes it broke off at; the count never falls.
/// Source: moby `distribution/xfer` ("Retrying in 5 seconds", five tries of an upload).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_layer_that_broke_off_is_told_and_never_counted_back() {
    let Some((home, registry, engine, id)) = scripted_with_engine().await else {
        return;
    };
    let image = ImageSpec::of_sizes(5, &[6_000_000]);
    engine
        .load_tar(image.save(&["local/big:1"]).unwrap())
        .await
        .unwrap();
    let place = home.at(&id, "lab/tool");
    registry.set(|faults| faults.cut_patch = Some(3_000_000));
    let order = place.push_order("v1", &image.id().unwrap(), None, KeepAnswer::ByRule);
    let push = home.app.start_push(order).await.unwrap();
    assert_eq!(home.ended(&push).await.state, TaskState::Done);
    let told = tried_again(&all_events(&home, &push).await);
    assert!(told.iter().all(|told| *told == (2, Some(5))), "{told:?}");

    engine
        .remove_image(&format!("{}/lab/tool:v1", registry.host()))
        .await
        .unwrap();
    engine.remove_image("local/big:1").await.unwrap();
    registry.set(|faults| faults.cut_blobs = vec![0, 3_000_000]);
    let pull = home.app.start_pull(place.pull_order("v1", None)).await;
    let pull = pull.unwrap();
    let ended = home.ended(&pull).await;
    assert_eq!(ended.state, TaskState::Done, "{ended:#?}");
    // After how many tries a pull is given up is a setting of the engine.
    let told = tried_again(&all_events(&home, &pull).await);
    assert!(told.iter().all(|told| *told == (2, None)), "{told:?}");
}

/// The events of a transfer that ended, up to the one that tells so.
async fn all_events(home: &Home, id: &str) -> Vec<(Instant, TaskView)> {
    loop {
        let events = home.events_of(id);
        let last = events.last();
        if last.is_some_and(|(_, task)| task.finished_at.is_some()) {
            return events;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Which try of how many was told, event by event, while one was told; checks that no count ever fell and that the end
/// tells of none.
fn tried_again(events: &[(Instant, TaskView)]) -> Vec<(u32, Option<u32>)> {
    let (mut most, mut told) = (0, Vec::new());
    for (_, task) in events {
        assert!(task.done >= most, "{} after {most}", task.done);
        most = task.done;
        let waits = task
            .items
            .iter()
            .any(|item| item.state == ItemState::Retrying);
        assert!(!waits || task.retrying.is_some(), "{task:#?}");
        if let Some(again) = &task.retrying {
            assert_eq!(task.state, TaskState::Running);
            assert!(again.at <= task.done, "{task:#?}");
            assert_eq!(task.rate, None);
            told.push((again.attempt, again.of));
        }
    }
    assert!(!told.is_empty(), "nothing was told");
    let (_, last) = events.last().unwrap();
    assert!(last.finished_at.is_some() && last.retrying.is_none());
    told
}
