//! What was said is stored as what happened, and told again in the same words: after a restart, and by another program.

use crate::acts::{REPOSITORY, scripted, tag};
use crate::home::open_beside;
use crate::watching::{a_round, moves, watch};
use app::view::tasks::{TaskOutcome, TaskView};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_said_is_told_again_and_no_sentence_is_stored() {
    let (mut desk, registry) = scripted().await;
    let digest = registry.push_image(REPOSITORY, "v1", "one");
    desk.refresh().await;
    desk.see("v1").await;
    watch(&desk.home, &desk.id, REPOSITORY, Some("v1")).await;

    // A task that failed at an item, a tag and a repository that could not be asked.
    registry.set(|faults| faults.delete_is_a_lie = true);
    let order = desk.delete_order(&[(tag("v1"), &digest)]);
    let id = desk.home.app.app.orders.delete(order).await.unwrap();
    let task = last_told(&desk.home, &id).await;
    let outcome = task.outcome.clone().and_then(TaskOutcome::removed).unwrap();
    let failed = outcome.failed[0].problem.clone();
    registry.set(|faults| faults.status500 = true);
    a_round(&desk.home).await;
    let row = desk.lab().resolve("v1").await;
    let asked = moves(&desk.home, &desk.id, REPOSITORY).await.watch;
    let mut sentences = vec![failed.message, row.trouble.clone().unwrap()];
    sentences.extend(failed.hints);
    sentences.extend(asked.trouble.clone());
    assert_eq!(sentences.len(), 4, "{sentences:?}");

    let mut files = 0;
    for entry in std::fs::read_dir(desk.home.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if !path.is_file() {
            continue;
        }
        files += 1;
        let bytes = std::fs::read(&path).unwrap();
        for sentence in &sentences {
            assert!(sentence.ends_with('.'), "{sentence}");
            let found = bytes
                .windows(sentence.len())
                .any(|part| part == sentence.as_bytes());
            assert!(!found, "{sentence:?} is in {}", path.display());
        }
    }
    assert!(files > 0, "nothing is stored at all");

    let other = open_beside(&desk.home);
    assert_eq!(other.tasks().await.unwrap(), [task]);
    drop(other);
    desk.home.reopen();
    let rows = desk.lab().tags().await.rows;
    assert_eq!(rows[0].trouble, row.trouble);
    let again = moves(&desk.home, &desk.id, REPOSITORY).await.watch;
    assert_eq!(again.trouble, asked.trouble);
}

/// The last that was told of a task, by its event: never what was read from the database.
async fn last_told(home: &crate::home::Home, id: &str) -> TaskView {
    loop {
        let last = home.events_of(id).pop();
        if let Some((_, task)) = last.filter(|(_, task)| task.finished_at.is_some()) {
            return task;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
