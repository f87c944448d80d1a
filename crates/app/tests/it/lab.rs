//! One repository, as one computer sees it: what most tests ask of it, in few words.
//!
//! Each of these must work; a test of what must not work calls the app itself.

use crate::home::Home;
use crate::window::Window;
use app::view::about::{AboutView, DescribeOrder};
use app::view::browse::{CommitRow, TagList, TagRow};
use app::view::keep::KeepRule;
use app::view::keep::{
    KeepCommitOrder, KeepOrder, KeepView, Prune, PruneOrder, PrunePlan, RuleAnswer, RuleAnswerOrder,
};
use app::view::problem::Problem;
use app::view::push::{
    KeepAnswer, KeepPlan, NameAnswer, PullOrder, PushOrder, PushPlan, PushQuestion,
};
use app::view::tasks::{TaskState, TaskView};
use app::view::timeline::RepositoryTimeline;
use app::view::watch::Moves;

/// A repository of an account.
#[derive(Clone, Copy)]
pub struct Lab<'a> {
    home: &'a Home,
    account: &'a str,
    repository: &'a str,
}

impl Home {
    /// Turns to a repository of an account.
    pub fn at<'a>(&'a self, account: &'a str, repository: &'a str) -> Lab<'a> {
        Lab {
            home: self,
            account,
            repository,
        }
    }
}

/// What the button of a sheet says yes to, where it shows a rule of the repository that was not allowed here.
pub fn ticked(keep: &KeepPlan) -> Option<String> {
    match keep {
        KeepPlan::Rule { asks, .. } => asks.clone(),
        KeepPlan::Nothing | KeepPlan::Ask { .. } | KeepPlan::Impossible { .. } => None,
    }
}

impl Lab<'_> {
    fn app(&self) -> &Window {
        &self.home.app
    }

    /// Account and repository, as every call begins.
    fn place(&self) -> (String, String) {
        (self.account.to_owned(), self.repository.to_owned())
    }

    pub async fn tags(&self) -> TagList {
        let (account, repository) = self.place();
        self.app().tags(account, repository).await.unwrap()
    }

    pub async fn refresh_tags(&self) {
        let (account, repository) = self.place();
        let done = self.app().refresh_tags(account, repository).await;
        done.unwrap();
    }

    /// Asks what a tag points at, as its row in the window does.
    pub async fn resolve(&self, tag: &str) -> TagRow {
        let (account, repository) = self.place();
        let row = self.app().resolve_tag(account, repository, tag.to_owned());
        row.await.unwrap()
    }

    pub async fn commits(&self, tag: &str) -> Vec<CommitRow> {
        let (account, repository) = self.place();
        let list = self.app().commits(account, repository, tag.to_owned());
        list.await.unwrap().rows
    }

    /// Lists the digests of a tag's commits, newest first, as far as they are known.
    pub async fn digests(&self, tag: &str) -> Vec<String> {
        let rows = self.commits(tag).await;
        rows.into_iter().filter_map(|row| row.digest).collect()
    }

    pub async fn refresh_commits(&self, tag: &str) {
        let (account, repository) = self.place();
        let done = self
            .app()
            .refresh_commits(account, repository, tag.to_owned());
        done.await.unwrap();
    }

    pub async fn ask_commits(&self, commits: Vec<String>) {
        let (account, repository) = self.place();
        let done = self.app().ask_commits(account, repository, commits).await;
        done.unwrap();
    }

    pub async fn timeline(&self) -> RepositoryTimeline {
        let (account, repository) = self.place();
        self.app().timeline(account, repository).await.unwrap()
    }

    /// Asks the registry's own history, as the timeline does when it comes on screen.
    pub async fn refresh_timeline(&self) {
        let (account, repository) = self.place();
        let done = self.app().refresh_timeline(account, repository).await;
        done.unwrap();
    }

    /// Describes the repository, as the sheet does that was filled from what is known.
    pub async fn describe(&self, description: &str) -> AboutView {
        self.try_describe(description).await.unwrap()
    }

    /// Describes what may not be described.
    pub async fn try_describe(&self, description: &str) -> Result<AboutView, Problem> {
        let about = self.about().await;
        self.try_describe_from(&about, description).await
    }

    /// Describes from a sheet that was filled with this.
    pub async fn try_describe_from(
        &self,
        about: &AboutView,
        description: &str,
    ) -> Result<AboutView, Problem> {
        let (account, repository) = self.place();
        let order = DescribeOrder {
            account,
            repository,
            title: String::new(),
            description: description.to_owned(),
            expected: about.digest.clone(),
            shown: about.words.description.clone().unwrap_or_default(),
        };
        self.app().describe_repository(order).await
    }

    pub async fn about(&self) -> AboutView {
        let (account, repository) = self.place();
        self.app().about(account, repository).await.unwrap()
    }

    pub async fn refresh_about(&self) {
        let (account, repository) = self.place();
        let done = self.app().refresh_about(account, repository).await;
        done.unwrap();
    }

    pub async fn moves(&self) -> Moves {
        let (account, repository) = self.place();
        self.app().moves(account, repository).await.unwrap()
    }

    /// Opens the sheet of a push.
    pub async fn plan_push(&self, tag: &str, image: &str) -> PushPlan {
        let question = self.push_question(tag, image);
        self.app().plan_push(question).await.unwrap()
    }

    /// Writes down what that sheet asks.
    pub fn push_question(&self, tag: &str, image: &str) -> PushQuestion {
        let (account, repository) = self.place();
        PushQuestion {
            image: Some(image.to_owned()),
            name: None,
            account,
            repository,
            tag: tag.to_owned(),
            engine: None,
            platform: None,
            base: None,
        }
    }

    /// Writes down what the button of that sheet orders, where the tag points at what is expected.
    pub fn push_order(
        &self,
        tag: &str,
        image: &str,
        expected: Option<&str>,
        keep: KeepAnswer,
    ) -> PushOrder {
        let (account, repository) = self.place();
        PushOrder {
            image: image.to_owned(),
            name: None,
            account,
            repository,
            tag: tag.to_owned(),
            expected: expected.map(str::to_owned),
            keep,
            share_rule: false,
            allows: None,
            accept_loss: false,
            taken_name: NameAnswer::Move,
            engine: None,
            secret_goes_to: None,
            as_docker: false,
        }
    }

    /// Pushes through the sheet (plan, then the button) and waits for the end.
    pub async fn push(&self, tag: &str, image: &str, keep: KeepAnswer) -> TaskView {
        let plan = self.plan_push(tag, image).await;
        let expected = plan.target.map(|target| target.digest);
        let order = PushOrder {
            allows: ticked(&plan.keep),
            ..self.push_order(tag, image, expected.as_deref(), keep)
        };
        let id = self.app().start_push(order).await.unwrap();
        self.home.ended(&id).await
    }

    /// Pushes through the sheet, which must end well, and returns the digest.
    pub async fn pushed(&self, tag: &str, image: &str, keep: KeepAnswer) -> String {
        let task = self.push(tag, image, keep).await;
        assert_eq!(task.state, TaskState::Done, "{task:#?}");
        task.outcome
            .and_then(app::view::tasks::TaskOutcome::moved)
            .unwrap()
            .digest
            .unwrap()
    }

    /// Writes down what the button of a pull orders.
    pub fn pull_order(&self, tag: &str, commit: Option<&str>) -> PullOrder {
        let (account, repository) = self.place();
        PullOrder {
            account,
            repository,
            tag: tag.to_owned(),
            commit: commit.map(str::to_owned),
            move_name: false,
            engine: None,
            secret_goes_to: None,
        }
    }

    /// Pulls, which must end well, and returns the name the image got.
    pub async fn pulled(&self, tag: &str, commit: Option<&str>) -> String {
        let order = self.pull_order(tag, commit);
        let id = self.app().start_pull(order).await.unwrap();
        let task = self.home.ended(&id).await;
        assert_eq!(task.state, TaskState::Done, "{task:#?}");
        task.outcome
            .and_then(app::view::tasks::TaskOutcome::moved)
            .unwrap()
            .name
    }

    /// Writes down a rule, without pruning and rescue: here, or in the repository for everyone.
    pub fn rule(&self, rule: KeepRule, share: bool) -> KeepOrder {
        let (account, repository) = self.place();
        KeepOrder {
            account,
            repository,
            rule,
            prune: Prune::All,
            rescue: false,
            share,
        }
    }

    pub async fn set_keep(&self, rule: KeepRule, share: bool) -> KeepView {
        self.app().set_keep(self.rule(rule, share)).await.unwrap()
    }

    /// Answers the rule that the repository says it has; it must ask.
    pub async fn answer_rule(&self, answer: RuleAnswer) -> KeepView {
        let (account, repository) = self.place();
        let asked = self.about().await.keep.consent.expect("a rule that asks");
        let order = RuleAnswerOrder {
            account,
            repository,
            rule: asked.rule,
            answer,
        };
        self.app().answer_rule(order).await.unwrap()
    }

    /// Writes down that a commit of a tag is to be kept.
    pub fn commit(&self, tag: &str, digest: &str) -> KeepCommitOrder {
        let (account, repository) = self.place();
        KeepCommitOrder {
            account,
            repository,
            tag: tag.to_owned(),
            digest: digest.to_owned(),
        }
    }

    /// Keeps a commit by hand and returns its commit tag.
    pub async fn keep(&self, tag: &str, digest: &str) -> String {
        let order = self.commit(tag, digest);
        self.app().keep_commit(order).await.unwrap()
    }

    pub async fn plan_prune(&self, prune: Prune) -> PrunePlan {
        let (account, repository) = self.place();
        let plan = self.app().plan_prune(account, repository, prune).await;
        plan.unwrap()
    }

    /// Writes down which commit tags are to go.
    pub fn prune_order(&self, commit_tags: Vec<String>) -> PruneOrder {
        let (account, repository) = self.place();
        PruneOrder {
            account,
            repository,
            commit_tags,
        }
    }
}
