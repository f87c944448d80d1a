//! What a registry can do, asked one thing at a time and without writing.
//!
//! Grows by another thing that can be asked so.

use http::Method;

use crate::error::{Error, Kind};
use crate::limits::MANIFEST_LIMIT;
use crate::registry::Repository;

impl Repository {
    /// Finds out whether one may push here, by going on with an upload that nobody has begun: whoever may not is told so before it
    /// is looked for. `None` where the answer doesn't tell the two apart. Nothing is written, as there is nothing to write to.
    pub async fn may_push(&self, nobodys_upload: &str) -> Result<Option<bool>, Error> {
        let path = format!("blobs/uploads/{nobodys_upload}");
        let call = self.call(Method::PATCH, &path, &["pull", "push"], MANIFEST_LIMIT)?;
        match self.host.send(&call).await.map_err(|error| error.kind) {
            Err(Kind::Denied | Kind::Unsupported) => Ok(Some(false)),
            Err(Kind::NotFound | Kind::Refused) => {
                // Where a stranger is told the same, nobody was asked who they are.
                let stranger = self.host.ask_plainly(&call).await?;
                Ok(matches!(stranger.status, 401 | 403).then_some(true))
            }
            Ok(_) => Ok(None),
            Err(kind) => Err(Error::new(kind, format!("PATCH {}", call.url.path()))),
        }
    }
}
