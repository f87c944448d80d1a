//! The app as its window calls it: every call that the tests make, under the name of the window's command.
//!
//! Not here: what a test expects of an answer, and short forms of what many tests ask (those are in `lab`). It grows by
//! a line a command; where the app's own calls are renamed or moved, this is the one file to edit.

use app::view::about::{AboutView, CreateOrder, DescribeOrder};
use app::view::accounts::{
    AccountView, AddressView, EncryptedFileView, FoundRegistry, NewAccount, ProbeView, Program,
    ProgramsKeep,
};
use app::view::active::{ActiveOrder, ActivePlan, ActiveQuestion};
use app::view::browse::{CommitList, OpenedPath, RepositoryList, TagList, TagRow, TagTop};
use app::view::certificate::{CertificateView, ConnectionOrder};
use app::view::computer::{
    LoadOrder, LoadPlan, NameOrder, NameQuestion, NameView, RemoveOrder, RemovePlan, RemoveRow,
    SaveOrder,
};
use app::view::connection::{CheckView, Impossible};
use app::view::containers::{ContainerFacts, ContainerRow};
use app::view::delete::{DeleteItem, DeleteOrder, DeleteOutcome, DeletePlan, DeleteQuestion};
use app::view::engine::{EngineRow, EngineView, ImageFacts, ImageRow, ImageSize};
use app::view::find::FoundName;
use app::view::hosting::{
    HostedView, HostingFolder, HostingOrder, HostingPlan, UnhostOrder, UnhostPlan,
};
use app::view::keep::{
    KeepCommitOrder, KeepOrder, KeepView, Prune, PruneOrder, PrunePlan, RuleAnswerOrder,
};
use app::view::kinds::{
    CommandOrder, KindOrder, KindView, ProjectView, SecondOrder, SecondView, VendorId,
};
use app::view::making::{BuildLog, BuildOrder, BuildPlan, BuildQuestion, CommitOrder, CommitPlan};
use app::view::problem::{Code, Problem};
use app::view::push::{LikelyPlace, PullOrder, PushOrder, PushPlan, PushQuestion};
use app::view::search::SearchPage;
use app::view::seen::{Exported, Imported, ListingOrder, ListingView};
use app::view::settings::{AppSettings, SettingsView};
use app::view::start::{Preferences, Start};
use app::view::tasks::{Outcome, TaskKind, TaskOutcome, TaskState, TaskView};
use app::view::timeline::RepositoryTimeline;
use app::view::watch::{MoveAnswer, Moves, WatchOrder};
use app::{Accounts, Longshore, NoticeAction};
use secrecy::SecretString;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

type Answer<T> = Result<T, Problem>;

/// The app, as often as it is called for, and what its sheets showed.
#[derive(Clone)]
pub struct Window {
    pub app: Longshore,
    /// The names that deletion sheets showed for a commit: a window hands them back with the order.
    shown: Arc<Mutex<HashMap<String, Vec<String>>>>,
}

/// Hands each call on to the room of the app that answers it.
macro_rules! calls {
    ($($name:ident($($input:ident: $of:ty),*) -> $answer:ty => $room:ident.$method:ident;)*) => {
        impl Window {
            $(pub async fn $name(&self $(, $input: $of)*) -> $answer {
                self.app.$room.$method($($input),*).await
            })*
        }
    };
}

// Accounts.
calls! {
    accounts() -> Answer<Vec<AccountView>> => accounts.list;
    probe_by(address: String, connection: Option<ConnectionOrder>) -> Answer<ProbeView> => accounts.probe_registry;
    look_at_certificate(address: String, connection: Option<ConnectionOrder>) -> Answer<CertificateView> => accounts.look_at_certificate;
    change_connection(id: String, connection: ConnectionOrder) -> Answer<AccountView> => accounts.change_connection;
    found_registries() -> Answer<Vec<FoundRegistry>> => accounts.found;
    add_as_shown(account: NewAccount) -> Answer<AccountView> => accounts.add;
    sign_in_as_shown(id: String, account: NewAccount) -> Answer<AccountView> => accounts.sign_in;
    approve_sign_in(id: String, way: Option<String>) -> Answer<AccountView> => accounts.approve_sign_in;
    let_go(id: String, anyway: Vec<Code>) -> Answer<()> => accounts.sign_out;
    remove_as_asked(id: String, forget: bool, anyway: Vec<Code>) -> Answer<()> => accounts.remove;
    programs() -> Answer<Vec<Program>> => accounts.programs;
    programs_keep(host: String) -> Answer<ProgramsKeep> => accounts.programs_keep;
    sign_in_programs(id: String, plain: bool) -> Answer<AccountView> => accounts.sign_in_programs;
    writer_for(id: String, repository: String) -> Answer<Option<String>> => accounts.writer_for;
    encrypted_file() -> Answer<EncryptedFileView> => accounts.encrypted_file;
    open_encrypted_file(passphrase: SecretString) -> Answer<()> => accounts.open_encrypted_file;
    put_encrypted_file_aside() -> Answer<Option<String>> => accounts.put_encrypted_file_aside;
    leave_programs(id: String, anyway: bool) -> Answer<AccountView> => accounts.sign_out_programs;
}

// Whose registry it is, and the connection check.
calls! {
    kind(account: String) -> Answer<KindView> => kinds.kind;
    choose_kind(order: KindOrder) -> Answer<KindView> => kinds.choose;
    let_run(order: CommandOrder) -> Answer<KindView> => kinds.let_run;
    let_run_no_more(account: String) -> Answer<KindView> => kinds.let_run_no_more;
    login_by_command(vendor: VendorId) -> Answer<String> => kinds.login_by_command;
    second_sign_in(account: String) -> Answer<Option<SecondView>> => kinds.second;
    give_second(order: SecondOrder) -> Answer<Option<SecondView>> => kinds.give_second;
    remove_second(account: String) -> Answer<Option<SecondView>> => kinds.remove_second;
    projects(account: String) -> Answer<Vec<ProjectView>> => kinds.projects;
    check_connection(account: String, repository: Option<String>, whole: bool) -> Answer<Option<CheckView>> => connection.check;
    try_upload(account: String) -> Answer<Option<CheckView>> => connection.try_upload;
    check_report(account: String) -> Answer<String> => connection.report;
    impossible(account: String) -> Answer<Vec<Impossible>> => connection.impossible;
}

// Registries that run on this computer.
calls! {
    plan_hosting() -> Answer<HostingPlan> => hosting.plan;
    hosting_folder(folder: String) -> Answer<HostingFolder> => hosting.look_at_folder;
    download_registry(way: String) -> Answer<String> => orders.download;
    host_registry(order: HostingOrder) -> Answer<AccountView> => hosting.host;
    hosted() -> Answer<Vec<HostedView>> => hosting.list;
    start_hosted(id: String) -> Answer<()> => hosting.start;
    stop_hosted(id: String) -> Answer<()> => hosting.stop;
    plan_unhost(id: String) -> Answer<UnhostPlan> => hosting.plan_unhost;
    unhost(order: UnhostOrder) -> Answer<()> => hosting.unhost;
}

// Repositories and what they say of themselves.
calls! {
    refresh_repositories(account: String) -> Answer<()> => repositories.refresh_list;
    open_path(account: Option<String>, text: String) -> Answer<OpenedPath> => repositories.open_path;
    forget_path(account: String, repository: String) -> Answer<()> => repositories.forget_path;
    about(account: String, repository: String) -> Answer<AboutView> => repositories.about;
    refresh_about(account: String, repository: String) -> Answer<()> => repositories.refresh_about;
    ask_abouts(account: String, repositories: Vec<String>) -> Answer<()> => repositories.ask_abouts;
    create_repository(order: CreateOrder) -> Answer<AboutView> => repositories.create;
    describe_repository(order: DescribeOrder) -> Answer<AboutView> => repositories.describe;
    team_note(account: String, repository: String) -> Answer<String> => repositories.team_note;
}

// Tags, commits, the timeline.
calls! {
    find(typed: String, whole: bool) -> Answer<Vec<FoundName>> => repositories.find;
    keep_top(account: String, repository: String, top: TagTop) -> Answer<()> => repositories.keep_top;
    refresh_tags(account: String, repository: String) -> Answer<()> => repositories.refresh_tags;
    resolve_tag(account: String, repository: String, tag: String) -> Answer<TagRow> => repositories.resolve_tag;
    commits(account: String, repository: String, tag: String) -> Answer<CommitList> => repositories.commits;
    refresh_commits(account: String, repository: String, tag: String) -> Answer<()> => repositories.refresh_commits;
    refresh_timeline(account: String, repository: String) -> Answer<()> => repositories.refresh_timeline;
    ask_commits(account: String, repository: String, commits: Vec<String>) -> Answer<()> => repositories.ask_commits;
    timeline(account: String, repository: String) -> Answer<RepositoryTimeline> => repositories.timeline;
    export_seen(account: Option<String>, repository: Option<String>) -> Answer<Exported> => exchange.export;
    import_seen(text: String) -> Answer<Imported> => exchange.import;
    read_listing(order: ListingOrder) -> Answer<ListingView> => exchange.read_listing;
    import_listing(order: ListingOrder) -> Answer<Imported> => exchange.import_listing;
}

// Going back, deleting, undoing.
calls! {
    plan_active(question: ActiveQuestion) -> Answer<ActivePlan> => active.plan;
    make_active(order: ActiveOrder) -> Answer<Outcome> => active.make_active;
}

// Keeping and pruning.
calls! {
    set_keep(order: KeepOrder) -> Answer<KeepView> => keeping.set;
    answer_rule(order: RuleAnswerOrder) -> Answer<KeepView> => keeping.answer_rule;
    keep_commit(order: KeepCommitOrder) -> Answer<String> => keeping.keep;
    plan_prune(account: String, repository: String, prune: Prune) -> Answer<PrunePlan> => removal.plan_prune;
}

// The watch, moves, notifications.
calls! {
    watch(order: WatchOrder) -> Answer<()> => watching.watch;
    watch_due() -> Option<i64> => watching.watch_due;
    keep_watch() -> () => watching.run;
    moves(account: String, repository: String) -> Answer<Moves> => watching.moves;
    saw_moves(account: String, repository: String) -> Answer<()> => watching.saw_moves;
    answer_move(account: String, repository: String, id: String, answer: MoveAnswer) -> Answer<()> => watching.answer;
    notice_pressed(id: i64, action: NoticeAction) -> () => watching.notice_pressed;
}

// Transfers and the engine.
calls! {
    push_places(image: String, name: Option<String>) -> Answer<Vec<LikelyPlace>> => transfers.push_places;
    plan_push(question: PushQuestion) -> Answer<PushPlan> => transfers.plan_push;
    start_push(order: PushOrder) -> Answer<String> => orders.push;
    start_pull(order: PullOrder) -> Answer<String> => orders.pull;
    ordered_push(task: String) -> Answer<PushOrder> => orders.ordered_push;
    ordered_pull(task: String) -> Answer<PullOrder> => orders.ordered_pull;
    tasks() -> Answer<Vec<TaskView>> => tasks.list;
    cancel_task(id: String) -> Answer<()> => tasks.cancel;
    retry_task(id: String) -> Answer<String> => tasks.retry;
    dismiss_task(id: String) -> Answer<()> => tasks.dismiss;
    clear_finished() -> Answer<()> => tasks.clear_finished;
    plan_build(question: BuildQuestion) -> Answer<BuildPlan> => making.plan_build;
    start_build(order: BuildOrder) -> Answer<String> => orders.build;
    plan_commit(container: String) -> Answer<CommitPlan> => making.plan_commit;
    start_commit(order: CommitOrder) -> Answer<String> => orders.commit;
    start_save(order: SaveOrder) -> Answer<String> => orders.save;
    start_load(order: LoadOrder) -> Answer<String> => orders.load;
    engine() -> Answer<EngineView> => computer.engine;
    images() -> Answer<Vec<ImageRow>> => computer.images;
    engines() -> Answer<Vec<EngineRow>> => computer.engines;
    look_for_engines() -> Answer<()> => computer.look_for_engines;
    image_facts(ids: Vec<String>) -> Answer<Vec<ImageFacts>> => computer.image_facts;
    image_sizes() -> Answer<Vec<ImageSize>> => computer.image_sizes;
    containers() -> Answer<Vec<ContainerRow>> => computer.containers;
    plan_remove(rows: Vec<RemoveRow>) -> Answer<RemovePlan> => orders.plan_remove;
    plan_clean_up() -> Answer<RemovePlan> => orders.plan_clean_up;
    remove_image(order: RemoveOrder) -> Answer<()> => orders.remove_image;
    read_name(question: NameQuestion) -> Answer<NameView> => computer.read_name;
    tag_image(order: NameOrder) -> Answer<()> => computer.tag_image;
    container_facts(ids: Vec<String>) -> Answer<Vec<ContainerFacts>> => computer.container_facts;
}

// Opening and closing.
calls! {
    save_preferences(preferences: Preferences) -> Answer<()> => settings.save;
    set_settings(values: AppSettings) -> Answer<SettingsView> => settings.set;
    reset_settings() -> Answer<SettingsView> => settings.reset;
    leave() -> Answer<()> => tasks.leave;
}

impl Window {
    pub fn new(app: Longshore) -> Self {
        Self {
            app,
            shown: Arc::default(),
        }
    }

    /// Reads the whole list, part by part.
    pub async fn repositories(&self, account: String) -> Answer<RepositoryList> {
        let rooms = &self.app.repositories;
        let mut whole = rooms.list(account.clone(), None).await?;
        while let Some(after) = whole.next.take() {
            let part = rooms.list(account.clone(), Some(after)).await?;
            whole.names.extend(part.names);
            whole.next = part.next;
        }
        Ok(whole)
    }

    /// Reads the whole list, part by part.
    pub async fn tags(&self, account: String, repository: String) -> Answer<TagList> {
        let part = |after| {
            self.app
                .repositories
                .tags(account.clone(), repository.clone(), after)
        };
        let mut whole = part(None).await?;
        while let Some(after) = whole.next.take() {
            let next = part(Some(after)).await?;
            whole.rows.extend(next.rows);
            whole.next = next.next;
        }
        Ok(whole)
    }

    pub async fn probe_registry(&self, address: String) -> Answer<ProbeView> {
        self.probe_by(address, None).await
    }

    /// Adds a registry as a window does: where the secret goes is shown first, and agreed to.
    pub async fn add_account(&self, account: NewAccount) -> Answer<AccountView> {
        let shown = self.shown_by(&account.address, account.connection.clone());
        let shown = shown.await;
        self.add_as_shown(NewAccount {
            agreed: shown,
            ..account
        })
        .await
    }

    /// Signs in again as a window does.
    pub async fn sign_in(&self, id: String, account: NewAccount) -> Answer<AccountView> {
        let known = self.accounts().await?;
        let known = known.iter().find(|known| known.id == id);
        let address = known.map(|known| {
            let scheme = if known.plain_http { "http://" } else { "" };
            format!("{scheme}{}", known.host)
        });
        let mut shown = self.shown(&address.unwrap_or_default()).await;
        // Where it goes so far is shown too, unless the registry now asks for something else.
        let before = known.map(|known| known.ways.iter().map(|way| way.way.clone()));
        let before: Vec<String> = before.into_iter().flatten().collect();
        if shown.iter().all(|way| before.contains(way)) {
            shown = before;
        }
        self.sign_in_as_shown(
            id,
            NewAccount {
                agreed: shown,
                ..account
            },
        )
        .await
    }

    /// Returns the ways a sheet shows before a secret goes to an address.
    pub async fn shown(&self, address: &str) -> Vec<String> {
        self.shown_by(address, None).await
    }

    async fn shown_by(&self, address: &str, connection: Option<ConnectionOrder>) -> Vec<String> {
        let probe = self.probe_by(address.to_owned(), connection).await;
        let ways = probe.map(|probe| probe.ways).unwrap_or_default();
        ways.into_iter().map(|way| way.way).collect()
    }

    pub async fn sign_out(&self, id: String) -> Answer<()> {
        self.let_go(id, Vec::new()).await
    }

    pub async fn sign_out_programs(&self, id: String) -> Answer<AccountView> {
        self.leave_programs(id, false).await
    }

    pub async fn remove_registry(&self, id: String, forget: bool) -> Answer<()> {
        self.remove_as_asked(id, forget, Vec::new()).await
    }

    pub async fn remove_account(&self, id: String) -> Answer<()> {
        self.remove_registry(id, false).await
    }

    pub async fn search_public(&self, term: &str, page: u32) -> Answer<SearchPage> {
        self.app.search.public(term, page).await
    }

    pub async fn plan_load(&self, path: &str) -> Answer<LoadPlan> {
        self.app.computer.plan_load(path).await
    }

    pub fn build_log(&self, task: &str) -> BuildLog {
        self.app.making.build_log(task)
    }

    pub fn running(&self) -> u32 {
        self.app.tasks.running()
    }

    #[allow(clippy::unused_async)] // called like the others
    pub async fn start(&self) -> Answer<Start> {
        Ok(self.app.settings.start())
    }

    #[allow(clippy::unused_self)] // called like the others
    pub fn read_address(&self, text: &str) -> Answer<AddressView> {
        Accounts::read_address(text)
    }

    #[allow(clippy::unused_self)] // called like the others
    pub fn take_login_secret(&self, text: &str) -> Answer<String> {
        Accounts::take_login_secret(text)
    }

    pub async fn plan_delete(&self, question: DeleteQuestion) -> Answer<DeletePlan> {
        let plan = self.app.removal.plan_delete(question).await?;
        let mut shown = self.shown.lock().unwrap();
        for item in &plan.items {
            if let (DeleteItem::Commit { digest }, names) = (&item.item, &item.names) {
                shown.insert(digest.clone(), names.clone());
            }
        }
        Ok(plan)
    }

    /// Presses the button of a deletion sheet, and waits for the task to end.
    pub async fn delete(&self, mut order: DeleteOrder) -> Answer<DeleteOutcome> {
        for now in &mut order.items {
            if let DeleteItem::Commit { digest } = &now.item {
                let shown = self.shown.lock().unwrap();
                now.names = shown.get(digest).cloned().unwrap_or_default();
            }
        }
        self.removed(self.app.orders.delete(order).await?).await
    }

    /// Presses *Undo*, and waits for the task to end.
    pub async fn undo_delete(&self, undo: String) -> Answer<DeleteOutcome> {
        self.removed(self.app.orders.undo(&undo).await?).await
    }

    /// Presses the button of a prune preview, and waits for the task to end.
    pub async fn prune(&self, order: PruneOrder) -> Answer<DeleteOutcome> {
        self.removed(self.app.orders.prune(order).await?).await
    }

    /// Presses *Stop* on every deletion and pruning that runs.
    pub async fn stop_deleting(&self) -> Answer<()> {
        for task in self.tasks().await? {
            if !matches!(task.kind, TaskKind::Push | TaskKind::Pull) {
                self.cancel_task(task.id).await?;
            }
        }
        Ok(())
    }

    /// Waits for a task that takes away or puts back: its outcome, or why nothing came of it.
    async fn removed(&self, id: String) -> Answer<DeleteOutcome> {
        let task = loop {
            let tasks = self.tasks().await?;
            let task = tasks.into_iter().find(|task| task.id == id).unwrap();
            if !matches!(task.state, TaskState::Waiting | TaskState::Running) {
                break task;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        };
        match (task.outcome, task.problem) {
            (_, Some(problem)) => Err(problem),
            (Some(TaskOutcome::Removed(outcome)), None) => Ok(outcome),
            other => panic!("{:?} ended with {other:?}", task.state),
        }
    }
}
