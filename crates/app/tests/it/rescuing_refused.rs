//! Rescues that can't be: while a commit tag can't be asked, nothing is written and it is tried again; where no account
//! that is signed in may write, that is final.

use crate::acts::answered;
use crate::home::{Home, account, scripted};
use crate::rescuing::{REPOSITORY, kept, rule};
use crate::watching::{a_round, moves, watch};
use app::view::keep::KeepRule;
use testkit::scripted::{Answer, Auth, Scripted};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_commit_tag_of_a_displaced_commit_can_not_be_asked_nothing_is_written() {
    let (home, registry, id) = scripted().await;
    let first = registry.push_image(REPOSITORY, "prod", "one");
    rule(&home, &id, KeepRule::OnRequest, true, false).await;
    watch(&home, &id, REPOSITORY, Some("prod")).await;
    // Kept before; whether it still is can't be told once somebody has displaced it.
    let name = home.at(&id, REPOSITORY).keep("prod", &first).await;
    registry.push_image(REPOSITORY, "prod", "two");
    answered(&registry, 500, "HEAD, GET", "/manifests/_h.");
    registry.forget_requests();
    a_round(&home).await;
    assert_eq!(registry.count("PUT", "/v2/"), 0);
    let row = moves(&home, &id, REPOSITORY).await.rows.remove(0);
    let told = row.trouble.unwrap();
    assert!(told.contains("it will be tried again"), "{told}");

    // It is asked again, and still keeps it: one is enough.
    registry.set(|faults| faults.script = None);
    a_round(&home).await;
    let row = moves(&home, &id, REPOSITORY).await.rows.remove(0);
    assert!(row.kept && row.trouble.is_none(), "{row:#?}");
    assert_eq!(kept(&registry.tags(REPOSITORY)), [&name]);
    assert_eq!(registry.count("PUT", "/v2/"), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_that_is_signed_out_keeps_no_rescue_waiting_and_keeps_once_it_is_back() {
    let registry = Scripted::start().await.unwrap();
    registry.set(|faults| faults.auth = Auth::Basic);
    registry.script(|asked| {
        let may = asked.method != "PUT" || asked.is_user("writer", "w");
        (!may).then(|| Answer::of(403))
    });
    let home = Home::new();
    let at = |user: &str, secret: &str| account(&registry.host(), user, secret);
    let add = async |user: &str, secret: &str| {
        let added = home.app.add_account(at(user, secret)).await;
        added.unwrap().id
    };
    let reader = add("reader", "r").await;
    add("guest", "g").await;
    let writer = add("writer", "w").await;
    home.app.sign_out(writer.clone()).await.unwrap();
    registry.push_image(REPOSITORY, "prod", "one");
    rule(&home, &reader, KeepRule::OnRequest, true, false).await;
    watch(&home, &reader, REPOSITORY, Some("prod")).await;
    let second = registry.push_image(REPOSITORY, "prod", "two");
    registry.forget_requests();
    a_round(&home).await;
    a_round(&home).await;
    let row = moves(&home, &reader, REPOSITORY).await.rows.remove(0);
    let told = row.trouble.unwrap();
    assert!(!row.kept && !told.contains("tried again"), "{told}");
    assert_eq!(registry.count("PUT", "/v2/"), 2, "one each of the two");

    home.app.sign_in(writer, at("writer", "w")).await.unwrap();
    registry.push_image(REPOSITORY, "prod", "three");
    a_round(&home).await;
    let row = moves(&home, &reader, REPOSITORY).await.rows.remove(0);
    assert!(row.kept && row.trouble.is_none(), "{row:#?}");
    let tags = registry.tags(REPOSITORY);
    let [tag] = kept(&tags)[..] else {
        panic!("{tags:?}")
    };
    assert_eq!(registry.tagged(REPOSITORY, tag), Some(second));
}
