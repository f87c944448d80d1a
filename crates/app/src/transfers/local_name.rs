//! The name in the engine that an image is pushed from and that a pull leaves behind: `host/namespace/name:tag`.
//!
//! A name that a push or pull of ours gave moves with the next one by itself. One that somebody else gave moves only
//! where the person said so. An engine pushes from that very name, so a push under way has it lent; where the push comes
//! to nothing, or the name is to be left, it goes back to who had it. What a crash left lent goes back at the next
//! transfer. Not here: what a pulled image is called. Grows by nothing that only one of the two needs.

use super::room::{Lent, Transfers};
use crate::ground::lock;
use crate::view::problem::Problem;
use engine::{Engine, ImageDetail};
use oci::Tag;
use std::sync::Arc;
use store::{LocalName, Place};

/// Who bears a name.
pub(super) struct Bearer {
    pub image: ImageDetail,
    /// True where a push or pull of ours gave the image that name.
    pub ours: bool,
}

/// A name as one transfer uses it.
pub(super) struct NameAt<'a> {
    pub engine: &'a Engine,
    pub place: &'a Place,
    pub tag: &'a Tag,
}

impl NameAt<'_> {
    fn text(&self) -> String {
        format!("{}:{}", self.place.path(), self.tag)
    }

    fn at(&self) -> String {
        self.engine.address().to_string()
    }
}

/// Holds a name as lent; while it is held, nobody takes it for one that a crash left behind.
#[must_use]
pub(super) struct Loan {
    lent: Lent,
    key: (String, String),
}

impl Drop for Loan {
    fn drop(&mut self) {
        lock(&self.lent).remove(&self.key);
    }
}

impl Transfers {
    /// Finds who bears a name; none where nobody does.
    pub(super) async fn bearer(&self, name: &NameAt<'_>) -> Result<Option<Bearer>, Problem> {
        let mut known = self.known_name(name).await?;
        let is_lent = known.as_ref().is_some_and(|known| known.lent);
        if is_lent && !lock(&self.lent).contains(&(name.at(), name.text())) {
            self.return_name(name).await?;
            known = self.known_name(name).await?;
        }
        let inspected = name.engine.inspect(&name.text()).await;
        let Some(image) = self.local.answer_of(name.engine, inspected).await? else {
            return Ok(None);
        };
        // What a push has only lent is still whose it was.
        let ours =
            known.is_some_and(|known| known.image == image.id && (!known.lent || known.was_ours));
        Ok(Some(Bearer { image, ours }))
    }

    /// Notes that a name is an image's for good, and ours, unless the image had it from somebody else already.
    pub(super) async fn name_given(
        &self,
        name: &NameAt<'_>,
        image: &str,
        before: Option<&Bearer>,
    ) -> Result<(), Problem> {
        let theirs = before.is_some_and(|bearer| bearer.image.id == image && !bearer.ours);
        let given = (!theirs).then(|| LocalName::given(image));
        self.set_known_name(name, given).await
    }

    /// Gives an image the name for as long as a push lasts. It is noted first: a crash leaves it to be found.
    pub(super) async fn lend_name(
        &self,
        name: &NameAt<'_>,
        image: &str,
        before: Option<&Bearer>,
    ) -> Result<Option<Loan>, Problem> {
        if before.is_some_and(|bearer| bearer.image.id == image) {
            return Ok(None);
        }
        let key = (name.at(), name.text());
        lock(&self.lent).insert(key.clone());
        let loan = Loan {
            lent: Arc::clone(&self.lent),
            key,
        };
        let lent = LocalName {
            lent: true,
            before: before.map(|bearer| bearer.image.id.clone()),
            was_ours: before.is_some_and(|bearer| bearer.ours),
            ..LocalName::given(image)
        };
        self.set_known_name(name, Some(lent)).await?;
        let (path, tag) = (name.place.path(), name.tag.as_str());
        let tagged = name.engine.tag(image, &path, tag).await;
        self.local.answer_of(name.engine, tagged).await?;
        Ok(Some(loan))
    }

    /// Gives a lent name back to who had it. Where the engine can't be asked, it is done at the next transfer.
    pub(super) async fn return_name(&self, name: &NameAt<'_>) -> Result<(), Problem> {
        let Some(known) = self.known_name(name).await?.filter(|known| known.lent) else {
            return Ok(());
        };
        let inspected = name.engine.inspect(&name.text()).await;
        let bearer = self.local.answer_of(name.engine, inspected).await?;
        let after = match bearer {
            Some(image) if image.id == known.image => self.take_back(name, &known, &image).await?,
            // It was cut off before the name moved: it is where it was, and ours if it was.
            Some(image) if known.was_ours && known.before.as_ref() == Some(&image.id) => {
                Some(LocalName::given(&image.id))
            }
            // Somebody has given the name to another image since, or taken it away: it is theirs.
            _ => None,
        };
        self.set_known_name(name, after).await
    }

    /// Takes the name from the image that a push lent it; returns what is to be known of the name then.
    async fn take_back(
        &self,
        name: &NameAt<'_>,
        known: &LocalName,
        image: &ImageDetail,
    ) -> Result<Option<LocalName>, Problem> {
        let (path, tag) = (name.place.path(), name.tag.as_str());
        let Some(before) = &known.before else {
            // Without any other name the engine would delete the image along with this one.
            if image.names.len() < 2 {
                return Ok(Some(LocalName::given(&known.image)));
            }
            let untagged = name.engine.untag(&name.text()).await;
            self.local.answer_of(name.engine, untagged).await?;
            return Ok(None);
        };
        let inspected = name.engine.inspect(before).await;
        if self
            .local
            .answer_of(name.engine, inspected)
            .await?
            .is_none()
        {
            // Who had it is gone: the name is what keeps this one from being without any.
            return Ok(Some(LocalName::given(&known.image)));
        }
        let tagged = name.engine.tag(before, &path, tag).await;
        self.local.answer_of(name.engine, tagged).await?;
        Ok(known.was_ours.then(|| LocalName::given(before)))
    }

    /// Gives back what pushes lent that were cut off by a crash, or lost their engine. One that can't go back stays lent, and
    /// hinders nothing but a transfer by that very name.
    pub(super) async fn return_names(&self, engine: &Engine) -> Result<(), Problem> {
        let at = engine.address().to_string();
        let all = {
            let at = at.clone();
            self.ground.db(move |store| store.lent_names(&at)).await?
        };
        for (place, tag, _) in all {
            let Ok(tag) = Tag::parse(&tag) else { continue };
            let name = NameAt {
                engine,
                place: &place,
                tag: &tag,
            };
            if !lock(&self.lent).contains(&(at.clone(), name.text())) {
                let _ = self.return_name(&name).await;
            }
        }
        Ok(())
    }

    async fn known_name(&self, name: &NameAt<'_>) -> Result<Option<LocalName>, Problem> {
        let (place, at, tag) = (name.place.clone(), name.at(), name.tag.to_string());
        self.ground
            .db(move |store| store.local_name(&place, &at, &tag))
            .await
    }

    async fn set_known_name(
        &self,
        name: &NameAt<'_>,
        known: Option<LocalName>,
    ) -> Result<(), Problem> {
        let (place, at, tag) = (name.place.clone(), name.at(), name.tag.to_string());
        self.ground
            .db(move |store| store.set_local_name(&place, &at, &tag, known.as_ref()))
            .await
    }
}
