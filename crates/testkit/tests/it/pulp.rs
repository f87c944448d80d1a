//! The real Pulp: what it answers that the stand-in has to as well, and that the next test finds it empty.

use anyhow::Result;
use http::Method;
use serde_json::json;
use testkit::images::{self, ImageSpec};
use testkit::parts::{Part, Pulp, need};

#[tokio::test]
async fn it_is_pushed_to_and_the_next_one_finds_nothing_of_it() -> Result<()> {
    if !need(Part::Pulp) {
        return Ok(());
    }
    let pulp = Pulp::start().await?;
    let story = async {
        let status = pulp.api(Method::GET, "status/", None).await?;
        let versions = status["versions"].as_array().unwrap();
        let known = |name: &str, number: &str| {
            let mut all = versions.iter();
            all.any(|one| one["component"] == name && one["version"] == number)
        };
        assert!(known("container", "2.30.0") && known("core", "3.123.1"));
        let image = ImageSpec::of_sizes(1, &[1000]);
        let first = images::push(&pulp, "lab/one", "v1", &image).await?;
        images::retag(&pulp, "lab/one", "v1", "v2").await?;
        let found = pulp.manifest("lab/one", "v2").await?;
        assert_eq!(found.map(|(digest, _)| digest), Some(first.clone()));
        assert_eq!(pulp.delete("lab/one", "v1").await?, 400);
        assert_eq!(pulp.delete("lab/one", &first).await?, 202);
        let list = "distributions/container/container/";
        let listed = pulp.api(Method::GET, list, None).await?;
        assert_eq!(listed["results"][0]["base_path"], "lab/one");
        let id = listed["results"][0]["pulp_href"].as_str().unwrap();
        let words = json!({"description": "Words."});
        pulp.api(Method::PATCH, id, Some(&words)).await?;
        let told = pulp.api(Method::GET, id, None).await?;
        assert_eq!(told["description"], "Words.");
        assert_eq!(pulp.access_log(), [""; 0], "all of it was ours");
        drop(pulp);
        anyhow::Ok(())
    };
    // Somebody waits for it meanwhile, so that it isn't ended.
    let ((), pulp) = tokio::try_join!(story, Pulp::start())?;
    let listed = pulp
        .api(Method::GET, "distributions/container/container/", None)
        .await?;
    assert_eq!(listed["count"], 0);
    let image = ImageSpec::of_sizes(1, &[1000]);
    images::push(&pulp, "lab/one", "v1", &image).await?;
    Ok(())
}
