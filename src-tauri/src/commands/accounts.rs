//! Accounts: the only commands a secret passes through, and only inwards.

use app::Longshore;
use app::view::accounts::{AccountView, AddressView, FoundRegistry, NewAccount, ProbeView};
use app::view::problem::Problem;
use tauri::State;

/// Every account, in the sidebar's order.
#[tauri::command]
pub async fn accounts(longshore: State<'_, Longshore>) -> Result<Vec<AccountView>, Problem> {
    longshore.accounts().await
}

/// Registries found on this computer.
#[tauri::command]
pub async fn found_registries(
    longshore: State<'_, Longshore>,
) -> Result<Vec<FoundRegistry>, Problem> {
    longshore.found_registries().await
}

/// Reads what was typed or pasted as an address; contacts nobody.
#[tauri::command]
pub async fn read_address(
    longshore: State<'_, Longshore>,
    text: String,
) -> Result<AddressView, Problem> {
    longshore.read_address(text).await
}

/// Takes the secret out of a pasted `docker login` line, for the secret's own field.
#[tauri::command]
pub async fn take_login_secret(
    longshore: State<'_, Longshore>,
    text: String,
) -> Result<String, Problem> {
    longshore.take_login_secret(text).await
}

/// Asks a host whether it is a registry, and what it wants.
#[tauri::command]
pub async fn probe_registry(
    longshore: State<'_, Longshore>,
    address: String,
) -> Result<ProbeView, Problem> {
    longshore.probe_registry(address).await
}

/// Adds a registry and signs in.
#[tauri::command]
pub async fn add_account(
    longshore: State<'_, Longshore>,
    account: NewAccount,
) -> Result<AccountView, Problem> {
    longshore.add_account(account).await
}

/// Signs in to an account that is signed out or whose sign-in expired.
#[tauri::command]
pub async fn sign_in(
    longshore: State<'_, Longshore>,
    id: String,
    account: NewAccount,
) -> Result<AccountView, Problem> {
    longshore.sign_in(id, account).await
}

/// Signs out: the secret is removed from the keychain.
#[tauri::command]
pub async fn sign_out(longshore: State<'_, Longshore>, id: String) -> Result<(), Problem> {
    longshore.sign_out(id).await
}

/// Removes a registry from the sidebar.
#[tauri::command]
pub async fn remove_account(longshore: State<'_, Longshore>, id: String) -> Result<(), Problem> {
    longshore.remove_account(id).await
}
