//! Names of commit tags, written and read.

use super::*;
use proptest::prelude::*;

const DIGITS: &str = "2e04bfa1e5762e04bfa1e5762e04bfa1e5762e04bfa1e5762e04bfa1e5762e04";

fn tag(length: usize) -> Tag {
    Tag::parse(&"a".repeat(length)).unwrap()
}

fn made(tag: &Tag, digest: &Digest) -> CommitTag {
    CommitTag::new(tag, UtcSeconds(0), Beginning::Since, digest).unwrap()
}

#[test]
fn reads_the_example_of_the_docs() {
    let name = format!("_h.v1.20261121t020900z-{DIGITS}");
    let parsed = CommitTag::parse(&name).unwrap();
    assert_eq!(parsed.tag.as_str(), "v1");
    assert_eq!(parsed.at.rfc3339(), "2026-11-21T02:09:00Z");
    assert_eq!(parsed.beginning, Beginning::Since);
    assert_eq!(
        (parsed.digits.as_str(), parsed.short()),
        (DIGITS, "2e04bfa1e576")
    );
    assert_eq!(parsed.name().as_str(), name);
    let noticed = CommitTag::parse(&name.replace("z-", "n-")).unwrap();
    assert_eq!(noticed.beginning, Beginning::Noticed);
    assert_eq!(noticed.at, parsed.at);
}

#[test]
fn is_parsed_from_the_right() {
    let tag = "1.2.3-rc.1-20200101t000000z-abcdef123456";
    let name = format!("_h.{tag}.20261121t020900z-{DIGITS}");
    assert_eq!(CommitTag::parse(&name).unwrap().tag.as_str(), tag);
}

#[test]
fn refuses_every_other_tag() {
    let with = |frame: &str| frame.replace('#', DIGITS);
    for text in [
        "",
        "v1",
        "_h.",
        "_h",
        "_h.v1",
        "_about",
        "_h.v1.20261121t020900z",
        // What the first form carried: too few to tell a commit.
        "_h.v1.20261121t020900z-2e04bfa1e576",
        "_h.v1.20261121t020900z-2e04bfa1e5762e04bfa1e5762e04bfa1",
        &with("_h.v1.20261121t020900z-#0"),
        &with("_h.v1.20261121t020900z-#")[..86],
        &with("_h.v1.20261121t020900z-#").replace('e', "E"),
        &with("_h.v1.20261121T020900Z-#"),
        &with("_h.v1.20261121t020900x-#"),
        &with("_h.v1.20261121t020900-#"),
        &with("_h.v1.20261121t020900zn-#"),
        &with("_h..20261121t020900z-#"),
        &with("_h.20261121t020900z-#"),
        &with("_h.v1.20261321t020900z-#"),
        &with("x_h.v1.20261121t020900z-#"),
        &with("_h.-v1.20261121t020900z-#"),
    ] {
        assert_eq!(CommitTag::parse(text), None, "{text}");
    }
}

#[test]
fn the_name_carries_as_many_digits_as_fit_and_never_fewer_than_half() {
    let digest = Digest::sha256_of(b"");
    for (length, digits) in [
        (1, 64),
        (42, 64),
        (43, 64),
        (44, 63),
        (60, 47),
        (74, 33),
        (75, 32),
    ] {
        let kept = made(&tag(length), &digest);
        assert_eq!(kept.digits.len(), digits, "{length}");
        assert_eq!(kept.claimed().as_ref() == Some(&digest), digits == 64);
        assert!(kept.name().as_str().len() <= 128);
        assert!(length < 43 || kept.name().as_str().len() == 128);
        // One digit more or fewer is somebody else's name.
        let mut other = kept.name().to_string();
        other.pop();
        assert_eq!(CommitTag::parse(&other), None);
        assert_eq!(CommitTag::parse(&format!("{}0", kept.name())), None);
    }
    assert_eq!(MAX_TAG, 75);
    assert_eq!(
        CommitTag::new(&tag(76), UtcSeconds(0), Beginning::Since, &digest),
        Err(CommitTagError::TooLong)
    );
}

#[test]
fn is_never_made_for_a_commit_tag() {
    let digest = Digest::sha256_of(b"");
    // Made by hand, as none of its own length would fit.
    let short = Tag::parse(&format!("_h.v.20261121t020900z-{}", &DIGITS[..32])).unwrap();
    assert_eq!(CommitTag::parse(short.as_str()), None);
    let kept = made(&Tag::parse("v1").unwrap(), &digest);
    for beginning in [Beginning::Since, Beginning::Noticed] {
        assert!(CommitTag::new(&kept.name(), UtcSeconds(1), beginning, &digest).is_err());
    }
}

#[test]
fn two_images_of_the_same_first_digits_are_two() {
    let digest = Digest::sha256_of(b"one");
    let mut forged = digest.to_string();
    let last = if forged.pop() == Some('0') { '1' } else { '0' };
    forged.push(last);
    let forged = Digest::parse(&forged).unwrap();
    let kept = made(&Tag::latest(), &digest);
    assert!(kept.matches(&digest) && !kept.matches(&forged));
}

#[test]
fn a_longer_digest_is_matched_by_the_digits_that_fit() {
    for (algorithm, length) in [("sha384", 48), ("sha512", 64)] {
        let digest = Digest::parse(&format!("{algorithm}:{}", "ab".repeat(length))).unwrap();
        let kept = made(&Tag::latest(), &digest);
        assert_eq!(kept.digits.len(), 64);
        assert!(kept.matches(&digest) && !kept.matches(&Digest::sha256_of(b"")));
    }
}

#[test]
fn the_next_second_is_another_name_of_the_same_commit() {
    let digest = Digest::sha256_of(b"");
    let kept = made(&Tag::latest(), &digest);
    let next = kept.next_second();
    assert_eq!(
        (next.at, next.digits.clone()),
        (UtcSeconds(1), kept.digits.clone())
    );
    assert_eq!(CommitTag::parse(next.name().as_str()), Some(next));
}

proptest! {
    #[test]
    fn round_trips(tag in "[a-zA-Z0-9_][a-zA-Z0-9._-]{0,74}", seconds in -62_167_219_200_i64..=253_402_300_799, bytes in any::<u64>(), noticed in any::<bool>()) {
        let digest = Digest::sha256_of(&bytes.to_le_bytes());
        let tag = Tag::parse(&tag).unwrap();
        let beginning = if noticed { Beginning::Noticed } else { Beginning::Since };
        prop_assume!(CommitTag::parse(tag.as_str()).is_none());
        let kept = CommitTag::new(&tag, UtcSeconds(seconds), beginning, &digest).unwrap();
        prop_assert_eq!(CommitTag::parse(kept.name().as_str()), Some(kept.clone()));
        prop_assert!(kept.matches(&digest));
        prop_assert!(kept.name().as_str().len() <= 128 && (32..=64).contains(&kept.digits.len()));
        prop_assert!(Tag::parse(kept.name().as_str()).is_ok());
        prop_assert!(kept.claimed().is_none_or(|claimed| claimed == digest));
    }

    #[test]
    fn what_is_read_is_written_the_same(tag in "[a-z0-9.-]{1,80}", time in "[0-9]{8}t[0-9]{6}[zn]", digits in "[0-9a-f]{12,64}") {
        let text = format!("_h.{tag}.{time}-{digits}");
        if let Some(kept) = CommitTag::parse(&text) {
            prop_assert_eq!(kept.to_string(), text);
            prop_assert_eq!(Some(digits.len()), digits_beside(&tag));
        }
    }

    #[test]
    fn never_panics(text in "(_h\\.)?\\PC{0,60}") {
        let _ = CommitTag::parse(&text);
    }
}
