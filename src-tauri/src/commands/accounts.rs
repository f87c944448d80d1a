//! Accounts: the only commands a secret passes through, and only inwards.

use app::view::accounts::{
    AccountView, AddressView, EncryptedFileView, FoundRegistry, NewAccount, ProbeView, Program,
    ProgramsKeep,
};
use app::view::certificate::{CertificateView, ConnectionOrder};
use app::view::problem::{Code, Problem};
use app::{Accounts, Longshore, SecretString};
use tauri::State;

/// Returns every account in the sidebar's order.
#[tauri::command]
pub async fn accounts(longshore: State<'_, Longshore>) -> Result<Vec<AccountView>, Problem> {
    longshore.accounts.list().await
}

/// Returns the registries that were found on this computer.
#[tauri::command]
pub async fn found_registries(
    longshore: State<'_, Longshore>,
) -> Result<Vec<FoundRegistry>, Problem> {
    longshore.accounts.found().await
}

/// Reads what was typed or pasted as an address. It contacts nobody.
#[tauri::command]
#[allow(clippy::needless_pass_by_value)] // handed over by the window
pub fn read_address(text: String) -> Result<AddressView, Problem> {
    Accounts::read_address(&text)
}

/// Takes the secret out of a pasted `docker login` line, for the secret's own field.
#[tauri::command]
#[allow(clippy::needless_pass_by_value)] // handed over by the window
pub fn take_login_secret(text: String) -> Result<String, Problem> {
    Accounts::take_login_secret(&text)
}

/// Asks a host whether it is a registry and which sign-in it wants.
#[tauri::command]
pub async fn probe_registry(
    longshore: State<'_, Longshore>,
    address: String,
    connection: Option<ConnectionOrder>,
) -> Result<ProbeView, Problem> {
    longshore.accounts.probe_registry(address, connection).await
}

/// Looks at the certificate that a host presents; nothing is sent to it.
#[tauri::command]
pub async fn look_at_certificate(
    longshore: State<'_, Longshore>,
    address: String,
    connection: Option<ConnectionOrder>,
) -> Result<CertificateView, Problem> {
    let accounts = &longshore.accounts;
    accounts.look_at_certificate(address, connection).await
}

/// Gives an account what its registry is reached by from now on.
#[tauri::command]
pub async fn change_connection(
    longshore: State<'_, Longshore>,
    id: String,
    connection: ConnectionOrder,
) -> Result<AccountView, Problem> {
    longshore.accounts.change_connection(id, connection).await
}

/// Adds a registry and signs in to it.
#[tauri::command]
pub async fn add_account(
    longshore: State<'_, Longshore>,
    account: NewAccount,
) -> Result<AccountView, Problem> {
    longshore.accounts.add(account).await
}

/// Signs in to an account that is signed out or whose sign-in expired.
#[tauri::command]
pub async fn sign_in(
    longshore: State<'_, Longshore>,
    id: String,
    account: NewAccount,
) -> Result<AccountView, Problem> {
    longshore.accounts.sign_in(id, account).await
}

/// Agrees to the way a registry wants the sign-in now, or, without one, goes on only as before.
#[tauri::command]
pub async fn approve_sign_in(
    longshore: State<'_, Longshore>,
    id: String,
    way: Option<String>,
) -> Result<AccountView, Problem> {
    longshore.accounts.approve_sign_in(id, way).await
}

/// Signs out of an account and removes its secret from the keychain; `anyway` names the problems that are to keep nobody.
#[tauri::command]
pub async fn sign_out(
    longshore: State<'_, Longshore>,
    id: String,
    anyway: Vec<Code>,
) -> Result<(), Problem> {
    longshore.accounts.sign_out(id, anyway).await
}

/// Tells whether there is an encrypted file of sign-ins, and whether it is open.
#[tauri::command]
pub async fn encrypted_file(longshore: State<'_, Longshore>) -> Result<EncryptedFileView, Problem> {
    longshore.accounts.encrypted_file().await
}

/// Opens the encrypted file for this run.
#[tauri::command]
pub async fn open_encrypted_file(
    longshore: State<'_, Longshore>,
    passphrase: SecretString,
) -> Result<(), Problem> {
    longshore.accounts.open_encrypted_file(passphrase).await
}

/// Puts the encrypted file aside, whose passphrase is forgotten, and returns where it is now.
#[tauri::command]
pub async fn put_encrypted_file_aside(
    longshore: State<'_, Longshore>,
) -> Result<Option<String>, Problem> {
    longshore.accounts.put_encrypted_file_aside().await
}

/// Returns the programs of this computer that could be signed in along with an account.
#[tauri::command]
pub async fn programs(longshore: State<'_, Longshore>) -> Result<Vec<Program>, Problem> {
    longshore.accounts.programs().await
}

/// Returns where the sign-in of a registry would be kept, where programs are signed in along.
#[tauri::command]
pub async fn programs_keep(
    longshore: State<'_, Longshore>,
    host: String,
) -> Result<ProgramsKeep, Problem> {
    longshore.accounts.programs_keep(host).await
}

/// Signs the programs of this computer in with the sign-in of an account.
#[tauri::command]
pub async fn sign_in_programs(
    longshore: State<'_, Longshore>,
    id: String,
    plain: bool,
) -> Result<AccountView, Problem> {
    longshore.accounts.sign_in_programs(id, plain).await
}

/// Signs the programs out that were signed in along with an account; with `anyway`, those that can't be are forgotten.
#[tauri::command]
pub async fn sign_out_programs(
    longshore: State<'_, Longshore>,
    id: String,
    anyway: bool,
) -> Result<AccountView, Problem> {
    longshore.accounts.sign_out_programs(id, anyway).await
}

/// Removes a registry from the sidebar, and with `forget` what was seen there from this computer.
#[tauri::command]
pub async fn remove_account(
    longshore: State<'_, Longshore>,
    id: String,
    forget: bool,
    anyway: Vec<Code>,
) -> Result<(), Problem> {
    longshore.accounts.remove(id, forget, anyway).await
}

/// Finds another account of the same registry that may push to a repository where this one may only read it.
#[tauri::command]
pub async fn writer_for(
    longshore: State<'_, Longshore>,
    id: String,
    repository: String,
) -> Result<Option<String>, Problem> {
    longshore.accounts.writer_for(id, repository).await
}
