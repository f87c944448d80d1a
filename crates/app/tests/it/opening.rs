//! What opening a repository costs: the requests it takes until the first and until the last row is there.

use crate::home::Home;
use std::collections::{BTreeMap, BTreeSet};
use testkit::scripted::Scripted;

const REPOSITORY: &str = "lab/tool";
const TAGS: usize = 24;
const DIGESTS: usize = 4;

/// Twenty-four tags on four digests, and a commit tag of each that keeps what it pointed at before.
fn fill(registry: &Scripted) {
    for number in 0..TAGS {
        let tag = format!("v{number}");
        let before = format!("image {}", (number + 1) % DIGESTS);
        let digest = registry.push_image(REPOSITORY, &tag, &before);
        let kept = format!("_h.{tag}.20261120t1000{number:02}z-{}", &digest[7..]);
        registry.push_image(REPOSITORY, &kept, &before);
        registry.push_image(REPOSITORY, &tag, &format!("image {}", number % DIGESTS));
    }
}

/// The requests so far, each with how often it came.
fn asked(registry: &Scripted) -> BTreeMap<String, usize> {
    let mut asked = BTreeMap::new();
    for seen in registry.requests() {
        let path = seen.path.split('?').next().unwrap_or_default().to_owned();
        *asked.entry(format!("{} {path}", seen.method)).or_default() += 1;
    }
    asked
}

async fn names(home: &Home, id: &str) -> Vec<String> {
    let list = home.at(id, REPOSITORY).tags().await;
    list.rows.into_iter().map(|row| row.name).collect()
}

async fn resolve_all(home: &Home, id: &str) {
    for name in names(home, id).await {
        let row = home.at(id, REPOSITORY).resolve(&name).await;
        assert!(row.time.is_some() && row.trouble.is_none());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_row_takes_one_request_and_none_again_and_no_tag_more_than_one_head() {
    let (mut home, registry) = (Home::new(), Scripted::start().await.unwrap());
    fill(&registry);
    let id = home.anyone(&registry.host()).await;
    registry.forget_requests();

    // Cold: nothing is known.
    assert!(names(&home, &id).await.is_empty());
    home.at(&id, REPOSITORY).refresh_tags().await;
    assert_eq!(names(&home, &id).await.len(), TAGS);
    let list = format!("GET /v2/{REPOSITORY}/tags/list");
    assert_eq!(asked(&registry), BTreeMap::from([(list.clone(), 1)]));
    resolve_all(&home, &id).await;
    let cold = asked(&registry);
    let heads: BTreeSet<String> = (0..TAGS)
        .map(|number| format!("HEAD /v2/{REPOSITORY}/manifests/v{number}"))
        .collect();
    for (request, times) in &cold {
        assert_eq!(*times, 1, "{request}");
    }
    let by = |start: &str| {
        cold.keys()
            .filter(|request| request.starts_with(start))
            .count()
    };
    assert_eq!(by("HEAD "), TAGS);
    assert!(heads.iter().all(|head| cold.contains_key(head)));
    assert_eq!(
        by(&format!("GET /v2/{REPOSITORY}/manifests/sha256:")),
        DIGESTS
    );
    assert_eq!(by(&format!("GET /v2/{REPOSITORY}/blobs/sha256:")), DIGESTS);
    assert_eq!(cold.len(), 1 + TAGS + 2 * DIGESTS);

    // Warm: the first rows ask nobody, and are dated; then one HEAD a tag.
    home.reopen();
    let lab = home.at(&id, REPOSITORY);
    registry.forget_requests();
    let list_again = lab.tags().await;
    assert_eq!(list_again.rows.len(), TAGS);
    assert!(list_again.rows.iter().all(|row| row.time.is_some()));
    let rows = lab.timeline().await.rows;
    assert_eq!(
        rows.iter().map(|row| row.marks.len()).sum::<usize>(),
        2 * TAGS
    );
    assert!(registry.requests().is_empty());
    lab.refresh_tags().await;
    resolve_all(&home, &id).await;
    let warm = asked(&registry);
    let wanted: BTreeMap<String, usize> = heads
        .into_iter()
        .chain([list])
        .map(|request| (request, 1))
        .collect();
    assert_eq!(warm, wanted);

    // Its commits: the tag itself has answered for the active one, the commit tag for the other.
    registry.forget_requests();
    lab.refresh_commits("v3").await;
    let asked: Vec<String> = asked(&registry).into_keys().collect();
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert!(asked[0].starts_with(&format!("HEAD /v2/{REPOSITORY}/manifests/_h.v3.")));
}
