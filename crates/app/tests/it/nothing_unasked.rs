//! A long use of one repository, and everything that was written to its registry: each write has its yes.
//!
//! Every phase says what the person did, and which writes that explains; whatever was only looked at, watched,
//! planned or refreshed explains none. Others move tags meanwhile, without Longshore.

use crate::acts::{Desk, REPOSITORY, commit, short, tag};
use crate::home::{Home, SECRET, USER, load};
use crate::rule_consent::plant_rule;
use crate::window::Window;
use crate::writes::{kept, words, write};
use app::NoticeAction;
use app::view::about::{CreateOrder, DescribeOrder};
use app::view::keep::KeepRule;
use app::view::keep::{KeepOrder, Prune, RuleAnswer};
use app::view::push::KeepAnswer;
use app::view::tasks::TaskState;
use app::view::watch::{MoveAnswer, WatchOrder};
use std::time::Duration;
use testkit::images::{ImageSpec, push};
use testkit::parts::{Dockerd, Part, SignedIn, need};
use testkit::scripted::{Auth, Scripted};

/// Longer than any wait between two rounds of the watch.
const A_ROUND: Duration = Duration::from_secs(400);

/// A person at a desk, and the registry that writes down what reaches it.
struct Story {
    desk: Desk,
    registry: Scripted,
    images: Vec<String>,
    _engine: Dockerd,
}

impl Story {
    async fn begin() -> Self {
        let engine = Dockerd::start(None).await.unwrap();
        let registry = Scripted::start().await.unwrap();
        registry.set(|faults| {
            faults.auth = Auth::Basic;
            faults.sign_in = Some((USER.to_owned(), SECRET.to_owned()));
            faults.require_children = true;
        });
        let home = Home::with(Some(&engine));
        let id = home.sign_in(&registry.host()).await.id;
        let images = load(&engine, 6, 20_000).await;
        Self {
            desk: Desk::of(home, id),
            registry,
            images,
            _engine: engine,
        }
    }

    /// What was written since the last phase must be just this.
    fn wrote(&self, explained: &[String]) {
        let mut found: Vec<String> = self.registry.requests().iter().filter_map(write).collect();
        // An upload is many requests.
        found.dedup_by(|one, other| one == other && one == "layers");
        assert_eq!(found, explained);
        self.registry.forget_requests();
    }

    fn wrote_nothing(&self) {
        self.wrote(&[]);
    }

    fn app(&self) -> &Window {
        &self.desk.home.app
    }

    fn at(&self) -> (String, String) {
        (self.desk.id.clone(), REPOSITORY.to_owned())
    }

    /// What a tag points at.
    fn active(&self, tag: &str) -> String {
        self.registry.tagged(REPOSITORY, tag).unwrap()
    }

    /// Someone else's plain push.
    fn someone_pushes(&self, tag: &str, text: &str) -> String {
        self.registry.push_image(REPOSITORY, tag, text)
    }

    /// Everything a person looks at on the pages of the repository.
    async fn look_at_everything(&self) {
        let (id, app) = (|| self.desk.id.clone(), self.app());
        app.refresh_repositories(id()).await.unwrap();
        let names = app.repositories(id()).await.unwrap().names;
        app.ask_abouts(id(), names).await.unwrap();
        let lab = self.desk.lab();
        lab.refresh_about().await;
        lab.about().await;
        lab.refresh_tags().await;
        for row in lab.tags().await.rows {
            lab.resolve(&row.name).await;
            lab.refresh_commits(&row.name).await;
            lab.commits(&row.name).await;
        }
        let timeline = lab.timeline().await;
        let digests = timeline
            .rows
            .into_iter()
            .filter_map(|row| row.commit.digest);
        let digests: std::collections::BTreeSet<String> = digests.collect();
        lab.ask_commits(digests.into_iter().collect()).await;
        lab.moves().await;
        let (account, repository) = self.at();
        app.saw_moves(account, repository).await.unwrap();
    }

    async fn a_round_of_the_watch(&self) {
        self.desk.home.later(A_ROUND);
        self.app().watch_due().await.unwrap();
    }

    async fn keeps(&self, rule: KeepRule, rescue: bool, share: bool) {
        let order = KeepOrder {
            rescue,
            ..self.desk.lab().rule(rule, share)
        };
        self.app().set_keep(order).await.unwrap();
    }

    /// A push onto `v1`; what the tag left, and what was pushed.
    async fn push(&self, image: usize, keep: KeepAnswer) -> (String, String) {
        let left = self.active("v1");
        let lab = self.desk.lab();
        let pushed = lab.pushed("v1", &self.images[image], keep).await;
        (left, pushed)
    }

    async fn make_active(&self, commit: &str, keep: KeepAnswer) -> String {
        let left = self.active("v1");
        self.desk.make_active("v1", commit, keep).await.unwrap();
        left
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn looking_planning_and_watching_write_nothing() {
    if !need(Part::Dockerd) {
        return;
    }
    let story = Story::begin().await;
    let (app, home) = (story.app(), &story.desk.home);
    // One that an engine can unpack.
    let someone = SignedIn::new(&story.registry.host(), USER, SECRET).unwrap();
    for tag in ["v1", "v2"] {
        let image = ImageSpec::of_sizes(77, &[5000]);
        push(&someone, REPOSITORY, tag, &image).await.unwrap();
    }
    story.registry.forget_requests();
    story.look_at_everything().await;
    let first = story.active("v1");
    story.someone_pushes("v1", "second");
    story.look_at_everything().await;

    // Watched, notified, looked at, dismissed.
    let (account, repository) = story.at();
    let watch = WatchOrder {
        account,
        repository,
        tag: None,
        on: true,
    };
    app.watch(watch).await.unwrap();
    story.a_round_of_the_watch().await;
    for text in ["third", "fourth"] {
        story.someone_pushes("v1", text);
        story.a_round_of_the_watch().await;
    }
    for notice in home.told() {
        app.notice_pressed(notice.id, NoticeAction::Show).await;
    }
    let (id, repository) = story.at();
    let moves = story.desk.lab().moves().await;
    assert!(!moves.rows.is_empty());
    let answer = MoveAnswer::Dismiss;
    let newest = moves.rows[0].id.clone();
    app.answer_move(id.clone(), repository.clone(), newest, answer)
        .await
        .unwrap();

    // Someone plants a rule that wants all of it kept, and goes on moving tags.
    let planted = plant_rule(
        &story.registry,
        REPOSITORY,
        &[("keep", "push"), ("rescue", "auto")],
    );
    story.look_at_everything().await;
    assert_eq!(story.active("_about"), planted);
    for text in ["fifth", "sixth"] {
        story.someone_pushes("v1", text);
        story.a_round_of_the_watch().await;
        story.look_at_everything().await;
    }
    let asked = story.desk.lab().about().await.keep.consent.unwrap();
    assert_eq!(
        (asked.answer, asked.rule.as_str()),
        (None, "keep=push; rescue=auto")
    );
    story.desk.lab().answer_rule(RuleAnswer::NotHere).await;
    story.someone_pushes("v1", "seventh");
    story.a_round_of_the_watch().await;
    story.look_at_everything().await;
    story.wrote_nothing();

    // Pulled, exported, imported, noted.
    let order = story.desk.lab().pull_order("v1", Some(&first));
    let task = home.ended(&app.start_pull(order).await.unwrap()).await;
    assert_eq!(task.state, TaskState::Done, "{task:#?}");
    app.team_note(id.clone(), repository.clone()).await.unwrap();

    // Sheets that are opened and closed.
    story.desk.lab().plan_push("v1", &story.images[0]).await;
    story.desk.plan_active("v1", &first).await.unwrap();
    // A rule that holds on this computer.
    story.keeps(KeepRule::OnRequest, false, false).await;
    story.look_at_everything().await;
    story.wrote_nothing();

    // What a registry can delete is asked by a name that is not there, once.
    story.desk.plan_delete(&[tag("v2")]).await;
    story.desk.plan_delete(&[commit(&first)]).await;
    let last = Prune::Last { commits: 1 };
    story.desk.lab().plan_prune(last).await;
    story.wrote(&words(["DELETE a name that is not there"]));

    app.sign_out(id).await.unwrap();
    story.wrote_nothing();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_use_writes_what_was_said_yes_to() {
    if !need(Part::Dockerd) {
        return;
    }
    let story = Story::begin().await;
    story.someone_pushes("v1", "theirs");
    story.look_at_everything().await;
    story.wrote_nothing();

    // Off: the push itself, and nothing when ours is displaced.
    story.push(0, KeepAnswer::Off).await;
    story.wrote(&words(["layers", "PUT v1"]));
    story.someone_pushes("v1", "over ours");
    story.look_at_everything().await;
    story.wrote_nothing();

    // On request: ticked, then not.
    let (left, _) = story.push(1, KeepAnswer::JustThis).await;
    story.wrote(&[&[kept(&left)], &words(["layers", "PUT v1"])[..]].concat());
    story.push(2, KeepAnswer::NotThis).await;
    story.wrote(&words(["layers", "PUT v1"]));
    story.someone_pushes("v1", "over ours again");
    story.look_at_everything().await;
    story.wrote_nothing();

    // At each overwrite: ours that is found displaced is kept too, once.
    let (left, ours) = story.push(3, KeepAnswer::EachOverwrite).await;
    story.wrote(&[&[kept(&left)], &words(["layers", "PUT v1"])[..]].concat());
    let theirs = story.someone_pushes("v1", "over what is to be kept");
    story.look_at_everything().await;
    story.look_at_everything().await;
    story.wrote(&[kept(&ours)]);
    story.someone_pushes("v1", "over theirs");
    story.look_at_everything().await;
    story.wrote_nothing();
    let left = story.make_active(&theirs, KeepAnswer::ByRule).await;
    story.wrote(&[kept(&left), "PUT v1".to_owned()]);

    // At every push: the new one right after.
    let (left, pushed) = story.push(4, KeepAnswer::EveryPush).await;
    let push = words(["layers", "PUT v1"]);
    story.wrote(&[&[kept(&left)], &push[..], &[kept(&pushed)]].concat());

    keeping_by_hand_and_by_rule(&story).await;
    describing(&story).await;
    deleting(&story).await;
}

async fn keeping_by_hand_and_by_rule(story: &Story) {
    let app = story.app();
    // Off again, on this computer: others' moves are theirs.
    story.keeps(KeepRule::Off, false, false).await;
    let (account, repository) = story.at();
    let watch = WatchOrder {
        account,
        repository,
        tag: Some("v1".to_owned()),
        on: true,
    };
    app.watch(watch).await.unwrap();
    let before = story.someone_pushes("v1", "watched");
    story.a_round_of_the_watch().await;
    story.desk.home.told();
    story.someone_pushes("v1", "moved while watched");
    story.a_round_of_the_watch().await;
    story.wrote_nothing();
    // The button of the notification is a yes.
    let notices = story.desk.home.told();
    let [notice] = notices.as_slice() else {
        panic!("{notices:#?}")
    };
    app.notice_pressed(notice.id, NoticeAction::Keep).await;
    story.wrote(&[kept(&before)]);
    let digest = story.active("v1");
    story.desk.lab().keep("v1", &digest).await;
    story.wrote(&[kept(&digest)]);

    // A rescue by the repository's explicit rule, once.
    story.keeps(KeepRule::OnRequest, true, true).await;
    story.wrote(&words(["layers", "PUT _about"]));
    let displaced = story.someone_pushes("v1", "to be rescued");
    story.a_round_of_the_watch().await;
    story.wrote_nothing();
    story.someone_pushes("v1", "the one that displaces it");
    story.a_round_of_the_watch().await;
    story.a_round_of_the_watch().await;
    story.wrote(&[kept(&displaced)]);
    story.keeps(KeepRule::OnRequest, false, true).await;
    story.wrote(&words(["PUT _about"]));
}

async fn describing(story: &Story) {
    let (account, repository) = story.at();
    let about = story.desk.lab().about().await;
    let order = DescribeOrder {
        account: account.clone(),
        repository,
        title: "Tool".to_owned(),
        description: "Ours.".to_owned(),
        expected: about.digest,
        shown: about.words.description.unwrap_or_default(),
    };
    story.app().describe_repository(order).await.unwrap();
    story.wrote(&words(["PUT _about"]));
    let order = CreateOrder {
        account,
        repository: "lab/new".to_owned(),
        title: String::new(),
        description: "Empty yet.".to_owned(),
        keep: None,
        private: None,
    };
    story.app().create_repository(order).await.unwrap();
    story.wrote(&words(["layers", "PUT lab/new_about"]));
}

async fn deleting(story: &Story) {
    let v2 = story.someone_pushes("v2", "to be deleted");
    story.look_at_everything().await;
    let outcome = story.desk.delete(&[tag("v2")]).await;
    story.wrote(&words(["DELETE a name that is not there", "DELETE v2"]));
    story.desk.undo(&outcome).await;
    story.wrote(&words(["PUT v2"]));
    story.desk.delete(&[commit(&v2)]).await;
    story.wrote(&[format!("DELETE commit {}", short(&v2))]);

    let last = Prune::Last { commits: 1 };
    let goes = story.desk.lab().plan_prune(last).await.goes;
    story.wrote_nothing();
    assert!(goes.len() > 2, "{goes:#?}");
    let commit_tags = goes.iter().map(|row| row.commit_tag.clone()).collect();
    let pruned = story.desk.lab().prune_order(commit_tags);
    story.app().prune(pruned).await.unwrap();
    let gone = goes
        .iter()
        .map(|row| format!("DELETE commit tag of v1, {}", row.short));
    story.wrote(&gone.collect::<Vec<_>>());
    story.look_at_everything().await;
    story.a_round_of_the_watch().await;
    story.wrote_nothing();
}
