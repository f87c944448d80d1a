//! From what the engine says of its containers to rows, each with the commit that it runs.
//!
//! Not here: what changed in one (`facts`). Grows by what a list of containers tells.

use super::place::Commits;
use crate::view::containers::{ContainerRow, ContainerState};
use engine::{LocalContainer, LocalImage};
use std::collections::HashMap;

/// Returns the rows of containers.
pub(super) fn rows(
    containers: Vec<LocalContainer>,
    images: &[LocalImage],
    commits: &Commits,
) -> Vec<ContainerRow> {
    let by_id: HashMap<&str, &LocalImage> = images
        .iter()
        .map(|image| (image.id.as_str(), image))
        .collect();
    let row = |container: LocalContainer| {
        let image = by_id.get(container.image_id.as_str()).copied();
        let place = image.map(|image| {
            let name = name_there(image, &container.image);
            commits.place(image, name)
        });
        ContainerRow {
            image: shown_image(&container, image),
            id: container.id,
            name: container.name,
            image_id: container.image_id,
            state: state(container.state),
            created: container.created,
            place,
        }
    };
    containers.into_iter().map(row).collect()
}

/// Returns the name a container's image was chosen by, where the image still has it.
fn name_there<'a>(image: &'a LocalImage, said: &str) -> Option<&'a str> {
    let with_tag = format!("{said}:latest");
    image
        .names
        .iter()
        .find(|name| *name == said || **name == with_tag)
        .map(String::as_str)
}

/// Returns what a container's image is called: never by a name that is another image's by now.
fn shown_image(container: &LocalContainer, image: Option<&LocalImage>) -> String {
    let said = &container.image;
    let is_known = |image: &LocalImage| {
        name_there(image, said).is_some() || image.digests.iter().any(|digest| digest == said)
    };
    let is_id = said.is_empty() || said.starts_with("sha256:") || {
        let bare = oci::short_id(&container.image_id);
        said.len() >= bare.len() && container.image_id.contains(said.as_str())
    };
    if is_id || image.is_some_and(|image| !is_known(image)) {
        oci::short_id(&container.image_id).to_owned()
    } else {
        said.clone()
    }
}

fn state(state: engine::ContainerState) -> ContainerState {
    use engine::ContainerState as Theirs;
    match state {
        Theirs::Created => ContainerState::Created,
        Theirs::Running => ContainerState::Running,
        Theirs::Paused => ContainerState::Paused,
        Theirs::Restarting => ContainerState::Restarting,
        Theirs::Stopped => ContainerState::Stopped,
        Theirs::Removing => ContainerState::Removing,
        Theirs::Dead => ContainerState::Dead,
        Theirs::Other => ContainerState::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn container(image: &str, image_id: &str) -> LocalContainer {
        LocalContainer {
            id: "c0".to_owned(),
            name: "notebook".to_owned(),
            image: image.to_owned(),
            image_id: image_id.to_owned(),
            state: engine::ContainerState::Running,
            created: None,
            compose_files: Vec::new(),
        }
    }

    const ID: &str = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    #[test]
    fn an_image_is_called_by_its_name_while_it_has_it() {
        let image = LocalImage {
            id: ID.to_owned(),
            names: vec!["team/app:v1".to_owned(), "postgres:latest".to_owned()],
            digests: vec!["h/a@sha256:00".to_owned()],
            ..LocalImage::default()
        };
        let shown = |said: &str| shown_image(&container(said, ID), Some(&image));
        for said in [
            "team/app:v1",
            "postgres",
            "postgres:latest",
            "h/a@sha256:00",
        ] {
            assert_eq!(shown(said), said);
        }
        // Moved on, or never a name.
        for said in [
            "team/app:v2",
            ID,
            &ID[7..],
            &ID[7..19],
            "sha256:0123456789ab",
            "",
        ] {
            assert_eq!(shown(said), "0123456789ab", "{said}");
        }
        // Nothing is known of its image: what the engine says stands.
        assert_eq!(
            shown_image(&container("team/app:v1", ID), None),
            "team/app:v1"
        );
    }
}
