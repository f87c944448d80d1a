//! Other hands, absence, and registries that keep nothing.

use super::computer::Computer;
use super::scene::{Scene, TAG};
use super::{Fate, Rule};
use crate::home::Home;
use app::Clock;
use app::view::problem::Code;
use std::time::Duration;
use testkit::parts::RegistryVersion;
use testkit::scripted;

/// By how much who was too early for the other comes later the next time.
const MOMENT: Duration = Duration::from_millis(1);

/// Two computers make a commit active at the same moment, both having seen the same: the one that is overtaken is asked
/// after, from the computer that wrote it.
pub async fn two_writers_at_once(rule: Rule, version: RegistryVersion) -> Option<Fate> {
    let scene = Scene::real(version).await?;
    let there = Computer::sign_in(Home::new(), &scene.host()).await;
    there.keeps(rule, false).await;
    let first = scene.commit(1).await;
    scene.begin(rule, &first).await;
    // Sometimes one is early enough for the other to see it and stop: then they try again, and who was early waits longer.
    let mut waits = [Duration::ZERO; 2];
    for round in 1..=60 {
        let [ours, theirs] = [
            scene.commit(round * 2).await,
            scene.commit(round * 2 + 1).await,
        ];
        let [our_order, their_order] = [
            scene.here.ready_to_activate(&ours, rule.answer()).await,
            there.ready_to_activate(&theirs, rule.answer()).await,
        ]
        .map(Result::unwrap);
        let after = async |wait, home: &Home, order| {
            tokio::time::sleep(wait).await;
            home.app.make_active(order).await
        };
        let written = tokio::join!(
            after(waits[0], &scene.here.home, our_order),
            after(waits[1], &there.home, their_order)
        );
        match written {
            (Ok(_), Ok(_)) => {
                scene.here.refresh().await;
                there.refresh().await;
                let (computer, overtaken) = if scene.active().await == ours {
                    (&there, theirs)
                } else {
                    (&scene.here, ours)
                };
                return Some(scene.fate(computer, &overtaken).await);
            }
            (ours, theirs) => {
                waits = match (&ours, &theirs) {
                    (Ok(_), Err(_)) => [waits[0] + MOMENT, waits[1]],
                    (Err(_), Ok(_)) => [waits[0], waits[1] + MOMENT],
                    _ => waits,
                };
                for stopped in [ours, theirs].into_iter().filter_map(Result::err) {
                    assert_eq!(stopped.code, Code::TagMoved, "{stopped:#?}");
                }
            }
        }
    }
    panic!("they never met");
}

/// A second computer overwrites what this one made active; the rule is stored in the repository.
pub async fn second_computer(rule: Rule, version: RegistryVersion) -> Option<Fate> {
    let scene = Scene::real(version).await?;
    let [first, next] = [scene.commit(1).await, scene.commit(2).await];
    scene.here.keeps(rule, true).await;
    scene
        .here
        .activate(&first, app::view::push::KeepAnswer::ByRule)
        .await
        .unwrap();
    let there = Computer::sign_in(Home::new(), &scene.host()).await;
    there.lab().refresh_about().await;
    there.activate(&next, rule.answer()).await.unwrap();
    let fate = scene.fate(&scene.here, &first).await;
    // The other computer has seen it too, when it overwrote it.
    assert_eq!(scene.fate(&there, &first).await, fate);
    // A third one knows what the registry tells: the commit tag, where there is one.
    let third = Computer::sign_in(Home::new(), &scene.host()).await;
    if fate == Fate::Kept {
        assert_eq!(scene.fate(&third, &first).await, fate);
    } else {
        third.refresh().await;
        let rows = third.lab().commits(TAG).await;
        assert!(
            rows.iter().all(|row| row.short != first[7..19]),
            "nothing tells of it: {rows:#?}"
        );
    }
    Some(fate)
}

const HALF_A_WEEK: Duration = Duration::from_hours(7 * 12);

/// So much later, by the computer's clock and by the registry's.
fn later(scene: &Scene, by: Duration) {
    scene.here.home.later(by);
    let now = Clock::system().now() + scene.here.home.ahead();
    let now = scripted::Clock::Fixed(http_date(now));
    scene.script().set(|faults| faults.clock = now);
}

fn http_date(at: i64) -> String {
    let format = time::macros::format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    let at = time::OffsetDateTime::from_unix_timestamp(at).unwrap();
    at.format(&format).unwrap()
}

/// Away for a week in which someone overwrote the tag.
async fn away(rule: Rule, cleans_up: bool) -> Option<Fate> {
    let scene = Scene::scripted(Home::new()).await;
    scene.script().set(|faults| faults.require_children = true);
    let [first, between, next] = [
        scene.commit(1).await,
        scene.commit(2).await,
        scene.commit(3).await,
    ];
    later(&scene, Duration::ZERO);
    scene.begin(rule, &first).await;
    later(&scene, HALF_A_WEEK);
    scene.overwrite(&between).await;
    scene.overwrite(&next).await;
    if cleans_up {
        scene.script().collect_garbage();
    }
    later(&scene, HALF_A_WEEK);
    scene.here.refresh().await;
    if let Some(kept) = scene.here.keep_if_asked(rule, &first).await {
        assert_eq!(kept.is_ok(), !cleans_up, "{kept:?}");
    }
    // It was active until some time in that week; nobody here knows when, and nothing is made up.
    let row = scene.here.row(&first).await;
    assert_eq!(row.until, None, "{row:#?}");
    Some(scene.fate(&scene.here, &first).await)
}

pub async fn offline_for_a_week(rule: Rule) -> Option<Fate> {
    away(rule, false).await
}

pub async fn offline_while_cleaned_up(rule: Rule) -> Option<Fate> {
    away(rule, true).await
}

pub async fn dropped_when_we_overwrite(rule: Rule) -> Option<Fate> {
    let scene = dropping().await;
    let [first, next] = [scene.commit(1).await, scene.commit(2).await];
    scene.begin(rule, &first).await;
    scene.here.activate(&next, rule.answer()).await.unwrap();
    Some(scene.fate(&scene.here, &first).await)
}

pub async fn dropped_when_someone_overwrites(rule: Rule) -> Option<Fate> {
    let scene = dropping().await;
    let [first, next] = [scene.commit(1).await, scene.commit(2).await];
    scene.begin(rule, &first).await;
    scene.overwrite(&next).await;
    scene.here.refresh().await;
    if let Some(kept) = scene.here.keep_if_asked(rule, &first).await {
        assert!(kept.is_ok(), "{kept:?}");
    }
    Some(scene.fate(&scene.here, &first).await)
}

async fn dropping() -> Scene {
    let scene = Scene::scripted(Home::new()).await;
    // The manifest goes at once; its layers stay until a clean-up, and a manifest without layers is refused.
    scene.script().set(|faults| {
        faults.drop_overwritten = true;
        faults.require_children = true;
    });
    scene
}
