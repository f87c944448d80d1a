//! The platform an image runs on, in Go's words for systems and processors (image-spec `image-index.md`).

use serde::{Deserialize, Deserializer, Serialize};

/// The longest word of a platform; the longest that Go has is `mips64p32le`.
const LONGEST: usize = 32;

/// An operating system and a processor, such as `linux/arm64/v8`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Platform {
    /// `GOOS`: `linux`, `windows`.
    pub os: String,
    /// `GOARCH`: `amd64`, `arm64`.
    pub architecture: String,
    /// Which kind of that processor, such as `v8`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
}

impl Platform {
    /// Reads a platform by its grammar: words of letters, digits, `.`, `_` and `-` (containerd, `platforms`). What is empty, too long
    /// or of other characters is unknown, and without system or processor there is no platform at all.
    pub fn read(os: &str, architecture: &str, variant: Option<&str>) -> Option<Self> {
        Some(Self {
            os: word(os)?,
            architecture: word(architecture)?,
            variant: variant.and_then(word),
        })
    }

    /// Returns what containers on this computer run on. Always Linux: elsewhere engines run them in a Linux machine of
    /// their own.
    pub fn here() -> Self {
        Self {
            os: "linux".to_owned(),
            architecture: go_arch(std::env::consts::ARCH).to_owned(),
            variant: None,
        }
    }

    /// Tells whether an image for `self` runs where `wanted` is asked for: same system and processor; the variant
    /// counts only where both name one, and `arm64` and `arm64/v8` are the same.
    pub fn fits(&self, wanted: &Self) -> bool {
        let same = self.os == wanted.os && self.architecture == wanted.architecture;
        same && match (self.normal_variant(), wanted.normal_variant()) {
            (Some(ours), Some(theirs)) => ours == theirs,
            _ => true,
        }
    }

    /// Tells whether this marks an attestation (provenance, SBOM) rather than a platform, as BuildKit writes it.
    pub fn is_unknown(&self) -> bool {
        self.os == "unknown" && self.architecture == "unknown"
    }

    fn normal_variant(&self) -> Option<&str> {
        match (self.architecture.as_str(), self.variant.as_deref()) {
            (_, None | Some("")) | ("arm64", Some("v8" | "8")) => None,
            (_, variant) => variant,
        }
    }
}

/// Reads one word of a platform.
fn word(text: &str) -> Option<String> {
    let good = |letter: u8| letter.is_ascii_alphanumeric() || matches!(letter, b'.' | b'_' | b'-');
    ((1..=LONGEST).contains(&text.len()) && text.bytes().all(good)).then(|| text.to_owned())
}

/// Reads the platform of a descriptor. One of another shape than a platform has is none, and no reason to refuse the manifest.
pub(crate) fn lenient<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Platform>, D::Error> {
    let read = serde_json::Value::deserialize(deserializer)?;
    let text = |name: &str| read.get(name).and_then(serde_json::Value::as_str);
    Ok(Platform::read(
        text("os").unwrap_or_default(),
        text("architecture").unwrap_or_default(),
        text("variant"),
    ))
}

/// Translates Rust's word for a processor into Go's.
fn go_arch(rust: &str) -> &str {
    match rust {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        "powerpc64" => "ppc64le",
        "loongarch64" => "loong64",
        other => other,
    }
}

impl std::fmt::Display for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.os, self.architecture)?;
        match self.variant.as_deref() {
            Some(variant) if !variant.is_empty() => write!(f, "/{variant}"),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn platform(os: &str, architecture: &str, variant: Option<&str>) -> Platform {
        Platform {
            os: os.into(),
            architecture: architecture.into(),
            variant: variant.map(Into::into),
        }
    }

    #[test]
    fn shows_the_variant_only_where_there_is_one() {
        assert_eq!(platform("linux", "amd64", None).to_string(), "linux/amd64");
        assert_eq!(
            platform("linux", "arm64", Some("v8")).to_string(),
            "linux/arm64/v8"
        );
        assert_eq!(
            platform("linux", "arm64", Some("")).to_string(),
            "linux/arm64"
        );
    }

    #[test]
    fn hostile_words_are_no_platform() {
        let long = "a".repeat(LONGEST + 1);
        for bad in [
            "",
            "amd64\n",
            "am\u{202e}d64",
            "amd 64",
            "<b>",
            "a/b",
            long.as_str(),
        ] {
            assert_eq!(Platform::read("linux", bad, None), None, "{bad:?}");
            assert_eq!(Platform::read(bad, "amd64", None), None, "{bad:?}");
            let without = Platform::read("linux", "arm", Some(bad)).unwrap();
            assert_eq!(without.variant, None, "{bad:?}");
        }
        let read = Platform::read("linux", "arm64", Some("v8")).unwrap();
        assert_eq!(read.to_string(), "linux/arm64/v8");
    }

    #[test]
    fn only_unknown_on_both_sides_marks_an_attestation() {
        let read = |os, architecture| Platform::read(os, architecture, None).unwrap();
        assert!(read("unknown", "unknown").is_unknown());
        assert!(!read("linux", "unknown").is_unknown() && !read("unknown", "amd64").is_unknown());
    }

    #[test]
    fn this_computer_is_named_in_gos_words() {
        let here = Platform::here();
        assert_eq!(here.os, "linux");
        assert!(!["x86_64", "aarch64", "x86"].contains(&here.architecture.as_str()));
        assert_eq!(
            (go_arch("x86_64"), go_arch("aarch64"), go_arch("riscv64")),
            ("amd64", "arm64", "riscv64")
        );
    }

    #[test]
    fn variants_count_only_where_both_name_one() {
        let arm = platform("linux", "arm", Some("v7"));
        assert!(arm.fits(&platform("linux", "arm", None)));
        assert!(!arm.fits(&platform("linux", "arm", Some("v6"))));
        assert!(platform("linux", "arm64", Some("v8")).fits(&platform("linux", "arm64", None)));
        assert!(!arm.fits(&platform("linux", "arm64", None)));
        assert!(!platform("windows", "amd64", None).fits(&platform("linux", "amd64", None)));
    }
}
