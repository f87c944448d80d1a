//! What becomes of the engine's answers. The engine itself is met in `tests/it`.

use super::*;

fn detail(diff_ids: &[&str], size: u64) -> ImageDetail {
    ImageDetail {
        id: "sha256:00".to_owned(),
        names: vec![],
        digests: vec![],
        created: None,
        size,
        platform: None,
        diff_ids: diff_ids.iter().map(ToString::to_string).collect(),
    }
}

/// Steps as the history lists them: newest first.
fn steps(sizes: &[i64]) -> Vec<ImageHistoryResponseItem> {
    sizes
        .iter()
        .map(|size| ImageHistoryResponseItem {
            size: *size,
            ..Default::default()
        })
        .collect()
}

fn sizes(diff_ids: &[&str], size: u64, history: &[i64]) -> Vec<(String, u64)> {
    let layers = layer_sizes(&detail(diff_ids, size), &steps(history));
    layers
        .into_iter()
        .map(|layer| (layer.id, layer.size))
        .collect()
}

const A: &str = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const B: &str = "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

#[test]
fn steps_without_a_layer_are_left_out() {
    let both = [
        ("aaaaaaaaaaaa".to_owned(), 100),
        ("bbbbbbbbbbbb".to_owned(), 7),
    ];
    assert_eq!(sizes(&[A, B], 107, &[0, 7, 0, 0, 100]), both);
    assert_eq!(sizes(&[A, B], 107, &[7, 100]), both);
}

#[test]
fn an_empty_layer_counts_where_every_step_has_one() {
    assert_eq!(
        sizes(&[A, B], 7, &[0, 7]),
        [
            ("aaaaaaaaaaaa".to_owned(), 7),
            ("bbbbbbbbbbbb".to_owned(), 0)
        ]
    );
}

#[test]
fn what_cannot_be_told_is_not_guessed() {
    assert!(sizes(&[A, B], 107, &[0, 7, 0]).is_empty());
    assert!(sizes(&[A, B], 107, &[]).is_empty());
    assert_eq!(sizes(&[A], 107, &[]), [("aaaaaaaaaaaa".to_owned(), 107)]);
    assert!(sizes(&[], 0, &[]).is_empty());
    assert_eq!(sizes(&["x"], 5, &[-1]), [("x".to_owned(), 0)]);
}

#[test]
fn a_look_at_one_image_tells_time_and_platform() {
    let image = image_detail(ImageInspect {
        created: Some("2026-11-01T12:00:00.123456789Z".to_owned()),
        os: Some("linux".to_owned()),
        architecture: Some("arm64".to_owned()),
        variant: Some("v8".to_owned()),
        ..Default::default()
    });
    assert_eq!(image.created, Some(1_793_534_400));
    assert_eq!(image.platform.unwrap().to_string(), "linux/arm64/v8");
    assert_eq!(image_detail(ImageInspect::default()).platform, None);
}

#[test]
fn names_cannot_lead_to_another_path() {
    assert_eq!(
        in_path("127.0.0.1:5000/team/app:v1").unwrap(),
        "127.0.0.1:5000/team/app:v1"
    );
    assert_eq!(in_path("h/a@sha256:00").unwrap(), "h/a@sha256:00");
    assert_eq!(in_path("a b?c#d%e\r\n").unwrap(), "a%20b%3Fc%23d%25e%0D%0A");
    for bad in ["", "/", "a//b", "../containers", "a/../../b", "a/.", "a/"] {
        assert!(
            matches!(in_path(bad), Err(Error::Refused { status: 400, .. })),
            "{bad}"
        );
    }
}
