//! The engine's images: listing, looking at one, naming and un-naming it. Nothing here moves bytes.

mod list;
mod remove;
mod sizes;

pub use list::LocalImage;
pub use remove::Removed;
pub use sizes::Shared;

use bollard::models::{ImageHistoryResponseItem, ImageInspect};
use bollard::query_parameters::TagImageOptionsBuilder;
use oci::{Platform, UtcSeconds, short_id};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{Engine, Error};

/// The characters that are encoded in a query's value: everything but the unreserved characters of RFC 3986.
const IN_QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
/// The characters that are encoded in a path: the engine splits names at `/`, `:` and `@` itself.
const IN_PATH: &AsciiSet = &IN_QUERY.remove(b'/').remove(b':').remove(b'@');

/// One image of the engine, looked at more closely.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageDetail {
    /// The engine's id of the image, `sha256:…`.
    pub id: String,
    /// Its names with tags. Empty for an image without a name.
    pub names: Vec<String>,
    /// The digests it is known by in registries, as `host/repository@sha256:…`.
    pub digests: Vec<String>,
    /// When it was built, in seconds since 1970. `None` where the image does not say.
    pub created: Option<i64>,
    /// Its size in the engine in bytes.
    pub size: u64,
    /// The platform it runs on.
    pub platform: Option<Platform>,
    /// The digests of its unpacked layers, lowest first.
    pub diff_ids: Vec<String>,
}

/// The unpacked size of one layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayerSize {
    /// The first twelve digits of the layer's unpacked digest: what engines with graph drivers call it while pushing
    /// (the `id` of [`crate::Event::Layer`]).
    pub id: String,
    /// Its unpacked bytes.
    pub size: u64,
}

impl Engine {
    /// Looks at one image by name or id; `None` when the engine does not have it.
    pub async fn inspect(&self, name_or_id: &str) -> Result<Option<ImageDetail>, Error> {
        match self
            .docker()
            .inspect_image(&in_path(name_or_id)?)
            .await
            .map_err(Error::from)
        {
            Ok(image) => Ok(Some(image_detail(image))),
            Err(Error::Refused { status: 404, .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Returns the unpacked sizes of an image's layers, lowest first. Empty where the engine's history does not tell
    /// which of its steps made which layer.
    pub async fn layers(&self, name_or_id: &str) -> Result<Vec<LayerSize>, Error> {
        let name = in_path(name_or_id)?;
        let image = image_detail(self.docker().inspect_image(&name).await?);
        let history = self.docker().image_history(&name).await?;
        Ok(layer_sizes(&image, &history))
    }

    /// Gives an image one more name. A name that points elsewhere is moved.
    pub async fn tag(&self, name_or_id: &str, repository: &str, tag: &str) -> Result<(), Error> {
        let options = TagImageOptionsBuilder::new()
            .repo(repository)
            .tag(tag)
            .build();
        Ok(self
            .docker()
            .tag_image(&in_path(name_or_id)?, Some(options))
            .await?)
    }
}

/// Writes a name or id as it stands in a path: percent-encoded, and never so that it would lead to another path.
pub(crate) fn in_path(name: &str) -> Result<String, Error> {
    let fits = !name.is_empty() && name.split('/').all(|part| !matches!(part, "" | "." | ".."));
    if !fits {
        return Err(Error::Refused {
            status: 400,
            message: format!("“{name}” is not the name of an image."),
        });
    }
    Ok(utf8_percent_encode(name, IN_PATH).to_string())
}

/// Percent-encodes a value of a query: all but unreserved characters.
pub(crate) fn in_query(text: &str) -> String {
    utf8_percent_encode(text, IN_QUERY).to_string()
}

fn image_detail(image: ImageInspect) -> ImageDetail {
    let platform = Platform::read(
        &image.os.unwrap_or_default(),
        &image.architecture.unwrap_or_default(),
        image.variant.as_deref(),
    );
    ImageDetail {
        id: image.id.unwrap_or_default(),
        names: list::known(image.repo_tags),
        digests: list::known(image.repo_digests),
        created: image
            .created
            .and_then(|text| UtcSeconds::parse_rfc3339(&text))
            .and_then(|time| known_time(time.0)),
        size: bytes(image.size.unwrap_or_default()),
        platform,
        diff_ids: image.root_fs.and_then(|fs| fs.layers).unwrap_or_default(),
    }
}

/// Builders that make reproducible images write the year 1970, engines the year 1 where the image says nothing: neither
/// is a time at which anything was built.
pub(crate) fn known_time(seconds: i64) -> Option<i64> {
    (seconds > 0).then_some(seconds)
}

fn bytes(size: i64) -> u64 {
    u64::try_from(size).unwrap_or(0)
}

/// Joins layers with the steps that made them. The history (newest first) has a step for each line of a build file, most
/// of them without a layer, and does not mark those; what can be told is told by the numbers.
fn layer_sizes(image: &ImageDetail, history: &[ImageHistoryResponseItem]) -> Vec<LayerSize> {
    let count = image.diff_ids.len();
    let all: Vec<u64> = history.iter().rev().map(|step| bytes(step.size)).collect();
    let filled: Vec<u64> = all.iter().copied().filter(|size| *size > 0).collect();
    let sizes = if filled.len() == count {
        filled
    } else if all.len() == count {
        all
    } else if count == 1 {
        vec![image.size]
    } else {
        return Vec::new();
    };
    image
        .diff_ids
        .iter()
        .zip(sizes)
        .map(|(id, size)| LayerSize {
            id: short_id(id).to_owned(),
            size,
        })
        .collect()
}

#[cfg(test)]
mod tests;
