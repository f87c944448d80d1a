//! What a sheet says of a deletion, from what was read.

use super::super::graph::{Graph, Node};
use super::*;
use std::collections::{BTreeMap, HashSet};

fn digest(name: &str) -> Digest {
    Digest::sha256_of(name.as_bytes())
}

/// A repository that was read whole: tags, and what they point at.
fn survey(tags: &[(&str, &str)]) -> Survey {
    let digests: BTreeMap<String, Digest> = tags
        .iter()
        .map(|(name, of)| ((*name).to_owned(), digest(of)))
        .collect();
    let manifests = digests.values().cloned();
    Survey {
        listed: digests.keys().cloned().collect::<HashSet<_>>(),
        graph: Graph {
            manifests: manifests.map(|of| (of, Node::default())).collect(),
            tags: digests,
            incomplete: false,
        },
        unasked: 0,
        unread: BTreeSet::new(),
        unlisted: false,
        doubt: None,
    }
}

/// The same, where one tag could not be read.
fn in_part(tags: &[(&str, &str)]) -> Survey {
    Survey {
        unread: BTreeSet::from(["unread".to_owned()]),
        ..survey(tags)
    }
}

fn going(tags: &[&str], commits: &[&str]) -> Going {
    Going {
        tags: tags.iter().map(|name| (*name).to_owned()).collect(),
        commits: commits.iter().map(|name| digest(name)).collect(),
    }
}

fn stay(survey: &Survey, going: &Going) -> Vec<String> {
    let consequences = survey.graph.consequences(going);
    let stays = stays(survey, going, &consequences);
    stays.into_iter().map(|effect| effect.name).collect()
}

#[test]
fn a_commit_goes_by_its_names_only_where_not_all_tags_were_asked() {
    let tags = [("v1", "a"), ("v2", "b")];
    let by_names = words::removal::goes_by_names().text();
    let said = |way: &TagDeletion, survey: &Survey, going: &Going| {
        how(way, survey, going).map(|said| said.text())
    };
    for way in [TagDeletion::ByName, TagDeletion::ByDecoy] {
        let told = said(&way, &in_part(&tags), &going(&[], &["a"]));
        assert_eq!(told.as_ref(), Some(&by_names), "{way:?}");
        assert_eq!(said(&way, &survey(&tags), &going(&[], &["a"])), None);
    }
    // Of a tag alone it is never said.
    let tag = going(&["v1"], &[]);
    assert_eq!(said(&TagDeletion::ByName, &in_part(&tags), &tag), None);
    let decoy = said(&TagDeletion::ByDecoy, &in_part(&tags), &tag).unwrap();
    assert!(
        decoy.contains("v1") && !decoy.contains(&by_names),
        "{decoy}"
    );
    // Both where both go.
    let both = said(
        &TagDeletion::ByDecoy,
        &in_part(&tags),
        &going(&["v1"], &["b"]),
    );
    assert_eq!(both, Some(format!("{decoy} {by_names}")));
}

#[test]
fn the_other_names_of_a_commit_stay_unless_it_goes_itself() {
    let survey = survey(&[("v1", "a"), ("stage", "a"), ("v2", "b")]);
    assert_eq!(stay(&survey, &going(&["v1"], &[])), ["stage"]);
    // With its commit the other name goes too, and is among what goes.
    assert_eq!(stay(&survey, &going(&["v1"], &["a"])), [""; 0]);
    // A last name leaves nothing behind.
    assert_eq!(stay(&survey, &going(&["v2"], &[])), [""; 0]);
}

#[test]
fn what_was_not_read_can_not_be_undone() {
    let mut survey = survey(&[("v1", "a"), ("v2", "b")]);
    assert!(can_undo(&survey, &going(&["v1"], &["b"])));
    survey.graph.manifests.remove(&digest("b"));
    assert!(can_undo(&survey, &going(&["v1"], &[])));
    assert!(!can_undo(&survey, &going(&["v1"], &["b"])));
    assert!(!can_undo(&survey, &going(&["v1", "v2"], &[])));
    assert!(!can_undo(&survey, &going(&[], &[])), "nothing goes");
}
