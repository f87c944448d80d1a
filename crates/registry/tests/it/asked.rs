//! A sign-in that somebody else keeps: when they are asked for it, and how often.

use crate::world::*;
use futures_util::future::join_all;
use registry::{
    Asking, Endpoint, Given, HttpOptions, Kind, Origin, Registry, Scheme, SignIn, SignInSource,
    SignInWay, SignInWays,
};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use testkit::scripted::{Answer, Auth, Scripted};

/// Says what it is told to say, and counts.
#[derive(Debug)]
struct Keeper {
    says: Mutex<Result<(String, String), String>>,
    asked: AtomicUsize,
}

impl SignInSource for Keeper {
    fn now(&self) -> Asking<'_> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let says = self.says.lock().unwrap().clone();
        Box::pin(async {
            // As long as any program takes to start: whoever comes meanwhile has to wait for it.
            tokio::time::sleep(Duration::from_millis(30)).await;
            says.map(|(user, secret)| Given {
                user,
                secret: secret.into(),
            })
        })
    }
}

impl Keeper {
    fn of(user: &str, secret: &str) -> Arc<Self> {
        Arc::new(Self {
            says: Mutex::new(Ok((user.to_owned(), secret.to_owned()))),
            asked: AtomicUsize::new(0),
        })
    }

    fn says(&self, says: Result<&str, &str>) {
        let says = says.map(|secret| (USER.to_owned(), secret.to_owned()));
        *self.says.lock().unwrap() = says.map_err(str::to_owned);
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

/// A registry that wants this secret, with twenty tags, and a client whose sign-in is kept by somebody.
async fn kept(auth: Auth, keeper: &Arc<Keeper>) -> (Scripted, Registry) {
    let (server, _) = closed(auth).await;
    for at in 0..20 {
        server.push_image("team/app", &format!("v{at}"), "one");
    }
    let client = asking(&server, keeper, Duration::ZERO);
    (server, client)
}

/// A client that leaves whoever keeps the sign-in alone for so long.
fn asking(server: &Scripted, keeper: &Arc<Keeper>, source_rest: Duration) -> Registry {
    let options = HttpOptions {
        source_rest,
        ..quick()
    };
    let sign_in = SignIn::Asked(Arc::clone(keeper) as _);
    client_with(&server.host(), sign_in, &options)
}

/// Asks of all tags at once; says how many were answered.
async fn heads(client: &Registry) -> (usize, Vec<Kind>) {
    let tags: Vec<_> = (0..20).map(|at| tag(&format!("v{at}"))).collect();
    let app = app(client);
    let answers = join_all(tags.iter().map(|tag| app.head(tag))).await;
    let kinds: Vec<_> = answers
        .into_iter()
        .filter_map(|answer| answer.err().map(|error| error.kind))
        .collect();
    (20 - kinds.len(), kinds)
}

fn now(server: &Scripted, secret: &str) {
    server.set(|faults| faults.sign_in = Some((USER.into(), secret.into())));
}

/// Behaviour (sign-in): A sign-in that a credential helper keeps is asked for once, however many requests want it.
/// Source: docker/cli `cli/config/credentials`; a helper may ask the person each time.
#[tokio::test]
async fn it_is_asked_for_once_and_not_before_it_is_wanted() {
    for auth in [Auth::Basic, Auth::TokenGet, Auth::TokenPost] {
        let keeper = Keeper::of(USER, SECRET);
        let (_server, client) = kept(auth, &keeper).await;
        assert_eq!(keeper.asked(), 0);
        client.check().await.unwrap();
        assert_eq!(heads(&client).await.0, 20, "{auth:?}");
        assert_eq!(keeper.asked(), 1, "{auth:?}");
    }
}

/// Behaviour (sign-in): A token of hours that has ended is asked for anew, by one question for all that were refused.
/// Source: ECR, Artifact Registry and ACR give secrets of an hour to twelve through their helpers.
#[tokio::test]
async fn another_secret_is_asked_for_once_by_all_who_were_refused() {
    for auth in [Auth::Basic, Auth::TokenGet, Auth::TokenPost] {
        let keeper = Keeper::of(USER, SECRET);
        let (server, client) = kept(auth, &keeper).await;
        assert_eq!(heads(&client).await.0, 20);
        now(&server, "of today");
        server.expire_tokens();
        keeper.says(Ok("of today"));
        server.forget_requests();
        let (answered, kinds) = heads(&client).await;
        assert_eq!((answered, keeper.asked()), (20, 2), "{auth:?} {kinds:?}");
        // A few in vain, and then one serves all: what the new secret got is not thrown away.
        let tokens = server.count("GET", "/token") + server.count("POST", "/token");
        assert!(tokens < 20, "{auth:?} {tokens}");
    }
}

/// Behaviour (sign-in): ECR says of a token that has ended that it is denied (403).
/// Source: ECR, "Your authorization token has expired. Reauthenticate and try again".
#[tokio::test]
async fn a_secret_that_has_ended_may_be_denied_rather_than_refused() {
    let keeper = Keeper::of(USER, SECRET);
    let (server, client) = kept(Auth::Basic, &keeper).await;
    assert_eq!(heads(&client).await.0, 20);
    keeper.says(Ok("of today"));
    server.script(|asked| asked.is_user(USER, SECRET).then(|| Answer::of(403)));
    now(&server, "of today");
    assert_eq!((heads(&client).await.0, keeper.asked()), (20, 2));
}

/// What the registry itself denies to a sign-in that it takes is no matter of the secret, and is said in its words.
#[tokio::test]
async fn what_is_denied_is_denied_whatever_the_source_says() {
    let keeper = Keeper::of(USER, SECRET);
    let (server, client) = kept(Auth::TokenGet, &keeper).await;
    assert_eq!(heads(&client).await.0, 20);
    server.script(|asked| asked.path.contains("/manifests/").then(|| Answer::of(403)));
    assert_eq!(heads(&client).await.1, vec![Kind::Denied; 20]);
    assert_eq!(keeper.asked(), 1);
    let keeper = Keeper::of(USER, SECRET);
    let (server, client) = kept(Auth::Basic, &keeper).await;
    assert_eq!(heads(&client).await.0, 20);
    server.script(|asked| asked.path.contains("/manifests/").then(|| Answer::of(403)));
    keeper.says(Err("it is locked"));
    assert_eq!(heads(&client).await.1, vec![Kind::Denied; 20]);
}

#[tokio::test]
async fn hostile_one_that_is_the_same_again_is_not_asked_for_over_and_over() {
    for auth in [Auth::Basic, Auth::TokenGet] {
        let keeper = Keeper::of(USER, "wrong");
        let (server, _) = kept(auth, &keeper).await;
        let patient = asking(&server, &keeper, Duration::from_mins(10));
        for _ in 0..3 {
            let (answered, kinds) = heads(&patient).await;
            assert_eq!(answered, 0);
            assert!(
                kinds.iter().all(|kind| *kind == Kind::SignIn),
                "{auth:?} {kinds:?}"
            );
        }
        assert_eq!(keeper.asked(), 1, "{auth:?}: not by every row");
        // The right one is taken as soon as it is asked for again.
        let client = asking(&server, &keeper, Duration::ZERO);
        assert_eq!(heads(&client).await.0, 0);
        keeper.says(Ok(SECRET));
        assert_eq!(heads(&client).await.0, 20, "{auth:?}");
    }
}

#[tokio::test]
async fn a_source_that_fails_says_why_and_is_no_wrong_password() {
    let keeper = Keeper::of(USER, SECRET);
    keeper.says(Err("run aws sso login first"));
    let (server, client) = kept(Auth::TokenGet, &keeper).await;
    let error = client.check().await.unwrap_err();
    assert_eq!(error.kind, Kind::Source("run aws sso login first".into()));
    assert!(
        server
            .requests()
            .iter()
            .all(|seen| seen.authorization.is_empty())
    );
    keeper.says(Ok(SECRET));
    client.check().await.unwrap();
    // It fails later on: what was refused says that.
    now(&server, "of today");
    server.expire_tokens();
    keeper.says(Err("run aws sso login first"));
    let error = app(&client).head(&tag("v1")).await.unwrap_err();
    assert!(matches!(error.kind, Kind::Source(_)), "{error}");
}

#[tokio::test]
async fn hostile_a_source_that_fails_is_not_asked_by_every_row() {
    let keeper = Keeper::of(USER, SECRET);
    keeper.says(Err("it hangs"));
    let (server, _) = kept(Auth::Basic, &keeper).await;
    let patient = asking(&server, &keeper, Duration::from_mins(10));
    for _ in 0..3 {
        let (_, kinds) = heads(&patient).await;
        assert_eq!(kinds, vec![Kind::Source("it hangs".into()); 20]);
    }
    assert_eq!(keeper.asked(), 1);
}

#[tokio::test]
async fn hostile_nobody_is_asked_for_a_way_that_was_not_agreed_to() {
    let keeper = Keeper::of(USER, SECRET);
    let (server, _) = kept(Auth::TokenGet, &keeper).await;
    let elsewhere = Scripted::start().await.unwrap();
    let service = |at: &Scripted| format!("http://{}", at.host());
    let open = |service: &str| {
        let endpoint = Endpoint {
            scheme: Scheme::Http,
            host: host(&server.host()),
        };
        let service = Origin::parse(service).unwrap();
        let agreed = SignInWays::default().with(SignInWay::Bearer { service });
        let sign_in = SignIn::Asked(Arc::clone(&keeper) as _);
        Registry::open(endpoint, sign_in, Some(agreed), &quick()).unwrap()
    };
    let realm = format!("{}/token", service(&elsewhere));
    server.set(|faults| faults.realm = Some(realm));
    let client = open(&service(&server));
    let error = app(&client).head(&tag("v1")).await.unwrap_err();
    assert!(matches!(error.kind, Kind::SignInChanged { .. }), "{error}");
    assert_eq!(keeper.asked(), 0);
    assert!(elsewhere.requests().is_empty());
    // Agreed to, it is asked for.
    server.set(|faults| faults.realm = None);
    assert!(app(&open(&service(&server))).head(&tag("v1")).await.is_ok());
    assert_eq!(keeper.asked(), 1);
}

#[tokio::test]
async fn an_identity_token_is_exchanged_as_any() {
    let keeper = Keeper::of("<token>", SECRET);
    let (server, client) = kept(Auth::TokenPost, &keeper).await;
    assert_eq!((heads(&client).await.0, keeper.asked()), (20, 1));
    assert_eq!(server.count("GET", "/token"), 0);
}

#[tokio::test]
async fn what_is_given_is_never_printed() {
    let given = Given {
        user: USER.into(),
        secret: SECRET.to_owned().into(),
    };
    let keeper = Keeper::of(USER, SECRET);
    keeper.says(Err("no"));
    let sign_in = SignIn::Asked(keeper);
    assert!(!format!("{given:?} {sign_in:?}").contains(SECRET));
}

/// What is refused to a sign-in that is right is no reason to ask for another: a helper may ask the person each time.
#[tokio::test]
async fn a_right_that_is_missing_is_not_asked_for_where_the_sign_in_is_kept() {
    let keeper = Keeper::of(USER, SECRET);
    let (server, client) = kept(Auth::Basic, &keeper).await;
    server.script(|asked| {
        let challenge = || Answer::of(401).with("www-authenticate", "Basic realm=\"harbor\"");
        asked.path.ends_with("/_catalog").then(challenge)
    });
    client.check().await.unwrap();
    for _ in 0..3 {
        let error = client.catalog().all().await.unwrap_err();
        assert_eq!(error.kind, Kind::Denied, "{error}");
    }
    assert_eq!(keeper.asked(), 1);
}
