//! The push sheet: what a push would do, in numbers, before the button.

use crate::facts::known_layers;
use crate::house::{self, Door, House};
use crate::local::count;
use crate::view::problem::{Code, Problem};
use crate::view::push::{KeepPlan, PushImage, PushPlan, PushQuestion, PushTarget};
use crate::{Longshore, note, problems};
use engine::{ImageDetail, LayerSize};
use oci::{Digest, MediaType, Tag};
use registry::Kind;
use std::collections::HashSet;
use store::{Facts, Place};

/// How many commits of the repository are looked through for layers that are there already.
const COMMITS: u32 = 200;

impl Longshore {
    /// What a push would do.
    pub async fn plan_push(&self, question: PushQuestion) -> Result<PushPlan, Problem> {
        let house = &self.house;
        let tag = house::tag(&question.tag)?;
        let door = house.door(&question.account).await?;
        let (place, remote) = door.repository(&question.repository)?;
        let engine = house.engine().await?;
        let image = house
            .heard(engine.inspect(&question.image).await)
            .await?
            .ok_or_else(no_image)?;
        let layers = house.heard(engine.layers(&question.image).await).await?;

        let active = house.look(&door, &place, &remote, &tag).await?;
        // Its rule may have changed since it was last read; one that can't be read now is as it was.
        let _ = house.look_about(&door, &place, &remote).await;
        let (target, facts) = match &active {
            None => (None, Facts::default()),
            Some(digest) => {
                let facts = match house.facts(&door, &remote, digest).await {
                    Ok(facts) => facts,
                    Err(problem) if problem.code == Code::SignIn => return Err(problem),
                    // What can't be read can still be told from, and kept: by its digest.
                    Err(_) => Facts::default(),
                };
                let row = house.tag_row(&place, tag.as_str()).await?;
                let target = PushTarget {
                    digest: digest.to_string(),
                    time: row.time,
                    size: facts.size,
                    platforms: facts.platforms.clone(),
                    same_image: house.same_image(&image, digest, &facts).await?,
                };
                (Some(target), facts)
            }
        };
        let new_repository = active.is_none() && is_new(&door, &remote).await?;
        let keep = match &active {
            None => KeepPlan::Nothing,
            Some(digest) => {
                house
                    .keep_plan(&place, &tag, digest, facts.platforms.len() > 1)
                    .await?
            }
        };
        let (at_most, new_layers) = self.new_layers(&place, &image, &layers).await?;
        let local_name = format!("{}:{tag}", place.path());
        let name_taken = house
            .heard(engine.inspect(&local_name).await)
            .await?
            .filter(|other| other.id != image.id);
        Ok(PushPlan {
            warnings: target
                .as_ref()
                .map(|target| warnings(&tag, &image, target, &facts))
                .unwrap_or_default(),
            image: PushImage {
                short: image
                    .id
                    .rsplit(':')
                    .next()
                    .unwrap_or_default()
                    .chars()
                    .take(12)
                    .collect(),
                created: image.created,
                size: image.size,
                platforms: image.platform.iter().map(ToString::to_string).collect(),
            },
            target,
            new_repository,
            keep,
            at_most,
            new_layers,
            name_taken: name_taken.map(|_| local_name),
        })
    }

    /// The text for *Copy a note for your team*.
    pub async fn team_note(&self, account: String, repository: String) -> Result<String, Problem> {
        let place = house::place(&self.house.account(&account).await?, &repository)?;
        Ok(note::team_note(&place.path()))
    }

    /// Bytes that go at most, and in how many layers: those not known to be in the repository.
    async fn new_layers(
        &self,
        place: &Place,
        image: &ImageDetail,
        layers: &[LayerSize],
    ) -> Result<(Option<u64>, u32), Problem> {
        let place = place.clone();
        let known: HashSet<Digest> = self
            .house
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

fn no_image() -> Problem {
    problems::plain("The engine no longer has this image.")
        .hint("Refresh the images and choose it again.")
}

/// A repository is new where the registry knows no list of its tags.
async fn is_new(door: &Door, remote: &registry::Repository) -> Result<bool, Problem> {
    match remote.tags().sized(1).next().await {
        Ok(_) => Ok(false),
        Err(error) if error.kind == Kind::NotFound => Ok(true),
        // Some registries let push what one may not read; then it isn't told.
        Err(error) if error.kind == Kind::Denied => Ok(false),
        Err(error) => Err(door.problem(&error)),
    }
}

impl House {
    /// Whether pushing the engine's image would leave a commit as it is, as far as can be told: by ids, and by the
    /// type of its manifest. In doubt it would not: then the commit is kept before, not after.
    pub async fn same_image(
        &self,
        image: &ImageDetail,
        digest: &Digest,
        facts: &Facts,
    ) -> Result<bool, Problem> {
        let wanted = digest.clone();
        let manifest = self.db(move |store| store.manifest(&wanted)).await?;
        let media_type = manifest.map(|(text, _)| MediaType::from_header(&text));
        Ok(media_type.is_some_and(|media_type| same_image(image, digest, facts, &media_type)))
    }
}

/// An engine that holds one platform of an index pushes just that one; one that unpacks its layers writes the manifest
/// anew, in Docker's own format.
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
        return vec![format!("{tag} already points at this image.")];
    }
    let mut warnings = Vec::new();
    if let Some(own) = image.platform.as_ref().map(ToString::to_string) {
        let lost: Vec<&str> = target
            .platforms
            .iter()
            .filter(|platform| **platform != own)
            .map(|platform| short_platform(platform))
            .collect();
        match lost.as_slice() {
            [] => {}
            [one] => warnings.push(format!("{} only, {one} is lost", short_platform(&own))),
            many => warnings.push(format!(
                "{} only, {} are lost",
                short_platform(&own),
                many.join(" and ")
            )),
        }
    }
    if let (Some(new), Some(old)) = (image.created, facts.created)
        && new < old
    {
        warnings.push(format!("built earlier than what {tag} points at now"));
    }
    warnings
}

/// Containers run Linux nearly always, so only another system is worth its word.
fn short_platform(platform: &str) -> &str {
    platform.strip_prefix("linux/").unwrap_or(platform)
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
            size: None,
            platforms,
            created: Some(created),
            images: Vec::new(),
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
            ["built earlier than what v3 points at now"]
        );
        assert_eq!(
            told(&new, &["linux/amd64", "linux/arm64"], 150, true),
            ["v3 already points at this image."]
        );
    }
}
