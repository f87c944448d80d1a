//! A registry, this computer, and a tag whose commit is about to become an older one.

use super::computer::Computer;
use super::{Fate, Rule};
use crate::home::Home;
use app::view::browse::Reach;
use testkit::images::{self, ImageSpec};
use testkit::parts::{Answer, Door, Http, Registry, RegistryOptions, RegistryVersion, need};
use testkit::scripted::Scripted;

/// The repository of every cell.
pub const REPOSITORY: &str = "lab/tool";
/// Its tag.
pub const TAG: &str = "v1";

/// The seed of the commit that was there before anything happens.
const EARLIER: u64 = 999;

/// Where the commits are.
pub enum Server {
    Real(Box<Registry>),
    Scripted(Scripted),
}

/// Anybody who asks the registry without Longshore.
pub struct Someone(Http);

impl Someone {
    pub fn at(host: &str) -> Self {
        Self(Http::tcp(host, None).unwrap())
    }
}

impl Door for Someone {
    async fn ask(
        &self,
        method: http::Method,
        path: &str,
        headers: &[(&str, &str)],
        body: bytes::Bytes,
    ) -> anyhow::Result<Answer> {
        self.0.send(method, path, headers, body).await
    }
}

/// All of it.
pub struct Scene {
    pub server: Server,
    pub someone: Someone,
    pub here: Computer,
}

impl Scene {
    /// On a real registry, where it can be had.
    pub async fn real(version: RegistryVersion) -> Option<Self> {
        Self::real_with(version, Home::new()).await
    }

    /// Begins with a computer that is set up already.
    pub async fn real_with(version: RegistryVersion, home: Home) -> Option<Self> {
        if !need(version.part()) {
            return None;
        }
        let options = RegistryOptions {
            version,
            ..RegistryOptions::default()
        };
        let registry = Registry::start(options).await.unwrap();
        Some(Self::of(Server::Real(Box::new(registry)), home).await)
    }

    /// On a scripted one.
    pub async fn scripted(home: Home) -> Self {
        Self::of(Server::Scripted(Scripted::start().await.unwrap()), home).await
    }

    async fn of(server: Server, home: Home) -> Self {
        let host = match &server {
            Server::Real(registry) => registry.host(),
            Server::Scripted(registry) => registry.host(),
        };
        let here = Computer::sign_in(home, &host).await;
        Self {
            someone: Someone::at(&host),
            server,
            here,
        }
    }

    pub fn host(&self) -> String {
        match &self.server {
            Server::Real(registry) => registry.host(),
            Server::Scripted(registry) => registry.host(),
        }
    }

    /// The scripted registry, for its switches.
    pub fn script(&self) -> &Scripted {
        match &self.server {
            Server::Scripted(registry) => registry,
            Server::Real(_) => panic!("a real registry has no switches"),
        }
    }

    /// `garbage-collect`, with `-m` where untagged manifests shall go too.
    pub async fn garbage_collect(&mut self, untagged: bool) {
        match &mut self.server {
            Server::Real(registry) => registry.garbage_collect(untagged).await.unwrap(),
            Server::Scripted(_) => panic!("a scripted registry collects nothing"),
        };
    }

    /// A commit that has no tag yet; its digest.
    pub async fn commit(&self, seed: u64) -> String {
        let image = ImageSpec::of_sizes(seed, &[600]);
        let digest = image.build().unwrap().digest;
        images::push(&self.someone, REPOSITORY, &digest, &image)
            .await
            .unwrap()
    }

    /// Pushes an image of two platforms.
    pub async fn index(&self, seed: u64) -> String {
        let images = ["amd64", "arm64"].map(|arch| ImageSpec::of_sizes(seed, &[600]).arch(arch));
        // It needs a name to arrive under.
        images::push_index(&self.someone, REPOSITORY, "arriving", &images)
            .await
            .unwrap()
    }

    /// The tag has an earlier commit; another is made active from this computer, and the sheet asks for the rule.
    pub async fn begin(&self, rule: Rule, commit: &str) {
        let earlier = self.commit(EARLIER).await;
        self.overwrite(&earlier).await;
        self.here.activate(commit, rule.said()).await.unwrap();
    }

    /// Someone overwrites the tag: what `docker push` does at its end.
    pub async fn overwrite(&self, commit: &str) {
        images::retag(&self.someone, REPOSITORY, commit, TAG)
            .await
            .unwrap();
    }

    /// What a GET of a path as Longshore shows it leads to: the digest, or nothing.
    async fn pulled(&self, path: &str) -> Option<String> {
        let rest = path
            .strip_prefix(&format!("{}/{REPOSITORY}", self.host()))
            .expect("a path of this repository");
        let at = rest.trim_start_matches([':', '@']);
        let body = self.get(at).await?;
        // A pull of an index is one of its platforms; all of them are tried.
        let parsed: serde_json::Value = serde_json::from_slice(&body).unwrap();
        for platform in parsed["manifests"].as_array().into_iter().flatten() {
            self.get(platform["digest"].as_str().unwrap()).await?;
        }
        Some(images::digest(&body))
    }

    /// What the tag points at now.
    pub async fn active(&self) -> String {
        images::digest(&self.get(TAG).await.unwrap())
    }

    async fn get(&self, at: &str) -> Option<bytes::Bytes> {
        let path = format!("/v2/{REPOSITORY}/manifests/{at}");
        let headers = [("accept", images::ACCEPT)];
        let (status, _, body) = self
            .someone
            .0
            .send(http::Method::GET, &path, &headers, "")
            .await
            .unwrap();
        match status {
            200 => Some(body),
            404 => None,
            other => panic!("GET {path}: {other}"),
        }
    }

    /// That this computer lists a commit nowhere, though the registry still has it.
    pub async fn unseen(&self, commit: &str) -> Fate {
        self.here.refresh().await;
        let rows = self.here.lab().commits(TAG).await;
        assert!(
            rows.iter().all(|row| row.short != commit[7..19]),
            "{rows:#?}"
        );
        let timeline = self.here.lab().timeline().await;
        let listed = |digest: &Option<String>| digest.as_deref() == Some(commit);
        assert!(!timeline.rows.iter().any(|row| listed(&row.commit.digest)));
        assert!(self.get(commit).await.is_some());
        Fate::Unseen
    }

    /// What this computer shows of a commit, compared with what the registry answers.
    pub async fn fate(&self, computer: &Computer, commit: &str) -> Fate {
        let row = computer.row(commit).await;
        let by_digest = self.pulled(row.digest_path.as_deref().unwrap()).await;
        let by_tag = match &row.tag_path {
            Some(path) => self.pulled(path).await,
            None => None,
        };
        let (commit, there) = (Some(commit.to_owned()), by_digest.is_some());
        match (row.reach, &row.commit_tag) {
            (Reach::Pullable { .. }, Some(_)) => {
                assert_eq!((&by_digest, &by_tag), (&commit, &commit), "{row:#?}");
                Fate::Kept
            }
            (Reach::Pullable { .. }, None) => {
                assert_eq!(by_digest, commit, "{row:#?}");
                Fate::Listed
            }
            (Reach::Gone { .. }, _) => {
                assert!(!there && by_tag.is_none(), "{row:#?}");
                Fate::Gone
            }
            (Reach::Unknown | Reach::Partly { .. }, _) => panic!("that is no fate: {row:#?}"),
        }
    }
}
