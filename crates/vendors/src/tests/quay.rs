//! Quay's parts over its stand-in: what is read of it, page by page, and what is written.

use crate::{Cursor, Failure, Moment, NewWords, Page, Part, Second, VendorId, Way, of};
use oci::{Digest, RepositoryName, Tag};
use registry::{Endpoint, Registry, Scheme, SignIn};
use secrecy::SecretString;
use testkit::standins::quay::{APPLICATION, Quay, SECRET, TIME_MACHINE, TOKEN_USER, USER};

fn registry(quay: &Quay, user: &str, secret: &str) -> Registry {
    let endpoint = Endpoint {
        scheme: Scheme::Http,
        host: oci::Host::parse(&quay.host()).unwrap(),
    };
    let sign_in = SignIn::Basic {
        user: user.into(),
        secret: SecretString::from(secret.to_owned()),
    };
    let own = format!("bearer http://{}", quay.host());
    let ways = registry::SignInWays::parse(&own).unwrap();
    Registry::open(
        endpoint,
        sign_in,
        Some(ways),
        &registry::HttpOptions::default(),
    )
    .unwrap()
}

/// A way with an application's token beside the account's sign-in.
async fn way(quay: &Quay, part: Part, token: Option<&str>) -> Way {
    let second = token.map(|token| Second {
        user: None,
        secret: SecretString::from(token.to_owned()),
    });
    let registry = registry(quay, USER, SECRET);
    registry.check().await.unwrap();
    Way::open(of(VendorId::Quay), part, registry, second.as_ref()).await
}

fn name(text: &str) -> RepositoryName {
    RepositoryName::parse(text).unwrap()
}

fn tag(text: &str) -> Tag {
    Tag::parse(text).unwrap()
}

async fn moments(quay: &Quay, of_tag: Option<&str>) -> Vec<Moment> {
    let way = way(quay, Part::History, Some(APPLICATION)).await;
    let history = of(VendorId::Quay).history().unwrap();
    let (tag, mut at, mut all) = (of_tag.map(tag), Cursor::First, Vec::new());
    loop {
        let lab = name("lab/tool");
        let page = history.page(&way, &lab, tag.as_ref(), &at).await.unwrap();
        assert_eq!(page.left_out, 0);
        all.extend(page.rows);
        let Some(next) = page.next else {
            return all;
        };
        at = next;
    }
}

fn words(text: &str) -> NewWords {
    NewWords {
        description: text.to_owned(),
        full: None,
    }
}

#[tokio::test]
async fn history_tells_what_each_tag_pointed_at_and_until_when_it_can_be_put_back() {
    let quay = Quay::start().await.unwrap();
    let mut pushed = Vec::new();
    for number in 0..130 {
        pushed.push(quay.push("lab/tool", "v1", &number.to_string()));
    }
    quay.push("lab/tool", "other", "other");
    let told = moments(&quay, Some("v1")).await;
    pushed.reverse();
    let digests: Vec<&str> = told.iter().map(|moment| moment.digest.as_str()).collect();
    assert_eq!(digests, pushed);
    let known = quay.history("lab/tool", "v1");
    for (moment, (_, from, until)) in told.iter().zip(known) {
        assert_eq!((moment.from.0, moment.until.map(|at| at.0)), (from, until));
        let restorable = moment.restorable_until.map(|at| at.0);
        assert_eq!(restorable, until.map(|until| until + TIME_MACHINE));
        assert_eq!(moment.tag, Some(tag("v1")));
    }
    assert_eq!((told[0].until, told[0].restorable_until), (None, None));
    assert_eq!(moments(&quay, None).await.len(), 131);
    // Each namespace has a time machine of its own.
    quay.keep_for(3600);
    for moment in moments(&quay, Some("v1")).await {
        let until = moment.until.map(|until| until.0 + 3600);
        assert_eq!(moment.restorable_until.map(|at| at.0), until);
    }
    quay.keep_for(0);
    let told = moments(&quay, Some("v1")).await;
    assert!(told.iter().all(|moment| moment.restorable_until.is_none()));
    assert_eq!(quay.violations(), [""; 0]);
}

#[tokio::test]
async fn an_older_commit_is_put_back_and_what_was_never_there_is_not() {
    let quay = Quay::start().await.unwrap();
    let old = quay.push("lab/tool", "v1", "old");
    let new = quay.push("lab/tool", "v1", "new");
    assert_eq!(
        quay.registry.manifest("lab/tool", &old),
        None,
        "gone at once"
    );
    let way = way(&quay, Part::Restore, Some(APPLICATION)).await;
    let restores = of(VendorId::Quay).restores().unwrap();
    let (lab, v1, digest) = (name("lab/tool"), tag("v1"), Digest::parse(&old).unwrap());
    restores.restore(&way, &lab, &v1, &digest).await.unwrap();
    assert_eq!(quay.registry.tagged("lab/tool", "v1"), Some(old.clone()));
    let never = Digest::sha256_of(b"never there");
    let refused = restores.restore(&way, &lab, &v1, &never).await;
    assert!(matches!(refused, Err(Failure::NotFound)), "{refused:?}");
    let digests: Vec<String> = moments(&quay, None)
        .await
        .iter()
        .map(|moment| moment.digest.to_string())
        .collect();
    assert_eq!(digests, [old.clone(), new, old]);
    assert_eq!(quay.violations(), [""; 0]);
}

#[tokio::test]
async fn repositories_are_made_described_and_listed_by_namespace() {
    let quay = Quay::start().await.unwrap();
    for number in 0..120 {
        quay.push(&format!("lab/r{number:03}"), "v1", "one");
    }
    let vendor = of(VendorId::Quay);
    let mut way = way(&quay, Part::Create, Some(APPLICATION)).await;
    let made = name("team/deep/app");
    let creates = vendor.creates().unwrap();
    creates
        .create(&way, &made, &words("First."), None)
        .await
        .unwrap();
    assert_eq!(quay.description("team/deep/app").as_deref(), Some("First."));
    let again = creates.create(&way, &made, &words(""), Some(false)).await;
    assert!(matches!(again, Err(Failure::Refused(_))), "{again:?}");

    let describes = vendor.describes().unwrap();
    assert_eq!(
        describes
            .read(&way, &made)
            .await
            .unwrap()
            .description
            .as_deref(),
        Some("First.")
    );
    let written = describes.write(&way, &made, &words("Second."), None).await;
    assert_eq!(written.unwrap().description.as_deref(), Some("Second."));
    assert_eq!(
        quay.description("team/deep/app").as_deref(),
        Some("Second.")
    );
    let last = describes.read(&way, &name("lab/r119")).await.unwrap();
    assert_eq!(last.description, None);
    let none = describes.read(&way, &name("lab/none")).await;
    assert!(matches!(none, Err(Failure::NotFound)));

    way.namespaces = ["nobody", "lab", "team"].map(str::to_owned).to_vec();
    let lists = vendor.lists().unwrap();
    let (mut walk, mut all) = (crate::Walk::new(), Vec::new());
    let mut pages = 0;
    while let Some(at) = walk.at().cloned() {
        let page: Page<crate::Listed> = lists.page(&way, &at).await.unwrap();
        all.extend(walk.take(page, 1000, |one| one.name.as_str()));
        pages += 1;
    }
    assert_eq!((all.len(), pages, walk.doubt()), (121, 4, None));
    let made = all.iter().find(|one| one.name.as_str() == "team/deep/app");
    let made = made.unwrap();
    assert_eq!(
        made.private,
        Some(true),
        "what nobody was asked is not public"
    );
    assert_eq!(quay.violations(), [""; 0]);
}

#[tokio::test]
async fn nobody_is_asked_where_there_is_no_token_and_the_accounts_own_counts_where_it_is_one() {
    let quay = Quay::start().await.unwrap();
    quay.push("lab/tool", "v1", "one");
    let facts = of(VendorId::Quay);
    let history = facts.history().unwrap();
    let lab = name("lab/tool");
    let without = way(&quay, Part::History, None).await;
    quay.registry.forget_requests();
    let wants = history.page(&without, &lab, None, &Cursor::First).await;
    assert!(matches!(wants, Err(Failure::Wants)), "{wants:?}");
    assert_eq!(quay.registry.requests(), []);

    let wrong = way(&quay, Part::History, Some("wrong")).await;
    let refused = history.page(&wrong, &lab, None, &Cursor::First).await;
    assert!(
        matches!(refused, Err(Failure::SecondRefused)),
        "{refused:?}"
    );

    let creates = facts.creates().unwrap();
    let wrong = way(&quay, Part::Create, Some("wrong")).await;
    let new = name("lab/new");
    let refused = creates.create(&wrong, &new, &words(""), None).await;
    assert!(
        matches!(refused, Err(Failure::SecondRefused)),
        "{refused:?}"
    );
    assert!(!quay.has("lab/new"));

    let own = registry(&quay, TOKEN_USER, APPLICATION);
    own.check().await.unwrap();
    let own = Way::open(of(VendorId::Quay), Part::History, own, None).await;
    let told = history
        .page(&own, &lab, None, &Cursor::First)
        .await
        .unwrap();
    assert_eq!(told.rows.len(), 1);
    assert_eq!(quay.violations(), [""; 0]);
}
