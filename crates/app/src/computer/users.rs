//! Which containers use which image.
//!
//! Not here: what a list of either shows. Grows by nothing.

use crate::ground::count;
use crate::view::engine::UsedBy;
use engine::LocalContainer;
use std::collections::HashMap;

/// How many containers are named at an image that more of them use.
const NAMED: usize = 8;

/// Which containers use which image, by the image's id.
pub(super) struct Users(HashMap<String, Vec<String>>);

impl Users {
    pub fn of(containers: &[LocalContainer]) -> Self {
        let mut users: HashMap<String, Vec<String>> = HashMap::new();
        for container in containers {
            let of = users.entry(container.image_id.clone()).or_default();
            of.push(container.name.clone());
        }
        Self(users)
    }

    /// Returns the containers that use an image.
    pub fn used_by(&self, image: &str) -> UsedBy {
        let mut names = self.0.get(image).cloned().unwrap_or_default();
        names.sort_unstable();
        let more = count(names.len().saturating_sub(NAMED));
        names.truncate(NAMED);
        UsedBy { names, more }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "sha256:00";

    #[test]
    fn an_image_names_a_few_of_those_that_use_it() {
        let many: Vec<LocalContainer> = (0..11)
            .map(|number| LocalContainer {
                id: format!("{number}"),
                name: format!("c{number:02}"),
                image: "a".to_owned(),
                image_id: ID.to_owned(),
                state: engine::ContainerState::Running,
                created: None,
                compose_files: Vec::new(),
            })
            .rev()
            .collect();
        let users = Users::of(&many);
        let used = users.used_by(ID);
        assert_eq!((used.names.len(), used.more), (8, 3));
        assert_eq!(used.names[0], "c00");
        assert_eq!(
            users.used_by("sha256:none"),
            UsedBy {
                names: vec![],
                more: 0
            }
        );
    }
}
