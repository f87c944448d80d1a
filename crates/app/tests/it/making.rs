//! What the tests of builds and commits share: the push that follows what was made.

use crate::home::Home;
use app::view::making::ThenPush;
use app::view::push::{KeepAnswer, NameAnswer, PushPlan, PushQuestion};
use app::view::tasks::{TaskOutcome, TaskView};

/// What a sheet asks of a push whose image is not made yet.
pub fn question(account: &str, repository: &str, tag: &str) -> PushQuestion {
    PushQuestion {
        image: None,
        name: None,
        account: account.to_owned(),
        repository: repository.to_owned(),
        tag: tag.to_owned(),
        engine: None,
        platform: None,
        base: None,
    }
}

/// What a sheet orders once the plan is there.
pub fn then(question: PushQuestion, plan: PushPlan, keep: KeepAnswer) -> ThenPush {
    ThenPush {
        account: question.account,
        repository: question.repository,
        tag: question.tag,
        expected: plan.target.map(|target| target.digest),
        keep,
        share_rule: false,
        allows: None,
        accept_loss: false,
        taken_name: NameAnswer::Unasked,
        secret_goes_to: None,
        as_docker: false,
    }
}

/// The push that followed what was made, once it has ended.
pub async fn pushed_after(home: &Home, made: &TaskView) -> TaskView {
    let Some(TaskOutcome::Made(outcome)) = &made.outcome else {
        panic!("nothing was made: {made:?}");
    };
    let next = outcome.next.as_ref().expect("nothing follows");
    home.ended(next).await
}
