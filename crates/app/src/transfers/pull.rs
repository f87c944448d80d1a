//! Pulling a commit, the active one or an older one, and giving it a name a person can use.

use super::confiding::may_be_told;
use super::local_name::NameAt;
use super::room::Transfers;
use crate::accounts::Remote;
use crate::ground::names;
use crate::history::CommitName;
use crate::tasks::{Meter, Running, Unfinished};
use crate::view::events::Stale;
use crate::view::note::Note;
use crate::view::problem::Problem;
use crate::view::push::PullOrder;
use crate::view::tasks::{Outcome, TaskOutcome};
use crate::words::transfers as say;
use engine::{Engine, ImageDetail};
use oci::{Digest, Manifest, Tag};
use serde::{Deserialize, Serialize};

/// A pull as it is stored, to be repeated. Nothing secret.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pulling {
    pub account: String,
    pub repository: String,
    pub tag: String,
    /// The whole digest, or the commit tag where only that is known; none: the active commit.
    pub commit: Option<String>,
    pub move_name: bool,
    /// The engine it goes to; none: the one that is used.
    #[serde(default)]
    pub engine: Option<String>,
    /// The other computer that the person agreed the sign-in goes to.
    #[serde(default)]
    pub secret_goes_to: Option<String>,
}

impl From<PullOrder> for Pulling {
    fn from(order: PullOrder) -> Self {
        Self {
            account: order.account,
            repository: order.repository,
            tag: order.tag,
            commit: order.commit,
            move_name: order.move_name,
            engine: order.engine,
            secret_goes_to: order.secret_goes_to,
        }
    }
}

impl From<Pulling> for PullOrder {
    fn from(order: Pulling) -> Self {
        Self {
            account: order.account,
            repository: order.repository,
            tag: order.tag,
            commit: order.commit,
            move_name: order.move_name,
            engine: order.engine,
            secret_goes_to: order.secret_goes_to,
        }
    }
}

/// What is pulled.
struct Wanted {
    digest: Digest,
    /// Compressed bytes by the first 12 digits of each layer.
    layers: Vec<(String, u64)>,
    /// Ids under which an engine may know this very image.
    images: Vec<String>,
}

impl Wanted {
    /// Tells whether an engine's image is this one, as far as its ids tell.
    fn is(&self, image: &ImageDetail) -> bool {
        let at = format!("@{}", self.digest);
        self.images.contains(&image.id) || image.digests.iter().any(|known| known.ends_with(&at))
    }
}

impl Transfers {
    /// Checks an order before it is stored.
    pub(crate) async fn check_pull(&self, order: &Pulling) -> Result<(), Problem> {
        names::tag(&order.tag)?;
        self.accounts
            .place(&order.account, &order.repository)
            .await
            .map(|_| ())
    }

    /// Carries out a pull.
    pub(crate) async fn pull(
        &self,
        order: Pulling,
        running: &Running,
    ) -> Result<TaskOutcome, Unfinished> {
        let remote = self
            .accounts
            .remote(&order.account, &order.repository)
            .await?;
        let place = remote.place.clone();
        let tag = names::tag(&order.tag)?;
        let _use = self.local.begin_use();
        let engine = self.local.engine_at(order.engine.as_deref()).await?;
        may_be_told(&engine, &remote, order.secret_goes_to.as_deref())?;
        let path = place.path();
        self.return_names(&engine).await?;

        let prepared = async {
            let active = self.history.points_at(&remote, &tag).await?;
            let digest = self.wanted_digest(&remote, &order, active.as_ref()).await?;
            running.name_commit(&digest);
            let wanted = self.wanted(&remote, &engine, digest).await?;
            let name = local_tag(&tag, &wanted.digest, active.as_ref())?;
            let local_name = format!("{path}:{name}");
            let at = NameAt {
                engine: &engine,
                place: &place,
                tag: &name,
            };
            let bearer = self.bearer(&at).await?;
            let theirs = bearer.is_some_and(|bearer| !wanted.is(&bearer.image) && !bearer.ours);
            if theirs && !order.move_name {
                return Err(say::name_taken(&local_name));
            }
            Ok((wanted, name, local_name))
        };
        let (wanted, name, local_name) = tokio::select! {
            () = running.token().cancelled() => return Err(Unfinished::Cancelled(None)),
            prepared = prepared => prepared?,
        };

        self.carry(
            running,
            &remote,
            |auth| engine.pull(&path, wanted.digest.as_str(), auth),
            || Meter::with_layers(wanted.layers.iter().cloned()),
            |_| std::future::pending(),
        )
        .await?;

        let by_digest = format!("{path}@{}", wanted.digest);
        let image = self
            .local
            .answer_of(&engine, engine.inspect(&by_digest).await)
            .await?
            .ok_or_else(|| say::not_shown().problem().hint(say::refresh_images()))?;
        // The bytes may have taken long: somebody else may have given the name away meanwhile.
        let at = NameAt {
            engine: &engine,
            place: &place,
            tag: &name,
        };
        let bearer = self.bearer(&at).await?;
        let theirs = bearer.as_ref().is_some_and(|bearer| {
            bearer.image.id != image.id && !wanted.is(&bearer.image) && !bearer.ours
        });
        if theirs && !order.move_name {
            return Err(say::name_taken(&local_name).into());
        }
        self.local
            .answer_of(&engine, engine.tag(&image.id, &path, name.as_str()).await)
            .await?;
        // What arrived has arrived: a memo that can't be written is no failure of it.
        let _ = self.name_given(&at, &image.id, bearer.as_ref()).await;
        let _ = self
            .pulled(&place, tag.as_str(), &image.id, &local_name)
            .await;
        let mut notes = Vec::new();
        if self.local.uses(&engine) {
            let _ = self.local.images().await;
            self.ground.stale(Stale::Images);
            notes.extend(self.local.instead().await.map(Note::from));
        }
        self.ground.stale_tags(&place).await;
        Ok(TaskOutcome::Moved(Outcome {
            name: local_name,
            digest: Some(wanted.digest.to_string()),
            commit_tag: None,
            previous: None,
            notes,
        }))
    }

    async fn wanted_digest(
        &self,
        remote: &Remote,
        order: &Pulling,
        active: Option<&Digest>,
    ) -> Result<Digest, Problem> {
        let Some(commit) = &order.commit else {
            return active.cloned().ok_or_else(|| {
                say::no_tag(&remote.place.path(), &order.tag)
                    .problem()
                    .hint(say::refresh_list())
            });
        };
        self.history
            .resolve(remote, &CommitName::parse(commit)?)
            .await
    }

    /// Finds the layers that will move, for the engine's platform.
    async fn wanted(
        &self,
        remote: &Remote,
        engine: &Engine,
        digest: Digest,
    ) -> Result<Wanted, Problem> {
        let content = self.content.manifest(remote, &digest).await?;
        let mut images = vec![digest.to_string()];
        let image = match content.manifest {
            Manifest::Image(image) => Some(image),
            // Of the old format the sizes are told by nobody; whether it can be pulled is the engine's to say.
            Manifest::Old(_) => None,
            Manifest::Index(index) => {
                let info = self.local.answer_of(engine, engine.info().await).await?;
                let platform = info.platform;
                match index.pick(&platform) {
                    Some(child) => {
                        images.push(child.digest.to_string());
                        match self.content.manifest(remote, &child.digest).await?.manifest {
                            Manifest::Image(image) => Some(image),
                            Manifest::Index(_) | Manifest::Old(_) => None,
                        }
                    }
                    None => None,
                }
            }
        };
        let layers = image.iter().flat_map(|image| &image.layers);
        let layers = layers
            .map(|layer| (layer.digest.short().to_owned(), layer.size))
            .collect();
        images.extend(image.iter().map(|image| image.config.digest.to_string()));
        Ok(Wanted {
            digest,
            layers,
            images,
        })
    }
}

/// Returns the tag the image bears in the engine: the active commit its own tag, an older one `tag-<12 digits>`.
fn local_tag(tag: &Tag, digest: &Digest, active: Option<&Digest>) -> Result<Tag, Problem> {
    if active == Some(digest) {
        return Ok(tag.clone());
    }
    // A tag has at most 128 characters; all are ASCII.
    let room = 128 - 13;
    let start = &tag.as_str()[..tag.as_str().len().min(room)];
    names::tag(&format!("{start}-{}", digest.short()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_commit_gets_a_name_of_its_own() {
        let (tag, old, new) = (
            Tag::parse("v1").unwrap(),
            Digest::sha256_of(b"old"),
            Digest::sha256_of(b"new"),
        );
        assert_eq!(local_tag(&tag, &new, Some(&new)).unwrap().as_str(), "v1");
        assert_eq!(
            local_tag(&tag, &old, Some(&new)).unwrap().as_str(),
            format!("v1-{}", old.short())
        );
        let long = Tag::parse(&"a".repeat(128)).unwrap();
        assert_eq!(local_tag(&long, &old, None).unwrap().as_str().len(), 128);
    }
}
