use super::*;
use crate::view::computer::{Loaded, Saved};
use crate::view::delete::{DeleteFailure, DeleteOutcome};
use crate::view::making::Made;
use crate::view::tasks::{Outcome, TaskOutcome};
use crate::words;

fn view(outcome: TaskOutcome) -> TaskView {
    let host = oci::Host::parse("registry.example").unwrap();
    let problem = words::signed_out(&host).detail(Some("401".into()));
    TaskView {
        id: "7".into(),
        kind: TaskKind::Push,
        account: "1".into(),
        repository: "lab/tool".into(),
        tag: "v1".into(),
        short: "0123456789ab".into(),
        image: Some("local/tool:1".into()),
        engine: None,
        state: TaskState::Failed,
        unit: TaskKind::Push.unit(),
        untold: false,
        can_retry: true,
        done: 3,
        total: 9,
        rate: None,
        retrying: None,
        items: vec![TaskItem {
            id: "aaaaaaaaaaaa".into(),
            done: 3,
            total: 9,
            state: ItemState::Moving,
        }],
        outcome: Some(outcome),
        problem: Some(problem),
        started_at: 5,
        finished_at: Some(6),
    }
}

fn outcomes() -> [TaskOutcome; 5] {
    let host = oci::Host::parse("registry.example").unwrap();
    let note = words::keeping::is_kept_as("0123456789ab", "_h.v1").note_of("_h.v1");
    let moved = Outcome {
        name: "registry.example/lab/tool:v1".into(),
        digest: Some("sha256:1".into()),
        commit_tag: Some("_h.v1".into()),
        previous: None,
        notes: vec![note.clone()],
    };
    let removed = DeleteOutcome {
        done: 2,
        failed: vec![DeleteFailure {
            name: "v2".into(),
            problem: words::removal::yet_has_it(&host, "v2"),
        }],
        undo: Some("4".into()),
        notes: vec![note.clone()],
    };
    let made = Made {
        image: "sha256:2".into(),
        name: Some("aligner:latest".into()),
        then: true,
        engine: Some("context:lab".into()),
        next: Some("8".into()),
        notes: vec![note.clone()],
    };
    let saved = Saved {
        path: "/home/ana/aligner-dev.tar".into(),
        bytes: 12,
        notes: vec![note.clone()],
    };
    let loaded = Loaded {
        names: vec!["aligner:dev".into()],
        more: 1,
        notes: vec![note],
    };
    [
        TaskOutcome::Moved(moved),
        TaskOutcome::Removed(removed),
        TaskOutcome::Made(made),
        TaskOutcome::Saved(saved),
        TaskOutcome::Loaded(loaded),
    ]
}

#[test]
fn a_task_is_read_as_it_was_and_no_sentence_is_stored() {
    for outcome in outcomes() {
        let view = view(outcome);
        let text = serde_json::to_string(&Standing::of(&view)).unwrap();
        assert!(
            text.starts_with(r#"{"v":1,"#) && !text.contains(' '),
            "{text}"
        );
        let read: Standing = serde_json::from_str(&text).unwrap();
        assert_eq!(read.view(), Some(view));
    }
}

#[test]
fn the_form_stays_as_it_is() {
    let [moved, removed, made, saved, loaded] = outcomes();
    let text = serde_json::to_string(&Standing::of(&view(moved))).unwrap();
    insta::assert_snapshot!("stored_moved", text);
    let text = serde_json::to_string(&Standing::of(&view(removed))).unwrap();
    insta::assert_snapshot!("stored_removed", text);
    let text = serde_json::to_string(&Standing::of(&view(made))).unwrap();
    insta::assert_snapshot!("stored_made", text);
    let text = serde_json::to_string(&Standing::of(&view(saved))).unwrap();
    insta::assert_snapshot!("stored_saved", text);
    let text = serde_json::to_string(&Standing::of(&view(loaded))).unwrap();
    insta::assert_snapshot!("stored_loaded", text);
}

#[test]
fn what_another_version_wrote_is_not_read() {
    let [outcome, ..] = outcomes();
    let text = serde_json::to_string(&Standing::of(&view(outcome))).unwrap();
    let later = text.replace(r#"{"v":1,"#, r#"{"v":2,"#);
    let read: Standing = serde_json::from_str(&later).unwrap();
    assert_eq!(read.view(), None);
}
