//! Azure's registry: its tags with what they point at, its commits without a tag, and the deletion of a tag by its own interface.

use crate::acts::{Desk, REPOSITORY, also, tag};
use crate::home::{Home, account};
use app::view::about::Skill;
use app::view::browse::{Source, TimeKind};
use registry::{Endpoint, HttpOptions, Registry, Scheme, SignIn, SignInWay};
use secrecy::SecretString;
use testkit::standins::acr::{self, Acr};
use vendors::{Cursor, Part, VendorId, Way};

async fn acr() -> (Desk, Acr) {
    let acr = Acr::start().await.unwrap();
    let desk = Desk::signed_in_at(&acr.host()).await;
    (desk, acr)
}

async fn list(desk: &Desk) {
    let app = &desk.home.app;
    app.refresh_repositories(desk.id.clone()).await.unwrap();
}

/// Behaviour (vendors): Since when a thousand tags of Azure's registry point where they do costs ten questions; the token for them is for what is said of tags alone.
/// Source: recordings of Azure's SDK for JavaScript, March 2023: `GET /acr/v1/N/_tags`, challenge `repository:N:metadata_read`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_tags_are_told_a_hundred_at_once() {
    let (desk, acr) = acr().await;
    for at in 0..1000 {
        let name = format!("v{at:04}");
        acr.registry.push_image(REPOSITORY, &name, &name);
    }
    list(&desk).await;
    acr.registry.forget_requests();
    desk.refresh().await;
    assert_eq!(acr.registry.count("GET", "/acr/v1/lab/tool/_tags?"), 10);
    let requests = acr.registry.requests();
    assert!(requests.iter().all(|seen| seen.method == "GET"));
    // And a token for them: all names are told with that.
    assert_eq!(requests.len(), 11, "{requests:#?}");
    let scopes = |scope: &str| requests.iter().filter(|it| it.path.contains(scope)).count();
    assert_eq!(scopes("scope=repository%3Alab%2Ftool%3Ametadata_read"), 1);
    let rows = desk.lab().tags().await.rows;
    for row in &rows {
        assert_eq!(row.digest, acr.registry.tagged(REPOSITORY, &row.name));
        let time = row.time.unwrap();
        let told = (time.kind, time.source, Some(time.at));
        let since = acr.pushed(REPOSITORY, &row.name);
        assert_eq!(told, (TimeKind::Since, Source::Registry, since));
    }
    assert_eq!(rows.len(), 1000);
    acr.registry.forget_requests();
    let row = desk.lab().resolve("v0007").await;
    assert_eq!(
        (row.resolved, row.platforms),
        (true, vec!["linux/amd64".into()])
    );
    assert_eq!(acr.registry.count("HEAD", "/v2/"), 0);
    assert_eq!(acr.violations(), [""; 0]);
}

/// Behaviour (vendors): A tag of Azure's registry is deleted by its own interface, which leaves the commit; what it has locked stays, and nothing is put in its place.
/// Source: recordings of Azure's SDK for JavaScript, March 2023: `DELETE /acr/v1/N/_tags/TAG` 202; `DELETE /v2/N/manifests/…` is documented for digests.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tag_goes_alone_or_not_at_all() {
    let (desk, acr) = acr().await;
    let digest = acr.registry.push_image(REPOSITORY, "nightly", "one");
    for name in ["stage", "fixed"] {
        also(&acr.registry, &digest, name);
    }
    list(&desk).await;
    desk.refresh().await;
    let plan = desk.plan_delete(&[tag("nightly")]).await;
    assert_eq!((plan.how, plan.impossible), (None, None));
    acr.registry.forget_requests();
    let outcome = desk.delete(&[tag("nightly")]).await;
    assert_eq!((outcome.done, outcome.failed.len()), (1, 0), "{outcome:?}");
    assert_eq!(acr.registry.tags(REPOSITORY), ["fixed", "stage"]);
    assert_eq!(
        acr.registry
            .count("DELETE", "/acr/v1/lab/tool/_tags/nightly"),
        1
    );
    let asked = acr.registry.requests();
    let for_it = "scope=repository%3Alab%2Ftool%3Adelete";
    assert!(asked.iter().any(|seen| seen.path.contains(for_it)));
    acr.lock("fixed");
    acr.registry.forget_requests();
    let outcome = desk.delete(&[tag("fixed")]).await;
    assert_eq!((outcome.done, outcome.failed.len()), (0, 1), "{outcome:?}");
    let why = &outcome.failed[0].problem.message;
    assert!(why.ends_with("refuses to delete this."), "{why}");
    assert_eq!(acr.registry.tagged(REPOSITORY, "fixed"), Some(digest));
    assert_eq!(acr.registry.count("PUT", "/v2/"), 0, "no decoy");
    let about = desk.lab().about().await;
    let ability = about
        .abilities
        .iter()
        .find(|it| it.what == Skill::DeletesTags);
    assert_eq!(ability.unwrap().can, Some(true));
    assert_eq!(acr.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_only_pull_is_told_nothing_and_asks_for_each_tag() {
    let (desk, acr) = acr().await;
    acr.only_pulls();
    for name in [REPOSITORY, "lab/other"] {
        acr.registry.push_image(name, "v1", "one");
    }
    let refreshed = desk.home.app.refresh_repositories(desk.id.clone()).await;
    refreshed.unwrap();
    desk.refresh().await;
    let rows = desk.lab().tags().await.rows;
    assert_eq!((rows.len(), rows[0].resolved), (1, false));
    let row = desk.lab().resolve("v1").await;
    assert_eq!(row.digest, acr.registry.tagged(REPOSITORY, "v1"));
    // What one repository refuses says nothing of another.
    desk.home.at(&desk.id, "lab/other").refresh_tags().await;
    assert!(acr.registry.count("GET", "/acr/v1/lab/other/_tags") > 0);
    assert_eq!(acr.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_az_signs_in_with_is_taken() {
    let acr = Acr::start().await.unwrap();
    acr.registry.push_image(REPOSITORY, "v1", "one");
    let home = Home::new();
    let new = account(&acr.host(), acr::NOBODY, acr::REFRESH_TOKEN);
    let id = home.app.add_account(new).await.unwrap().id;
    let desk = Desk::of(home, id);
    list(&desk).await;
    desk.refresh().await;
    let rows = desk.lab().tags().await.rows;
    assert_eq!(rows[0].digest, acr.registry.tagged(REPOSITORY, "v1"));
    assert!(acr.registry.count("GET", "/acr/v1/lab/tool/_tags") > 0);
    assert_eq!(acr.violations(), [""; 0]);
}

async fn way(acr: &Acr) -> Way {
    let endpoint = Endpoint {
        scheme: Scheme::Http,
        host: oci::Host::parse(&acr.host()).unwrap(),
    };
    let sign_in = SignIn::Basic {
        user: acr::USER.into(),
        secret: SecretString::from(acr::SECRET),
    };
    let service = SignInWay::parse(&format!("bearer http://{}", acr.host())).unwrap();
    let options = HttpOptions::default();
    let registry = Registry::open(endpoint, sign_in, Some(service.into()), &options).unwrap();
    Way::open(vendors::of(VendorId::Acr), Part::History, registry, None).await
}

#[tokio::test]
async fn commits_without_a_tag_are_told_by_pages_with_their_times() {
    let acr = Acr::start().await.unwrap();
    let pushes = 130;
    for at in 0..pushes {
        acr.registry
            .push_image(REPOSITORY, "nightly", &at.to_string());
    }
    let name = oci::RepositoryName::parse(REPOSITORY).unwrap();
    let (way, mut walk) = (way(&acr).await, vendors::Walk::new());
    let history = vendors::of(VendorId::Acr).history().unwrap();
    let mut all = Vec::new();
    while let Some(at) = walk.at().cloned() {
        let page = history.page(&way, &name, None, &at).await.unwrap();
        all.extend(walk.take(page, 1000, |one| one.digest.as_str()));
    }
    assert_eq!((all.len(), walk.left_out()), (pushes - 1, 0));
    let tagged = acr.registry.tagged(REPOSITORY, "nightly").unwrap();
    for moment in &all {
        assert!(moment.tag.is_none() && moment.until.is_none());
        assert!(moment.digest.as_str() != tagged && moment.from.0 > 1_700_000_000);
    }
    assert_eq!(acr.registry.count("GET", "/acr/v1/lab/tool/_manifests"), 2);
    // What a tag has left isn't known to be that tag's.
    let nightly = oci::Tag::parse("nightly").unwrap();
    let page = history
        .page(&way, &name, Some(&nightly), &Cursor::First)
        .await;
    assert!(page.unwrap().rows.is_empty());
    assert_eq!(acr.violations(), [""; 0]);
}
