//! What only Polly does: its own command, which runs where a person let it, and its table, which can be pasted.

use super::played_polly;
use crate::acts::{Desk, REPOSITORY};
use crate::home::{Home, SECRET, USER, account};
use app::view::browse::{Source, TimeKind};
use app::view::kinds::{
    CommandOrder, CommandView, KindMeans, KindOrder, KindPart, KindView, VendorId,
};
use app::view::problem::Code;
use app::view::seen::ListingOrder;
use testkit::standins::polly::{Border, Look, NOT_SIGNED_IN, Polly, WHO, draw};

/// An account at a Polly whose command is on the PATH; nobody let it run.
async fn polly() -> (Home, Polly, String) {
    let (home, polly) = (Home::new(), Polly::start_for(USER, SECRET).await.unwrap());
    polly.install(&home.bin()).unwrap();
    let id = home.sign_in(&polly.host()).await.id;
    choose(&home, &id, Some(VendorId::Polly)).await;
    (home, polly, id)
}

async fn choose(home: &Home, id: &str, vendor: Option<VendorId>) -> KindView {
    let account = id.to_owned();
    home.app
        .choose_kind(KindOrder { account, vendor })
        .await
        .unwrap()
}

fn order(id: &str, organisation: &str) -> CommandOrder {
    CommandOrder {
        account: id.to_owned(),
        organisation: (!organisation.is_empty()).then(|| organisation.to_owned()),
    }
}

fn command(view: &KindView) -> CommandView {
    view.command.clone().unwrap()
}

fn means(view: &KindView, part: KindPart) -> KindMeans {
    let found = view.parts.iter().find(|row| row.part == part);
    found.unwrap().means
}

/// Behaviour (vendors): Another company's program runs for an account only once a person let it, and no more once they take it back.
/// Source: issue 13: “let the app run the `polly` command when it is installed”; looks happen by themselves.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_runs_once_a_person_let_it_and_no_more_when_they_take_it_back() {
    let (mut home, polly, id) = polly().await;
    polly.push(REPOSITORY, "v1", "one", WHO);
    let refresh = async |home: &Home| home.app.refresh_repositories(id.clone()).await.unwrap();
    refresh(&home).await;
    let kind = home.app.kind(id.clone()).await.unwrap();
    assert_eq!(polly.runs(), [""; 0]);
    assert_eq!(means(&kind, KindPart::List), KindMeans::ByProtocol);
    let shown = command(&kind);
    assert_eq!(
        (shown.is_there, shown.may_run, shown.organisation),
        (true, false, None)
    );

    let kind = home.app.let_run(order(&id, " lab ")).await.unwrap();
    assert_eq!(polly.runs(), ["dockers login"]);
    assert_eq!(means(&kind, KindPart::List), KindMeans::Native);
    assert_eq!(means(&kind, KindPart::TagFacts), KindMeans::ByProtocol);
    let shown = command(&kind);
    assert_eq!(
        (shown.may_run, shown.organisation.as_deref()),
        (true, Some("lab"))
    );
    // It is kept, and outlives a sign-in.
    home.reopen();
    home.sign_in(&polly.host()).await;
    polly.forget_runs();
    refresh(&home).await;
    assert_eq!(polly.runs(), ["dockers list --all"]);
    let list = home.app.repositories(id.clone()).await.unwrap();
    assert_eq!((list.names, list.note), (vec![REPOSITORY.to_owned()], None));

    home.app.let_run_no_more(id.clone()).await.unwrap();
    polly.forget_runs();
    refresh(&home).await;
    // Nor does it for a registry that isn't Polly's.
    home.app.let_run(order(&id, "lab")).await.unwrap();
    choose(&home, &id, None).await;
    polly.forget_runs();
    refresh(&home).await;
    assert_eq!(polly.runs(), [""; 0]);
    assert_eq!(home.app.kind(id.clone()).await.unwrap().command, None);
    let refused = home.app.let_run(order(&id, "lab")).await.unwrap_err();
    assert!(
        refused.message.contains("no command of its own"),
        "{refused:?}"
    );
    assert_eq!(polly.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_that_signs_in_elsewhere_or_not_at_all_is_not_let_run() {
    let (home, polly, id) = polly().await;
    let refused = async |order| {
        let problem = home.app.let_run(order).await.unwrap_err();
        assert!(!command(&home.app.kind(id.clone()).await.unwrap()).may_run);
        problem
    };
    let problem = refused(order(&id, "Lab/x")).await;
    assert!(
        problem.message.starts_with("“Lab/x” is no organisation"),
        "{problem:?}"
    );
    assert_eq!(polly.runs(), [""; 0]);
    polly.sign_in_elsewhere("docker.other.example");
    let problem = refused(order(&id, "lab")).await;
    assert!(
        problem
            .message
            .contains("signs in to docker.other.example, and not to"),
        "{problem:?}"
    );
    polly.sign_out(true);
    let problem = refused(order(&id, "lab")).await;
    assert_eq!(
        (problem.code, problem.detail.as_deref()),
        (Code::Program, Some(NOT_SIGNED_IN))
    );
    polly.sign_out(false);
    for (code, text) in [
        (0, "hello"),
        (1, ""),
        (3, "docker login -u POLLY -p c29tZS1zZWNyZXQ= 127.0.0.1:1"),
    ] {
        polly.break_command(Some((code, text)));
        let problem = refused(order(&id, "lab")).await;
        // Whatever went wrong, no line that signs in is told.
        assert!(
            !format!("{problem:?}").contains("c29tZS1zZWNyZXQ"),
            "{problem:?}"
        );
    }
    assert_eq!(polly.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_command_it_is_said_and_all_goes_by_the_protocol() {
    let (home, polly) = (Home::new(), Polly::start_for(USER, SECRET).await.unwrap());
    let id = home.sign_in(&polly.host()).await.id;
    let kind = choose(&home, &id, Some(VendorId::Polly)).await;
    assert!(!command(&kind).is_there);
    assert_eq!(means(&kind, KindPart::History), KindMeans::ByCommitTags);
    let problem = home.app.let_run(order(&id, "lab")).await.unwrap_err();
    assert!(
        problem.message.starts_with("polly is not on this computer"),
        "{problem:?}"
    );
    let problem = home
        .app
        .login_by_command(VendorId::Polly)
        .await
        .unwrap_err();
    assert_eq!(problem.code, Code::Program);
    let problem = home
        .app
        .login_by_command(VendorId::Harbor)
        .await
        .unwrap_err();
    assert!(
        problem.message.contains("no command of its own"),
        "{problem:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_it_prints_badly_is_said_and_the_protocol_lists() {
    let (home, polly, id) = polly().await;
    polly.push(REPOSITORY, "v1", "one", WHO);
    home.app.let_run(order(&id, "")).await.unwrap();
    let trouble = async || {
        home.app.refresh_repositories(id.clone()).await.unwrap();
        let list = home.app.repositories(id.clone()).await.unwrap();
        assert_eq!(list.names, [REPOSITORY]);
        command(&home.app.kind(id.clone()).await.unwrap()).problem
    };
    // Where repositories stand is not guessed.
    let problem = trouble().await.unwrap();
    assert!(
        problem.message.contains("without their organisation"),
        "{problem:?}"
    );
    polly.name_organisation();
    assert_eq!(trouble().await, None);
    let home_says = |text: &str| polly.break_command(Some((0, text)));
    home_says("Something else.");
    let problem = trouble().await.unwrap();
    assert_eq!(problem.message, "What polly printed can’t be read.");
    polly.break_command(Some((7, "Error: 503 from the platform")));
    let problem = trouble().await.unwrap();
    assert_eq!(
        problem.detail.as_deref(),
        Some("Error: 503 from the platform")
    );
    polly.break_command(None);
    assert_eq!(trouble().await, None);
    // It is gone.
    std::fs::remove_file(home.bin().join("polly")).unwrap();
    assert_eq!(trouble().await, None);
    let kind = home.app.kind(id.clone()).await.unwrap();
    assert_eq!(
        (command(&kind).is_there, means(&kind, KindPart::List)),
        (false, KindMeans::ByProtocol)
    );
    assert_eq!(polly.violations(), [""; 0]);
}

/// Behaviour (vendors): The line by which `polly dockers login` signs in is taken as if it had been pasted, and stands nowhere else.
/// Source: Polly’s documentation: “the output … should then be run on the terminal”.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_signs_in_by_the_line_that_the_command_prints() {
    let (home, polly) = (Home::new(), Polly::start().await.unwrap());
    polly.install(&home.bin()).unwrap();
    let line = home.app.login_by_command(VendorId::Polly).await.unwrap();
    let read = app::Accounts::read_address(&line).unwrap();
    assert_eq!(
        (read.host.as_str(), read.user.as_deref()),
        (polly.host().as_str(), Some("POLLY"))
    );
    let secret = app::Accounts::take_login_secret(&line).unwrap();
    assert_eq!(secret, polly.secret());
    let account = account(&read.host, "POLLY", &secret);
    let account = home.app.add_account(account).await.unwrap();
    assert_eq!(account.user.as_deref(), Some("POLLY"));
    assert_eq!(home.files_with(&secret).0, Vec::<std::path::PathBuf>::new());
    assert_eq!(polly.violations(), [""; 0]);
}

fn paste(desk: &Desk, text: &str) -> ListingOrder {
    ListingOrder {
        account: desk.id.clone(),
        repository: REPOSITORY.to_owned(),
        text: text.to_owned(),
    }
}

/// A desk at a Polly without its command.
async fn desk() -> (Desk, Polly) {
    let polly = Polly::start_for(USER, SECRET).await.unwrap();
    let desk = Desk::signed_in_at(&polly.host()).await;
    (desk, polly)
}

/// Behaviour (vendors): A pasted table of Polly's command stands in the timeline as imported, with who and when.
/// Source: issue 13: “without the command: the protocol, plus import of its table by pasting it”.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pasted_table_stands_in_the_timeline_with_who_and_when() {
    let (desk, polly) = desk().await;
    let old = polly.push(REPOSITORY, "latest", "old", "ben@lab.example");
    let new = polly.push(REPOSITORY, "latest", "new", "ana@lab.example");
    desk.home
        .app
        .refresh_repositories(desk.id.clone())
        .await
        .unwrap();
    desk.refresh().await;
    desk.see("latest").await;
    assert_eq!(
        desk.lab().digests("latest").await,
        std::slice::from_ref(&new)
    );
    for border in Border::ALL {
        polly.look(Look {
            border,
            ..Look::default()
        });
        let table = polly.commit_list("tool");
        let app = &desk.home.app;
        let view = app.read_listing(paste(&desk, &table)).await.unwrap();
        assert_eq!(
            (view.commits, view.tags, view.unread_count),
            (2, 1, 0),
            "{table}"
        );
        assert_eq!(
            (view.repository.as_str(), view.is_other, view.without_zone),
            (REPOSITORY, false, 0)
        );
        let imported = app.import_listing(paste(&desk, &table)).await.unwrap();
        // However it looks, and however often it is pasted, it is the same.
        let added = if border == Border::ALL[0] { 2 } else { 0 };
        assert_eq!((imported.added, imported.known), (added, 2 - added));
    }
    let rows = desk.commits("latest").await;
    let digests: Vec<_> = rows.iter().filter_map(|row| row.digest.clone()).collect();
    assert_eq!(digests, [new, old]);
    let row = &rows[1];
    assert!(!row.active && row.sources == [Source::Imported], "{row:?}");
    let time = row.time.unwrap();
    assert_eq!(
        (time.kind, time.source),
        (TimeKind::Since, Source::Imported)
    );
    let by = row.by.as_ref().unwrap();
    assert_eq!(
        (by.name.as_str(), by.you, by.source),
        ("ben@lab.example", false, Source::Imported)
    );
    assert_eq!(polly.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_registry_says_counts_before_an_active_row() {
    let (desk, polly) = desk().await;
    let old = polly.push(REPOSITORY, "latest", "old", "ben@lab.example");
    let table = polly.commit_list("tool");
    assert!(table.contains(" active "));
    let new = polly.push(REPOSITORY, "latest", "new", "ana@lab.example");
    desk.home
        .app
        .refresh_repositories(desk.id.clone())
        .await
        .unwrap();
    desk.refresh().await;
    desk.see("latest").await;
    desk.home
        .app
        .import_listing(paste(&desk, &table))
        .await
        .unwrap();
    let rows = desk.commits("latest").await;
    let all: Vec<_> = rows
        .iter()
        .map(|row| (row.digest.clone().unwrap(), row.active))
        .collect();
    assert_eq!(all, [(new, true), (old, false)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_a_pasted_text_goes_where_it_says_and_what_cannot_be_read_is_told() {
    let (desk, polly) = desk().await;
    let digest = polly.push(REPOSITORY, "v1", "one", WHO);
    let app = &desk.home.app;
    let row = |tag: &str, at: &str, hash: &str| [tag, at, hash].map(str::to_owned).to_vec();
    let names = ["tag", "pushed at", "commit_hash"];
    let rows = [
        row("v1", "2026-06-16 08:12:11", &digest),
        row("v2", "2026-06-16T08:12:11Z", "sha256:574731636…"),
        row("_about", "2026-06-16T08:12:11Z", &digest),
        row("v3", "2099-06-16T08:12:11Z", &digest),
        row("v4", "16/6/2026", &digest),
    ];
    let table = draw(&names, &rows, &Look::default());
    let view = app.read_listing(paste(&desk, &table)).await.unwrap();
    assert_eq!(
        (view.commits, view.without_zone, view.unread_count),
        (1, 1, 3)
    );
    assert_eq!(
        view.unread,
        [
            "Line 5 has a commit hash that is cut short: make the terminal wider and print it again.",
            "Line 7 tells of a time that has not come yet.",
            "Line 8 has a time that is none.",
        ]
    );
    // Beside the one that is open, where the command before it names another.
    let with_command = format!("$ polly dockers commit-list --name Other --all\n{table}");
    let view = app.read_listing(paste(&desk, &with_command)).await.unwrap();
    assert_eq!(
        (view.repository.as_str(), view.is_other),
        ("lab/other", true)
    );
    let imported = app
        .import_listing(paste(&desk, &with_command))
        .await
        .unwrap();
    assert_eq!((imported.added, imported.unread_count), (1, 3));
    desk.home
        .app
        .refresh_repositories(desk.id.clone())
        .await
        .unwrap();
    desk.refresh().await;
    desk.see("v1").await;
    let rows = desk.commits("v1").await;
    assert!(
        !rows[0].sources.contains(&Source::Imported),
        "it is the other’s"
    );
    app.import_listing(paste(&desk, &table)).await.unwrap();
    let rows = desk.commits("v1").await;
    assert!(rows[0].sources.contains(&Source::Imported), "{rows:#?}");
    let text = "hello\n| a | b |\n|---|---|\n".to_owned();
    let problem = app.read_listing(paste(&desk, &text)).await.unwrap_err();
    assert_eq!(problem.message, "There is no table of commits in this.");
    let large = " ".repeat(16 * 1024 * 1024 + 1);
    let problem = app.import_listing(paste(&desk, &large)).await.unwrap_err();
    assert_eq!(problem.message, "This is more than can be read at once.");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repository_with_capital_letters_stands_under_small_ones() {
    let (home, polly, id) = polly().await;
    played_polly::Polly::let_run(&polly, &home, &id).await;
    let names = ["repository", "created by", "created at"];
    let row = |name: &str| {
        [name, WHO, "2026-06-16T08:12:11Z"]
            .map(str::to_owned)
            .to_vec()
    };
    let table = draw(
        &names,
        &[row("16June"), row("16june"), row("--all")],
        &Look::default(),
    );
    polly.break_command(Some((0, &table)));
    home.app.refresh_repositories(id.clone()).await.unwrap();
    let list = home.app.repositories(id).await.unwrap();
    assert_eq!(list.names, ["lab/16june"]);
    assert!(list.note.is_some(), "one could not be read");
}
