//! Systems that are played whose own interface takes the registry's tokens.
//!
//! Not here: those that want a secret (`played`). Grows by such a vendor.

use super::world::{On, Plays, Remembers, System};
use crate::home::{Home, account};
use app::view::accounts::NewAccount;
use app::view::certificate::{ConnectionOrder, ProxyOrder};
use credentials::SecretKey;
use testkit::scripted::Scripted;
use testkit::standins;
use vendors::VendorId;

/// The part of the registry that accounts are for where only what is below a name is listed.
const NAMESPACE: &str = "lab";

macro_rules! own_tokens {
    ($($(#[$doc:meta])* $name:ident: $module:ident, $token:literal, { $($own:tt)* }, { $($plays:tt)* };)*) => {$(
        $(#[$doc])*
        pub struct $name(pub standins::$module::$name);

        impl System for $name {
            const VENDOR: VendorId = VendorId::$name;
            $($own)*

            async fn start() -> Option<Self> {
                Some(Self(standins::$module::$name::start().await.unwrap()))
            }

            fn scripted(&self) -> &Scripted {
                &self.0.registry
            }

            fn violations(&self) -> Vec<String> {
                self.0.violations()
            }
        }

        impl Plays for $name {
            $($plays)*

            fn expire_tokens(&self) {
                self.0.expire_tokens();
            }

            fn token_path(&self) -> &'static str {
                $token
            }
        }
    )*};
}

own_tokens! {
    /// GitLab, by an account of a namespace: of that alone its registry lists what there is.
    Gitlab: gitlab, "/jwt/auth", {
        const ON: On = On::StandIn("GitLab’s registry 4.39.0 with its database, as it answered on 28 November 2026");

        fn key(&self) -> SecretKey {
            of_namespace(&self.host(), standins::gitlab::USER)
        }

        async fn account(&self, home: &Home) -> String {
            let new = NewAccount {
                namespace: Some(NAMESPACE.into()),
                ..account(&self.host(), standins::gitlab::USER, standins::gitlab::SECRET)
            };
            home.app.add_account(new).await.unwrap().id
        }
    }, {};
    /// Azure.
    Acr: acr, "/oauth2/token", {
        const ON: On = On::StandIn("Azure’s registry, as it answered Azure’s own client in March 2023");
        const REMEMBERS: Remembers = Remembers::Untagged;
    }, {
        // One for what is said of tags, one to pull.
        const TOKENS: usize = 2;
    };
    /// Google, under its own name and by an account of a namespace. Each repository there is a question.
    Google: google, "/v2/token", {
        const ON: On = On::StandIn("Google’s registries, as Google’s own client reads them");
        const REMEMBERS: Remembers = Remembers::Untagged;
        const REPOSITORIES: usize = 40;

        fn host(&self) -> String {
            standins::google::HOST.to_owned()
        }

        fn key(&self) -> SecretKey {
            of_namespace(&self.host(), standins::google::USER)
        }

        async fn account(&self, home: &Home) -> String {
            let new = NewAccount {
                namespace: Some(NAMESPACE.into()),
                ..google(&self.0, home)
            };
            home.app.add_account(new).await.unwrap().id
        }
    }, {};
}

fn of_namespace(host: &str, user: &str) -> SecretKey {
    SecretKey {
        host: format!("{host}/{NAMESPACE}"),
        user: user.to_owned(),
    }
}

/// An account with Google's, which is met under its name through the proxy that knows it.
pub fn google(google: &standins::google::Google, home: &Home) -> NewAccount {
    let authority = home.folder.path().join("authority.pem");
    std::fs::write(&authority, &google.authority).unwrap();
    let (user, secret) = standins::google::PROXY;
    NewAccount {
        connection: Some(ConnectionOrder {
            authority: Some(authority.display().to_string()),
            proxy: Some(ProxyOrder::Own {
                address: google.proxy.host().to_owned(),
                user: user.to_owned(),
                secret: secret.to_owned().into(),
            }),
            ..ConnectionOrder::default()
        }),
        ..account(
            standins::google::HOST,
            standins::google::USER,
            standins::google::SECRET,
        )
    }
}
