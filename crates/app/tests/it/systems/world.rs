//! A registry as somebody else fills and asks it: what the suite needs of each, whoever's it is.
//!
//! Not here: what is asked of Longshore (`suite`). Grows by what a step needs of every system.

use crate::home::{Home, USER};
use credentials::SecretKey;
use testkit::images::MANIFEST;
use testkit::scripted::{Faults, Scripted};
use vendors::{Means, Part, VendorId};

/// What a vendor was tried on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// A server of ours that answers as this one was seen or is known to.
    StandIn(&'static str),
    /// The program itself, of this version.
    Real(&'static str),
}

/// A system that was tried, and the steps that were gone with it.
pub struct Tried {
    pub vendor: VendorId,
    pub on: On,
    pub steps: &'static [&'static str],
}

/// What a system tells of the past that nobody here saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remembers {
    /// Nothing.
    Nothing,
    /// What tags pointed at, and when.
    Tags,
    /// Commits without a tag, and not which tag left them.
    Untagged,
}

/// A registry with a vendor's habits, which runs for one test.
pub trait System: Sized {
    const VENDOR: VendorId;
    const ON: On;
    /// How many repositories it can be filled with while somebody waits; none where it lists none.
    const REPOSITORIES: usize = 2500;
    /// How often a wrong secret is sent before it is known to be wrong.
    const WRONG_IS_SENT: usize = 1;

    /// The repository that all is about.
    const REPOSITORY: &'static str = crate::acts::REPOSITORY;
    /// Whether what it tells of a tag says what it is as well.
    const TELLS_SIZES: bool = true;

    /// What it tells of the past that nobody here saw.
    const REMEMBERS: Remembers = Remembers::Nothing;
    /// Tells how a part has to work with it.
    fn means(part: Part) -> Means {
        vendors::means(vendors::of(Self::VENDOR), part)
    }

    /// Starts one; none where it isn't on this computer.
    async fn start() -> Option<Self>;

    /// Returns the registry below one that is played, by which others do there what they do.
    fn scripted(&self) -> &Scripted {
        panic!("it is not played")
    }

    /// Returns `127.0.0.1:port`, or the name that it is met under.
    fn host(&self) -> String {
        self.scripted().host()
    }

    /// Returns the name that the secret of its account is kept under.
    fn key(&self) -> SecretKey {
        SecretKey {
            host: self.host(),
            user: USER.to_owned(),
        }
    }

    /// Returns the computer that its account is on.
    fn home(&self) -> Home {
        Home::new()
    }

    /// Adds an account with it; its id.
    async fn account(&self, home: &Home) -> String {
        home.sign_in(&self.host()).await.id
    }

    /// Pushes a small image as somebody else; its digest.
    async fn push(&self, repository: &str, tag: &str, text: &str) -> String {
        self.scripted().push_image(repository, tag, text)
    }

    /// Gives what a tag points at another name, as somebody else.
    async fn also(&self, repository: &str, tag: &str, other: &str) {
        also(self.scripted(), repository, tag, other);
    }

    /// Asks, as somebody else, what a tag points at.
    async fn tagged(&self, repository: &str, tag: &str) -> Option<String> {
        self.scripted().tagged(repository, tag)
    }

    /// Returns the description that its own interface keeps of a repository.
    async fn described(&self, _repository: &str) -> Option<String> {
        None
    }

    /// Makes so many repositories at once; their names.
    async fn fill(&self, count: usize) -> Vec<String> {
        fill(self.scripted(), count)
    }

    /// Lists what it was asked since the last time, `METHOD /path?query` or `RUN arguments` each, others' requests not among it where it can tell.
    fn asked(&self) -> Vec<String> {
        asked(self.scripted())
    }

    /// Forgets what it was asked so far.
    fn forget(&self) {
        self.scripted().forget_requests();
    }

    /// Lists what it was asked that the real one would refuse, or that nobody should ask.
    fn violations(&self) -> Vec<String> {
        Vec::new()
    }
}

/// A system that can be made to fail.
pub trait Plays: System {
    /// How many tokens a look at a repository's tags takes.
    const TOKENS: usize = 1;

    /// Changes what it does wrong, and what stands beside it.
    fn set(&self, change: impl Fn(&mut Faults)) {
        self.scripted().set(change);
    }

    /// Has every token that was given end now.
    fn expire_tokens(&self) {
        panic!("it gives no tokens");
    }

    /// Returns what is asked for a token; of what gives none a path that nobody asks.
    fn token_path(&self) -> &'static str {
        "/none"
    }
}

/// Tells whether a request is to the vendor's own interface: neither the protocol, nor for a token, nor what tells whose it is.
pub fn is_own(request: &str) -> bool {
    let path = request.split(' ').nth(1).unwrap_or_default();
    // Docker Hub's is below the protocol's path, at another name.
    let below = ["auditlogs", "namespaces", "repositories", "user"];
    let is_hubs = |part: &str| path.starts_with(&format!("/v2/{part}/"));
    if below.into_iter().any(is_hubs) {
        return true;
    }
    // Google's is the list of tags itself, which the protocol asks for by pages.
    if path.starts_with("/v2/") && path.ends_with("/tags/list") {
        return true;
    }
    let beside = [
        "/v2/",
        "/token",
        "/service/token",
        "/api/v2.0/systeminfo",
        "/docker/v1/bearerToken",
        "/jwt/auth",
        "/oauth2/token",
        "/artifactory/api/docker/docker-local/v2/token",
        "/api/v1/version",
        "/api/v1/repository?public=true",
        "/pulp/api/v3/status/",
        // What a blob is redirected to.
        "/elsewhere/",
    ];
    path.starts_with("/v2/_zot/") || !beside.iter().any(|begin| path.starts_with(begin))
}

/// Tells whether a request may change something; `RUN` is a vendor's own command.
pub fn is_write(request: &str) -> bool {
    // A token is asked for by POST at Docker Hub, what is in a project at Synapse.
    let reads = [
        "GET ",
        "HEAD ",
        "POST /v2/auth/token",
        "POST /repo/v1/entity/children",
        "RUN dockers login",
        "RUN dockers list ",
        "RUN dockers commit-list ",
    ];
    !reads.iter().any(|method| request.starts_with(method))
}

/// Lists what a scripted registry was asked.
pub fn asked(registry: &Scripted) -> Vec<String> {
    let all = registry.requests().into_iter();
    all.map(|seen| format!("{} {}", seen.method, seen.path))
        .collect()
}

pub fn also(registry: &Scripted, repository: &str, tag: &str, other: &str) {
    let digest = registry.tagged(repository, tag).unwrap();
    let bytes = registry.manifest(repository, &digest).unwrap();
    registry.put_manifest(repository, Some(other), MANIFEST, &bytes);
}

pub fn fill(registry: &Scripted, count: usize) -> Vec<String> {
    let names: Vec<String> = (0..count).map(|at| format!("lab/r{at:04}")).collect();
    for name in &names {
        registry.put_manifest(name, Some("v1"), MANIFEST, b"{}");
    }
    names
}
