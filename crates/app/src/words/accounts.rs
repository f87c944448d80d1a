//! Sentences about accounts: addresses, sign-ins, the keychain. Not here: checking any of it (`accounts`). Grows with
//! that room.

use super::table::sentences;
use crate::view::problem::{Code, Problem};

sentences! { "accounts":
    no_address() => "Type the registry’s address.";
    for_example_with_port() => "For example registry.example.org or 127.0.0.1:5000.";
    spaces() => "An address has no spaces.";
    type_host_or_line() => "Type just the host, such as registry.example.org, or paste a whole “docker login” line.";
    not_over(scheme) => "A registry is reached over https, not {scheme}.";
    type_host() => "Type just the host, such as registry.example.org.";
    no_host() => "The address has no host.";
    bad_address() => "This address can’t be read.";
    host_and_port() => "It is a host and perhaps a port, such as registry.example.org or 127.0.0.1:5000.";

    colon_in_user() => "A user’s name has no colon.";
    check_user() => "Check the user.";
    no_secret() => "The secret is missing.";
    type_secret() => "Type your password or access token, or leave both fields empty to go on without a sign-in.";
    no_user() => "The user is missing.";
    type_user() => "Type your user name, or leave both fields empty to go on without a sign-in.";
    secret_in_the_clear() => "Anyone on the way can read what is sent, your secret too. Go on only in a network you trust.";
    type_http() => "If that is what you want, type http:// before the address.";

    seen_by_another(host) => "Another account of {host} shows what was seen there.";
    remove_the_other() => "Remove that one too, or leave what was seen.";
    work_under_way(host) => "Something still runs at {host}.";
    end_it_first() => "Wait for it or stop it, then remove the registry.";

    not_shown(host, to) => "{host} asks for your secret to be sent to {to}, which was not shown before. Nothing was sent there.";
    look_again() => "Look at where it would go now. If you did not expect this, don’t go on.";
    wanted_otherwise(host) => "{host} asks for your secret in another way than was shown. Nothing was sent that way.";
    unknown_way(host) => "{host} asks for a sign-in in a way that Longshore doesn’t know.";
    ask_its_people() => "Ask the people who run it whether it takes a user and password, or access tokens.";
    no_identity_token(host) => "{host} takes no identity tokens, and one is never sent as a password.";
    use_password() => "Sign in with your user and a password or access token.";

    gone() => "This account is no longer here.";
    add_again() => "Add the registry again.";
    signed_out_of(host) => "You are signed out of {host}.";
    sign_in_to_go_on() => "Sign in to go on.";

    no_longer_kept(host) => "The sign-in for {host} is no longer where it was.";
    sign_in_there_or_here() => "Sign in again with the tool that kept it, or here with a user and secret.";
    another_user(host, now, before) => "What keeps the sign-in for {host} has that of {now} now, and not that of {before}.";
    sign_in_as_either() => "Pick it again to go on as the other user, or sign in here.";
    not_read(host) => "The sign-in for {host} can’t be read where it is kept.";
    install_the_helper() => "The credential helper is missing: install it again, or sign in here with a user and secret.";
    try_the_helper() => "Sign in again with the tool that the credential helper belongs to, or here with a user and secret.";
    mend_the_file() => "Look at the file, or sign in here with a user and secret.";

    keychain_locked() => "The keychain of this computer is locked.";
    unlock_keychain() => "Unlock it and try again, or keep the sign-in elsewhere.";
    no_keychain() => "This computer has no keychain that can be reached.";
    start_keychain() => "Start one and try again, or keep the sign-in elsewhere.";
    keychain_refused() => "The keychain of this computer didn’t take the secret.";
    try_or_stay() => "Try again, or keep the sign-in elsewhere.";
    unlock_and_leave() => "Unlock it and try again.";
    start_and_leave() => "Start one and try again.";
    keychain_would_not() => "The keychain of this computer didn’t let the secret go.";
    try_to_leave() => "Try again.";

    file_closed() => "The encrypted file with this sign-in is closed.";
    open_file() => "Open it with its passphrase to go on.";
    wrong_passphrase() => "This passphrase doesn’t open the encrypted file.";
    type_passphrase_again() => "Type it again. If it is forgotten, start a new file and sign in anew.";
    short_passphrase() => "This passphrase is too short.";
    longer_passphrase(fewest) => "It needs at least {fewest} characters; a few words are easy to keep in mind.";
    file_unreadable() => "The encrypted file can’t be read.";
    file_left_as_it_is() => "Nothing in it was changed. Put a copy of it back, or start a new file and sign in anew.";
    file_not_written() => "The encrypted file couldn’t be written.";
    look_at_data_folder() => "Look at the free space and the rights of Longshore’s data folder, then try again.";
    file_is_gone() => "The encrypted file is no longer here.";
    sign_in_anew() => "Put it back, or start a new file and sign in anew.";

    not_signed_in_along(program) => "{program} was not signed in along with it.";
    not_signed_out_along(program) => "{program} was not signed out along with it.";
    plain_or_helper(file) => "There is no credential helper, and {file} would hold your secret in plain text. Install a helper, or agree to that.";
    has_its_own(file) => "It has a sign-in of its own in {file}, which was left as it is.";
    no_token_for_it() => "It can’t use an identity token: sign in with a user and a password or access token.";
    look_at_the_file() => "Look at the file; nothing in it was changed.";
    look_at_the_helper() => "Try its own sign-in, which tells more.";
    along_is_for_all(host, namespace) => "Programs keep one sign-in for all of {host}; this one is for {namespace} alone.";
    kept_by_another(host) => "Another program keeps the sign-in of {host} already.";
    not_yours(host) => "There is no sign-in of {host} that could be handed on.";
}

/// Says why the keychain still holds a secret that was to go.
pub(crate) fn of_keychain_that_holds(error: &credentials::StoreError) -> Problem {
    use credentials::StoreError as E;
    let (message, hint) = match error {
        E::Locked(_) => (keychain_locked(), unlock_and_leave()),
        E::Absent(_) => (no_keychain(), start_and_leave()),
        E::Refused(_) => (keychain_would_not(), try_to_leave()),
        E::File(error) => return of_encrypted_file(error),
    };
    message
        .coded(Code::Keychain)
        .hint(hint)
        .detail(Some(error.to_string()))
}

/// Says why the encrypted file can't be used.
pub(crate) fn of_encrypted_file(error: &credentials::EncryptedFileError) -> Problem {
    use credentials::EncryptedFileError as E;
    let (message, hint, detail) = match error {
        E::Closed => (file_closed(), open_file(), None),
        E::WrongPassphrase => (wrong_passphrase(), type_passphrase_again(), None),
        E::TooShort => (
            short_passphrase(),
            longer_passphrase(&credentials::SHORTEST_PASSPHRASE),
            None,
        ),
        E::Unreadable(why) => (file_unreadable(), file_left_as_it_is(), Some(why.clone())),
        E::NotWritten(why) => (file_not_written(), look_at_data_folder(), Some(why.clone())),
    };
    message.coded(Code::EncryptedFile).hint(hint).detail(detail)
}

/// Says that there is no encrypted file to be opened.
pub(crate) fn no_encrypted_file() -> Problem {
    file_is_gone()
        .coded(Code::EncryptedFile)
        .hint(sign_in_anew())
}

/// Says why a program was not signed in along with an account, or not out.
pub(crate) fn of_program(
    error: &credentials::ClientError,
    program: &str,
    signed_in: bool,
) -> Problem {
    use credentials::ClientError as E;
    let message = if signed_in {
        not_signed_in_along(program)
    } else {
        not_signed_out_along(program)
    };
    let (hint, detail) = match error {
        E::NoHelper(file) => (plain_or_helper(file), None),
        E::OwnSignIn(file) => (has_its_own(file), None),
        E::NoIdentityToken => (no_token_for_it(), None),
        E::File(_) => (look_at_the_file(), Some(error.to_string())),
        E::Helper { .. } => (look_at_the_helper(), Some(error.to_string())),
    };
    message.coded(Code::Program).hint(hint).detail(detail)
}

/// Says that there is no such account (any more).
pub(crate) fn no_account() -> Problem {
    gone().problem().hint(add_again())
}

/// Says that the account is signed out.
pub(crate) fn signed_out(host: &oci::Host) -> Problem {
    signed_out_of(host)
        .coded(Code::SignIn)
        .hint(sign_in_to_go_on())
}

/// Says what the keychain refused.
pub(crate) fn of_keychain(error: &credentials::StoreError) -> Problem {
    use credentials::StoreError as E;
    let (message, hint) = match error {
        E::Locked(_) => (keychain_locked(), unlock_keychain()),
        E::Absent(_) => (no_keychain(), start_keychain()),
        E::Refused(_) => (keychain_refused(), try_or_stay()),
        E::File(error) => return of_encrypted_file(error),
    };
    message
        .coded(Code::Keychain)
        .hint(hint)
        .detail(Some(error.to_string()))
}
