//! For which accounts a person let the vendor's own command run, and what it calls a repository.
//!
//! It is an account's, outlives a sign-in, and goes with the account. Not here: running it (`app`). Grows by nothing that is known.

use crate::{Error, Store, rows};

/// A command that may run for an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnCommand {
    /// What the repositories that it tells stand under, where a person said it.
    pub organisation: Option<String>,
}

impl Store {
    /// Returns the command that may run for an account; none where nobody let it.
    pub fn own_command(&self, account: i64) -> Result<Option<OwnCommand>, Error> {
        rows::first(
            &self.lock(),
            "SELECT organisation FROM own_commands WHERE account = ?1",
            [account],
            |row| {
                Ok(OwnCommand {
                    organisation: row.get(0)?,
                })
            },
        )
    }

    /// Lets the command run for an account; none: no more.
    pub fn let_run(&self, account: i64, command: Option<&OwnCommand>) -> Result<(), Error> {
        let connection = self.lock();
        match command {
            // An account that went meanwhile is let nothing.
            Some(command) => connection.execute(
                "INSERT OR REPLACE INTO own_commands(account, organisation)
                 SELECT id, ?2 FROM accounts WHERE id = ?1",
                (account, &command.organisation),
            )?,
            None => connection.execute("DELETE FROM own_commands WHERE account = ?1", [account])?,
        };
        Ok(())
    }

    /// Returns the vendor's own name of a repository, as its list told it.
    pub fn told_name(&self, account: i64, name: &str) -> Result<Option<String>, Error> {
        let found: Option<Option<String>> = rows::first(
            &self.lock(),
            "SELECT id FROM told_repositories WHERE account = ?1 AND name = ?2",
            (account, name),
            |row| Ok(row.get(0)?),
        )?;
        Ok(found.flatten())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{add_account, place};
    use crate::told::ToldRepository;

    #[test]
    fn a_command_that_may_run_outlives_a_sign_in_and_goes_with_its_account() {
        let store = Store::in_memory().unwrap();
        let id = add_account(&store, &place().host);
        assert_eq!(store.own_command(id).unwrap(), None);
        let of_lab = OwnCommand {
            organisation: Some("lab".into()),
        };
        for command in [OwnCommand::default(), of_lab] {
            store.let_run(id, Some(&command)).unwrap();
            assert_eq!(add_account(&store, &place().host), id);
            assert_eq!(store.own_command(id).unwrap(), Some(command));
        }
        store.let_run(id, None).unwrap();
        assert_eq!(store.own_command(id).unwrap(), None);
        store.let_run(id, Some(&OwnCommand::default())).unwrap();
        store.remove_account(id).unwrap();
        assert_eq!(store.own_command(id).unwrap(), None);
        store.let_run(id, Some(&OwnCommand::default())).unwrap();
        assert_eq!(store.own_command(id).unwrap(), None);
    }

    #[test]
    fn a_repository_has_the_name_that_its_list_told() {
        let store = Store::in_memory().unwrap();
        let id = add_account(&store, &place().host);
        let told = ToldRepository {
            name: "lab/tool".into(),
            id: Some("Tool".into()),
            description: None,
            created: None,
            created_by: None,
            updated: None,
            tags: None,
            private: None,
        };
        store.tell_repositories(id, &[told], 10).unwrap();
        assert_eq!(
            store.told_name(id, "lab/tool").unwrap().as_deref(),
            Some("Tool")
        );
        assert_eq!(store.told_name(id, "lab/other").unwrap(), None);
    }
}
