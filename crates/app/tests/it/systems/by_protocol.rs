//! Vendors of whose own interface nothing can be asked, as they are played: Amazon's, Artifactory, Nexus.

use super::world::{On, Plays, System};
use crate::acts::{Desk, REPOSITORY};
use crate::home::{Home, account};
use app::view::problem::Code;
use testkit::scripted::Scripted;
use testkit::standins::{amazon, artifactory, nexus};
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
