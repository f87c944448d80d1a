//! How much of an image's size is its own, and how much other images share.
//!
//! It costs the engine: it is asked apart from the list, and not knowing is no failure. Not here: when it is asked. Grows
//! by another way to ask.

use std::collections::HashMap;
use std::time::Duration;

use serde::Deserialize;

use super::list::Row;
use crate::raw::Ask;
use crate::version::ApiVersion;
use crate::{Engine, Error};

/// The time that the engine may take to add up sizes.
const PATIENCE: Duration = Duration::from_secs(30);

/// How an image's size is made up, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shared {
    /// What other images hold as well.
    pub shared: u64,
    /// What is gone when the image is.
    pub unique: u64,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct DiskUsage {
    images: Option<Vec<Row>>,
}

impl Engine {
    /// Tells of each image, by id, how much of it is shared; nothing of those of which it isn't known. The engine may
    /// refuse a second such question at once. Podman counts as shared only what an image has of another image that it is
    /// made on, and not what two have of a third that is gone: what it says is left out.
    pub async fn shares(&self) -> Result<HashMap<String, Shared>, Error> {
        if self.is_podman() {
            return Ok(HashMap::new());
        }
        let in_list = self.version() >= ApiVersion::of(42);
        let ask = |path: &str| Ask {
            patience: Some(PATIENCE),
            ..Ask::get(path)
        };
        let rows = if in_list {
            self.ask_json::<Option<Vec<Row>>>(ask("/images/json?shared-size=true"))
                .await?
        } else {
            let usage: DiskUsage = self.ask_json(ask("/system/df")).await?;
            usage.images
        };
        Ok(read(&rows.unwrap_or_default()))
    }
}

fn read(rows: &[Row]) -> HashMap<String, Shared> {
    rows.iter()
        .filter_map(|row| {
            let size = u64::try_from(row.size?).ok()?;
            let shared = u64::try_from(row.shared_size?).ok()?.min(size);
            let unique = size - shared;
            Some((row.id.clone(), Shared { shared, unique }))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_that_is_not_told_is_not_known() {
        let rows: Vec<Row> = serde_json::from_str(
            r#"[{"Id":"sha256:1","Size":100,"SharedSize":30},{"Id":"sha256:2","Size":50,"SharedSize":70},
                {"Id":"sha256:3","Size":9,"SharedSize":-1},{"Id":"sha256:4","SharedSize":0}]"#,
        )
        .unwrap();
        let found = read(&rows);
        let of = |id: &str| found.get(id).map(|shared| (shared.shared, shared.unique));
        assert_eq!(of("sha256:1"), Some((30, 70)));
        assert_eq!(of("sha256:2"), Some((50, 0)));
        assert_eq!((of("sha256:3"), of("sha256:4")), (None, None));
    }
}
