//! Several accounts of one registry: which one pushes.

use crate::home::{Home, SECRET, USER, account};
use testkit::images::{self, ImageSpec};
use testkit::parts::{Registry, RegistryOptions, RegistryVersion, need};

/// Who may pull and nothing else.
const READER: (&str, &str) = ("rea", "reader's secret");

async fn registry(version: RegistryVersion) -> Registry {
    let options = RegistryOptions {
        auth: Some((USER, SECRET)),
        token: true,
        readers: &[READER],
        version,
        ..RegistryOptions::default()
    };
    let registry = Registry::start(options).await.unwrap();
    let image = ImageSpec::of_sizes(1, &[2_000]);
    images::push(&registry, "lab/tool", "v1", &image)
        .await
        .unwrap();
    registry
}

async fn added(home: &Home, host: &str, (user, secret): (&str, &str)) -> String {
    let added = home.app.add_account(account(host, user, secret)).await;
    let id = added.unwrap().id;
    home.app.refresh_repositories(id.clone()).await.unwrap();
    id
}

/// Behaviour (sign-in): Who may push is asked before, by going on with an upload that nobody began; nothing is written.
/// Source: distribution checks the right before it looks for the upload.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_accounts_the_one_that_may_pushes() {
    for version in [RegistryVersion::Two, RegistryVersion::Three] {
        if !need(version.part()) {
            continue;
        }
        let (home, registry) = (Home::new(), registry(version).await);
        let host = registry.host();
        let reader = added(&home, &host, READER).await;
        let asks = |id: &str, repository: &str| home.app.writer_for(id.into(), repository.into());
        let before = registry.access_log().len();
        assert_eq!(asks(&reader, "lab/tool").await.unwrap(), None);
        assert_eq!(registry.access_log().len(), before, "there is no choice");

        let writer = added(&home, &host, (USER, SECRET)).await;
        let found = asks(&reader, "lab/tool").await.unwrap();
        assert_eq!(found.as_ref(), Some(&writer));
        assert_eq!(asks(&writer, "lab/tool").await.unwrap(), None);
        let asked = registry.access_log().len();
        assert_eq!(asks(&reader, "lab/tool").await.unwrap(), found);
        assert_eq!(registry.access_log().len(), asked, "it is remembered");
        // What isn't known to be there is not asked about: some registries would make it.
        assert_eq!(asks(&reader, "lab/new").await.unwrap(), None);
        assert_eq!(registry.access_log().len(), asked);

        let wrote = |line: &&String| line.contains("PATCH") && line.contains("\" 20");
        assert_eq!(registry.access_log().iter().find(wrote), None);
        let uploads = registry
            .root()
            .join("docker/registry/v2/repositories/lab/tool/_uploads");
        let left = std::fs::read_dir(uploads).map_or(0, Iterator::count);
        assert_eq!(left, 0, "an upload was begun");
        home.app.sign_out(writer).await.unwrap();
        assert_eq!(asks(&reader, "lab/tool").await.unwrap(), None);
    }
}
