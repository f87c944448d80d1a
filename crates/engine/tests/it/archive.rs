//! Images out of the engine and into it, as an archive, on each real engine.

use std::io;

use bytes::Bytes;
use engine::{Engine, Error};
use futures_util::stream;
use testkit::images::ImageSpec;
use testkit::parts::EngineKind;

use crate::Machine;

#[tokio::test]
async fn an_archive_of_a_graph_driver() {
    there_and_back(EngineKind::Debian).await;
}

#[tokio::test]
async fn an_archive_of_the_containerd_store() {
    there_and_back(EngineKind::Containerd).await;
}

#[tokio::test]
async fn an_archive_of_podman() {
    there_and_back(EngineKind::Podman).await;
}

/// Saves to the end, and returns the pieces that came.
async fn saved(engine: &Engine, names: &[&str]) -> Result<Vec<Bytes>, Error> {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let mut archive = engine.save(&names).await?;
    let mut pieces = Vec::new();
    while let Some(bytes) = archive.next().await? {
        pieces.push(bytes);
    }
    Ok(pieces)
}

async fn load(engine: &Engine, pieces: Vec<Bytes>) -> Result<Vec<String>, Error> {
    engine
        .load(stream::iter(pieces.into_iter().map(io::Result::Ok)))
        .await
}

async fn there_and_back(kind: EngineKind) {
    let Some(machine) = Machine::start(kind).await else {
        return;
    };
    let engine = &machine.engine;
    let (one, two) = ("localhost/team/one:v1", "localhost/team/two:v1");
    for (seed, name) in [(1, one), (2, two)] {
        let spec = ImageSpec::of_sizes(seed, &[400_000]);
        let loaded = load(engine, vec![spec.save(&[name]).unwrap().into()]).await;
        assert_eq!(loaded.unwrap(), [name]);
    }
    let ids = |images: Vec<engine::LocalImage>| {
        let mut ids: Vec<_> = images.into_iter().map(|image| image.id).collect();
        ids.sort();
        ids
    };
    let before = ids(engine.images().await.unwrap());
    let pieces = saved(engine, &[one, two]).await.unwrap();
    let bytes: usize = pieces.iter().map(Bytes::len).sum();
    assert!(bytes >= 800_000 && pieces.len() > 1, "{bytes}");
    for name in [one, two] {
        engine.remove(name, false).await.unwrap();
    }
    assert!(engine.images().await.unwrap().is_empty());

    // An archive in the middle of which the file can't be read any more takes nothing in.
    let mut broken: Vec<io::Result<Bytes>> = pieces[..1].iter().cloned().map(Ok).collect();
    broken.push(Err(io::Error::other("gone")));
    assert!(engine.load(stream::iter(broken)).await.is_err());
    assert!(engine.images().await.unwrap().is_empty());

    let mut loaded = load(engine, pieces).await.unwrap();
    loaded.sort();
    assert_eq!(loaded, [one, two]);
    assert_eq!(ids(engine.images().await.unwrap()), before);

    assert!(saved(engine, &["localhost/team/nothing:v1"]).await.is_err());
    let no_archive = load(engine, vec![Bytes::from_static(b"no archive at all")]).await;
    assert!(no_archive.is_err(), "{no_archive:?}");
}
