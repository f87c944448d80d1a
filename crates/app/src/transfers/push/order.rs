//! A push as it is ordered and stored.

use crate::view::push::{KeepAnswer, NameAnswer, PushOrder};
use serde::{Deserialize, Serialize};

/// A push as it is stored, to be repeated. Nothing secret.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pushing {
    /// The image's id.
    pub image: String,
    /// The name in the engine that the person pushed it by, where it has one.
    #[serde(default)]
    pub name: Option<String>,
    pub account: String,
    pub repository: String,
    pub tag: String,
    /// What the sheet showed the tag pointing at.
    pub expected: Option<String>,
    pub keep: KeepAnswer,
    pub share_rule: bool,
    /// The repository's rule that the sheet showed and the person ticked.
    #[serde(default)]
    pub allows: Option<String>,
    pub accept_loss: bool,
    /// What becomes of a local name that somebody gave to another image. Orders of earlier versions don't say it: then it
    /// is asked.
    #[serde(default)]
    pub taken_name: NameAnswer,
    /// The engine it goes from; none: the one that is used.
    #[serde(default)]
    pub engine: Option<String>,
    /// The other computer that the person agreed the sign-in goes to.
    #[serde(default)]
    pub secret_goes_to: Option<String>,
    /// What the engine pushes is put under the tag once more in Docker's own format.
    #[serde(default)]
    pub as_docker: bool,
}

impl From<PushOrder> for Pushing {
    fn from(order: PushOrder) -> Self {
        Self {
            image: order.image,
            name: order.name,
            account: order.account,
            repository: order.repository,
            tag: order.tag,
            expected: order.expected,
            keep: order.keep,
            share_rule: order.share_rule,
            allows: order.allows,
            accept_loss: order.accept_loss,
            taken_name: order.taken_name,
            engine: order.engine,
            secret_goes_to: order.secret_goes_to,
            as_docker: order.as_docker,
        }
    }
}

impl From<Pushing> for PushOrder {
    fn from(order: Pushing) -> Self {
        Self {
            image: order.image,
            name: order.name,
            account: order.account,
            repository: order.repository,
            tag: order.tag,
            expected: order.expected,
            keep: order.keep,
            share_rule: order.share_rule,
            allows: order.allows,
            accept_loss: order.accept_loss,
            taken_name: order.taken_name,
            engine: order.engine,
            secret_goes_to: order.secret_goes_to,
            as_docker: order.as_docker,
        }
    }
}
