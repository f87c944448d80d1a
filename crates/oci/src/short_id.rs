//! The short form in which people know digests and the ids of images.

/// The number of digits that are shown, as commit tags carry them and engines print them.
const DIGITS: usize = 12;

/// Returns the first 12 characters of a digest or an image's id, without its algorithm.
///
/// Of a shorter text it returns all. It checks nothing: what is no digest is cut too, never within a character.
pub fn short_id(id: &str) -> &str {
    let digits = id.split_once(':').map_or(id, |(_, digits)| digits);
    let end = digits.char_indices().nth(DIGITS);
    end.map_or(digits, |(end, _)| &digits[..end])
}

#[cfg(test)]
mod tests {
    use super::short_id;
    use crate::Digest;
    use proptest::prelude::*;

    #[test]
    fn the_algorithm_is_left_out() {
        let digest = Digest::sha256_of(b"longshore");
        assert_eq!(short_id(digest.as_str()), digest.short());
        assert_eq!(short_id(digest.hex()), digest.short());
        assert_eq!(short_id("sha512:0123456789abcdef"), "0123456789ab");
    }

    #[test]
    fn what_is_short_stays_whole() {
        for (id, short) in [
            ("", ""),
            ("sha256:", ""),
            ("sha256:abc", "abc"),
            ("abc", "abc"),
            ("0123456789ab", "0123456789ab"),
            ("0123456789abc", "0123456789ab"),
        ] {
            assert_eq!(short_id(id), short);
        }
    }

    #[test]
    fn what_is_no_digest_is_cut_between_characters() {
        assert_eq!(short_id("sha256:äöüäöüäöüäöüäöü"), "äöüäöüäöüäöü");
        assert_eq!(short_id("🦀🦀"), "🦀🦀");
    }

    proptest! {
        #[test]
        fn at_most_twelve_characters_of_any_text(text in any::<String>()) {
            let short = short_id(&text);
            prop_assert!(short.chars().count() <= super::DIGITS);
            prop_assert!(text.contains(short));
        }
    }
}
