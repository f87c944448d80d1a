//! Commits without a tag, of a vendor's list of manifests that names the parts of indexes alike.
//!
//! Nothing in such a list says which manifest is a part: so in a repository that has an index, only indexes are told. That leaves out an
//! image without a tag beside them; a part of a commit shown as a commit of its own would be worse, as people delete what they see.
//! Not here: asking. Grows by another sign of a part.

use crate::values::Moment;
use oci::MediaType;

/// What was read of such a list.
#[derive(Debug, Default)]
pub(crate) struct Untagged {
    bare: Vec<(bool, Moment)>,
    has_index: bool,
}

impl Untagged {
    /// Takes a manifest of this media type; with its moment where no tag names it.
    pub(crate) fn take(&mut self, kind: &str, moment: Option<Moment>) {
        let is_index = MediaType::from_header(kind).is_index();
        self.has_index |= is_index;
        self.bare.extend(moment.map(|moment| (is_index, moment)));
    }

    /// Returns those that are commits.
    pub(crate) fn commits(self) -> Vec<Moment> {
        let is_one = |(is_index, _): &(bool, Moment)| *is_index || !self.has_index;
        let bare = self.bare.into_iter().filter(is_one);
        bare.map(|(_, moment)| moment).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use oci::{Digest, UtcSeconds};

    const IMAGE: &str = "application/vnd.oci.image.manifest.v1+json";

    fn moment(text: &str) -> Moment {
        Moment {
            digest: Digest::sha256_of(text.as_bytes()),
            tag: None,
            from: UtcSeconds(1_700_000_000),
            until: None,
            by: None,
            restorable_until: None,
            what: None,
        }
    }

    #[test]
    fn beside_an_index_what_may_be_its_part_is_no_commit() {
        let mut without = Untagged::default();
        without.take(IMAGE, None);
        without.take(IMAGE, Some(moment("a")));
        assert_eq!(without.commits(), [moment("a")]);
        for kind in [
            "application/vnd.oci.image.index.v1+json",
            "application/vnd.docker.distribution.manifest.list.v2+json",
        ] {
            let mut beside = Untagged::default();
            beside.take(IMAGE, Some(moment("part")));
            beside.take(kind, Some(moment("old")));
            // One with a tag says as much.
            beside.take(kind, None);
            beside.take(IMAGE, Some(moment("part too")));
            assert_eq!(beside.commits(), [moment("old")]);
        }
    }
}
