//! The TypeScript of the view types: one file, committed, and checked fresh here.
//!
//! `LONGSHORE_BINDINGS=write cargo test -p app bindings` writes it.

use crate::view;
use std::any::TypeId;
use std::collections::BTreeMap;
use std::path::PathBuf;
use ts_rs::{Config, TS, TypeVisitor};

/// Collects the declaration of every type reachable from the roots.
struct Collect<'a> {
    config: &'a Config,
    seen: Vec<TypeId>,
    found: BTreeMap<String, String>,
}

impl TypeVisitor for Collect<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if self.seen.contains(&TypeId::of::<T>()) {
            return;
        }
        self.seen.push(TypeId::of::<T>());
        T::visit_generics(self);
        T::visit_dependencies(self);
        // Only our own types have a path to be written to; primitives and containers have none.
        if T::output_path().is_some() {
            let docs = T::docs().unwrap_or_default();
            let text = format!("{docs}export {}\n", T::decl(self.config));
            let former = self.found.insert(T::ident(self.config), text.clone());
            assert!(
                former.is_none_or(|f| f == text),
                "two view types share a name"
            );
        }
    }
}

fn generate() -> String {
    let config = Config::new().with_large_int("number");
    let mut all = Collect {
        config: &config,
        seen: Vec::new(),
        found: BTreeMap::new(),
    };
    all.visit::<view::start::Start>();
    all.visit::<view::accounts::AccountView>();
    all.visit::<view::accounts::FoundRegistry>();
    all.visit::<view::accounts::AddressView>();
    all.visit::<view::accounts::ProbeView>();
    all.visit::<view::accounts::ProgramsKeep>();
    all.visit::<view::accounts::NewAccount>();
    all.visit::<view::accounts::EncryptedFileView>();
    all.visit::<view::certificate::CertificateView>();
    all.visit::<view::browse::RepositoryList>();
    all.visit::<view::browse::OpenedPath>();
    all.visit::<view::kinds::KindView>();
    all.visit::<view::kinds::SecondView>();
    all.visit::<view::kinds::SecondOrder>();
    all.visit::<view::kinds::KindOrder>();
    all.visit::<view::kinds::CommandOrder>();
    all.visit::<view::hosting::HostingPlan>();
    all.visit::<view::hosting::HostingFolder>();
    all.visit::<view::hosting::HostingOrder>();
    all.visit::<view::hosting::HostedView>();
    all.visit::<view::hosting::UnhostPlan>();
    all.visit::<view::hosting::UnhostOrder>();
    all.visit::<view::kinds::ProjectView>();
    all.visit::<view::connection::CheckView>();
    all.visit::<view::connection::Impossible>();
    all.visit::<view::browse::TagList>();
    all.visit::<view::browse::TagTop>();
    all.visit::<view::browse::CommitList>();
    all.visit::<view::find::FoundName>();
    all.visit::<view::engine::EngineView>();
    all.visit::<view::engine::EngineRow>();
    all.visit::<view::engine::ImageRow>();
    all.visit::<view::engine::ImageFacts>();
    all.visit::<view::engine::ImageSize>();
    all.visit::<view::search::SearchPage>();
    all.visit::<view::computer::RemoveRow>();
    all.visit::<view::computer::SaveOrder>();
    all.visit::<view::computer::LoadPlan>();
    all.visit::<view::computer::LoadOrder>();
    all.visit::<view::computer::Dropped>();
    all.visit::<view::computer::PathKind>();
    all.visit::<view::computer::RemovePlan>();
    all.visit::<view::computer::RemoveOrder>();
    all.visit::<view::containers::ContainerRow>();
    all.visit::<view::containers::ContainerFacts>();
    all.visit::<view::push::PushQuestion>();
    all.visit::<view::push::LikelyPlace>();
    all.visit::<view::push::PushPlan>();
    all.visit::<view::push::PushOrder>();
    all.visit::<view::push::PullOrder>();
    all.visit::<view::tasks::TaskView>();
    all.visit::<view::events::AppEvent>();
    all.visit::<view::timeline::RepositoryTimeline>();
    all.visit::<view::answering::Unanswered>();
    all.visit::<view::active::ActiveQuestion>();
    all.visit::<view::active::ActivePlan>();
    all.visit::<view::active::ActiveOrder>();
    all.visit::<view::keep::KeepOrder>();
    all.visit::<view::keep::RuleAnswerOrder>();
    all.visit::<view::keep::KeepCommitOrder>();
    all.visit::<view::keep::PrunePlan>();
    all.visit::<view::keep::PruneOrder>();
    all.visit::<view::about::AboutView>();
    all.visit::<view::about::CreateOrder>();
    all.visit::<view::about::DescribeOrder>();
    all.visit::<view::delete::DeleteQuestion>();
    all.visit::<view::delete::DeletePlan>();
    all.visit::<view::delete::DeleteOrder>();
    all.visit::<view::delete::DeleteOutcome>();
    all.visit::<view::watch::WatchOrder>();
    all.visit::<view::watch::Moves>();
    all.visit::<view::watch::MoveAnswer>();
    all.visit::<view::log::RequestLine>();
    all.visit::<view::making::BuildQuestion>();
    all.visit::<view::making::BuildPlan>();
    all.visit::<view::making::BuildOrder>();
    all.visit::<view::making::CommitPlan>();
    all.visit::<view::making::CommitOrder>();
    all.visit::<view::computer::NameQuestion>();
    all.visit::<view::computer::NameView>();
    all.visit::<view::computer::NameOrder>();
    all.visit::<view::making::BuildLog>();
    all.visit::<view::seen::Exported>();
    all.visit::<view::seen::Imported>();
    all.visit::<view::seen::ListingOrder>();
    all.visit::<view::seen::ListingView>();
    let mut text = String::from(
        "// Generated from crates/app/src/view by `cargo xtask bindings`. Do not edit: a test compares it.\n\n",
    );
    text.push_str(&all.found.into_values().collect::<Vec<_>>().join("\n"));
    text
}

fn committed() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/lib/backend/generated/types.ts")
}

#[test]
fn the_committed_types_are_fresh() {
    let fresh = generate();
    if std::env::var("LONGSHORE_BINDINGS").is_ok_and(|v| v == "write") {
        std::fs::create_dir_all(committed().parent().unwrap()).unwrap();
        std::fs::write(committed(), &fresh).unwrap();
    }
    let there = std::fs::read_to_string(committed()).unwrap_or_default();
    assert!(
        there.replace("\r\n", "\n") == fresh,
        "ui/src/lib/backend/generated/types.ts is stale: run `cargo xtask bindings`"
    );
}
