//! Systems that are the programs themselves. Only what is here may say that it is real.

use super::world::{On, Remembers, System, is_own};
use crate::home::{Home, guarded_registry};
use http::Method;
use std::sync::atomic::{AtomicUsize, Ordering};
use testkit::images::{ImageSpec, push, retag};
use testkit::parts::{self, Part, Registry, RegistryOptions, RegistryVersion, need};
use vendors::VendorId;

/// A registry and how much of its log is known.
pub struct Process {
    registry: Registry,
    known: AtomicUsize,
}

impl Process {
    async fn start(version: RegistryVersion, number: &str) -> Option<Self> {
        if !need(version.part()) {
            return None;
        }
        let registry = match version {
            RegistryVersion::Crane => {
                let options = RegistryOptions {
                    version,
                    ..RegistryOptions::default()
                };
                Registry::start(options).await.unwrap()
            }
            _ => guarded_registry(version).await,
        };
        let says = registry.version().unwrap();
        assert!(says.contains(number), "{says}");
        Some(Self {
            registry,
            known: AtomicUsize::new(0),
        })
    }

    async fn push(&self, repository: &str, tag: &str, text: &str) -> String {
        let image = ImageSpec::of_sizes(1, &[300]).layer("text", text);
        let pushed = push(&self.registry, repository, tag, &image).await;
        pushed.unwrap()
    }

    async fn fill(&self, count: usize) -> Vec<String> {
        let names: Vec<String> = (0..count).map(|at| format!("lab/r{at:04}")).collect();
        for name in &names {
            self.push(name, "v1", "one").await;
        }
        names
    }

    /// What is in its log since the last time. It has what others asked as well.
    fn asked(&self) -> Vec<String> {
        let log = self.registry.access_log();
        log[self.known.load(Ordering::SeqCst)..].to_vec()
    }
}

macro_rules! real {
    ($($(#[$doc:meta])* $name:ident: $version:ident $number:literal, $what:literal;)*) => {$(
        $(#[$doc])*
        pub struct $name(Process);

        impl System for $name {
            const VENDOR: VendorId = VendorId::Plain;
            const ON: On = On::Real($what);
            const REPOSITORIES: usize = 40;

            async fn start() -> Option<Self> {
                Process::start(RegistryVersion::$version, $number).await.map(Self)
            }

            fn host(&self) -> String {
                self.0.registry.host()
            }

            async fn account(&self, home: &Home) -> String {
                match RegistryVersion::$version {
                    RegistryVersion::Crane => home.anyone(&self.host()).await,
                    _ => home.sign_in(&self.host()).await.id,
                }
            }

            async fn push(&self, repository: &str, tag: &str, text: &str) -> String {
                self.0.push(repository, tag, text).await
            }

            async fn also(&self, repository: &str, tag: &str, other: &str) {
                retag(&self.0.registry, repository, tag, other).await.unwrap();
            }

            async fn tagged(&self, repository: &str, tag: &str) -> Option<String> {
                let found = self.0.registry.manifest(repository, tag).await.unwrap();
                found.map(|(digest, _)| digest)
            }

            async fn fill(&self, count: usize) -> Vec<String> {
                self.0.fill(count).await
            }

            fn asked(&self) -> Vec<String> {
                self.0.asked()
            }

            fn forget(&self) {
                self.0.known.store(self.0.registry.access_log().len(), Ordering::SeqCst);
            }

            fn violations(&self) -> Vec<String> {
                let mut all = self.0.registry.access_log();
                all.retain(|request| is_own(request));
                all
            }
        }
    )*};
}

real! {
    /// Debian's.
    DistributionTwo: Two "2.8", "distribution 2.8 (Debian’s docker-registry), with a user";
    /// The newest.
    DistributionThree: Three "3.1", "distribution 3.1, with a user";
    /// crane's, which lets everyone in.
    Crane: Crane "0.22", "crane registry serve 0.22";
}

/// Pulp, and how much of its log is known.
pub struct Pulp {
    pub pulp: parts::Pulp,
    known: AtomicUsize,
}

impl System for Pulp {
    const VENDOR: VendorId = VendorId::Pulp;
    const ON: On =
        On::Real("pulp-container 2.30 with pulpcore 3.123, PostgreSQL and Redis, with a user");
    const REPOSITORIES: usize = 12;
    const REMEMBERS: Remembers = Remembers::Tags;

    async fn start() -> Option<Self> {
        if !need(Part::Pulp) {
            return None;
        }
        Some(Self {
            pulp: parts::Pulp::start().await.unwrap(),
            known: AtomicUsize::new(0),
        })
    }

    fn host(&self) -> String {
        self.pulp.host()
    }

    async fn push(&self, repository: &str, tag: &str, text: &str) -> String {
        let image = ImageSpec::of_sizes(1, &[300]).layer("text", text);
        push(&self.pulp, repository, tag, &image).await.unwrap()
    }

    async fn also(&self, repository: &str, tag: &str, other: &str) {
        retag(&self.pulp, repository, tag, other).await.unwrap();
    }

    async fn tagged(&self, repository: &str, tag: &str) -> Option<String> {
        let found = self.pulp.manifest(repository, tag).await.unwrap();
        found.map(|(digest, _)| digest)
    }

    async fn described(&self, repository: &str) -> Option<String> {
        let list = "/pulp/api/v3/distributions/container/container/";
        let path = format!("{list}?name={repository}");
        let told = self.pulp.api(Method::GET, &path, None).await.unwrap();
        told["results"][0]["description"]
            .as_str()
            .map(str::to_owned)
    }

    async fn fill(&self, count: usize) -> Vec<String> {
        let names: Vec<String> = (0..count).map(|at| format!("lab/r{at:04}")).collect();
        for name in &names {
            self.push(name, "v1", "one").await;
        }
        names
    }

    fn asked(&self) -> Vec<String> {
        let log = self.pulp.access_log();
        log[self.known.load(Ordering::SeqCst)..].to_vec()
    }

    fn forget(&self) {
        let known = self.pulp.access_log().len();
        self.known.store(known, Ordering::SeqCst);
    }

    /// What its own interface refused or broke at.
    fn violations(&self) -> Vec<String> {
        let mut all = self.pulp.access_log();
        let is_well = |request: &String| {
            [" 200", " 201", " 202"]
                .iter()
                .any(|end| request.ends_with(end))
        };
        all.retain(|request| is_own(request) && !is_well(request));
        all
    }
}
