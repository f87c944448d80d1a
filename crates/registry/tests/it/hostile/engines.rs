//! What is asked ahead for an engine, which is given the secret and signs in by itself.

use super::elsewhere::answered_elsewhere;
use super::ways::with_tokens;
use super::*;
use oci::RepositoryName;
use std::sync::{Arc, Mutex};
use testkit::scripted::Auth;

#[tokio::test]
async fn hostile_host_that_answers_for_another_stops_an_engine() {
    let (server, evil) = answered_elsewhere().await;
    let error = app(&pinned(&server, signed_in(), "basic"))
        .check_ways()
        .await
        .unwrap_err();
    assert_eq!(error.kind, Kind::ForeignHost { host: evil.host() });
    untouched(&evil);
    untouched(&server);
}

#[tokio::test]
async fn hostile_change_that_an_engine_would_meet_is_over_when_it_is_asked_again() {
    let (server, client) = with_tokens().await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let telling = Arc::clone(&told);
    client.on_change(move |wanted| telling.lock().unwrap().push(wanted.is_some()));
    let evil = stranger().await;
    server.set(|faults| faults.realm = Some(format!("http://{}/token", evil.host())));
    let app = app(&client);
    wants(&app.check_ways().await.unwrap_err(), &bearer(&evil));
    // The token at hand is still good: it says nothing of the realm.
    app.head(&tag("v1")).await.unwrap();
    assert_eq!(*told.lock().unwrap(), [true]);
    server.set(|faults| faults.realm = None);
    app.check_ways().await.unwrap();
    assert_eq!(*told.lock().unwrap(), [true, false]);
    unasked(&evil);
}

#[tokio::test]
async fn hostile_change_that_an_engine_would_meet_at_one_repository_is_not_over_by_another() {
    let (server, client) = with_tokens().await;
    server.push_image("team/other", "v1", "one");
    let told = Arc::new(Mutex::new(Vec::new()));
    let telling = Arc::clone(&told);
    client.on_change(move |wanted| telling.lock().unwrap().push(wanted.is_some()));
    let evil = stranger().await;
    let challenge = bearer_challenge(&evil.host(), "");
    server.script(move |asked| {
        let here = asked.path.starts_with("/v2/team/app/");
        here.then(|| Answer::challenge(challenge.clone()))
    });
    let (one, other) = (
        app(&client),
        client.repository(RepositoryName::parse("team/other").unwrap()),
    );
    wants(&one.check_ways().await.unwrap_err(), &bearer(&evil));
    other.check_ways().await.unwrap();
    assert_eq!(*told.lock().unwrap(), [true]);
    server.script(|_| None);
    other.check_ways().await.unwrap();
    assert_eq!(*told.lock().unwrap(), [true]);
    one.check_ways().await.unwrap();
    assert_eq!(*told.lock().unwrap(), [true, false]);
    unasked(&evil);
}

#[tokio::test]
async fn hostile_basic_that_an_engine_would_answer_stops_it() {
    let (server, client) = with_tokens().await;
    let app_of = |sign_in, agreed: &str| app(&pinned(&server, sign_in, agreed));
    app(&client).check_ways().await.unwrap();
    server.set(|faults| faults.auth = Auth::Basic);
    let told = app(&client).check_ways().await.unwrap_err();
    wants(&told, "basic");
    app_of(signed_in(), "basic").check_ways().await.unwrap();
    // Who has no secret loses none.
    let nobody = app_of(anonymous(), &bearer(&server));
    nobody.check_ways().await.unwrap();
    untouched(&server);
}

#[tokio::test]
async fn hostile_ways_of_a_repository_are_told_without_a_secret() {
    let (server, client) = with_tokens().await;
    let app = app(&client);
    assert_eq!(app.ways_asked().await, Ok(ways(&bearer(&server))));
    server.set(|faults| faults.auth = Auth::Basic);
    assert_eq!(app.ways_asked().await, Ok(ways("basic")));
    server.set(|faults| faults.auth = Auth::Open);
    assert_eq!(app.ways_asked().await, Ok(ways("")));
    // Another host speaks for itself.
    let evil = Scripted::start().await.unwrap();
    evil.set(|faults| faults.auth = Auth::Basic);
    let to = format!("http://{}", evil.host());
    server.script(move |asked| Some(Answer::redirect(307, format!("{to}{}", asked.path))));
    assert_eq!(app.ways_asked().await, Ok(ways("")));
    untouched(&server);
    untouched(&evil);
}
