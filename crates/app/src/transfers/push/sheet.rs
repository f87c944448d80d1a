//! The push sheet: what a push would do, in numbers, before the button.

use crate::accounts::Remote;
use crate::content::known_layers;
use crate::ground::{count, names};
use crate::history::TagsListed;
use crate::transfers::confiding::told_to;
use crate::transfers::local_name::NameAt;
use crate::transfers::room::Transfers;
use crate::view::problem::{Code, Problem};
use crate::view::push::{KeepPlan, PushImage, PushPlan, PushQuestion, PushTarget};
use crate::words;
use engine::{Engine, ImageDetail, LayerSize};
use futures_util::FutureExt;
use oci::{Digest, MediaType, Tag, short_id};
use std::collections::HashSet;
use store::{Facts, Place};

/// How many commits of the repository are looked through for layers that are there already.
const COMMITS: u32 = 200;

/// What stands where an image goes.
struct There {
    target: Option<PushTarget>,
    facts: Facts,
    new_repository: bool,
    keep: KeepPlan,
}

impl Transfers {
    /// Says what a push would do.
    pub async fn plan_push(&self, question: PushQuestion) -> Result<PushPlan, Problem> {
        let tag = names::tag(&question.tag)?;
        let remote = self
            .accounts
            .remote(&question.account, &question.repository)
            .await?;
        let place = remote.place.clone();
        // Whoever reads the sheet is about to push from the engine that has the image.
        let _use = self.local.begin_use();
        let engine = self.local.engine_at(question.engine.as_deref()).await?;
        self.return_names(&engine).await?;
        let image = match &question.image {
            Some(id) => Some(self.pushed_image(&engine, id).await?),
            None => None,
        };
        let base = match &question.base {
            Some(id) if image.is_none() => self.layers_of(&engine, id).await?,
            _ => None,
        };

        let name = NameAt {
            engine: &engine,
            place: &place,
            tag: &tag,
        };
        let name_taken = self
            .bearer(&name)
            .await?
            .filter(|bearer| !bearer.ours && !is(image.as_ref(), &bearer.image.id))
            .map(|_| format!("{}:{tag}", place.path()));
        let detail = image.as_ref().map(|(detail, _)| detail);
        let there = self.there(&remote, &tag, detail).boxed();
        let there = self
            .accounts
            .asking_for_sheet(&question.account, there)
            .await?;
        let (at_most, new_layers) = match image.as_ref().or(base.as_ref()) {
            Some((detail, layers)) => self.new_layers(&place, detail, layers).await?,
            None => (None, 0),
        };
        Ok(PushPlan {
            warnings: match (detail, there.target.as_ref()) {
                (_, None) => Vec::new(),
                (Some(image), Some(target)) => warnings(&tag, image, target, &there.facts),
                // What isn't made yet is known by its platform alone.
                (None, Some(target)) => {
                    let of_base = base.and_then(|(base, _)| base.platform);
                    let known = question.platform.or(of_base.map(|own| own.to_string()));
                    let own = self.platform(&engine, known).await?;
                    let lost = words::content::lost_platforms(&target.platforms, &[own]);
                    lost.into_iter().map(|said| said.text()).collect()
                }
            },
            image: detail.map(|image| PushImage {
                short: short_id(&image.id).to_owned(),
                created: image.created,
                size: image.size,
                platforms: image.platform.iter().map(ToString::to_string).collect(),
            }),
            target: there.target,
            new_repository: there.new_repository,
            keep: there.keep,
            at_most,
            new_layers,
            name_taken,
            secret_goes_to: told_to(&engine, &remote),
            docker_alone: self.docker_alone(&remote).await,
        })
    }

    /// Says that a registry lists images in Docker's own format alone, where it does.
    async fn docker_alone(&self, remote: &Remote) -> Option<String> {
        let id = self.accounts.vendor(remote.account().id).await?;
        let is_so = vendors::of(id).shows_docker_alone();
        is_so.then(|| words::kinds::docker_alone(words::kinds::name(id)).text())
    }

    /// Returns the platform of what will be made: the one that is known, else the engine's own.
    async fn platform(&self, engine: &Engine, known: Option<String>) -> Result<String, Problem> {
        if let Some(platform) = known {
            return Ok(platform);
        }
        let info = self.local.answer_of(engine, engine.info().await).await?;
        Ok(info.platform.to_string())
    }

    /// Looks at the image that is to go, and at its layers.
    async fn pushed_image(
        &self,
        engine: &Engine,
        id: &str,
    ) -> Result<(ImageDetail, Vec<LayerSize>), Problem> {
        let image = self.layers_of(engine, id).await?;
        image.ok_or_else(words::transfers::no_image)
    }

    /// Looks at an image and its layers; none where the engine doesn't have it.
    async fn layers_of(
        &self,
        engine: &Engine,
        id: &str,
    ) -> Result<Option<(ImageDetail, Vec<LayerSize>)>, Problem> {
        let inspected = engine.inspect(id).await;
        let Some(image) = self.local.answer_of(engine, inspected).await? else {
            return Ok(None);
        };
        let layers = engine.layers(id).await;
        let layers = self.local.answer_of(engine, layers).await?;
        Ok(Some((image, layers)))
    }

    /// Asks the registry what stands where the image goes. Of one that isn't made yet nothing can be compared.
    async fn there(
        &self,
        remote: &Remote,
        tag: &Tag,
        image: Option<&ImageDetail>,
    ) -> Result<There, Problem> {
        let place = &remote.place;
        let active = self.history.points_at(remote, tag).await?;
        // Its rule may have changed since it was last read; one that can't be read now is as it was.
        let _ = self.about.look(remote).await;
        let (target, facts) = match &active {
            None => (None, Facts::default()),
            Some(digest) => {
                let facts = match self.content.facts(remote, digest).await {
                    Ok(facts) => facts,
                    Err(problem) if problem.code == Code::SignIn => return Err(problem),
                    // What can't be read can still be told from, and kept: by its digest.
                    Err(_) => Facts::default(),
                };
                let row = self.history.tag_row(place, tag.as_str()).await?;
                let target = PushTarget {
                    digest: digest.to_string(),
                    time: row.time,
                    size: facts.size,
                    platforms: words::content::platforms(&facts),
                    same_image: match image {
                        Some(image) => self.same_image(image, digest, &facts).await?,
                        None => false,
                    },
                };
                (Some(target), facts)
            }
        };
        let new_repository =
            active.is_none() && self.history.tags_listed(remote).await? == TagsListed::NoRepository;
        let keep = match &active {
            None => KeepPlan::Nothing,
            Some(digest) => {
                self.keeping
                    .plan(place, tag, digest, facts.platforms.len() > 1)
                    .await?
            }
        };
        Ok(There {
            target,
            facts,
            new_repository,
            keep,
        })
    }

    /// Counts the bytes that go at most, and in how many layers: those not known to be in the repository.
    async fn new_layers(
        &self,
        place: &Place,
        image: &ImageDetail,
        layers: &[LayerSize],
    ) -> Result<(Option<u64>, u32), Problem> {
        let place = place.clone();
        let known: HashSet<Digest> = self
            .ground
            .db(move |store| {
                let mut known = HashSet::new();
                for digest in store.digests_in(&place, COMMITS)? {
                    known.extend(known_layers(store, &digest)?);
                }
                Ok(known)
            })
            .await?;
        let is_new =
            |id: &&String| !oci::Digest::parse(id).is_ok_and(|digest| known.contains(&digest));
        let new = image.diff_ids.iter().filter(is_new).count();
        let sized = layers.len() == image.diff_ids.len();
        let bytes = || {
            image
                .diff_ids
                .iter()
                .zip(layers)
                .filter(|(id, _)| is_new(id))
                .map(|(_, layer)| layer.size)
                .sum()
        };
        Ok((sized.then(bytes), count(new)))
    }
}

impl Transfers {
    /// Tells whether pushing the engine's image would leave a commit as it is, as far as can be told: by ids, and by the
    /// type of its manifest. In doubt it would not: then the commit is kept before, not after.
    pub async fn same_image(
        &self,
        image: &ImageDetail,
        digest: &Digest,
        facts: &Facts,
    ) -> Result<bool, Problem> {
        let wanted = digest.clone();
        let manifest = self.ground.db(move |store| store.manifest(&wanted)).await?;
        let media_type = manifest.map(|(text, _)| MediaType::from_header(&text));
        Ok(media_type.is_some_and(|media_type| same_image(image, digest, facts, &media_type)))
    }
}

/// Tells whether this is the image of that id.
fn is(image: Option<&(ImageDetail, Vec<LayerSize>)>, id: &str) -> bool {
    image.is_some_and(|(image, _)| image.id == id)
}

/// Tells by ids and types whether a push would leave a commit as it is. An engine that holds one platform of an index
/// pushes just that one; one that unpacks its layers writes the manifest anew, in Docker's own format.
fn same_image(image: &ImageDetail, digest: &Digest, facts: &Facts, media_type: &MediaType) -> bool {
    let whole = image.id == digest.as_str() && !media_type.is_index();
    let known = facts.images.contains(&image.id)
        || image
            .digests
            .iter()
            .any(|name| name.ends_with(&format!("@{digest}")));
    whole || (known && *media_type == MediaType::DockerManifest)
}

fn warnings(tag: &Tag, image: &ImageDetail, target: &PushTarget, facts: &Facts) -> Vec<String> {
    if target.same_image {
        return vec![words::transfers::already(tag).text()];
    }
    let own: Vec<String> = image.platform.iter().map(ToString::to_string).collect();
    let lost = words::content::lost_platforms(&target.platforms, &own);
    let times = image.created.zip(facts.created);
    let earlier = times
        .is_some_and(|(new, old)| new < old)
        .then(words::transfers::built_earlier);
    lost.into_iter()
        .chain(earlier)
        .map(|said| said.text())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(created: i64, platform: &str) -> ImageDetail {
        let (os, architecture) = platform.split_once('/').unwrap();
        ImageDetail {
            id: Digest::sha256_of(b"image").to_string(),
            names: Vec::new(),
            digests: Vec::new(),
            created: Some(created),
            size: 1,
            platform: Some(oci::Platform {
                os: os.into(),
                architecture: architecture.into(),
                variant: None,
            }),
            diff_ids: Vec::new(),
        }
    }

    fn told(
        image: &ImageDetail,
        platforms: &[&str],
        created: i64,
        same_image: bool,
    ) -> Vec<String> {
        let platforms: Vec<String> = platforms.iter().map(ToString::to_string).collect();
        let target = PushTarget {
            digest: Digest::sha256_of(b"old").to_string(),
            time: None,
            size: None,
            platforms: platforms.clone(),
            same_image,
        };
        let facts = Facts {
            platforms,
            created: Some(created),
            ..Facts::default()
        };
        warnings(&Tag::parse("v3").unwrap(), image, &target, &facts)
    }

    #[test]
    fn only_what_a_push_leaves_as_it_is_counts_as_the_same() {
        let digest = Digest::sha256_of(b"commit");
        let unpacked = ImageDetail {
            digests: vec![format!("registry.example/lab/tool@{digest}")],
            ..image(1, "linux/amd64")
        };
        let whole = ImageDetail {
            id: digest.to_string(),
            ..image(1, "linux/amd64")
        };
        let config = Facts {
            images: vec![image(1, "linux/amd64").id],
            ..Facts::default()
        };
        let same = |image: &ImageDetail, facts: &Facts, media_type: &MediaType| {
            same_image(image, &digest, facts, media_type)
        };
        let none = Facts::default();
        for (index, plain) in [
            (MediaType::OciIndex, MediaType::OciManifest),
            (MediaType::DockerList, MediaType::DockerManifest),
        ] {
            // Pulled from an index, an image bears the index's digest; pushed again, it is one platform of it.
            assert!(!same(&unpacked, &config, &index) && !same(&whole, &none, &index));
            assert!(same(&whole, &none, &plain));
        }
        assert!(same(&unpacked, &none, &MediaType::DockerManifest));
        assert!(same(
            &image(1, "linux/amd64"),
            &config,
            &MediaType::DockerManifest
        ));
        assert!(!same(&unpacked, &config, &MediaType::OciManifest));
        assert!(!same(
            &image(1, "linux/amd64"),
            &none,
            &MediaType::DockerManifest
        ));
    }

    #[test]
    fn what_may_not_be_meant_is_said() {
        let new = image(100, "linux/amd64");
        assert!(told(&new, &["linux/amd64"], 50, false).is_empty());
        assert_eq!(
            told(&new, &["linux/amd64", "linux/arm64"], 50, false),
            ["amd64 only, arm64 is lost"]
        );
        assert_eq!(
            told(
                &new,
                &["linux/amd64", "linux/arm64", "windows/amd64"],
                50,
                false
            ),
            ["amd64 only, arm64 and windows/amd64 are lost"]
        );
        assert_eq!(
            told(&new, &["linux/amd64"], 150, false),
            ["built earlier than what it replaces"]
        );
        assert_eq!(
            told(&new, &["linux/amd64", "linux/arm64"], 150, true),
            ["v3 already points at this image."]
        );
    }
}
