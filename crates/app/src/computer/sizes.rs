//! How much of an image's size is its own: asked of the engine beside its list, as adding it up may take it long.
//!
//! One question goes on at a time, since an engine may refuse a second one, and none goes out while the images are the
//! same. Not here: how an engine is asked (`engine`), and what the window is told (`facts`). Grows by nothing.

use crate::ground::lock;
use crate::view::problem::Problem;
use crate::words;
use engine::{Engine, LocalImage, Shared};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// For how many times as long as an answer took no other is asked for by itself.
const REST: u32 = 3;
/// The longest such rest.
const LONGEST: Duration = Duration::from_mins(1);

/// How an engine's images are made up, by their ids; images of which it isn't known are left out.
pub(super) type Shares = HashMap<String, Shared>;

/// Asks how images are made up, and keeps the answer for as long as it holds.
#[derive(Default)]
pub(super) struct Sizes {
    /// Which images there were when they were listed last.
    listed: Arc<Mutex<Option<Listed>>>,
    last: Arc<tokio::sync::Mutex<Last>>,
}

/// Which images of which engine: its address, and a sum of their ids and sizes.
#[derive(Clone, PartialEq, Eq)]
struct Listed(String, u64);

#[derive(Default)]
struct Last {
    told: Option<(Listed, Arc<Shares>)>,
    /// Nobody asks the engine at this address by themselves before then.
    rest: Option<(String, Instant)>,
}

/// Who wants to know.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Asker {
    /// A sheet that somebody looks at.
    Person,
    /// The list, by itself: while the images change all the time it waits.
    List,
}

impl Sizes {
    /// Notes which images an engine has.
    pub fn saw(&self, engine: &Engine, images: &[LocalImage]) {
        *lock(&self.listed) = Some(Listed(engine.address().to_string(), sum(images)));
    }

    /// Returns how the images that were listed last are made up; an error where the engine doesn't tell now.
    pub async fn shares(&self, engine: &Engine, asker: Asker) -> Result<Arc<Shares>, Problem> {
        let (listed, last) = (Arc::clone(&self.listed), Arc::clone(&self.last));
        let engine = engine.clone();
        let address = engine.address().to_string();
        // Whoever asked may go: the engine is at it all the same, and the next one waits for its answer.
        let question = tokio::spawn(async move {
            loop {
                let mut last = last.lock().await;
                // Another engine may be listed by now.
                let now = lock(&listed).clone().filter(|Listed(of, _)| *of == address);
                if let Some((of, shares)) = &last.told
                    && now.as_ref() == Some(of)
                {
                    return Ok(Arc::clone(shares));
                }
                let rest = last.rest.as_ref().filter(|(of, _)| *of == address);
                let rest = rest.map(|(_, until)| *until);
                let rest = rest.filter(|until| asker == Asker::List && *until > Instant::now());
                if let Some(until) = rest {
                    drop(last);
                    sleep_until(until).await;
                    continue;
                }
                let began = Instant::now();
                let shares = engine.shares().await.map(Arc::new);
                let until = Instant::now() + (began.elapsed() * REST).min(LONGEST);
                last.rest = Some((address, until));
                let shares = shares.map_err(|error| words::of_engine(&error))?;
                if let Some(now) = now {
                    last.told = Some((now, Arc::clone(&shares)));
                }
                return Ok(shares);
            }
        });
        let told = question.await;
        told.map_err(|error| words::unexpected(error.to_string()))?
    }
}

/// Returns a sum that is another one where other images are there.
fn sum(images: &[LocalImage]) -> u64 {
    let mut all: Vec<(&str, u64)> = images
        .iter()
        .map(|image| (image.id.as_str(), image.size))
        .collect();
    all.sort_unstable();
    let mut hasher = DefaultHasher::new();
    all.hash(&mut hasher);
    hasher.finish()
}
