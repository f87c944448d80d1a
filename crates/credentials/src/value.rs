//! How a secret that is longer than one item may hold is split over several, and put together again.
//!
//! A secret that fits is kept as it is. Of a longer one, the first item begins with a line that says how many items
//! there are, how long the secret is and what its checksum is, so that items of two different secrets (a write that was
//! cut short) are never taken for one.

use secrecy::zeroize::Zeroizing;

/// The beginning of the first item of a split secret. No password begins with a control character.
const MARK: &[u8] = b"\x01longshore-parts ";
/// Room for the line at the start of the first item.
const HEAD: usize = 80;
/// More items than any secret has.
const MOST: usize = 64;

/// One item's bytes.
pub(crate) type Part = Zeroizing<Vec<u8>>;

/// Splits a secret into the items to be kept, the first one first. `None` when the secret is too long by far.
pub(crate) fn split(secret: &[u8], limit: Option<usize>) -> Option<Vec<Part>> {
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
        format!("{count} {} {:016x}\n", secret.len(), checksum(secret)).as_bytes(),
    );
    head.extend_from_slice(first);
    Some(std::iter::once(head).chain(rest).collect())
}

/// Counts the items of a secret, as its first one tells.
pub(crate) fn count(first: &[u8]) -> usize {
    head(first).map_or(1, |head| head.count)
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
    Some(Head {
        count,
        length,
        checksum,
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
        let parts = split(secret, limit).unwrap();
        assert!(
            parts
                .iter()
                .all(|part| limit.is_none_or(|limit| part.len() <= limit))
        );
        assert_eq!(count(&parts[0]), parts.len());
        assert_eq!(join(&parts).unwrap().as_slice(), secret);
        parts.len()
    }

    #[test]
    fn what_fits_is_kept_as_it_is() {
        assert_eq!(
            split(b"hunter2", Some(100)).unwrap()[0].as_slice(),
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
        assert!(split(&vec![b'x'; 100_000], Some(100)).is_none());
    }

    #[test]
    fn a_secret_that_looks_split_survives() {
        assert_eq!(round(b"\x01longshore-parts 9 9 9\nx", Some(2500)), 1);
        assert_eq!(round(b"\x01longshore-parts ", None), 1);
    }

    #[test]
    fn parts_of_two_secrets_are_refused() {
        let one = split(&[b'a'; 300], Some(200)).unwrap();
        let two = split(&[b'b'; 300], Some(200)).unwrap();
        assert_eq!((one.len(), two.len()), (2, 2));
        assert!(join(&[one[0].clone(), two[1].clone()]).is_none());
        assert!(join(&one[..1]).is_none());
        assert!(join(&[one[0].clone(), one[1].clone(), one[1].clone()]).is_none());
        assert!(join(&[]).is_none());
    }
}
