//! A name in the engine that a push has lent its image, while another transfer wants it: it is still whose it was.

use crate::home::{failure, load, scripted_with_engine};
use app::view::problem::Code;
use app::view::push::KeepAnswer;
use app::view::tasks::TaskState;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_a_push_has_lent_is_asked_about_by_a_pull_and_goes_back_to_whose_it_was() {
    let Some((home, registry, engine, id)) = scripted_with_engine().await else {
        return;
    };
    let images = load(&engine, 2, 30_000).await;
    let path = format!("{}/lab/tool", registry.host());
    let name = format!("{path}:v1");
    let give = format!("/images/{}/tag?repo={path}&tag=v1", images[0]);
    engine.post(&give, "", &[]).await.unwrap();
    let bearer = async || {
        let image = engine.image(&name).await.unwrap().unwrap();
        image["Id"].as_str().unwrap().to_owned()
    };
    // The push has moved somebody’s name, as was agreed to, and its upload gets no further.
    let first = registry.push_image("lab/tool", "v1", "first");
    registry.set(|faults| faults.hang_patch = Some(1));
    let lab = home.at(&id, "lab/tool");
    let order = lab.push_order("v1", &images[1], Some(&first), KeepAnswer::NotThis);
    let push = home.app.start_push(order).await.unwrap();
    while bearer().await != images[1] {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }

    // A pull by that name finds somebody’s, not ours, and leaves it.
    let pull = lab.pull_order("v1", None);
    let pull = home.app.start_pull(pull).await.unwrap();
    failure(&home.ended(&pull).await, Code::NameTaken);
    assert_eq!(bearer().await, images[1]);

    home.app.cancel_task(push.clone()).await.unwrap();
    assert_eq!(home.ended(&push).await.state, TaskState::Cancelled);
    assert_eq!(bearer().await, images[0]);
    // And the next push asks about it again.
    let plan = lab.plan_push("v1", &images[1]).await;
    assert_eq!(plan.name_taken, Some(name));
}
