//! Public images: Docker Hub's own search, and the engine's in its place. Both are played: nobody's search is asked.

use crate::home::Home;
use app::view::problem::Code;
use app::view::search::FoundBy;
use serde_json::json;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use testkit::scripted::{Answer, Scripted};
use testkit::standins::hub::search::{Public, answers};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// An engine that finds this, and the paths of what it was asked.
struct Engine {
    host: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Engine {
    async fn start(found: serde_json::Value) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = format!("tcp://{}", listener.local_addr().unwrap());
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let told = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((guest, _)) = listener.accept().await {
                tokio::spawn(answer(guest, Arc::clone(&told), found.to_string()));
            }
        });
        Self { host, asked }
    }

    fn searched(&self) -> Vec<String> {
        let asked = self.asked.lock().unwrap().clone();
        let searches = asked
            .into_iter()
            .filter(|path| path.contains("/images/search"));
        searches.collect()
    }
}

async fn answer(mut guest: TcpStream, told: Arc<Mutex<Vec<String>>>, found: String) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match guest.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let head = String::from_utf8(head).unwrap();
    let path = head.split(' ').nth(1).unwrap().to_owned();
    let body = match &path {
        // Nothing ever happens in it.
        path if path.contains("/events") => return std::future::pending().await,
        path if path.contains("/images/search") => found.as_str(),
        _ => "{}",
    };
    told.lock().unwrap().push(path);
    let reply = format!(
        "HTTP/1.1 200 OK\r\napi-version: 1.41\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    let _ = guest.write_all(reply.as_bytes()).await;
}

async fn hub(all: Vec<Public>) -> Scripted {
    let hub = Scripted::start().await.unwrap();
    hub.script(answers(all));
    hub
}

fn at(hub: &Scripted, engine: Option<&Engine>) -> Home {
    let address = format!("http://{}", hub.host());
    Home::at_hub(&address, engine.map(|engine| engine.host.as_str()))
}

fn of_engine() -> serde_json::Value {
    json!([{"name": "team/tool", "description": "A tool", "star_count": 7, "is_official": false, "is_automated": false}])
}

/// Behaviour (search): Docker Hub's search gives name, user, description, stars, pulls and what is official, in pages.
/// Source: hub.docker.com, `GET /v2/search/repositories/?query=&page=&page_size=`.
#[tokio::test]
async fn docker_hub_answers_page_by_page_and_nobody_is_told_who_asks() {
    let mut all: Vec<Public> = (0..30)
        .map(|number| Public::new(&format!("team/tool-{number}"), "A tool", 100 - number))
        .collect();
    all[0].official = true;
    let hub = hub(all).await;
    let engine = Engine::start(of_engine()).await;
    let home = at(&hub, Some(&engine));
    let page = home.app.search_public("  tool ", 1).await.unwrap();
    assert_eq!((page.by, page.rows.len()), (FoundBy::Hub, 25));
    assert_eq!((page.next, page.problem), (Some(2), None));
    assert_eq!(page.host, hub.host());
    let row = &page.rows[0];
    assert_eq!((row.user.as_str(), row.name.as_str()), ("team", "tool-0"));
    assert_eq!(row.repository, "team/tool-0");
    assert_eq!(
        (row.stars, row.pulls, row.official),
        (100, Some(100_000), true)
    );
    let rest = home.app.search_public("tool", 2).await.unwrap();
    assert_eq!((rest.rows.len(), rest.next), (5, None));
    let asked = hub.requests();
    assert_eq!(asked.len(), 2, "{asked:?}");
    assert!(
        asked.iter().all(|seen| !seen.has_authorization),
        "{asked:?}"
    );
    assert_eq!(engine.searched(), [""; 0], "Hub has answered");

    let none = home.app.search_public("nothing of this", 1).await.unwrap();
    assert_eq!(
        (none.by, none.rows.len(), none.next),
        (FoundBy::Hub, 0, None)
    );
    let untyped = home.app.search_public(" \n", 1).await.unwrap_err();
    assert_eq!(untyped.message, "Type what to look for.");
}

#[tokio::test]
async fn where_docker_hub_refuses_the_engines_answer_is_shown_and_why() {
    let hub = Scripted::start().await.unwrap();
    let engine = Engine::start(of_engine()).await;
    let home = at(&hub, Some(&engine));
    for (number, (answer, why)) in [
        (
            Answer::of(429).with("retry-after", "600"),
            "too many requests",
        ),
        (Answer::of(503), "problem of its own"),
        (Answer::of(403), "doesn’t allow this"),
        (
            Answer::json("<html>sign in to the hotel</html>"),
            "isn’t a container registry",
        ),
        (Answer::json("[7]"), "can’t be read"),
        (
            Answer::json(format!("{{\"x\":\"{}\"}}", "y".repeat(2 << 20))),
            "more than can be right",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        hub.script(move |_| Some(answer.clone()));
        let began = Instant::now();
        let page = home.app.search_public("tool", 1).await.unwrap();
        assert_eq!((page.by, page.host.as_str()), (FoundBy::Engine, "Docker"));
        assert_eq!(page.rows[0].repository, "team/tool");
        assert_eq!((page.rows[0].host.as_str(), page.next), ("docker.io", None));
        assert_eq!(page.rows[0].pulls, None);
        let problem = page.problem.unwrap();
        assert!(problem.message.contains(why), "{problem:?}");
        assert_eq!(problem.code, Code::Other, "no account stands for it");
        assert_eq!(engine.searched().len(), number + 1);
        assert!(
            began.elapsed() < Duration::from_secs(5),
            "it isn't asked again"
        );
        let second = home.app.search_public("tool", 2).await.unwrap_err();
        assert!(second.message.contains(why), "{second:?}");
        assert_eq!(
            engine.searched().len(),
            number + 1,
            "that is no second page"
        );
    }
    let path = &engine.searched()[0];
    assert!(
        path.ends_with("/images/search?term=tool&limit=100"),
        "{path}"
    );
}

#[tokio::test]
async fn where_docker_hub_is_silent_the_engine_is_asked_beside_it() {
    let hub = hub(vec![Public::new("a/tool", "", 1)]).await;
    hub.set(|faults| faults.delay = Duration::from_secs(30));
    let engine = Engine::start(of_engine()).await;
    let home = at(&hub, Some(&engine));
    let began = Instant::now();
    let page = home.app.search_public("tool", 1).await.unwrap();
    assert!(
        began.elapsed() < Duration::from_secs(6),
        "{:?}",
        began.elapsed()
    );
    assert_eq!((page.by, page.rows.len()), (FoundBy::Engine, 1));
    let problem = page.problem.unwrap();
    assert_eq!(problem.message, "Docker Hub didn’t answer in time.");

    // Slow is not silent: its answer goes before the engine's, which was asked meanwhile.
    hub.set(|faults| faults.delay = Duration::from_millis(2600));
    let page = home.app.search_public("tool", 1).await.unwrap();
    assert_eq!((page.by, page.problem), (FoundBy::Hub, None));
    assert_eq!(page.rows[0].repository, "a/tool");
    assert_eq!(engine.searched().len(), 2);
}

#[tokio::test]
async fn where_nobody_answers_both_are_told() {
    let home = Home::new();
    let problem = home.app.search_public("tool", 1).await.unwrap_err();
    assert!(problem.message.contains("can’t be reached"), "{problem:?}");
    let last = problem.hints.last().unwrap();
    assert!(last.starts_with("No engine answers either"), "{problem:?}");

    let hub = Scripted::start().await.unwrap();
    hub.script(|_| Some(Answer::of(500)));
    let engine = Engine::start(json!({"no": "list"})).await;
    let home = at(&hub, Some(&engine));
    let problem = home.app.search_public("tool", 1).await.unwrap_err();
    let last = problem.hints.last().unwrap();
    assert!(
        last.starts_with("The engine, asked in its place"),
        "{problem:?}"
    );
}

#[tokio::test]
async fn a_term_that_names_a_registry_is_asked_there_by_the_engine() {
    let hub = hub(vec![Public::new("a/tool", "", 1)]).await;
    let engine = Engine::start(of_engine()).await;
    let home = at(&hub, Some(&engine));
    let page = home
        .app
        .search_public("quay.example/tool", 1)
        .await
        .unwrap();
    assert_eq!((page.by, page.problem), (FoundBy::Engine, None));
    assert_eq!(page.rows[0].host, "quay.example");
    assert!(hub.requests().is_empty(), "Hub knows nothing of it");
    let path = &engine.searched()[0];
    assert!(path.contains("term=quay.example%2Ftool"), "{path}");
    // Docker Hub by its name is Docker Hub.
    let page = home.app.search_public("docker.io/a/tool", 1).await.unwrap();
    assert_eq!((page.by, page.rows.len()), (FoundBy::Hub, 1));
}

#[tokio::test]
async fn hostile_texts_are_bounded_and_what_is_no_name_is_left_out() {
    let hub = Scripted::start().await.unwrap();
    let home = at(&hub, None);
    let long = "x".repeat(100_000);
    let rows = json!({"next": {"odd": 1}, "results": [
        {"repo_name": "team/tool", "short_description": format!("one\u{202e}two\u{0}\n{long}"), "star_count": 1.5e300, "pull_count": -4, "is_official": "yes"},
        {"repo_name": "team/tool", "short_description": "the same once more"},
        {"repo_name": "../../etc", "short_description": ""},
        {"repo_name": "Upper/Case"},
        {"repo_name": format!("team/{long}")},
        {"repo_name": "a b<script>alert(1)</script>"},
        {"repo_name": null}, 7, null, [], {"short_description": "no name"},
    ]});
    hub.script(move |_| Some(Answer::json(&rows)));
    let page = home.app.search_public("tool", 1).await.unwrap();
    assert_eq!((page.rows.len(), page.next), (1, None), "{page:?}");
    let row = &page.rows[0];
    assert!(row.description.starts_with("onetwo x"), "{row:?}");
    assert!(row.description.chars().count() <= 300);
    assert_eq!((row.stars, row.pulls, row.official), (0, None, false));
}
