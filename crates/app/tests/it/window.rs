//! The app as its window calls it: every call that the tests make, under the name of the window's command.
//!
//! Not here: what a test expects of an answer, and short forms of what many tests ask (those are in `lab`). It grows by
//! a line a command; where the app's own calls are renamed or moved, this is the one file to edit.

use app::view::about::{AboutView, CreateOrder, DescribeOrder};
use app::view::accounts::{AccountView, AddressView, FoundRegistry, NewAccount};
use app::view::active::{ActiveOrder, ActivePlan, ActiveQuestion};
use app::view::browse::{CommitList, RepositoryList, TagList, TagRow};
use app::view::delete::{DeleteOrder, DeleteOutcome, DeletePlan, DeleteQuestion};
use app::view::engine::{EngineView, ImageRow};
use app::view::keep::{KeepCommitOrder, KeepOrder, KeepView, Prune, PruneOrder, PrunePlan};
use app::view::problem::Problem;
use app::view::push::{PullOrder, PushOrder, PushPlan, PushQuestion};
use app::view::seen::{Exported, Imported};
use app::view::start::{Preferences, Start};
use app::view::tasks::{Outcome, TaskView};
use app::view::timeline::RepositoryTimeline;
use app::view::watch::{MoveAnswer, Moves, WatchOrder};
use app::{Longshore, NoticeAction};

type Answer<T> = Result<T, Problem>;

/// The app, as often as it is called for.
#[derive(Clone)]
pub struct Window(pub Longshore);

/// Hands each call on to the app's own of that name.
macro_rules! calls {
    ($($name:ident($($input:ident: $of:ty),*) -> $answer:ty;)*) => {
        impl Window {
            $(pub async fn $name(&self $(, $input: $of)*) -> $answer {
                self.0.$name($($input),*).await
            })*
        }
    };
}

// Accounts.
calls! {
    accounts() -> Answer<Vec<AccountView>>;
    found_registries() -> Answer<Vec<FoundRegistry>>;
    read_address(text: String) -> Answer<AddressView>;
    take_login_secret(text: String) -> Answer<String>;
    add_account(account: NewAccount) -> Answer<AccountView>;
    sign_in(id: String, account: NewAccount) -> Answer<AccountView>;
    sign_out(id: String) -> Answer<()>;
    remove_account(id: String) -> Answer<()>;
}

// Repositories and what they say of themselves.
calls! {
    repositories(account: String) -> Answer<RepositoryList>;
    refresh_repositories(account: String) -> Answer<()>;
    about(account: String, repository: String) -> Answer<AboutView>;
    refresh_about(account: String, repository: String) -> Answer<()>;
    ask_abouts(account: String, repositories: Vec<String>) -> Answer<()>;
    create_repository(order: CreateOrder) -> Answer<AboutView>;
    describe_repository(order: DescribeOrder) -> Answer<AboutView>;
    team_note(account: String, repository: String) -> Answer<String>;
}

// Tags, commits, the timeline.
calls! {
    tags(account: String, repository: String) -> Answer<TagList>;
    refresh_tags(account: String, repository: String) -> Answer<()>;
    resolve_tag(account: String, repository: String, tag: String) -> Answer<TagRow>;
    commits(account: String, repository: String, tag: String) -> Answer<CommitList>;
    refresh_commits(account: String, repository: String, tag: String) -> Answer<()>;
    ask_commits(account: String, repository: String, commits: Vec<String>) -> Answer<()>;
    timeline(account: String, repository: String) -> Answer<RepositoryTimeline>;
    export_seen(account: Option<String>, repository: Option<String>) -> Answer<Exported>;
    import_seen(text: String) -> Answer<Imported>;
}

// Going back, deleting, undoing.
calls! {
    plan_active(question: ActiveQuestion) -> Answer<ActivePlan>;
    make_active(order: ActiveOrder) -> Answer<Outcome>;
    plan_delete(question: DeleteQuestion) -> Answer<DeletePlan>;
    delete(order: DeleteOrder) -> Answer<DeleteOutcome>;
    stop_deleting() -> Answer<()>;
    undo_delete(undo: String) -> Answer<DeleteOutcome>;
}

// Keeping and pruning.
calls! {
    set_keep(order: KeepOrder) -> Answer<KeepView>;
    keep_commit(order: KeepCommitOrder) -> Answer<String>;
    plan_prune(account: String, repository: String, prune: Prune) -> Answer<PrunePlan>;
    prune(order: PruneOrder) -> Answer<DeleteOutcome>;
}

// The watch, moves, notifications.
calls! {
    watch(order: WatchOrder) -> Answer<()>;
    watch_due() -> Option<i64>;
    keep_watch() -> ();
    moves(account: String, repository: String) -> Answer<Moves>;
    saw_moves(account: String, repository: String) -> Answer<()>;
    answer_move(account: String, repository: String, id: String, answer: MoveAnswer) -> Answer<()>;
    notice_pressed(id: i64, action: NoticeAction) -> ();
}

// Transfers and the engine.
calls! {
    plan_push(question: PushQuestion) -> Answer<PushPlan>;
    start_push(order: PushOrder) -> Answer<String>;
    start_pull(order: PullOrder) -> Answer<String>;
    tasks() -> Answer<Vec<TaskView>>;
    cancel_task(id: String) -> Answer<()>;
    retry_task(id: String) -> Answer<String>;
    dismiss_task(id: String) -> Answer<()>;
    engine() -> Answer<EngineView>;
    images() -> Answer<Vec<ImageRow>>;
}

// Opening and closing.
calls! {
    start() -> Answer<Start>;
    save_preferences(preferences: Preferences) -> Answer<()>;
    leave() -> Answer<()>;
}

impl Window {
    pub fn running(&self) -> u32 {
        self.0.running()
    }
}
