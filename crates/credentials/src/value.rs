//! How a secret that is longer than one item may hold is split over several, and put together again.
//!
//! A secret that fits is kept as it is. Of a longer one, the first item begins with a line that says how many items
//! there are, how long the secret is, what its checksum is and which generation the others are of, so that items of two
//! different secrets (a write that was cut short) are never taken for one.

use secrecy::zeroize::Zeroizing;

/// The beginning of the first item of a split secret. No password begins with a control character.
const MARK: &[u8] = b"\x01longshore-parts ";
/// Room for the line at the start of the first item.
const HEAD: usize = 80;
/// More items than any secret has.
pub(crate) const MOST: usize = 64;

/// Which of the names of its further items a split secret uses. A new secret takes another than the one it replaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Generation {
    /// As the first versions of Longshore kept them; nothing is written so any more.
    Oldest,
    One,
    Two,
}

impl Generation {
    pub(crate) const ALL: [Self; 3] = [Self::Oldest, Self::One, Self::Two];

    /// Returns one whose items a secret of this generation does not use.
    pub(crate) fn next(self) -> Self {
        match self {
            Self::One => Self::Two,
            Self::Oldest | Self::Two => Self::One,
        }
    }

    fn read(word: Option<&str>) -> Option<Self> {
        match word {
            None => Some(Self::Oldest),
            Some("1") => Some(Self::One),
            Some("2") => Some(Self::Two),
            Some(_) => None,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Oldest => "",
            Self::One => " 1",
            Self::Two => " 2",
        }
    }
}

/// One item's bytes.
pub(crate) type Part = Zeroizing<Vec<u8>>;

/// Splits a secret into the items to be kept, the first one first. `None` when the secret is too long by far.
pub(crate) fn split(
    secret: &[u8],
    limit: Option<usize>,
    generation: Generation,
) -> Option<Vec<Part>> {
    let fits = limit.is_none_or(|limit| secret.len() <= limit);
    if fits && !secret.starts_with(MARK) {
        return Some(vec![Zeroizing::new(secret.to_vec())]);
    }
    let limit = limit.unwrap_or(usize::MAX / 2);
    let (first, rest) = secret.split_at(secret.len().min(limit.checked_sub(HEAD)?));
    let rest: Vec<Part> = rest
        .chunks(limit)
        .map(|chunk| Zeroizing::new(chunk.to_vec()))
        .collect();
    let count = rest.len() + 1;
    if count > MOST {
        return None;
    }
    let mut head = Zeroizing::new(MARK.to_vec());
    head.extend_from_slice(
        format!(
            "{count} {} {:016x}{}\n",
            secret.len(),
            checksum(secret),
            generation.word()
        )
        .as_bytes(),
    );
    head.extend_from_slice(first);
    Some(std::iter::once(head).chain(rest).collect())
}

/// Counts the items of a secret, as its first one tells.
pub(crate) fn count(first: &[u8]) -> usize {
    head(first).map_or(1, |head| head.count)
}

/// Returns the generation of a secret's further items, as its first one tells.
pub(crate) fn generation(first: &[u8]) -> Generation {
    head(first).map_or(Generation::Oldest, |head| head.generation)
}

/// Puts the items together. `None` when they do not belong together.
pub(crate) fn join(parts: &[Part]) -> Option<Part> {
    let first = parts.first()?;
    let Some(head) = head(first) else {
        return (parts.len() == 1 && !first.starts_with(MARK)).then(|| first.clone());
    };
    let mut whole = Zeroizing::new(Vec::with_capacity(head.length.min(1024 * 1024)));
    whole.extend_from_slice(&first[head.ends..]);
    for part in &parts[1..] {
        whole.extend_from_slice(part);
    }
    let right = parts.len() == head.count
        && whole.len() == head.length
        && checksum(&whole) == head.checksum;
    right.then_some(whole)
}

struct Head {
    count: usize,
    length: usize,
    checksum: u64,
    generation: Generation,
    /// Where the line ends and the secret begins.
    ends: usize,
}

fn head(first: &[u8]) -> Option<Head> {
    let line = first.strip_prefix(MARK)?;
    let line = &line[..line.iter().take(HEAD).position(|byte| *byte == b'\n')?];
    let mut words = std::str::from_utf8(line).ok()?.split(' ');
    let count = words
        .next()?
        .parse()
        .ok()
        .filter(|count| (1..=MOST).contains(count))?;
    let length = words.next()?.parse().ok()?;
    let checksum = u64::from_str_radix(words.next()?, 16).ok()?;
    let generation = Generation::read(words.next())?;
    Some(Head {
        count,
        length,
        checksum,
        generation,
        ends: MARK.len() + line.len() + 1,
    })
}

/// Computes FNV-1a. It tells parts apart that came together by accident; it guards nothing.
fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
        (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(secret: &[u8], limit: Option<usize>) -> usize {
        let parts = split(secret, limit, Generation::Two).unwrap();
        assert!(
            parts
                .iter()
                .all(|part| limit.is_none_or(|limit| part.len() <= limit))
        );
        assert_eq!(count(&parts[0]), parts.len());
        let named = [Generation::Oldest, Generation::Two][usize::from(parts.len() > 1)];
        assert_eq!(generation(&parts[0]), named);
        assert_eq!(join(&parts).unwrap().as_slice(), secret);
        parts.len()
    }

    #[test]
    fn what_fits_is_kept_as_it_is() {
        assert_eq!(
            split(b"hunter2", Some(100), Generation::One).unwrap()[0].as_slice(),
            b"hunter2"
        );
        assert_eq!(round(b"", Some(100)), 1);
        assert_eq!(round(&[b'x'; 100], Some(100)), 1);
        assert_eq!(round(&vec![b'x'; 100_000], None), 1);
    }

    #[test]
    fn what_is_longer_is_split() {
        assert_eq!(round(&[b'x'; 101], Some(100)), 2);
        let long: Vec<u8> = (0..=255).cycle().take(6000).collect();
        assert_eq!(round(&long, Some(2500)), 3);
        assert!(split(&vec![b'x'; 100_000], Some(100), Generation::One).is_none());
    }

    #[test]
    fn a_secret_that_looks_split_survives() {
        for secret in [
            &b"\x01longshore-parts 9 9 9\nx"[..],
            b"\x01longshore-parts ",
        ] {
            for limit in [Some(2500), None] {
                let parts = split(secret, limit, Generation::One).unwrap();
                assert_eq!((parts.len(), count(&parts[0])), (1, 1));
                assert_eq!(join(&parts).unwrap().as_slice(), secret);
            }
        }
    }

    #[test]
    fn a_secret_of_an_earlier_version_is_read() {
        let secret = [b'a'; 300];
        let parts = split(&secret, Some(200), Generation::Oldest).unwrap();
        assert!(parts[0].starts_with(b"\x01longshore-parts 2 300 "));
        assert_eq!(generation(&parts[0]), Generation::Oldest);
        assert_eq!(join(&parts).unwrap().as_slice(), secret);
    }

    #[test]
    fn parts_of_two_secrets_are_refused() {
        let one = split(&[b'a'; 300], Some(200), Generation::One).unwrap();
        let two = split(&[b'b'; 300], Some(200), Generation::One).unwrap();
        assert_eq!((one.len(), two.len()), (2, 2));
        assert!(join(&[one[0].clone(), two[1].clone()]).is_none());
        assert!(join(&one[..1]).is_none());
        assert!(join(&[one[0].clone(), one[1].clone(), one[1].clone()]).is_none());
        assert!(join(&[]).is_none());
    }
}
