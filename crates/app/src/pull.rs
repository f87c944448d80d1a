//! Pulling a commit, the active one or an older one, and giving it a name a person can use.

use crate::house::{self, Door, House};
use crate::push::name_taken;
use crate::tasks::{Live, Meter, Stop, Work};
use crate::view::events::Stale;
use crate::view::problem::Problem;
use crate::view::push::PullOrder;
use crate::view::tasks::Outcome;
use crate::{Longshore, problems};
use engine::{Engine, ImageDetail};
use oci::{CommitTag, Digest, Manifest, Tag};
use registry::Repository;
use std::sync::Arc;
use store::Place;

impl Longshore {
    /// Starts a pull; the id of its task.
    pub async fn start_pull(&self, order: PullOrder) -> Result<String, Problem> {
        house::tag(&order.tag)?;
        house::place(
            &self.house.account(&order.account).await?,
            &order.repository,
        )?;
        self.house.begin(Work::Pull(order)).await
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
    /// Whether an engine's image is this one, as far as its ids tell.
    fn is(&self, image: &ImageDetail) -> bool {
        let at = format!("@{}", self.digest);
        self.images.contains(&image.id) || image.digests.iter().any(|known| known.ends_with(&at))
    }
}

impl House {
    /// The whole pull.
    pub async fn pull(self: &Arc<Self>, order: PullOrder, live: &Live) -> Result<Outcome, Stop> {
        let door = self.door(&order.account).await?;
        let (place, remote) = door.repository(&order.repository)?;
        let tag = house::tag(&order.tag)?;
        let engine = self.engine().await?;
        let path = place.path();

        let prepared = async {
            let active = self.look(&door, &place, &remote, &tag).await?;
            let digest = self
                .wanted_digest(&door, &place, &remote, &order, active.as_ref())
                .await?;
            live.name_commit(&digest);
            let wanted = self.wanted(&door, &remote, &engine, digest).await?;
            let name = local_tag(&tag, &wanted.digest, active.as_ref())?;
            let local_name = format!("{path}:{name}");
            let borne = self.heard(engine.inspect(&local_name).await).await?;
            if borne.is_some_and(|image| !wanted.is(&image)) && !order.move_name {
                return Err(name_taken(&local_name));
            }
            Ok((wanted, name, local_name))
        };
        let (wanted, name, local_name) = tokio::select! {
            () = live.token().cancelled() => return Err(Stop::Cancelled(None)),
            prepared = prepared => prepared?,
        };

        let transfer = engine.pull(&path, wanted.digest.as_str(), &door.auth);
        let meter = Meter::with_layers(wanted.layers.iter().cloned());
        self.follow(live, &place.host, transfer, meter, |_| {
            std::future::pending()
        })
        .await?;

        let by_digest = format!("{path}@{}", wanted.digest);
        let image = self
            .heard(engine.inspect(&by_digest).await)
            .await?
            .ok_or_else(|| {
                problems::plain("The engine pulled the image but doesn’t show it.")
                    .hint("Refresh the images.")
            })?;
        // The bytes may have taken long: somebody else may have given the name away meanwhile.
        let borne = self.heard(engine.inspect(&local_name).await).await?;
        if borne.is_some_and(|other| other.id != image.id && !wanted.is(&other)) && !order.move_name
        {
            return Err(name_taken(&local_name).into());
        }
        self.heard(engine.tag(&image.id, &path, name.as_str()).await)
            .await?;
        let _ = self.look_at_images().await;
        self.stale(Stale::Images);
        self.stale_tags(&place).await;
        Ok(Outcome {
            name: local_name,
            digest: Some(wanted.digest.to_string()),
            commit_tag: None,
            previous: None,
            notes: Vec::new(),
        })
    }

    async fn wanted_digest(
        &self,
        door: &Door,
        place: &Place,
        remote: &Repository,
        order: &PullOrder,
        active: Option<&Digest>,
    ) -> Result<Digest, Problem> {
        let Some(commit) = &order.commit else {
            return active.cloned().ok_or_else(|| {
                problems::plain(format!(
                    "{} no longer has the tag {}.",
                    place.path(),
                    order.tag
                ))
                .hint("Refresh the list; an older commit may still be there.")
            });
        };
        if let Ok(digest) = Digest::parse(commit) {
            return Ok(digest);
        }
        // Only its commit tag is known: one HEAD completes and checks it.
        let name = CommitTag::parse(commit).ok_or_else(|| {
            problems::plain("This names no commit.").hint("Choose it from the list again.")
        })?;
        match self.look(door, place, remote, &name.name()).await? {
            Some(digest) if name.matches(&digest) => Ok(digest),
            Some(digest) => Err(problems::plain(format!(
                "The commit tag {name} points at {}, which is not what it says.",
                digest.short()
            ))
            .hint("Someone moved it. Pull that commit by its digest, if that is what you want.")),
            None => Err(problems::plain(format!("The commit tag {name} is gone."))
                .hint("Refresh the list; a rule of the registry or a person removed it.")),
        }
    }

    /// The layers that will move, for the engine's platform.
    async fn wanted(
        &self,
        door: &Door,
        remote: &Repository,
        engine: &Engine,
        digest: Digest,
    ) -> Result<Wanted, Problem> {
        let content = self.manifest(door, remote, &digest).await?;
        let mut images = vec![digest.to_string()];
        let image = match content.manifest {
            Manifest::Image(image) => Some(image),
            Manifest::Index(index) => {
                let platform = self.heard(engine.info().await).await?.platform;
                match index.pick(&platform) {
                    Some(child) => {
                        images.push(child.digest.to_string());
                        match self.manifest(door, remote, &child.digest).await?.manifest {
                            Manifest::Image(image) => Some(image),
                            Manifest::Index(_) => None,
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

/// The tag the image bears in the engine: the active commit its own tag, an older one `tag-<12 digits>`.
fn local_tag(tag: &Tag, digest: &Digest, active: Option<&Digest>) -> Result<Tag, Problem> {
    if active == Some(digest) {
        return Ok(tag.clone());
    }
    // A tag has at most 128 characters; all are ASCII.
    let room = 128 - 13;
    let start = &tag.as_str()[..tag.as_str().len().min(room)];
    house::tag(&format!("{start}-{}", digest.short()))
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
