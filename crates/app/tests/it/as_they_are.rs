//! Manifests, platforms and lists as the world's registries have them, seen from the use cases.

use crate::acts::{Desk, REPOSITORY, scripted, tag};
use crate::home::Home;
use app::view::about::DescribeOrder;
use app::view::browse::Reach;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use oci::Digest;
use serde_json::{Value, json};
use testkit::images::{INDEX, ImageSpec, MANIFEST, push_index};
use testkit::parts::SignedIn;
use testkit::scripted::{Faults, Scripted};

/// What a registry refuses of a manifest's form, switched on.
type Form = fn(&mut Faults);

const OLD: &str = "application/vnd.docker.distribution.manifest.v1+prettyjws";

/// Puts a signed image of the old format under a tag; its digest.
fn put_old(registry: &Scripted, tag: &str) -> String {
    let layer = registry.put_blob(REPOSITORY, b"an old layer");
    let newest = json!({"created": "2015-06-01T00:00:00Z", "os": "linux"}).to_string();
    let whole = json!({
        "schemaVersion": 1, "name": REPOSITORY, "tag": tag, "architecture": "amd64",
        "fsLayers": [{"blobSum": layer}], "history": [{"v1Compatibility": newest}],
    })
    .to_string();
    let head = whole.strip_suffix('}').unwrap();
    let protected =
        json!({"formatLength": head.len(), "formatTail": BASE64.encode("\n}")}).to_string();
    let signatures = json!([{"signature": "AA", "protected": BASE64.encode(protected)}]);
    let digest = Digest::sha256_of(format!("{head}\n}}").as_bytes()).to_string();
    let bytes = format!("{head},\"signatures\":{signatures}\n}}");
    registry.put_manifest_as(REPOSITORY, tag, &digest, OLD, bytes.as_bytes());
    digest
}

/// Behaviour (manifests): A tag whose HEAD says 404 while GET has it was not deleted: no deletion is told, after a restart neither.
/// Source: gateways that do not serve HEAD, and registries that answer 404 where the stored type is not accepted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_that_says_404_deletes_nothing() {
    let (mut desk, registry) = scripted().await;
    let digest = registry.push_image(REPOSITORY, "v1", "one");
    desk.refresh().await;
    desk.see("v1").await;
    for restart in [false, true] {
        registry.set(|faults| faults.head_status = Some(404));
        if restart {
            desk.home.reopen();
        }
        desk.refresh().await;
        desk.see("v1").await;
        let row = desk.lab().tags().await.rows.remove(0);
        assert_eq!(
            (row.deleted, row.digest.as_ref()),
            (false, Some(&digest)),
            "{restart}"
        );
        desk.lab().refresh_commits("v1").await;
        let commits = desk.commits("v1").await;
        assert!(commits.len() == 1 && commits[0].active, "{commits:?}");
        assert_eq!(desk.lab().moves().await.rows, [], "{restart}");
    }
    // What is gone is gone all the same.
    registry.drop_manifest(REPOSITORY, &digest);
    desk.see("v1").await;
    assert!(!desk.commits("v1").await[0].active);
}

/// Behaviour (manifests): An image in the old format is listed as one, with the digest of what was signed, and hinders no deletion.
/// Source: quay.io, ACR and BioContainers still hold such images.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_image_is_listed_and_hinders_no_deletion() {
    let (desk, registry) = scripted().await;
    registry.push_image(REPOSITORY, "v1", "one");
    let old = put_old(&registry, "old");
    desk.refresh().await;
    desk.see("v1").await;
    let row = desk.lab().resolve("old").await;
    assert_eq!((row.digest.as_ref(), row.trouble), (Some(&old), None));
    assert_eq!(
        row.platforms,
        ["linux/amd64", "old image format (schema 1)"]
    );
    let plan = desk.plan_delete(&[tag("v1")]).await;
    // Other repositories are never looked at; nothing else is in doubt.
    assert!(
        plan.unchecked.iter().all(|what| !what.contains("old")),
        "{plan:?}"
    );
    for name in ["v1", "old"] {
        let outcome = desk.delete(&[tag(name)]).await;
        assert_eq!((outcome.done, outcome.failed.len()), (1, 0), "{outcome:?}");
    }
    assert!(registry.tags(REPOSITORY).is_empty());
}

/// Behaviour (manifests): An entry with an empty platform is an image: its size and time show, and its platform is its config's.
/// Source: Go writes both fields as empty texts; ORAS' and Helm's users.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_without_a_platform_shows_as_the_image_it_is() {
    let (desk, registry) = scripted().await;
    let image = registry.push_image(REPOSITORY, "image", "one");
    let proof = registry.push_image(REPOSITORY, "proof", "proof");
    let size = registry.manifest(REPOSITORY, &image).unwrap().len();
    let entry = json!({"mediaType": MANIFEST, "digest": image, "size": size, "platform": {"architecture": "", "os": ""}});
    let attestation = json!({
        "mediaType": MANIFEST, "digest": proof, "size": 1, "platform": {"architecture": "unknown", "os": "unknown"},
        "annotations": {"vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": image},
    });
    let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [attestation, entry]});
    registry.put_manifest(
        REPOSITORY,
        Some("data"),
        INDEX,
        index.to_string().as_bytes(),
    );
    desk.refresh().await;
    let [plain, data] = [
        desk.lab().resolve("image").await,
        desk.lab().resolve("data").await,
    ];
    assert_eq!(data.trouble, None);
    assert!(data.size.is_some() && data.size == plain.size, "{data:?}");
    assert_eq!(data.platforms, plain.platforms);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_platforms_are_bounded_in_a_row() {
    let (desk, registry) = scripted().await;
    let image = registry.push_image(REPOSITORY, "image", "one");
    let entry = |arch: &str| json!({"mediaType": MANIFEST, "digest": image, "size": 1, "platform": {"os": "linux", "architecture": arch}});
    let mut entries: Vec<Value> = (0..9000).map(|at| entry(&format!("a{at}"))).collect();
    entries.push(entry(&"b".repeat(100_000)));
    entries.push(entry("am\u{202e}d64"));
    let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": entries});
    registry.put_manifest(REPOSITORY, Some("v1"), INDEX, index.to_string().as_bytes());
    desk.refresh().await;
    let row = desk.lab().resolve("v1").await;
    assert_eq!(row.trouble, None);
    assert_eq!(row.platforms.len(), oci::MOST_PLATFORMS + 1);
    assert_eq!(row.platforms.last().unwrap(), "and 8936 more");
    assert!(row.platforms.iter().all(|text| text.len() < 40));
}

/// Behaviour (lists): A tag that was seen here and that a whole list lacks is asked for before it counts as deleted, 50 at each list;
/// the others stay as they were.
/// Source: caches before registries that serve a list of yesterday; GitLab lists what the sign-in may see.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_list_lacks_is_asked_for_before_it_counts_as_deleted() {
    let (desk, registry) = scripted().await;
    let names: Vec<String> = (0..60).map(|number| format!("v{number:02}")).collect();
    for name in &names {
        registry.push_image(REPOSITORY, name, "one");
    }
    desk.refresh().await;
    for name in &names {
        desk.see(name).await;
    }
    let gone = async || {
        let rows = desk.lab().tags().await.rows;
        rows.iter().filter(|row| row.deleted).count()
    };
    let asked = |method: &str| registry.count(method, "/v2/lab/tool/manifests/");
    // The list is one of yesterday: nothing is gone.
    let body = json!({"name": REPOSITORY, "tags": ["v00"]}).to_string();
    registry.set(|faults| faults.list_body = Some(body.into()));
    registry.forget_requests();
    desk.refresh().await;
    assert_eq!((gone().await, asked("HEAD"), asked("GET")), (0, 50, 0));
    assert_eq!(desk.lab().moves().await.rows, []);
    // All but one are gone; each is asked for once in both ways.
    for name in &names[1..] {
        registry.drop_manifest(REPOSITORY, name);
    }
    registry.forget_requests();
    desk.refresh().await;
    assert_eq!((gone().await, asked("HEAD"), asked("GET")), (50, 50, 50));
    desk.refresh().await;
    assert_eq!((gone().await, asked("HEAD"), asked("GET")), (59, 59, 59));
    desk.refresh().await;
    assert_eq!(asked("HEAD"), 59, "what is known to be gone is not asked");
    assert_eq!(desk.lab().moves().await.rows.len(), 59);
}

/// Behaviour (about): Words are written in the form that the registry takes, and read in each by everyone else.
/// Source: GitLab's registry with its database refuses artifact types of one's own; older Quay takes images alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_are_written_in_the_form_that_passes() {
    let forms: [(Form, &str); 2] = [
        (
            |faults| faults.refuse_unknown_artifact = true,
            "application/vnd.oci.empty.v1+json",
        ),
        (
            |faults| faults.refuse_what_is_no_image = true,
            "application/vnd.oci.image.config.v1+json",
        ),
    ];
    for (form, config) in forms {
        let (desk, registry) = scripted().await;
        registry.push_image(REPOSITORY, "v1", "one");
        registry.set(form);
        registry.set(|faults| faults.require_children = true);
        describe(&desk, "Tool").await.unwrap();
        let digest = registry.tagged(REPOSITORY, "_about").unwrap();
        let written: Value =
            serde_json::from_slice(&registry.manifest(REPOSITORY, &digest).unwrap()).unwrap();
        assert_eq!(
            (&written["artifactType"], &written["config"]["mediaType"]),
            (&Value::Null, &json!(config))
        );
        let other = Home::new();
        let id = other.anyone(&registry.host()).await;
        let lab = other.at(&id, REPOSITORY);
        lab.refresh_about().await;
        assert_eq!(lab.about().await.words.title.as_deref(), Some("Tool"));
        // And it is changed, not taken for somebody else's.
        describe(&desk, "Other").await.unwrap();
    }
    let (desk, registry) = scripted().await;
    registry.set(|faults| faults.refuse_manifests = Some("_about"));
    let told = describe(&desk, "Tool").await.unwrap_err();
    assert!(
        told.message
            .contains("refuses what would be stored as _about"),
        "{told:?}"
    );
}

async fn describe(desk: &Desk, title: &str) -> Result<(), app::view::problem::Problem> {
    let about = desk.lab().about().await;
    let order = DescribeOrder {
        account: desk.id.clone(),
        repository: REPOSITORY.into(),
        title: title.into(),
        description: String::new(),
        expected: about.digest,
        shown: about.words.description.unwrap_or_default(),
    };
    desk.home.app.describe_repository(order).await.map(|_| ())
}

/// Behaviour (manifests): An index of which one platform is gone is there in part; it is gone once none of them is there.
/// Source: distribution 2.8, whose clean-up takes platforms from under their index; clean-up rules that go by age.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_index_that_lacks_a_platform_is_not_gone() {
    let (desk, registry) = scripted().await;
    let client = SignedIn::new(&registry.host(), "else", "body").unwrap();
    let images = ["amd64", "arm64"].map(|arch| ImageSpec::of_sizes(7, &[600]).arch(arch));
    let index = push_index(&client, REPOSITORY, "v1", &images)
        .await
        .unwrap();
    desk.refresh().await;
    desk.see("v1").await;
    registry.push_image(REPOSITORY, "v1", "two");
    desk.see("v1").await;
    let reach = async || {
        desk.lab().refresh_commits("v1").await;
        let mut rows = desk.lab().commits("v1").await;
        rows.retain(|row| row.digest.as_ref() == Some(&index));
        rows.remove(0).reach
    };
    assert!(matches!(reach().await, Reach::Pullable { .. }));
    // First the one that a pull here would take.
    let ours = match std::env::consts::ARCH {
        "aarch64" => "arm64",
        _ => "amd64",
    };
    let bytes = registry.manifest(REPOSITORY, &index).unwrap();
    let parsed: Value = serde_json::from_slice(&bytes).unwrap();
    let mut platforms: Vec<(bool, String)> = parsed["manifests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|child| {
            let other = child["platform"]["architecture"] != ours;
            (other, child["digest"].as_str().unwrap().to_owned())
        })
        .collect();
    platforms.sort();
    registry.drop_manifest(REPOSITORY, &platforms[0].1);
    assert!(matches!(reach().await, Reach::Partly { .. }));
    registry.drop_manifest(REPOSITORY, &platforms[1].1);
    assert!(matches!(reach().await, Reach::Gone { .. }));
}

/// Behaviour (manifests): A tag that is gone is asked for by HEAD and by GET, once each.
/// Source: what a GET costs where manifests are large.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tag_that_is_gone_is_fetched_once() {
    let (desk, registry) = scripted().await;
    registry.push_image(REPOSITORY, "v1", "one");
    desk.refresh().await;
    desk.see("v1").await;
    registry.drop_manifest(REPOSITORY, "v1");
    registry.forget_requests();
    desk.lab().resolve("v1").await;
    let path = "/v2/lab/tool/manifests/v1";
    assert_eq!(
        (registry.count("HEAD", path), registry.count("GET", path)),
        (1, 1)
    );
    assert_eq!(desk.lab().moves().await.rows.len(), 1);
}
