//! Small files that a person names: certificates and keys.
//!
//! Not here: what is in them. Grows by nothing.

use crate::view::problem::{Code, Problem};
use crate::words::certificate as say;
use std::fs::File;
use std::io::{Error, ErrorKind, Read};
use std::path::Path;

/// The largest file that is read, in bytes: a bundle of all public authorities has a quarter of a megabyte.
const LARGEST: u64 = 1 << 20;

/// Reads a file whole, where it is one and not too large. It never waits for a pipe.
pub(super) fn read_bounded(path: &Path) -> Result<Vec<u8>, Error> {
    if !path.metadata()?.is_file() {
        return Err(ErrorKind::InvalidInput.into());
    }
    let mut bytes = Vec::new();
    File::open(path)?
        .take(LARGEST + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

/// Reads a file that a person typed the path of.
pub(super) fn read_typed(path: &str) -> Result<Vec<u8>, Problem> {
    let path = path.trim();
    if !Path::new(path).is_absolute() {
        return Err(say::whole_path().coded(Code::CertificateFile));
    }
    read_bounded(Path::new(path)).map_err(|error| match error.kind() {
        ErrorKind::FileTooLarge => say::too_large(path)
            .coded(Code::CertificateFile)
            .hint(say::which_file()),
        _ => say::not_read(path)
            .coded(Code::CertificateFile)
            .hint(say::check_file())
            .detail(Some(error.to_string())),
    })
}
