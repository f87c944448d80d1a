//! The media types of manifests: the two of OCI, the two Docker had before, and the two of before 2016.

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
    /// `application/vnd.docker.distribution.manifest.v1+json`: the old image format, schema 1.
    OldManifest,
    /// `application/vnd.docker.distribution.manifest.v1+prettyjws`: the same with signatures, which its digest does not count.
    OldSigned,
    /// Any other: configs, layers, artifacts.
    Other(String),
}

const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";
const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
const OLD_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v1+json";
const OLD_SIGNED: &str = "application/vnd.docker.distribution.manifest.v1+prettyjws";
const DOCKER_LIST: &str = "application/vnd.docker.distribution.manifest.list.v2+json";

impl MediaType {
    /// The value of `Accept` in a request for a manifest. All always, the old ones last: distribution 2.8 answers 404 where the
    /// stored type is not among them, and Quay converts what is not accepted.
    pub const ACCEPT: &str = "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, \
        application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.docker.distribution.manifest.v2+json, \
        application/vnd.docker.distribution.manifest.v1+prettyjws, application/vnd.docker.distribution.manifest.v1+json";

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
            OLD_MANIFEST => Self::OldManifest,
            OLD_SIGNED => Self::OldSigned,
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
            Self::OldManifest => OLD_MANIFEST,
            Self::OldSigned => OLD_SIGNED,
            Self::Other(text) => text,
        }
    }

    /// Tells whether this lists other manifests, one a platform.
    pub fn is_index(&self) -> bool {
        matches!(self, Self::OciIndex | Self::DockerList)
    }

    /// Tells whether this is one of the types a tag may point at.
    pub fn is_manifest(&self) -> bool {
        !matches!(self, Self::Other(_))
    }

    /// Tells whether this is the old image format, schema 1.
    pub fn is_old(&self) -> bool {
        matches!(self, Self::OldManifest | Self::OldSigned)
    }

    /// Tells whether this says nothing about what is in there: what servers send that serve files, or do not know the type.
    pub fn is_vague(&self) -> bool {
        matches!(self, Self::Other(other) if matches!(
            other.as_str(),
            "" | "*/*" | "application/json" | "application/octet-stream" | "application/x-json" | "binary/octet-stream"
                | "text/json" | "text/plain"
        ))
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
    fn the_types_are_accepted_and_read_back() {
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
                MediaType::DockerManifest,
                MediaType::OldSigned,
                MediaType::OldManifest,
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
    fn what_says_nothing_is_vague() {
        for vague in [
            "",
            "application/json; charset=utf-8",
            "text/plain",
            "Application/Octet-Stream",
        ] {
            assert!(MediaType::from_header(vague).is_vague(), "{vague}");
        }
        assert!(!MediaType::from_header("text/html").is_vague() && !MediaType::OciIndex.is_vague());
    }

    #[test]
    fn only_two_are_indexes() {
        assert!(MediaType::OciIndex.is_index() && MediaType::DockerList.is_index());
        assert!(!MediaType::OciManifest.is_index() && !MediaType::DockerManifest.is_index());
        let old = MediaType::OldSigned;
        assert!(old.is_manifest() && old.is_old() && !old.is_index());
        assert!(!MediaType::from_header("application/vnd.oci.image.config.v1+json").is_manifest());
    }
}
