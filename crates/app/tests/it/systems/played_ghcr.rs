//! GitHub: its registry under its own name, and its interface at another, both played at one address of this computer.

use super::world::{On, Plays, Remembers, System};
use crate::home::{Home, SECRET, USER, account};
use app::view::accounts::NewAccount;
use testkit::scripted::Scripted;
use testkit::standins::ghcr as played;
use vendors::VendorId;

/// The name it is met under.
pub const HOST: &str = "ghcr.io";

/// GitHub, for an account that is for all of it.
pub struct Ghcr(pub played::Ghcr);

/// Describes an account, whose sign-in goes to where the tokens are given.
pub fn of(ghcr: &played::Ghcr, namespace: Option<&str>) -> NewAccount {
    NewAccount {
        agreed: vec![format!("bearer {}", ghcr.address())],
        namespace: namespace.map(str::to_owned),
        ..account(HOST, USER, SECRET)
    }
}

impl System for Ghcr {
    const VENDOR: VendorId = VendorId::Ghcr;
    const ON: On = On::StandIn(
        "GitHub, as its API’s description and reports of its registry say (November 2026)",
    );
    const REMEMBERS: Remembers = Remembers::Untagged;

    async fn start() -> Option<Self> {
        Some(Self(played::Ghcr::start().await.unwrap()))
    }

    fn host(&self) -> String {
        HOST.to_owned()
    }

    fn home(&self) -> Home {
        Home::playing_ghcr(&self.0.address())
    }

    async fn account(&self, home: &Home) -> String {
        home.app.add_account(of(&self.0, None)).await.unwrap().id
    }

    fn scripted(&self) -> &Scripted {
        &self.0.registry
    }

    fn violations(&self) -> Vec<String> {
        self.0.violations()
    }
}

impl Plays for Ghcr {
    fn expire_tokens(&self) {
        self.0.expire_tokens();
    }

    fn token_path(&self) -> &'static str {
        "/token"
    }
}
