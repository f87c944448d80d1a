//! From what the engine says of its images to rows, each with the commit it is.

use super::place::Commits;
use super::users::Users;
use crate::view::engine::ImageRow;
use engine::LocalImage;

/// How many digests are shown of an image that has more.
const DIGESTS: usize = 8;

/// Returns the rows of one image: one a name, or one without.
pub(super) fn rows(image: &LocalImage, commits: &Commits, users: Option<&Users>) -> Vec<ImageRow> {
    let row = |name: Option<&String>| ImageRow {
        key: name.unwrap_or(&image.id).clone(),
        id: image.id.clone(),
        name: name.cloned(),
        created: image.created,
        size: image.size,
        digests: image.digests.iter().take(DIGESTS).cloned().collect(),
        platforms: image.platforms.iter().map(ToString::to_string).collect(),
        used_by: users.map(|users| users.used_by(&image.id)),
        dangling: image.dangling,
        place: commits.place(image, name.map(String::as_str)),
    };
    if image.names.is_empty() {
        return vec![row(None)];
    }
    image.names.iter().map(|name| row(Some(name))).collect()
}
