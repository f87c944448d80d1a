//! Forgetting what was seen at a registry that is removed: what stands against it, and what is about it beside the rows
//! that the database finds by itself.
//!
//! Not here: deleting it (`store`). Grows by a thing that is stored as text and names a registry.

use super::room::Accounts;
use crate::view::problem::Problem;
use crate::words::accounts as say;
use serde_json::Value;
use store::{Account, Store, StoredTask};

impl Accounts {
    /// Says why what was seen at an account's registry can't be forgotten now: another account shows it, or work is under
    /// way that would write it anew.
    pub(super) async fn may_forget(&self, account: &Account) -> Result<(), Problem> {
        let (id, host) = (account.id, account.host.clone());
        let (accounts, tasks) = self
            .ground
            .db(|store| Ok((store.accounts()?, store.tasks()?)))
            .await?;
        if accounts
            .iter()
            .any(|other| other.host == host && other.id != id)
        {
            return Err(say::seen_by_another(&host)
                .problem()
                .hint(say::remove_the_other()));
        }
        let under_way = |task: &&StoredTask| matches!(task.state.as_str(), "waiting" | "running");
        if tasks
            .iter()
            .filter(under_way)
            .any(|task| is_about(task, account))
        {
            return Err(say::work_under_way(&host)
                .problem()
                .hint(say::end_it_first()));
        }
        Ok(())
    }
}

/// Deletes an account and all that was seen at its registry.
pub(super) fn forget(store: &Store, account: &Account) -> Result<(), store::Error> {
    store.forget(account.id, &account.host, |task| is_about(task, account))
}

/// Tells whether a task is about an account, or about its registry by an account of before.
fn is_about(task: &StoredTask, account: &Account) -> bool {
    let id = account.id.to_string();
    [&task.work, &task.view]
        .into_iter()
        .any(|text| names_account(text, &id) || names_host(text, account.host.as_str()))
}

fn names_account(text: &str, id: &str) -> bool {
    fn within(value: &Value, id: &str) -> bool {
        match value {
            Value::Object(fields) => fields.iter().any(|(name, value)| {
                (name == "account" && value.as_str() == Some(id)) || within(value, id)
            }),
            Value::Array(values) => values.iter().any(|value| within(value, id)),
            _ => false,
        }
    }
    serde_json::from_str(text).is_ok_and(|value| within(&value, id))
}

/// Tells whether a text names a host, and not one that only begins or ends like it.
fn names_host(text: &str, host: &str) -> bool {
    let part = |byte: Option<&u8>| {
        byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':'))
    };
    text.match_indices(host).any(|(at, _)| {
        let (before, behind) = (&text.as_bytes()[..at], &text.as_bytes()[at + host.len()..]);
        !part(before.last()) && !part(behind.first())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_is_about_its_account_and_its_host() {
        let task = |work: &str, view: &str| StoredTask {
            id: 1,
            state: "done".into(),
            work: work.into(),
            view: view.into(),
            run: 1,
            told: false,
        };
        let account = Account {
            id: 7,
            host: oci::Host::parse("lab.example:5000").unwrap(),
            scheme: "https".into(),
            user: None,
            state: String::new(),
            ways: None,
            source: None,
            connection: None,
            namespace: None,
        };
        for (work, view, about) in [
            (r#"{"push":{"account":"7","repository":"a"}}"#, "", true),
            (r#"{"push":{"account":"77","repository":"a"}}"#, "", false),
            (
                "",
                r#"{"outcome":{"name":"lab.example:5000/a/b:v1"}}"#,
                true,
            ),
            (
                "",
                r#"{"outcome":{"name":"my-lab.example:5000/a/b:v1"}}"#,
                false,
            ),
            (
                "",
                r#"{"outcome":{"name":"lab.example:50001/a/b:v1"}}"#,
                false,
            ),
            ("no json", "", false),
        ] {
            assert_eq!(
                is_about(&task(work, view), &account),
                about,
                "{work} {view}"
            );
        }
    }
}
