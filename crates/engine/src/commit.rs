//! Making an image of a container as it is now.
//!
//! Not here: what changed in it (`containers`), and what a name may be (`oci`). Grows by another answer that every engine
//! takes with it.

use bytes::Bytes;
use http::Method;
use serde::Deserialize;

use crate::containers::{image_id, one_name};
use crate::images::in_query;
use crate::raw::Ask;
use crate::{Engine, Error};

/// The lines of a Dockerfile that every engine takes along with a container.
const LINES: [&str; 9] = [
    "CMD",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "LABEL",
    "ONBUILD",
    "USER",
    "VOLUME",
    "WORKDIR",
];
/// The one that Docker takes besides.
const DOCKERS: &str = "HEALTHCHECK";

/// What an image is made of. It gets no name: it is given one by [`Engine::tag`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CommitOf {
    /// The container, by id or name.
    pub container: String,
    /// Whoever made it, as the image tells.
    pub author: String,
    /// What was done, as the image tells.
    pub message: String,
    /// The container's programs are held while it is read.
    pub pause: bool,
    /// Lines of a Dockerfile that change how the image is run, one each.
    pub lines: Vec<String>,
}

#[derive(Deserialize)]
struct Made {
    #[serde(rename = "Id", alias = "ID", alias = "id")]
    id: String,
}

impl Engine {
    /// Returns the first words of the lines that a commit takes.
    pub fn commit_lines(&self) -> Vec<&'static str> {
        let dockers = (!self.is_podman()).then_some(DOCKERS);
        let mut words: Vec<&str> = LINES.into_iter().chain(dockers).collect();
        words.sort_unstable();
        words
    }

    /// Makes an image of a container, and returns its id. It takes as long as the engine needs to read the container.
    pub async fn commit(&self, of: &CommitOf) -> Result<String, Error> {
        let ask = Ask {
            method: Method::POST,
            // Podman reads it, and refuses none.
            body: Some(Bytes::from_static(b"{}")),
            patience: None,
            ..Ask::get(path(of)?)
        };
        let made: Made = self.ask_json(ask).await?;
        Ok(image_id(&made.id))
    }
}

fn path(of: &CommitOf) -> Result<String, Error> {
    let container = one_name(&of.container)?;
    // Where nothing is said of a pause Docker holds the container and Podman doesn't.
    let mut query = vec![
        format!("container={container}"),
        format!("pause={}", of.pause),
    ];
    // Podman takes no empty answers; Docker reads one parameter of many lines, and so does Podman.
    for (key, value) in [
        ("author", &of.author),
        ("comment", &of.message),
        ("changes", &of.lines.join("\n")),
    ] {
        if !value.is_empty() {
            query.push(format!("{key}={}", in_query(value)));
        }
    }
    Ok(format!("/commit?{}", query.join("&")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_stands_in_the_path_and_nothing_empty() {
        let mut of = CommitOf {
            container: "note book".to_owned(),
            ..CommitOf::default()
        };
        assert_eq!(
            path(&of).unwrap(),
            "/commit?container=note%20book&pause=false"
        );
        of.pause = true;
        of.author = "Ana & co".to_owned();
        of.message = "100 % done".to_owned();
        of.lines = vec!["ENV A=b=c".to_owned(), "CMD [\"a\", \"b\"]".to_owned()];
        assert_eq!(
            path(&of).unwrap(),
            "/commit?container=note%20book&pause=true&author=Ana%20%26%20co&comment=100%20%25%20done\
             &changes=ENV%20A%3Db%3Dc%0ACMD%20%5B%22a%22%2C%20%22b%22%5D"
        );
        of.container = "../images".to_owned();
        assert!(path(&of).is_err());
    }

    #[test]
    fn an_id_is_read_whoever_writes_it() {
        let bare = "a".repeat(64);
        for text in [
            format!(r#"{{"Id":"sha256:{bare}"}}"#),
            format!(r#"{{"Id":"{bare}","more":1}}"#),
            format!(r#"{{"id":"{bare}"}}"#),
        ] {
            let made: Made = serde_json::from_str(&text).unwrap();
            assert_eq!(image_id(&made.id), format!("sha256:{bare}"));
        }
    }
}
