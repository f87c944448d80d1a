//! How much of an image's size is its own: asked of the engine beside its list, as adding it up may take it long.
//!
//! One question goes on at a time, since an engine may refuse a second one, and none goes out while the images are the
//! same. Not here: how an engine is asked (`engine`), and what the window is told (`facts`). Grows by nothing.

use crate::ground::lock;
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
    /// Nobody asks by themselves before this.
    rest: Option<Instant>,
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

    /// Returns how the images that were listed last are made up; nothing where the engine doesn't tell now.
    pub async fn shares(&self, engine: &Engine, asker: Asker) -> Option<Arc<Shares>> {
        let (listed, last) = (Arc::clone(&self.listed), Arc::clone(&self.last));
        let engine = engine.clone();
        // Whoever asked may go: the engine is at it all the same, and the next one waits for its answer.
        let question = tokio::spawn(async move {
            loop {
                let mut last = last.lock().await;
                let now = lock(&listed).clone();
                if let Some((of, shares)) = &last.told
                    && now.as_ref() == Some(of)
                {
                    return Some(Arc::clone(shares));
                }
                let rest = last.rest.filter(|rest| *rest > Instant::now());
                if let Some(rest) = rest.filter(|_| asker == Asker::List) {
                    drop(last);
                    sleep_until(rest).await;
                    continue;
                }
                let began = Instant::now();
                let shares = engine.shares().await.ok().map(Arc::new);
                last.rest = Some(Instant::now() + (began.elapsed() * REST).min(LONGEST));
                last.told = now.zip(shares.clone());
                return shares;
            }
        });
        question.await.ok().flatten()
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
