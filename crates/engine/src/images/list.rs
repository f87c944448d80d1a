//! The list of the engine's images, in types of our own that take what any engine says.
//!
//! Not here: one image looked at closely (the module above). Grows by what lists of images tell.

use std::collections::HashSet;

use oci::Platform;
use serde::Deserialize;

use super::known_time;
use crate::raw::Ask;
use crate::version::ApiVersion;
use crate::{Engine, Error};

/// One image of the engine, as its list has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LocalImage {
    /// The engine's id of the image, `sha256:…`.
    pub id: String,
    /// Its names with tags. Empty for an image without a name.
    pub names: Vec<String>,
    /// The digests it is known by, as `host/repository@sha256:…`.
    pub digests: Vec<String>,
    /// It came from a registry under its digests, or went there. Podman and the containerd store give every image that
    /// has a name a digest, by which nothing is known of a registry.
    pub from_registry: bool,
    /// When it was built, in seconds since 1970. `None` where the image does not say.
    pub created: Option<i64>,
    /// Its size in the engine in bytes.
    pub size: u64,
    /// The platforms of it that are there. Empty where the list doesn't tell.
    pub platforms: Vec<Platform>,
    /// It has no name, and no image is made on top of it.
    pub dangling: bool,
}

impl Engine {
    /// Lists all images of the engine, those without a name among them.
    pub async fn images(&self) -> Result<Vec<LocalImage>, Error> {
        // Only Docker, from this version on, tells which platforms of an image are there.
        let tells_platforms = !self.is_podman() && self.version() >= ApiVersion::of(47);
        let query = if tells_platforms {
            "?manifests=true"
        } else {
            ""
        };
        let rows: Option<Vec<Row>> = self
            .ask_json(Ask::get(format!("/images/json{query}")))
            .await?;
        let mut images = read(rows.unwrap_or_default());
        for image in &mut images {
            image.from_registry &= !self.is_podman();
        }
        Ok(images)
    }
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Row {
    pub id: String,
    parent_id: Option<String>,
    repo_tags: Option<Vec<String>>,
    repo_digests: Option<Vec<String>>,
    created: Option<i64>,
    pub size: Option<i64>,
    pub shared_size: Option<i64>,
    manifests: Option<Vec<Manifest>>,
}

/// What the containerd store has of one platform of an image.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Manifest {
    available: Option<bool>,
    kind: Option<String>,
    image_data: Option<ImageData>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct ImageData {
    platform: Option<PlatformOf>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct PlatformOf {
    os: Option<String>,
    architecture: Option<String>,
    variant: Option<String>,
}

fn read(rows: Vec<Row>) -> Vec<LocalImage> {
    let bases: HashSet<String> = rows
        .iter()
        .filter_map(|row| row.parent_id.clone())
        .filter(|parent| !parent.is_empty())
        .collect();
    rows.into_iter()
        .map(|row| {
            let dangling = !bases.contains(&row.id);
            let mut image = row.read();
            image.dangling = dangling && image.names.is_empty();
            image
        })
        .collect()
}

impl Row {
    fn read(self) -> LocalImage {
        // Podman lists digests among the tags where an image has no tag.
        let (mut digests, names): (Vec<String>, Vec<String>) = known(self.repo_tags)
            .into_iter()
            .partition(|name| name.contains("@sha256:"));
        digests.extend(known(self.repo_digests));
        digests.sort_unstable();
        digests.dedup();
        let own = format!("@{}", self.id);
        LocalImage {
            from_registry: digests.iter().any(|digest| !digest.ends_with(&own)),
            id: self.id,
            names,
            digests,
            created: self.created.and_then(known_time),
            size: self.size.and_then(|size| size.try_into().ok()).unwrap_or(0),
            platforms: platforms(self.manifests.unwrap_or_default()),
            dangling: false,
        }
    }
}

fn platforms(manifests: Vec<Manifest>) -> Vec<Platform> {
    let mut found: Vec<Platform> = Vec::new();
    for manifest in manifests {
        // What tells how an image was made (`attestation`) is none of its platforms.
        let Some(data) = manifest.image_data.filter(|_| {
            manifest.available == Some(true) && manifest.kind.as_deref() == Some("image")
        }) else {
            continue;
        };
        let said = data.platform.unwrap_or_default();
        let (os, architecture) = (
            said.os.unwrap_or_default(),
            said.architecture.unwrap_or_default(),
        );
        let platform = Platform::read(&os, &architecture, said.variant.as_deref());
        if let Some(platform) = platform.filter(|platform| !found.contains(platform)) {
            found.push(platform);
        }
    }
    found
}

/// Leaves out the placeholders of older engines (`<none>:<none>`, `<none>@sha256:…`).
pub(super) fn known(names: Option<Vec<String>>) -> Vec<String> {
    let mut names = names.unwrap_or_default();
    names.retain(|name| !name.contains("<none>"));
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(text: &str) -> Vec<LocalImage> {
        read(serde_json::from_str(text).unwrap())
    }

    #[test]
    fn placeholders_and_times_that_are_none_are_left_out() {
        let image = &listed(
            r#"[{"Id":"sha256:1","RepoTags":["<none>:<none>","a:b"],"RepoDigests":["<none>@<none>"],
                "Created":-62135596800,"Size":-1,"SharedSize":-1,"Containers":-1,"Labels":null}]"#,
        )[0];
        assert_eq!(
            (&image.names, &image.digests),
            (&vec!["a:b".to_owned()], &vec![])
        );
        assert_eq!((image.created, image.size), (None, 0));
        assert_eq!(listed(r#"[{"Id":"x"}]"#)[0].id, "x");
    }

    #[test]
    fn a_digest_is_no_name_wherever_it_is_listed() {
        let image = &listed(
            r#"[{"Id":"1","RepoTags":["h/a@sha256:00"],"RepoDigests":["h/a@sha256:00","h/b@sha256:00"]}]"#,
        )[0];
        assert!(image.names.is_empty() && image.dangling);
        assert_eq!(image.digests, ["h/a@sha256:00", "h/b@sha256:00"]);
    }

    #[test]
    fn what_another_is_made_on_does_not_dangle() {
        let images = listed(
            r#"[{"Id":"1"},{"Id":"2","ParentId":"1","RepoTags":["a:b"]},{"Id":"3","ParentId":""},{"Id":"4","RepoTags":["c:d"]}]"#,
        );
        let dangling: Vec<_> = images.iter().map(|image| image.dangling).collect();
        assert_eq!(dangling, [false, false, true, false]);
    }

    #[test]
    fn platforms_are_those_that_are_there() {
        let image = &listed(
            r#"[{"Id":"1","Manifests":[
            {"Available":true,"Kind":"image","ImageData":{"Platform":{"os":"linux","architecture":"amd64"}}},
            {"Available":false,"Kind":"image","ImageData":{"Platform":{"os":"linux","architecture":"s390x"}}},
            {"Available":true,"Kind":"image","ImageData":{"Platform":{"os":"linux","architecture":"arm64","variant":"v8"}}},
            {"Available":true,"Kind":"image","ImageData":{"Platform":{"os":"linux","architecture":"amd64"}}},
            {"Available":true,"Kind":"attestation","AttestationData":{"For":"sha256:1"}},{"Kind":"unknown"}]}]"#,
        )[0];
        let named: Vec<_> = image.platforms.iter().map(ToString::to_string).collect();
        assert_eq!(named, ["linux/amd64", "linux/arm64/v8"]);
    }
}
