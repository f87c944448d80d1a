//! What the sheet shows before a registry is started: what may run it here, a folder, a port.
//!
//! Not here: starting it (`start`). Grows by another thing that may run one.

use super::container::Reached;
use super::download::{FROM, IMAGE};
use super::folder::{self, Holds};
use super::port;
use super::program::{self, Found};
use super::record::{By, Record};
use super::room::Hosting;
use crate::ground::blocking;
use crate::view::hosting::{
    HostingBy, HostingFolder, HostingImage, HostingOrder, HostingPlan, HostingWay,
};
use crate::view::problem::Problem;
use crate::words::hosting as say;
use engine::{Engine, LocalImage};
use oci::Reference;
use std::path::Path;

/// How the id of a way begins.
const ENGINE: &str = "engine:";
const PROGRAM: &str = "program:";
/// What a proposed folder is called.
const FOLDER: &str = "longshore-registry";
/// So many folders are looked at for one that isn't there, and so many images are offered.
const MOST: usize = 50;

impl Hosting {
    /// Returns what may run a registry on this computer, and what is proposed for it. The engine is asked for its images, and
    /// programs for their versions.
    pub async fn plan(&self) -> Result<HostingPlan, Problem> {
        let records = self.records().await?;
        let (engine, programs) = tokio::join!(self.reached(), program::find(&self.programs));
        let mut plan = HostingPlan {
            ways: Vec::new(),
            problems: Vec::new(),
            folder: String::new(),
            port: 0,
        };
        let mut far = None;
        match engine {
            Ok(Reached::Here(engine)) => match self.engine_way(&engine).await {
                Ok(way) => plan.ways.push(way),
                Err(problem) => plan.problems.push(problem),
            },
            Ok(Reached::Elsewhere(host)) => {
                plan.problems.push(say::elsewhere(&host));
                far = Some(host);
            }
            Err(problem) => plan.problems.push(problem),
        }
        let cannot_push = far.map(|host| say::engine_cannot_push(&host).text());
        let way = |found: Found| HostingWay {
            id: format!("{PROGRAM}{}", found.program.display()),
            by: HostingBy::Program,
            name: found.name,
            images: Vec::new(),
            notes: cannot_push.iter().cloned().collect(),
        };
        plan.ways.extend(programs.into_iter().map(way));
        if plan.ways.is_empty() {
            plan.problems.insert(0, say::nothing());
        }
        let (beside, wanted) = (self.beside.clone(), ports(&records));
        (plan.folder, plan.port) =
            blocking(move || (proposed(&beside), port::find(&wanted))).await?;
        Ok(plan)
    }

    /// Looks at a folder as it is typed; nothing is made.
    pub async fn look_at_folder(&self, typed: String) -> Result<HostingFolder, Problem> {
        let looked = blocking(move || folder::look(&typed)).await?;
        let told = match looked {
            Err(problem) => Err(problem),
            Ok((path, holds)) => self.is_nobodys(&path).await.map(|()| holds),
        };
        Ok(match told {
            Err(problem) => HostingFolder {
                note: None,
                problem: Some(problem),
            },
            Ok(holds) => HostingFolder {
                note: match holds {
                    Holds::Nothing => None,
                    Holds::Registry => Some(say::holds_registry().text()),
                    Holds::Others => Some(say::holds_others().text()),
                },
                problem: None,
            },
        })
    }

    /// Refuses a folder that another registry of this computer has.
    pub(super) async fn is_nobodys(&self, folder: &Path) -> Result<(), Problem> {
        let records = self.records().await?;
        let owner = records
            .iter()
            .find(|record| Path::new(&record.how.folder) == folder);
        match owner {
            Some(owner) => Err(say::folder_taken(folder, &owner.host)),
            None => Ok(()),
        }
    }

    /// Reads what was chosen to run a registry: the page can name nothing but what was found.
    pub(super) async fn chosen(&self, order: &HostingOrder) -> Result<By, Problem> {
        if let Some(path) = order.way.strip_prefix(PROGRAM) {
            let found = program::find(&self.programs).await;
            let found = found
                .into_iter()
                .find(|each| each.program == Path::new(path));
            let found = found.ok_or_else(say::no_way)?;
            return Ok(By::Program {
                program: found.program,
                make: found.make,
            });
        }
        let engine = self.check_download(&order.way).await?.engine;
        let image = order.image.clone();
        let image = image.ok_or_else(|| say::no_image().problem())?;
        Reference::parse(&image).map_err(|error| crate::words::making::bad_name(&image, &error))?;
        Ok(By::Engine { engine, image })
    }

    /// Tells of which engine a download is ordered, by the id of its way.
    pub(crate) async fn check_download(
        &self,
        way: &str,
    ) -> Result<super::download::Downloading, Problem> {
        let engine = way.strip_prefix(ENGINE).ok_or_else(say::no_way)?;
        // Whoever is chosen is there, and here.
        let found = self.local.engine_at(Some(engine)).await?;
        match found.address().host() {
            Some(host) => Err(say::elsewhere(&oci::text::plain(host, 255))),
            None => Ok(super::download::Downloading {
                engine: engine.to_owned(),
            }),
        }
    }

    async fn engine_way(&self, engine: &Engine) -> Result<HostingWay, Problem> {
        let info = self.local.answer_of(engine, engine.info().await).await?;
        let images = self.local.images_of(engine).await?;
        let id = self.local.id_of(engine.address()).await?;
        let version = oci::text::plain(&info.version, 40);
        let notes = engine.is_podman().then(|| say::podman_wants_tls().text());
        Ok(HostingWay {
            id: format!("{ENGINE}{id}"),
            by: HostingBy::Engine,
            name: format!("{} {version}", info.name).trim_end().to_owned(),
            images: images_of_registries(&images),
            notes: notes.into_iter().collect(),
        })
    }
}

/// Returns the images that a registry can be made of: the one that is proposed, to be downloaded where it is missing, and
/// those that the engine has by the names they are given.
fn images_of_registries(images: &[LocalImage]) -> Vec<HostingImage> {
    let wanted = Reference::parse(IMAGE).ok();
    let is_wanted = |name: &String| Reference::parse(name).ok() == wanted;
    let names = || images.iter().flat_map(|image| &image.names);
    let mut here: Vec<&String> = names().filter(|name| is_registry(name)).collect();
    here.sort_by_key(|name| (!is_wanted(name), (*name).clone()));
    here.truncate(MOST);
    let downloaded = HostingImage {
        name: IMAGE.to_owned(),
        from: Some(FROM.to_owned()),
    };
    let is_here = here.iter().any(|name| is_wanted(name));
    let listed = here.into_iter().map(|name| HostingImage {
        name: name.clone(),
        from: None,
    });
    (!is_here)
        .then_some(downloaded)
        .into_iter()
        .chain(listed)
        .collect()
}

/// Tells whether an image is called as distribution's are: `registry`, `…/registry`, `distribution/distribution`.
fn is_registry(name: &str) -> bool {
    let Ok(name) = Reference::parse(name) else {
        return false;
    };
    let path = name.repository.as_str();
    path.rsplit('/').next() == Some("registry") || path.ends_with("distribution/distribution")
}

/// Returns the ports of the registries that were started here.
pub(super) fn ports(records: &[Record]) -> Vec<u16> {
    records.iter().map(|record| record.port).collect()
}

/// Proposes a folder that isn't there yet.
fn proposed(beside: &Path) -> String {
    let name = |number: usize| match number {
        1 => FOLDER.to_owned(),
        _ => format!("{FOLDER}-{number}"),
    };
    let mut paths = (1..=MOST).map(|number| beside.join(name(number)));
    let free = paths.find(|path| !path.exists());
    free.unwrap_or_else(|| beside.join(FOLDER))
        .display()
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn images(names: &[&str]) -> Vec<(String, bool)> {
        let image = LocalImage {
            names: names.iter().map(|&name| name.to_owned()).collect(),
            ..LocalImage::default()
        };
        let found = images_of_registries(&[image]);
        let told = |image: HostingImage| (image.name, image.from.is_some());
        found.into_iter().map(told).collect()
    }

    #[test]
    fn what_the_engine_has_is_not_downloaded() {
        let own = |name: &str| (name.to_owned(), false);
        assert_eq!(images(&[]), [("registry:3".to_owned(), true)]);
        assert_eq!(
            images(&["registry:2", "team/app:1", "registry:3"]),
            [own("registry:3"), own("registry:2")]
        );
        // As Podman calls it.
        assert_eq!(
            images(&["docker.io/library/registry:3"]),
            [own("docker.io/library/registry:3")]
        );
        assert_eq!(
            images(&["quay.example/lab/registry:9", "not-registry:1", "\u{202e}"]),
            [
                ("registry:3".to_owned(), true),
                own("quay.example/lab/registry:9")
            ]
        );
    }

    #[test]
    fn a_folder_that_is_there_is_not_proposed() {
        let folder = tempfile::tempdir().unwrap();
        let first = proposed(folder.path());
        std::fs::create_dir(&first).unwrap();
        assert_eq!(proposed(folder.path()), format!("{first}-2"));
    }
}
