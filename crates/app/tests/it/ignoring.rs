//! What a build's sheet counts is what its builder reads: BuildKit goes by the ignore file of the Dockerfile.

use crate::home::Home;
use app::view::making::BuildQuestion;
use testkit::parts::{Dockerd, EngineKind, Part, need};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sheet_counts_what_its_builder_reads() {
    if !(need(Part::NewDockerd) && need(Part::Buildx)) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("Dockerfile", "FROM scratch\nCOPY . /\n"),
        ("Dockerfile.dockerignore", "large"),
        (".dockerignore", "small"),
        ("large", "hundreds of bytes"),
        ("small", "2"),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let engine = Dockerd::start_kind(EngineKind::Containerd, None)
        .await
        .unwrap();
    let counted = async |home: &Home| {
        let question = BuildQuestion {
            folder: folder.path().display().to_string(),
            dockerfile: None,
        };
        let plan = home.app.plan_build(question).await.unwrap();
        (plan.files, plan.bytes)
    };
    let ignores = "large".len() + "small".len();
    let bytes = |file: &str| {
        let all = "FROM scratch\nCOPY . /\n".len() + ignores + file.len();
        u64::try_from(all).unwrap()
    };
    let with = Home::with_buildx(&engine, Part::Buildx.program("buildx").unwrap());
    assert_eq!(counted(&with).await, (4, bytes("2")));
    let without = Home::with_buildx(&engine, folder.path().join("no-buildx"));
    assert_eq!(counted(&without).await, (4, bytes("hundreds of bytes")));
}
