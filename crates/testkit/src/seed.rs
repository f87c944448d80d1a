//! What a new sandbox holds: three repositories in two namespaces, and three images in the engine only.
//!
//! Dates are told from the day of the first start, so that a timeline looks lived in. Two of the repositories are
//! described, as Longshore would have written it.

use anyhow::Result;
use serde_json::json;
use time::macros::format_description;
use time::{Duration, OffsetDateTime};

use crate::images::{self, ImageSpec};
use crate::parts::{Dockerd, Door};

/// Layers that several images share: the seed of their bytes, and their size.
const BASE: (u64, usize) = (11, 9_400_000);
const PYTHON: (u64, usize) = (12, 5_200_000);
const TOOLS: (u64, usize) = (13, 3_100_000);

const ALIGNER: &str = "genomics/aligner";
const QC_REPORT: &str = "genomics/qc-report";
const SEGMENTER: &str = "imaging/segmenter";

/// The artifact type of an about manifest.
const ABOUT: &str = "application/vnd.longshore.about.v1";

/// Fills an empty registry.
pub async fn registry(registry: &impl Door) -> Result<()> {
    aligner(registry).await?;
    qc_report(registry).await?;
    segmenter(registry).await
}

/// Pushes `v1` three times: what it left each time is kept by a commit tag, as Longshore would have written it.
async fn aligner(registry: &impl Door) -> Result<()> {
    let commits = [(40, 1_900_000), (12, 2_100_000), (3, 2_200_000)];
    with_past(registry, ALIGNER, "v1", TOOLS, &commits).await?;
    let edge = made(&[BASE, TOOLS, (150, 2_600_000)], 1);
    images::push(registry, ALIGNER, "edge", &edge).await?;
    let words =
        "Short-read aligner with the lab’s reference bundle. Input FASTQ, output sorted BAM.";
    describe(registry, ALIGNER, "Aligner", words, 40).await
}

/// Pushes six tags with a past over months, two of them moved together, to images for two platforms.
async fn segmenter(registry: &impl Door) -> Result<()> {
    let pasts: [(&str, &[(u64, usize)]); 4] = [
        ("v1", &[(118, 700_000), (61, 2_400_000)]),
        ("cpu", &[(83, 500_000), (54, 600_000), (20, 1_300_000)]),
        ("cuda", &[(82, 900_000), (53, 800_000), (19, 7_700_000)]),
        ("nightly", &[(6, 310_000), (3, 320_000), (2, 330_000)]),
    ];
    for (tag, commits) in pasts {
        with_past(registry, SEGMENTER, tag, PYTHON, commits).await?;
    }
    for (days, size) in [(39, 410_000), (27, 420_000), (9, 430_000)] {
        let platforms = [
            made(&[BASE, PYTHON, (300 + days, size)], days),
            made(&[(14, 900_000), (300 + days, size)], days).arch("arm64"),
        ];
        let digest = images::push_index(registry, SEGMENTER, "v2", &platforms).await?;
        images::retag(registry, SEGMENTER, "v2", "latest").await?;
        if days != 9 {
            keep(registry, SEGMENTER, "v2", &digest, days).await?;
            keep(registry, SEGMENTER, "latest", &digest, days).await?;
        }
    }
    let words = "Cell segmentation for the light-sheet microscopes.";
    describe(registry, SEGMENTER, "Segmenter", words, 118).await
}

/// Pushes a tag that has moved: the last commit is active, each one before is kept by a commit tag.
async fn with_past(
    registry: &impl Door,
    repository: &str,
    tag: &str,
    middle: (u64, usize),
    commits: &[(u64, usize)],
) -> Result<()> {
    for (number, (days, size)) in commits.iter().enumerate() {
        let image = made(&[BASE, middle, (100 + days, *size)], *days);
        let digest = images::push(registry, repository, tag, &image).await?;
        if number + 1 < commits.len() {
            keep(registry, repository, tag, &digest, *days).await?;
        }
    }
    Ok(())
}

/// Gives what a tag points at a commit tag.
async fn keep(
    registry: &impl Door,
    repository: &str,
    tag: &str,
    digest: &str,
    days: u64,
) -> Result<()> {
    let digits = digest.get(7..).unwrap_or_default();
    let name = format!("_h.{tag}.{}-{digits}", compact(days)?);
    images::retag(registry, repository, tag, &name).await
}

/// Writes an about manifest, without a word on keeping: that is asked at the first push.
async fn describe(
    registry: &impl Door,
    repository: &str,
    title: &str,
    words: &str,
    days: u64,
) -> Result<()> {
    let created = ago(days).format(&time::format_description::well_known::Rfc3339)?;
    let says = json!({
        "org.opencontainers.image.title": title,
        "org.opencontainers.image.description": words,
        "org.opencontainers.image.authors": "demo",
        "org.opencontainers.image.created": created,
    });
    images::push_empty(registry, repository, "_about", ABOUT, &says).await?;
    Ok(())
}

/// Pushes eight tags, most of them versions, two of them one image for two platforms.
async fn qc_report(registry: &impl Door) -> Result<()> {
    let versions = [
        ("1.0.0", 210, 700_000),
        ("1.1.0", 160, 720_000),
        ("1.2.0", 118, 900_000),
        ("1.10.0", 75, 950_000),
        ("2.0.0-rc.1", 33, 1_400_000),
        ("nightly", 0, 1_700_000),
    ];
    for (tag, days, size) in versions {
        let image = made(&[BASE, PYTHON, (200 + days, size)], days);
        images::push(registry, QC_REPORT, tag, &image).await?;
    }
    let platforms = [
        made(&[BASE, PYTHON, (250, 1_500_000)], 26),
        made(&[(14, 9_100_000), (15, 5_000_000), (251, 1_450_000)], 26).arch("arm64"),
    ];
    images::push_index(registry, QC_REPORT, "2.0.0", &platforms).await?;
    images::retag(registry, QC_REPORT, "2.0.0", "latest").await?;
    Ok(())
}

/// Gives an engine images that no registry has: two built on what the registry holds, one of its own.
pub async fn engine(engine: &Dockerd) -> Result<()> {
    let images = [
        ("aligner:dev", made(&[BASE, TOOLS, (401, 6_300_000)], 0)),
        ("qc-report:dev", made(&[BASE, PYTHON, (402, 4_800_000)], 1)),
        (
            "notebook:mine",
            made(&[(16, 12_500_000), (403, 3_700_000)], 5),
        ),
    ];
    for (name, image) in images {
        engine.load_tar(image.save(&[name])?).await?;
    }
    Ok(())
}

fn made(layers: &[(u64, usize)], days: u64) -> ImageSpec {
    let at = ago(days).format(&time::format_description::well_known::Rfc3339);
    let image = ImageSpec::of_layers(layers).arch(architecture());
    match at {
        Ok(at) => image.created(&at),
        Err(_) => image,
    }
}

fn ago(days: u64) -> OffsetDateTime {
    // Not on the hour: nobody builds at midnight sharp.
    let back = Duration::days(i64::try_from(days).unwrap_or(0)) + Duration::minutes(47);
    (OffsetDateTime::now_utc() - back)
        .replace_nanosecond(0)
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// Returns the time in a commit tag: ten minutes after the image was built.
fn compact(days: u64) -> Result<String> {
    let at = ago(days) + Duration::minutes(10);
    Ok(at.format(format_description!(
        "[year][month][day]t[hour][minute][second]z"
    ))?)
}

/// Returns this computer's processor in Go's words: what its engine would have built for.
fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "aarch64" => "arm64",
        "x86_64" => "amd64",
        other => other,
    }
}
