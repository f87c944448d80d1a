//! What tests begin with: registries, engines, and a computer beside them.

use super::{Home, SECRET, USER};
use testkit::images::ImageSpec;
use testkit::parts::{Dockerd, Part, Registry, RegistryOptions, RegistryVersion, need};
use testkit::scripted::Scripted;

/// A computer without an engine, and its account without sign-in at a scripted registry.
pub async fn scripted() -> (Home, Scripted, String) {
    let registry = Scripted::start().await.unwrap();
    let home = Home::new();
    let id = home.anyone(&registry.host()).await;
    (home, registry, id)
}

/// A real registry that takes the usual user and secret.
pub async fn guarded_registry(version: RegistryVersion) -> Registry {
    let options = RegistryOptions {
        auth: Some((USER, SECRET)),
        version,
        ..RegistryOptions::default()
    };
    Registry::start(options).await.unwrap()
}

/// A computer with an engine, and its account without sign-in at a scripted registry; nothing where there is no engine.
pub async fn scripted_with_engine() -> Option<(Home, Scripted, Dockerd, String)> {
    if !need(Part::Dockerd) {
        return None;
    }
    let engine = Dockerd::start(None).await.unwrap();
    let registry = Scripted::start().await.unwrap();
    let home = Home::with(Some(&engine));
    let id = home.anyone(&registry.host()).await;
    Some((home, registry, engine, id))
}

/// Images of one size, each different, loaded into the engine under names; their ids.
pub async fn load(engine: &Dockerd, count: u64, size: usize) -> Vec<String> {
    let mut ids = Vec::new();
    for seed in 1..=count {
        // The lower layer is shared.
        let spec = ImageSpec::of_layers(&[(7, 20_000), (1000 + seed, size)]);
        let name = format!("local/tool:{seed}");
        engine.load_tar(spec.save(&[&name]).unwrap()).await.unwrap();
        // As the engine says it: its config's digest, or, with the containerd store, its manifest's.
        let image = engine.image(&name).await.unwrap().unwrap();
        ids.push(image["Id"].as_str().unwrap().to_owned());
    }
    ids
}
