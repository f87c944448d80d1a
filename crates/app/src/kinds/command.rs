//! A vendor's own command: whether it may run for an account, and running it.
//!
//! It is another company's program, and looks happen by themselves: so it runs for an account only once a person let it, and before
//! that only where they press a button for it. That it is for this registry and no other is found out when it is let: the line by which
//! it signs in names the registry. Not here: what it is run for and what it prints (`vendors`), how a program is run (`credentials`).
//! Grows by nothing that is known.

use super::room::Kinds;
use crate::accounts::Accounts;
use crate::ground::{Ground, blocking, lock};
use crate::view::events::Stale;
use crate::view::kinds::{CommandOrder, CommandView, KindView, VendorId as Shown};
use crate::view::problem::Problem;
use crate::words;
use crate::words::kinds as say;
use credentials::{HelperError, VendorCommand, VendorSaid};
use oci::RepositoryName;
use std::fmt;
use std::sync::Arc;
use store::Account;
use vendors::{CommandFailure, OwnCommand, Part, Program, Running, RunsCommand, Vendor};

/// The most that is read of what it prints to sign in, in bytes.
const LOGIN: usize = 64 * 1024;

impl Kinds {
    /// Lets the command of an account's vendor run for it from now on. It is run once, to sign in: the line that it prints has to be of
    /// this registry, and is forgotten.
    pub async fn let_run(&self, order: CommandOrder) -> Result<KindView, Problem> {
        let account = self.accounts.account(&order.account).await?;
        let vendor = self.accounts.vendor(account.id).await.map(vendors::of);
        let program = vendor.and_then(Vendor::program);
        let program = program.ok_or_else(|| say::no_command().problem())?;
        let typed = order.organisation.as_deref().map(str::trim);
        let organisation = match typed.filter(|text| !text.is_empty()) {
            Some(text) => Some(organisation(text).ok_or_else(|| {
                let start = words::bounded(text, 100);
                say::bad_organisation(&start).problem()
            })?),
            None => None,
        };
        let line = self.login_line(program).await?;
        let theirs = Accounts::read_address(&line)?.host;
        if theirs != account.host.as_str() {
            let other = say::other_registry(program.name, &theirs, &account.host);
            return Err(other.problem().hint(say::other_account()));
        }
        let command = store::OwnCommand {
            organisation: organisation.map(|name| name.to_string()),
        };
        self.change(&account, Some(command)).await?;
        self.kind(order.account).await
    }

    /// Lets the command run no more for an account.
    pub async fn let_run_no_more(&self, account: String) -> Result<KindView, Problem> {
        let found = self.accounts.account(&account).await?;
        self.change(&found, None).await?;
        self.kind(account).await
    }

    /// Runs the command of a vendor, for a person who wants to sign in by it, and returns the line that it prints: to be taken as if it
    /// had been pasted.
    pub async fn login_by_command(&self, vendor: Shown) -> Result<String, Problem> {
        let program = vendors::of(super::choosing::meant(vendor)).program();
        let program = program.ok_or_else(|| say::no_command().problem())?;
        self.login_line(program).await
    }

    async fn change(
        &self,
        account: &Account,
        command: Option<store::OwnCommand>,
    ) -> Result<(), Problem> {
        let id = account.id;
        self.ground
            .db(move |store| store.let_run(id, command.as_ref()))
            .await?;
        self.forget_refused(id);
        self.note_trouble(id, None);
        self.ground.stale(Stale::Accounts);
        Ok(())
    }

    /// Runs the command to sign in, and returns the one line among what it prints that does so.
    async fn login_line(&self, program: Program) -> Result<String, Problem> {
        let failed = |failure: &CommandFailure| say::of_command(program.name, failure);
        let command = VendorCommand::new(program.name, Arc::clone(&self.programs));
        let said = run(command, program.login, LOGIN).await;
        let said = said.map_err(|failure| failed(&failure))?;
        let signs_in = |line: &&str| {
            let address = Accounts::read_address(line);
            address.is_ok_and(|address| address.has_secret)
        };
        let output = said.output();
        let line = output.lines().map(str::trim).find(signs_in);
        match line {
            Some(line) if said.ended_well => Ok(line.to_owned()),
            // A line that signs in is told to nobody, whatever else went wrong.
            Some(_) => Err(failed(&CommandFailure::said("", &said.errors()))),
            None if said.ended_well => Err(say::no_login_line(program.name)
                .problem()
                .hint(say::try_command())),
            None => Err(failed(&CommandFailure::said(&output, &said.errors()))),
        }
    }

    /// Tells whether a part of a vendor's own interface can be asked for an account: its command is there and may run, or there is the
    /// second sign-in that it takes.
    pub(super) async fn can_be_asked(&self, account: i64, vendor: &dyn Vendor, part: Part) -> bool {
        let Some(program) = vendor.program() else {
            return !self.takes_second(account, vendor, part).await
                || self.accounts.has_second(account, vendor.id()).await;
        };
        self.may_run(account).await.is_some() && self.is_there(program)
    }

    /// Returns the command that may run for an account; none where it isn't there, or nobody let it.
    pub(super) async fn command_of(
        &self,
        account: &Account,
        vendor: &dyn Vendor,
    ) -> Option<OwnCommand> {
        let program = vendor.program()?;
        let may = self.may_run(account.id).await?;
        if !self.is_there(program) {
            return None;
        }
        let said = may.organisation.as_deref().and_then(organisation);
        let runs = Runs {
            command: VendorCommand::new(program.name, Arc::clone(&self.programs)),
            ground: Arc::clone(&self.ground),
            account: account.id,
        };
        Some(OwnCommand {
            runs: Arc::new(runs),
            organisation: said.or_else(|| of_namespace(account)),
        })
    }

    /// Returns the command as the window shows it.
    pub(super) async fn command_view(
        &self,
        account: &Account,
        vendor: &dyn Vendor,
    ) -> Option<CommandView> {
        let program = vendor.program()?;
        let may = self.may_run(account.id).await;
        let said = may.as_ref().and_then(|may| may.organisation.clone());
        let of_account = || of_namespace(account).map(|name| name.to_string());
        Some(CommandView {
            program: program.name.to_owned(),
            is_there: self.is_there(program),
            may_run: may.is_some(),
            organisation: said.or_else(of_account),
            problem: lock(&self.troubles)
                .get(&account.id)
                .map(|failure| say::of_command(program.name, failure)),
        })
    }

    /// Notes why a command did not do what it was run for; nothing: it did.
    pub(super) fn note_trouble(&self, account: i64, failure: Option<&CommandFailure>) {
        let mut troubles = lock(&self.troubles);
        match failure {
            Some(failure) => troubles.insert(account, failure.clone()),
            None => troubles.remove(&account),
        };
    }

    async fn may_run(&self, account: i64) -> Option<store::OwnCommand> {
        let found = self
            .ground
            .db(move |store| store.own_command(account))
            .await;
        found.ok().flatten()
    }

    fn is_there(&self, program: Program) -> bool {
        VendorCommand::new(program.name, Arc::clone(&self.programs)).is_there()
    }
}

/// Reads an organisation's name: the first part of a repository's path.
fn organisation(text: &str) -> Option<RepositoryName> {
    let name = RepositoryName::parse(text).ok()?;
    (!name.as_str().contains('/')).then_some(name)
}

/// Returns the organisation that an account is for, where it is for one alone.
fn of_namespace(account: &Account) -> Option<RepositoryName> {
    let first = account.namespace.as_deref()?.split('/').next()?;
    organisation(first)
}

/// Runs the command for one account.
struct Runs {
    command: VendorCommand,
    ground: Arc<Ground>,
    account: i64,
}

impl fmt::Debug for Runs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runs")
            .field("account", &self.account)
            .finish_non_exhaustive()
    }
}

impl RunsCommand for Runs {
    fn run<'a>(
        &'a self,
        arguments: &'a [&'a str],
        most: usize,
    ) -> Running<'a, Result<String, CommandFailure>> {
        Box::pin(async move {
            let said = run(self.command.clone(), arguments, most).await?;
            if said.ended_well {
                Ok(said.output().into_owned())
            } else {
                Err(CommandFailure::said(&said.output(), &said.errors()))
            }
        })
    }

    fn own_name<'a>(&'a self, name: &'a RepositoryName) -> Running<'a, Option<String>> {
        let (account, name) = (self.account, name.to_string());
        Box::pin(async move {
            let told = self.ground.db(move |store| store.told_name(account, &name));
            told.await.ok().flatten()
        })
    }
}

async fn run(
    command: VendorCommand,
    arguments: &[&str],
    most: usize,
) -> Result<VendorSaid, CommandFailure> {
    let arguments: Vec<String> = arguments.iter().map(|&word| word.to_owned()).collect();
    let ran = blocking(move || {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        command.run(&arguments, most)
    });
    let ran = ran
        .await
        .map_err(|problem| CommandFailure::NotStarted(problem.message))?;
    ran.map_err(|error| match error {
        HelperError::Missing => CommandFailure::Missing,
        HelperError::Hung => CommandFailure::Hung,
        HelperError::TooMuch => CommandFailure::TooMuch,
        HelperError::Broken => CommandFailure::Unreadable,
        other => CommandFailure::NotStarted(other.to_string()),
    })
}
