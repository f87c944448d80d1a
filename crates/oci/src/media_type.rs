//! The media types of manifests: the two of OCI and the two Docker had before.

use std::convert::Infallible;

/// The type of a manifest, of an index, or of anything else.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MediaType {
    /// `application/vnd.oci.image.manifest.v1+json`
    OciManifest,
    /// `application/vnd.oci.image.index.v1+json`
    OciIndex,
    /// `application/vnd.docker.distribution.manifest.v2+json`
    DockerManifest,
    /// `application/vnd.docker.distribution.manifest.list.v2+json`
    DockerList,
    /// Any other: configs, layers, artifacts, schema 1.
    Other(String),
}

const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";
const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
const DOCKER_LIST: &str = "application/vnd.docker.distribution.manifest.list.v2+json";

impl MediaType {
    /// The value of `Accept` in a request for a manifest. All four always: distribution 2.8 answers 404 where the stored
    /// type is not among them.
    pub const ACCEPT: &str = "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, \
        application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.docker.distribution.manifest.v2+json";

    /// Reads a `Content-Type` or `mediaType`; parameters are dropped and case does not count (RFC 9110, 8.3.1).
    pub fn from_header(text: &str) -> Self {
        let bare = text
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        match bare.as_str() {
            OCI_MANIFEST => Self::OciManifest,
            OCI_INDEX => Self::OciIndex,
            DOCKER_MANIFEST => Self::DockerManifest,
            DOCKER_LIST => Self::DockerList,
            _ => Self::Other(bare),
        }
    }

    /// Returns the type as text.
    pub fn as_str(&self) -> &str {
        match self {
            Self::OciManifest => OCI_MANIFEST,
            Self::OciIndex => OCI_INDEX,
            Self::DockerManifest => DOCKER_MANIFEST,
            Self::DockerList => DOCKER_LIST,
            Self::Other(text) => text,
        }
    }

    /// Tells whether this lists other manifests, one a platform.
    pub fn is_index(&self) -> bool {
        matches!(self, Self::OciIndex | Self::DockerList)
    }

    /// Tells whether this is one of the four types a tag may point at.
    pub fn is_manifest(&self) -> bool {
        !matches!(self, Self::Other(_))
    }
}

impl std::fmt::Display for MediaType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for MediaType {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self::from_header(text))
    }
}

impl serde::Serialize for MediaType {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> serde::Deserialize<'de> for MediaType {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::from_header(&String::deserialize(deserializer)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_types_are_accepted_and_read_back() {
        let accepted: Vec<_> = MediaType::ACCEPT
            .split(", ")
            .map(MediaType::from_header)
            .collect();
        assert_eq!(
            accepted,
            [
                MediaType::OciIndex,
                MediaType::OciManifest,
                MediaType::DockerList,
                MediaType::DockerManifest
            ]
        );
        for media_type in accepted {
            assert!(media_type.is_manifest());
            assert_eq!(MediaType::from_header(media_type.as_str()), media_type);
        }
    }

    #[test]
    fn parameters_and_case_do_not_count() {
        assert_eq!(
            MediaType::from_header("Application/vnd.oci.image.index.v1+JSON; charset=utf-8"),
            MediaType::OciIndex
        );
        assert_eq!(
            MediaType::from_header(" application/vnd.oci.image.manifest.v1+json "),
            MediaType::OciManifest
        );
        assert_eq!(
            MediaType::from_header("text/html;charset=utf-8"),
            MediaType::Other("text/html".into())
        );
        assert_eq!(MediaType::from_header(""), MediaType::Other(String::new()));
    }

    #[test]
    fn only_two_are_indexes() {
        assert!(MediaType::OciIndex.is_index() && MediaType::DockerList.is_index());
        assert!(!MediaType::OciManifest.is_index() && !MediaType::DockerManifest.is_index());
        assert!(
            !MediaType::from_header("application/vnd.docker.distribution.manifest.v1+prettyjws")
                .is_manifest()
        );
    }
}
