//! Recognising a vendor by what its server answers; by a name alone, never.
//!
//! `/v2/` tells most of them apart, to nobody. Where that isn't enough, the server's own interface is asked one question. A vendor
//! whose interface lies at a fixed other address is recognised by its name and its answer together, so that no server which plays it
//! has anything done at the real one.

use crate::all::ALL;
use crate::vendor::VendorId;
use crate::way::Failure;
use registry::{Ask, AskFor, Registry, Seen, Told};

/// How many questions recognising is worth.
const MOST: usize = 4;

/// What an answer at `/v2/` tells of a vendor.
#[derive(Debug)]
pub enum Sign {
    /// It is another one.
    No,
    /// It is this one.
    Yes,
    /// It may be: one more answer tells.
    Maybe(Box<Confirm>),
}

/// The question that tells.
#[derive(Debug)]
pub struct Confirm {
    pub(crate) ask: Ask,
    /// It stands among the registry's own paths, and takes the account's tokens as they do; others are asked as nobody.
    pub(crate) is_below_v2: bool,
    pub(crate) is_so: fn(&Told) -> bool,
}

impl Sign {
    /// Tells it by one thing.
    pub(crate) fn when(is_so: bool) -> Self {
        if is_so { Self::Yes } else { Self::No }
    }

    /// Has one more question asked, as nobody, where one thing speaks for it.
    pub(crate) fn ask_when(may_be: bool, ask: Ask, is_so: fn(&Told) -> bool) -> Self {
        if !may_be {
            return Self::No;
        }
        Self::Maybe(Box::new(Confirm {
            ask: ask.once(),
            is_below_v2: false,
            is_so,
        }))
    }
}

/// Which vendor was recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recognised {
    /// The vendor.
    pub id: VendorId,
    /// Nothing that was asked stayed unanswered: it need not be asked again soon.
    pub is_sure: bool,
}

/// Recognises the vendor of a registry that answered so.
pub async fn recognise(registry: &Registry, seen: &Seen) -> Recognised {
    let mut confirms = Vec::new();
    for vendor in ALL {
        match vendor.signs(seen) {
            Sign::No => {}
            Sign::Yes if confirms.is_empty() => {
                let id = vendor.id();
                return Recognised { id, is_sure: true };
            }
            Sign::Yes => confirms.push((vendor.id(), None)),
            Sign::Maybe(confirm) => confirms.push((vendor.id(), Some(confirm))),
        }
    }
    let mut is_sure = true;
    for (id, confirm) in confirms.into_iter().take(MOST) {
        let Some(confirm) = confirm else {
            return Recognised { id, is_sure };
        };
        match told(registry, &confirm).await {
            Ok(told) if (confirm.is_so)(&told) => return Recognised { id, is_sure: true },
            Ok(_) => {}
            Err(failure) => is_sure &= !failure.is_passing(),
        }
    }
    let id = VendorId::Plain;
    Recognised { id, is_sure }
}

async fn told(registry: &Registry, confirm: &Confirm) -> Result<Told, Failure> {
    Ok(if confirm.is_below_v2 {
        registry.ask(&confirm.ask, AskFor::Nothing).await?
    } else {
        registry.api_as_nobody().ask(&confirm.ask).await?
    })
}
