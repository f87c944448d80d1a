//! Vendors of whose own interface nothing can be asked, as they are played: Amazon's, Artifactory, Nexus.

use super::world::{On, Plays, System};
use crate::acts::{Desk, REPOSITORY};
use crate::home::{Home, account};
use app::view::accounts::NewAccount;
use app::view::problem::Code;
use testkit::scripted::Scripted;
use testkit::standins::{amazon, amazon_public, artifactory, nexus};
use vendors::VendorId;

/// Amazon's private registry, under its own name.
pub struct Amazon(amazon::Amazon);

impl System for Amazon {
    const VENDOR: VendorId = VendorId::Ecr;
    const ON: On = On::StandIn("Amazon’s private registry, as clients of it report");

    async fn start() -> Option<Self> {
        Some(Self(amazon::Amazon::start().await.unwrap()))
    }

    fn host(&self) -> String {
        amazon::HOST.to_owned()
    }

    fn key(&self) -> credentials::SecretKey {
        credentials::SecretKey {
            host: self.host(),
            user: amazon::USER.to_owned(),
        }
    }

    fn home(&self) -> Home {
        Home::playing_at(&[amazon::HOST], &self.0.address())
    }

    async fn account(&self, home: &Home) -> String {
        let new = account(amazon::HOST, amazon::USER, amazon::SECRET);
        home.app.add_account(new).await.unwrap().id
    }

    fn scripted(&self) -> &Scripted {
        &self.0.registry
    }

    fn violations(&self) -> Vec<String> {
        self.0.violations()
    }
}

impl Plays for Amazon {}

/// Amazon's public gallery, under its own name.
pub struct AmazonPublic(amazon_public::AmazonPublic);

impl System for AmazonPublic {
    const VENDOR: VendorId = VendorId::EcrPublic;
    const ON: On = On::StandIn("Amazon’s public gallery, as clients of it report");
    const REPOSITORIES: usize = 0;

    async fn start() -> Option<Self> {
        Some(Self(amazon_public::AmazonPublic::start().await.unwrap()))
    }

    fn host(&self) -> String {
        amazon_public::HOST.to_owned()
    }

    fn key(&self) -> credentials::SecretKey {
        credentials::SecretKey {
            host: self.host(),
            user: amazon_public::USER.to_owned(),
        }
    }

    fn home(&self) -> Home {
        Home::playing_at(&[amazon_public::HOST], &self.0.address())
    }

    async fn account(&self, home: &Home) -> String {
        let (user, secret) = (amazon_public::USER, amazon_public::SECRET);
        let new = NewAccount {
            agreed: vec![format!("bearer {}", self.0.address())],
            ..account(amazon_public::HOST, user, secret)
        };
        home.app.add_account(new).await.unwrap().id
    }

    fn scripted(&self) -> &Scripted {
        &self.0.registry
    }

    fn violations(&self) -> Vec<String> {
        self.0.violations()
    }
}

impl Plays for AmazonPublic {
    fn token_path(&self) -> &'static str {
        amazon_public::TOKEN
    }
}

/// Artifactory.
pub struct Artifactory(artifactory::Artifactory);

impl System for Artifactory {
    const VENDOR: VendorId = VendorId::Artifactory;
    const ON: On = On::StandIn("Artifactory, as one of 7.9.1 was reported to answer");

    async fn start() -> Option<Self> {
        Some(Self(artifactory::Artifactory::start().await.unwrap()))
    }

    fn scripted(&self) -> &Scripted {
        &self.0.registry
    }

    fn violations(&self) -> Vec<String> {
        self.0.violations()
    }
}

impl Plays for Artifactory {
    fn expire_tokens(&self) {
        self.0.expire_tokens();
    }

    fn token_path(&self) -> &'static str {
        artifactory::TOKEN
    }
}

/// Nexus.
pub struct Nexus(nexus::Nexus);

impl System for Nexus {
    const VENDOR: VendorId = VendorId::Nexus;
    const ON: On = On::StandIn("Nexus 3, as its documentation says");

    async fn start() -> Option<Self> {
        Some(Self(nexus::Nexus::start().await.unwrap()))
    }

    fn scripted(&self) -> &Scripted {
        &self.0.registry
    }

    fn violations(&self) -> Vec<String> {
        self.0.violations()
    }
}

impl Plays for Nexus {}

/// Behaviour (vendors): A password for Amazon's registry that has ended after its twelve hours is told as a sign-in that is wanted, and not as a right that is missing; what was known stays.
/// Source: aws/aws-cli#6580: 403 `DENIED`, *Your authorization token has expired*.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_of_twelve_hours_that_has_ended_is_asked_for_again() {
    let system = Amazon::start().await.unwrap();
    system.0.registry.push_image(REPOSITORY, "v1", "one");
    let home = system.home();
    let id = system.account(&home).await;
    let desk = Desk::of(home, id);
    let app = &desk.home.app;
    app.refresh_repositories(desk.id.clone()).await.unwrap();
    system.0.end_secret();
    let refused = app.refresh_repositories(desk.id.clone()).await.unwrap_err();
    assert_eq!(refused.code, Code::SignIn, "{refused:?}");
    let list = app.repositories(desk.id.clone()).await.unwrap();
    assert_eq!(list.names, [REPOSITORY]);
}

/// Behaviour (manifests): Where a registry refuses to HEAD a blob that it gives to GET, a description is written all the same, and the blob that is there isn't sent again.
/// Source: aws/containers-roadmap#2671: 401 to HEAD of a blob at `public.ecr.aws`, 200 to GET.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_refused_to_head_is_found_by_get() {
    let system = AmazonPublic::start().await.unwrap();
    let registry = &system.0.registry;
    registry.push_image(REPOSITORY, "v1", "one");
    let home = system.home();
    let id = system.account(&home).await;
    let desk = Desk::of(home, id);
    desk.refresh().await;
    desk.lab().refresh_about().await;
    desk.lab().describe("Counts cells.").await;
    assert!(registry.tagged(REPOSITORY, oci::ABOUT_TAG).is_some());
    let uploads = || registry.count("POST", "/v2/");
    assert_eq!(uploads(), 1, "the empty config was not there");
    let config = format!("/v2/{REPOSITORY}/blobs/{}", oci::Digest::sha256_of(b"{}"));
    for method in ["HEAD", "GET"] {
        assert!(registry.count(method, &config) > 0);
    }
    desk.lab().describe("Counts genes.").await;
    assert_eq!(uploads(), 1, "it is there");
    assert_eq!(system.violations(), [""; 0]);
}
