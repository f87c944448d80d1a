//! The projects that new repositories of an account may stand under, with their titles: asked for where a name is typed.
//!
//! A help, not a limit: where they can't be had there are none. Not here: making a repository (`repositories`). Grows by nothing.

use super::room::Kinds;
use crate::accounts::Session;
use crate::view::kinds::ProjectView;
use crate::view::problem::Problem;
use futures_util::FutureExt;
use vendors::{Project, Walk};

/// How many are told.
const MOST: usize = 1000;
/// How many pages are asked for.
const PAGES: usize = 20;

impl Kinds {
    /// Asks for the projects of an account; none where its registry's vendor has no such thing, or doesn't tell.
    pub async fn projects(&self, account: String) -> Result<Vec<ProjectView>, Problem> {
        let asked = async {
            let session = self.accounts.session(&account).await?;
            self.all_projects(&session).await
        };
        self.accounts.asking(&account, asked.boxed()).await
    }

    async fn all_projects(&self, session: &Session) -> Result<Vec<ProjectView>, Problem> {
        self.recognise(session).await;
        if vendors::of(self.known(session).await).projects().is_none() {
            return Ok(Vec::new());
        }
        let (mut walk, mut all) = (Walk::new(), Vec::new());
        for _ in 0..PAGES {
            let Some(at) = walk.at().cloned() else {
                break;
            };
            let Some(page) = self.projects_of(session, &at).await? else {
                break;
            };
            let rows = walk.take(page, MOST, |one: &Project| one.name.as_str());
            all.extend(rows.into_iter().map(|one| ProjectView {
                name: one.name,
                title: one.title,
            }));
        }
        Ok(all)
    }
}
