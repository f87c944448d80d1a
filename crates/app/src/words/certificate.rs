//! Sentences about certificates: what is wrong with one, and with the files that should help. Not here: reading any
//! (`accounts`, `registry`). Grows with what can be wrong.

use super::table::sentences;
use crate::view::problem::{Code, Problem};
use crate::view::said::Said;
use registry::{FileFault, TlsFault};

sentences! { "certificate":
    nobody_vouches(host) => "Nobody this computer trusts vouches for {host}.";
    vouches_for_itself(host) => "Nobody but itself vouches for {host}.";
    file_does_not_vouch(host) => "That file doesn’t vouch for {host}.";
    other_names(host) => "The certificate is for other names than {host}.";
    expired() => "It has expired.";
    not_yet() => "By this computer’s date it isn’t valid yet.";
    revoked() => "Whoever gave it has taken it back.";
    unusable(why) => "It can’t be used: {why}.";
    changed(host) => "{host} shows another certificate than you trusted: it was renewed, or somebody stands between. Ask its owner.";
    whole_path() => "Type the whole path of the file.";
    not_read(file) => "{file} can’t be read.";
    check_file() => "Check that it is there, and that you may read it.";
    too_large(file) => "{file} is too large for a certificate.";
    no_certificate(file) => "There is no certificate in {file}.";
    which_file() => "It begins with “-----BEGIN CERTIFICATE-----”, and often ends in .crt or .pem.";
    no_key(file) => "There is no private key in {file}.";
    which_key() => "It begins with “-----BEGIN PRIVATE KEY-----”, and often ends in .key.";
    encrypted_key(file) => "The key in {file} is encrypted.";
    without_passphrase(file) => "Give a copy without a passphrase that only you may read: openssl pkey -in {file} -out client.key.";
    pkcs12(file) => "{file} is a PKCS#12 file.";
    take_apart(file) => "Take it apart: openssl pkcs12 -in {file} -nokeys -out client.crt, and -nocerts -nodes -out client.key.";
    proxy_address() => "This is no address of a proxy.";
    proxy_example() => "It is such as http://proxy.example:3128 or socks5h://proxy.example:1080.";
    proxy_scheme() => "A proxy is reached over http, https, socks5 or socks5h.";
    proxy_user_info() => "A proxy’s user and secret don’t belong into its address.";
    proxy_fields() => "Type them into the fields beside it: they are kept in the keychain.";
    no_https_proxy() => "A registry with a certificate of its own can’t be reached through an https proxy.";
    another_proxy() => "That proxy would see what is this registry’s alone. Use one over http, socks5 or socks5h.";
    other_key(file) => "The key in {file} doesn’t belong to that certificate.";
}

/// Says what is wrong with a certificate. `given` tells that a file was chosen to vouch for it.
pub(crate) fn of_fault(
    fault: &TlsFault,
    host: &oci::Host,
    is_own_issuer: bool,
    given: bool,
) -> Said {
    match fault {
        TlsFault::UnknownIssuer if given => file_does_not_vouch(host),
        TlsFault::UnknownIssuer if is_own_issuer => vouches_for_itself(host),
        TlsFault::UnknownIssuer => nobody_vouches(host),
        TlsFault::WrongName => other_names(host),
        TlsFault::Expired => expired(),
        TlsFault::NotYet => not_yet(),
        TlsFault::Revoked => revoked(),
        TlsFault::PinChanged => changed(host),
        other => unusable(&other.to_string()),
    }
}

/// Says why a file can't be used for what it was given as.
pub(crate) fn of_file(fault: FileFault, certificate: &str, key: &str) -> Problem {
    let (said, hint) = match fault {
        FileFault::NoCertificate => (no_certificate(certificate), which_file()),
        FileFault::NoKey => (no_key(key), which_key()),
        FileFault::EncryptedKey => (encrypted_key(key), without_passphrase(key)),
        FileFault::Pkcs12 => (pkcs12(certificate), take_apart(certificate)),
        FileFault::OtherKey => (other_key(key), which_key()),
    };
    said.coded(Code::CertificateFile).hint(hint)
}
