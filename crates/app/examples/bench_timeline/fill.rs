//! What the registry holds before anything is measured: images, tags on them, commit tags.

use super::{COMMIT_TAGS, DIGESTS, REPOSITORY, TAGS};
use anyhow::Result;
use futures_util::{StreamExt, TryStreamExt, stream};
use testkit::images::{ImageSpec, MANIFEST, put_manifest};
use testkit::parts::Registry;

/// How many uploads fill the registry at once.
const FILLING: usize = 8;

/// Pushes everything: an image a digest, then names for it.
pub async fn fill(registry: &Registry) -> Result<()> {
    // The first one alone: it brings the layer that all share, and two uploads of one blob get in each other's way.
    let mut images = vec![image(registry, 0).await?];
    let others: Vec<_> = stream::iter(1..DIGESTS)
        .map(|number| image(registry, number))
        .buffer_unordered(FILLING)
        .try_collect()
        .await?;
    images.extend(others);
    let mut by_number: Vec<(String, Vec<u8>)> = vec![Default::default(); DIGESTS];
    for (number, digest, manifest) in images {
        by_number[number] = (digest, manifest);
    }
    let images = &by_number;
    let more = (DIGESTS..TAGS).map(|number| (tag(number), &images[number % DIGESTS]));
    let kept = (0..COMMIT_TAGS).map(|number| {
        let image = &images[(number + 1) % DIGESTS];
        let at = format!(
            "202609{:02}t{:02}{:02}00z",
            1 + number % 28,
            number % 24,
            number % 60
        );
        (format!("_h.{}.{at}-{}", tag(number), &image.0[7..]), image)
    });
    stream::iter(more.chain(kept))
        .map(|(name, (_, manifest))| async move {
            put_manifest(registry, REPOSITORY, &name, MANIFEST, manifest.clone()).await
        })
        .buffer_unordered(FILLING)
        .try_collect::<Vec<String>>()
        .await?;
    Ok(())
}

/// Pushes one image; its number, digest and manifest.
async fn image(registry: &Registry, number: usize) -> Result<(usize, String, Vec<u8>)> {
    let at = format!("2026-10-{:02}T{:02}:00:00Z", 1 + number % 28, number % 24);
    let image = ImageSpec::of_layers(&[(7, 2_000)])
        .created(&at)
        .label("number", &number.to_string());
    testkit::images::push(registry, REPOSITORY, &tag(number), &image).await?;
    let built = image.build()?;
    Ok((number, built.digest, built.manifest))
}

fn tag(number: usize) -> String {
    format!("v{}.{}.{}", number / 1000, number / 10 % 100, number % 10)
}
