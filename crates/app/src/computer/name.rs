//! One more name for an image of this computer: read while it is typed, and given.
//!
//! A name that another image bears is moved only where the person said so. What registries are known to want of a name is
//! told before. Not here: what a name is (`oci`), asking a registry. Grows by another registry's rule.

use super::room::Computer;
use crate::ground::names;
use crate::view::computer::{NameBearer, NameOrder, NameQuestion, NameView};
use crate::view::events::Stale;
use crate::view::problem::Problem;
use crate::view::said::Said;
use crate::words::computer as say;
use crate::words::general::bad_repository;
use crate::words::transfers::{name_taken, no_image};
use oci::{Host, Reference, ReferenceError, RepositoryName, short_id};

impl Computer {
    /// Reads a name as it is typed, and tells which other image bears it.
    pub async fn read_name(&self, question: NameQuestion) -> Result<NameView, Problem> {
        let name = match read(&question) {
            Ok(name) => name,
            Err(problem) => {
                return Ok(NameView {
                    name: String::new(),
                    problem: Some(problem),
                    taken: None,
                });
            }
        };
        let engine = self.local.engine().await?;
        let bearer = self.local.bearer(&engine, &name).await?;
        let taken = bearer.filter(|bearer| bearer.id != question.image);
        Ok(NameView {
            problem: rule(&name, question.host.is_some())
                .map(|rule| say::not_taken_there(&name.repository, &name.host, rule)),
            name: name.familiar(),
            taken: taken.map(|bearer| NameBearer {
                short: short_id(&bearer.id).to_owned(),
                others: bearer.names.len() > 1,
            }),
        })
    }

    /// Gives an image one more name.
    pub async fn tag_image(&self, order: NameOrder) -> Result<(), Problem> {
        let name =
            Reference::parse(&order.name).map_err(|error| bad_repository(&order.name, &error))?;
        if name.tag.is_none() || name.digest.is_some() {
            return Err(bad_repository(&order.name, &ReferenceError::Tag));
        }
        let engine = self.local.engine().await?;
        let inspected = engine.inspect(&order.image).await;
        let image = self.local.answer(inspected).await?.ok_or_else(no_image)?;
        let bearer = self.local.bearer(&engine, &name).await?;
        let is_others = bearer.is_some_and(|bearer| bearer.id != image.id);
        if is_others && !order.move_name {
            return Err(name_taken(&name.familiar()));
        }
        self.local.give_name(&engine, &image.id, &name).await?;
        self.ground.stale(Stale::Images);
        Ok(())
    }
}

/// Reads what was typed.
fn read(question: &NameQuestion) -> Result<Reference, Problem> {
    let repository = question.repository.trim();
    let tag = names::tag(question.tag.trim())?;
    let bad = |error: ReferenceError| bad_repository(repository, &error);
    if let Some(host) = &question.host {
        return Ok(Reference {
            host: Host::parse(host).map_err(bad)?,
            repository: RepositoryName::parse(repository).map_err(bad)?,
            tag: Some(tag),
            digest: None,
        });
    }
    let name = Reference::parse(repository).map_err(bad)?;
    if name.tag.is_some() || name.digest.is_some() {
        return Err(bad(ReferenceError::Repository));
    }
    Ok(Reference {
        tag: Some(tag),
        ..name
    })
}

/// Returns what a registry is known to want of a name that this one isn't. Where the registry was not chosen, Docker Hub
/// may not be meant: names without a host are its by form alone.
fn rule(name: &Reference, chosen: bool) -> Option<Said> {
    let parts: Vec<&str> = name.repository.as_str().split('/').collect();
    match name.host.as_str() {
        "docker.synapse.org" => {
            let number = parts[0].strip_prefix("syn").unwrap_or_default();
            let project = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
            (!project || parts.len() < 2).then(say::project_first)
        }
        "docker.io" if chosen => (parts.len() != 2).then(say::user_and_name),
        "ghcr.io" => (parts.len() < 2).then(say::owner_first),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(host: Option<&str>, repository: &str, tag: &str) -> NameQuestion {
        NameQuestion {
            image: "sha256:00".to_owned(),
            host: host.map(str::to_owned),
            repository: repository.to_owned(),
            tag: tag.to_owned(),
        }
    }

    fn named(host: Option<&str>, repository: &str, tag: &str) -> Result<String, String> {
        let read = read(&question(host, repository, tag));
        read.map(|name| name.familiar())
            .map_err(|problem| [vec![problem.message], problem.hints].concat().join(" "))
    }

    #[test]
    fn a_name_is_made_of_what_was_typed() {
        for (host, repository, tag, is) in [
            (None, "mytool", "v1", "mytool:v1"),
            (None, " mytool ", " v1 ", "mytool:v1"),
            (None, "localhost/me/mytool", "v1", "localhost/me/mytool:v1"),
            (None, "ghcr.io/me/mytool", "v1", "ghcr.io/me/mytool:v1"),
            (
                Some("docker.synapse.org"),
                "syn12345/mytool",
                "v1",
                "docker.synapse.org/syn12345/mytool:v1",
            ),
            (
                Some("127.0.0.1:5000"),
                "a/b/c",
                "1.0-x_y",
                "127.0.0.1:5000/a/b/c:1.0-x_y",
            ),
            (Some("docker.io"), "ana/mytool", "v1", "ana/mytool:v1"),
        ] {
            assert_eq!(named(host, repository, tag).as_deref(), Ok(is));
        }
    }

    #[test]
    fn what_can_be_no_name_is_told() {
        for (host, repository, tag, why) in [
            (None, "MyTool", "v1", "lower case"),
            (Some("ghcr.io"), "me/My", "v1", "lower case"),
            (None, "my tool", "v1", "no repository name"),
            (None, "mytool:v2", "v1", "no repository name"),
            (None, "", "v1", "empty"),
            (Some("ghcr.io"), "", "v1", "empty"),
            (Some("ghcr.io"), "ghcr.io:x/me", "v1", "no repository name"),
            (None, "mytool", "", "can’t be a tag"),
            (None, "mytool", ".v1", "can’t be a tag"),
            (None, "mytool", "a b", "can’t be a tag"),
        ] {
            let told = named(host, repository, tag).unwrap_err();
            assert!(told.contains(why), "{repository}:{tag}: {told}");
        }
        let long = "x".repeat(300);
        assert!(named(None, &long, "v1").unwrap_err().contains("255"));
        assert!(named(None, "x", &"v".repeat(129)).is_err());
    }

    #[test]
    fn what_registries_want_of_a_name_is_known() {
        let fits = |host: Option<&str>, repository: &str| {
            let name = read(&question(host, repository, "v1")).unwrap();
            rule(&name, host.is_some()).is_none()
        };
        let synapse = Some("docker.synapse.org");
        for (repository, is) in [
            ("syn12345/mytool", true),
            ("syn12345/lab/mytool", true),
            ("mytool", false),
            ("syn12345", false),
            ("syn/mytool", false),
            ("synapse/mytool", false),
            ("12345/mytool", false),
            ("syn12a/mytool", false),
        ] {
            assert_eq!(fits(synapse, repository), is, "{repository}");
            // Typed whole it is the same registry.
            let whole = format!("docker.synapse.org/{repository}");
            assert_eq!(fits(None, &whole), is, "{whole}");
        }
        assert!(fits(Some("docker.io"), "ana/mytool") && fits(None, "mytool"));
        assert!(!fits(Some("docker.io"), "mytool") && !fits(Some("docker.io"), "a/b/c"));
        assert!(fits(Some("ghcr.io"), "ana/mytool") && !fits(Some("ghcr.io"), "mytool"));
        assert!(fits(Some("registry.example"), "mytool"));
    }
}
