//! What the played engine holds, and what the database knows of it: forty repositories of four tags, each with a timeline of
//! ten commits.
//!
//! Of 2,000 images 1,200 are known by their digests, 300 by their ids alone, 200 are newer than what their tags point at, and
//! 300 are nobody's. Not here: what is measured.

use anyhow::Result;
use oci::{Digest, Host, RepositoryName};
use serde_json::{Value, json};
use std::path::Path;
use store::{Facts, Observation, Place, Store};
use testkit::played::Holds;

const IMAGES: usize = 2000;
const CONTAINERS: usize = 500;
const BY_DIGEST: usize = 1200;
const BY_ID: usize = 300;
const NEWER: usize = 200;
const REPOSITORIES: usize = 40;
const TAGS: usize = 4;
const COMMITS: usize = 10;
/// When the first commit was built (seconds, UTC).
const FIRST: i64 = 1_790_000_000;

fn sha(kind: &str, number: usize) -> String {
    Digest::sha256_of(format!("{kind} {number}").as_bytes()).to_string()
}

fn path(repository: usize) -> String {
    format!("registry.bench.example/team/tool{repository:02}")
}

/// The repository and the tag of one of all commits.
fn at(commit: usize) -> (usize, usize) {
    let tag = commit / COMMITS;
    (tag / TAGS % REPOSITORIES, tag % TAGS)
}

fn built(commit: usize) -> i64 {
    FIRST + i64::try_from(commit).unwrap_or_default() * 3600
}

/// Fills the database as a long use would have.
pub fn database(folder: &Path) -> Result<()> {
    let store = Store::open(&folder.join("longshore.db"))?;
    for commit in 0..REPOSITORIES * TAGS * COMMITS {
        let (repository, tag) = at(commit);
        let place = Place {
            host: Host::parse("registry.bench.example")?,
            repository: RepositoryName::parse(&format!("team/tool{repository:02}"))?,
        };
        let digest = Digest::parse(&sha("manifest", commit))?;
        let facts = Facts {
            size: Some(100_000_000),
            platforms: vec!["linux/amd64".to_owned()],
            created: Some(built(commit)),
            images: vec![sha("image", commit)],
            ..Facts::default()
        };
        store.put_facts(&digest, &facts)?;
        let tag = format!("v{tag}");
        store.add_new_tags(&place, &[(0, tag.clone())])?;
        let seen = Observation {
            tag,
            digest,
            at: built(commit) + 60,
            exact: true,
            who: None,
        };
        store.observe(&place, &seen)?;
    }
    Ok(())
}

/// What the engine holds.
pub fn holds() -> Holds {
    let images: Vec<Value> = (0..IMAGES).map(image).collect();
    let containers: Vec<Value> = (0..CONTAINERS).map(container).collect();
    Holds {
        images: json!(images).to_string(),
        containers: json!(containers).to_string(),
        usage: None,
    }
}

fn image(number: usize) -> Value {
    // Spread over all commits, the newest of a tag among them.
    let commit = number * 7 % (REPOSITORIES * TAGS * COMMITS);
    let (repository, tag) = at(commit);
    let path = path(repository);
    let name = format!("{path}:v{tag}");
    let (mut names, mut digests, mut id) = (Vec::new(), Vec::new(), sha("image", commit));
    if number < BY_DIGEST {
        digests.push(format!("{path}@{}", sha("manifest", commit)));
        names.push(format!("{path}:mine{number}"));
        if number.is_multiple_of(2) {
            names.push(format!("local/tool{number}:latest"));
        }
    } else if number < BY_DIGEST + BY_ID {
        names.push(format!("local/tool{number}:latest"));
    } else if number < BY_DIGEST + BY_ID + NEWER {
        id = sha("newer", number);
        names.push(name);
    } else {
        id = sha("nobody's", number);
        if number.is_multiple_of(2) {
            names.push(format!("local/own{number}:latest"));
        }
    }
    let created = if number < BY_DIGEST + BY_ID {
        built(commit)
    } else {
        built(REPOSITORIES * TAGS * COMMITS + number)
    };
    json!({
        "Id": id, "ParentId": "", "RepoTags": names, "RepoDigests": digests, "Created": created, "Size": 100_000_000,
        "SharedSize": -1, "VirtualSize": 100_000_000, "Labels": {"maintainer": "team", "version": "1"}, "Containers": -1,
    })
}

fn container(number: usize) -> Value {
    let of = image(number * 3);
    let image_id = of["Id"].as_str().unwrap_or_default();
    json!({
        "Id": sha("container", number).trim_start_matches("sha256:"), "Names": [format!("/worker{number:03}")],
        "Image": of["RepoTags"][0].as_str().unwrap_or(image_id), "ImageID": image_id, "Command": "tool --serve",
        "Created": FIRST + 9_000_000, "Ports": [], "Labels": {}, "State": "running", "Status": "Up 2 hours",
        "HostConfig": {"NetworkMode": "default"}, "NetworkSettings": {"Networks": {}}, "Mounts": [],
    })
}
