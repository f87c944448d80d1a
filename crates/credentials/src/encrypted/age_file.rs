//! The encryption of the file: `age`, with a passphrase (scrypt) and nothing else.
//!
//! Not here: the file itself. Grows by nothing.

use std::io::{Read as _, Write as _};
use std::iter;

use age::{DecryptError, Decryptor, Encryptor, Identity, scrypt};
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

use super::EncryptedFileError;
use super::contents::{self, Contents};

/// The most work that a file may ask for (the base-2 logarithm of scrypt's N): 1 GiB of memory. A file that asks for more
/// was not written by us, and would take the computer's memory before its passphrase was even wrong.
pub(super) const MOST_WORK: u8 = 20;

/// Encrypts the secrets, each time with a new key.
pub(super) fn encrypt(
    contents: &Contents,
    passphrase: &SecretString,
    work_factor: u8,
) -> Result<Vec<u8>, EncryptedFileError> {
    let failed = |why: String| EncryptedFileError::NotWritten(why);
    let text = contents::write(contents)?;
    let mut recipient = scrypt::Recipient::new(passphrase.clone());
    recipient.set_work_factor(work_factor);
    let encryptor = Encryptor::with_recipients(iter::once(&recipient as _))
        .map_err(|error| failed(error.to_string()))?;
    let write = || {
        let mut writer = encryptor.wrap_output(Vec::new())?;
        writer.write_all(&text)?;
        writer.finish()
    };
    write().map_err(|error| failed(error.to_string()))
}

/// Decrypts them. Nothing of a file that is cut or was changed comes out.
pub(super) fn decrypt(
    bytes: &[u8],
    passphrase: &SecretString,
) -> Result<Contents, EncryptedFileError> {
    let unreadable = |why: &str| EncryptedFileError::Unreadable(why.to_owned());
    let decryptor = Decryptor::new_buffered(bytes).map_err(|_| unreadable("it is no age file"))?;
    if !decryptor.is_scrypt() {
        return Err(unreadable("no passphrase encrypts it"));
    }
    let mut identity = scrypt::Identity::new(passphrase.clone());
    identity.set_max_work_factor(MOST_WORK);
    let mut reader = decryptor
        .decrypt(iter::once(&identity as &dyn Identity))
        .map_err(|error| match error {
            DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed => {
                EncryptedFileError::WrongPassphrase
            }
            DecryptError::ExcessiveWork { .. } => unreadable("it asks for too much work"),
            _ => unreadable("it was changed or cut off"),
        })?;
    // What comes out is shorter than what goes in: all the room at once, so that growing leaves no copies behind.
    let mut text = Zeroizing::new(Vec::with_capacity(bytes.len()));
    reader
        .read_to_end(&mut text)
        .map_err(|_| unreadable("it was changed or cut off"))?;
    contents::read(&text)
}
