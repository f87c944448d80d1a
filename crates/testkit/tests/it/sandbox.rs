//! The sandbox: what it holds, that it comes back as it was, and that nothing outlives it.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use testkit::parts::{Http, Part, need};
use testkit::sandbox::{Facts, Sandbox, facts_path};

async fn ask(facts: &Facts, path: &str) -> Result<serde_json::Value> {
    use base64::Engine as _;
    let text = format!("{}:{}", facts.user, facts.secret);
    let basic = format!(
        "Basic {}",
        base64::engine::general_purpose::STANDARD.encode(text)
    );
    let http = Http::tcp(&facts.host, None)?;
    let headers = [
        ("authorization", basic.as_str()),
        ("accept", testkit::images::ACCEPT),
    ];
    let (status, _, body) = http.send(http::Method::GET, path, &headers, "").await?;
    assert_eq!(status, 200, "{path}: {}", String::from_utf8_lossy(&body));
    Ok(serde_json::from_slice(&body)?)
}

fn names(value: &serde_json::Value) -> Vec<&str> {
    let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(serde_json::Value::as_str).collect()
}

#[tokio::test]
async fn it_is_filled_once_and_comes_back_as_it_was() -> Result<()> {
    if !need(Part::Registry) || !need(Part::Dockerd) {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let sandbox = Sandbox::start(folder.path()).await?;
    let first = sandbox.facts().clone();
    assert!(
        Sandbox::start(folder.path()).await.is_err(),
        "two at once would write over each other"
    );

    let catalog = ask(&first, "/v2/_catalog").await?;
    assert_eq!(
        names(&catalog["repositories"]),
        [
            "genomics/aligner",
            "genomics/qc-report",
            "imaging/segmenter"
        ]
    );
    let tags = ask(&first, "/v2/genomics/qc-report/tags/list").await?;
    assert_eq!(names(&tags["tags"]).len(), 8);
    let tags = ask(&first, "/v2/genomics/aligner/tags/list").await?;
    let kept: Vec<&str> = names(&tags["tags"])
        .into_iter()
        .filter(|tag| tag.starts_with("_h.v1."))
        .collect();
    assert_eq!(kept.len(), 2, "{kept:?}");
    for tag in kept {
        let manifest = ask(&first, &format!("/v2/genomics/aligner/manifests/{tag}")).await?;
        assert_eq!(manifest["schemaVersion"], 2);
    }
    let index = ask(&first, "/v2/genomics/qc-report/manifests/latest").await?;
    assert_eq!(index["manifests"].as_array().map(Vec::len), Some(2));
    let engine = first.docker_host.as_deref().context("no engine")?;
    let socket = engine.trim_start_matches("unix://");
    let engine = Http::unix(std::path::Path::new(socket))?;
    for name in ["aligner:dev", "qc-report:dev", "notebook:mine"] {
        let path = format!("/images/{name}/json");
        let (status, _, _) = engine.send(http::Method::GET, &path, &[], "").await?;
        assert_eq!(status, 200, "{name}");
    }
    drop(sandbox);
    assert!(!std::path::Path::new(socket).exists());

    let again = Sandbox::start(folder.path()).await?;
    assert_eq!(again.facts().secret, first.secret);
    assert_eq!(again.facts().host, first.host);
    let tags = ask(again.facts(), "/v2/genomics/aligner/tags/list").await?;
    assert_eq!(names(&tags["tags"]).len(), 5, "not filled twice: {tags}");
    let file: Facts = serde_json::from_slice(&std::fs::read(facts_path(folder.path()))?)?;
    assert_eq!(&file, again.facts());
    Ok(())
}

#[tokio::test]
async fn nothing_outlives_a_sandbox_that_is_killed() -> Result<()> {
    if !need(Part::Registry) {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let mut child = Command::new(env!("CARGO_BIN_EXE_sandbox"))
        .arg(folder.path().join("sandbox"))
        // Killed, it cannot tidy up; this way its folders go with ours.
        .env("TMPDIR", folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()?;
    let facts = wait_for(Duration::from_mins(2), async || {
        let path = facts_path(&folder.path().join("sandbox"));
        serde_json::from_slice::<Facts>(&std::fs::read(path).ok()?).ok()
    })
    .await
    .context("the sandbox did not start")?;
    let http = Http::tcp(&facts.host, None)?;
    assert_eq!(http.send(http::Method::GET, "/v2/", &[], "").await?.0, 401);
    child.kill()?;
    child.wait()?;
    let gone = wait_for(Duration::from_mins(1), async || {
        let answer = http.send(http::Method::GET, "/v2/", &[], "").await;
        answer.is_err().then_some(())
    });
    gone.await.context("its registry still answers")?;
    if let Some(address) = facts.docker_host {
        let socket = address.trim_start_matches("unix://").to_owned();
        let engine = Http::unix(std::path::Path::new(&socket))?;
        let gone = wait_for(Duration::from_mins(1), async || {
            let answer = engine.send(http::Method::GET, "/_ping", &[], "").await;
            answer.is_err().then_some(())
        });
        gone.await.context("its engine still answers")?;
    }
    Ok(())
}

async fn wait_for<T>(limit: Duration, mut ready: impl AsyncFnMut() -> Option<T>) -> Option<T> {
    let start = Instant::now();
    while start.elapsed() < limit {
        if let Some(value) = ready().await {
            return Some(value);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    None
}

#[tokio::test]
async fn without_any_program_it_serves_from_its_own_process() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut child = Command::new(env!("CARGO_BIN_EXE_sandbox"))
        .arg(folder.path().join("sandbox"))
        .env("TMPDIR", folder.path())
        // A machine that has neither registry nor engine.
        .env("PATH", folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let path = facts_path(&folder.path().join("sandbox"));
    let facts = wait_for(Duration::from_mins(2), async || {
        serde_json::from_slice::<Facts>(&std::fs::read(&path).ok()?).ok()
    })
    .await
    .context("the sandbox did not start")?;
    assert_eq!(facts.docker_host, None);
    let catalog = ask(&facts, "/v2/_catalog").await?;
    assert_eq!(names(&catalog["repositories"]).len(), 3, "{catalog}");
    let http = Http::tcp(&facts.host, None)?;
    assert_eq!(http.send(http::Method::GET, "/v2/", &[], "").await?.0, 401);
    // It ends when its input closes, and has said what it lacks.
    drop(child.stdin.take());
    let output = child.wait_with_output()?;
    assert!(output.status.success(), "{}", output.status);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("Push and pull need an engine"), "{said}");
    assert!(
        said.contains(&facts.secret) && said.contains(&facts.host),
        "{said}"
    );
    Ok(())
}
