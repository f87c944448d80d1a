//! The window's commands. Each takes its input, calls the use case of the same name and hands back what
//! that says; nothing is decided here.
//!
//! A new command is named three times: here, in a permission file, and in the window's own door
//! (`ui/src/lib/backend`). A test holds the three together.

pub mod accounts;
pub mod browse;
pub mod computer;
pub mod connection;
pub mod engine;
pub mod keeping;
pub mod kinds;
pub mod making;
pub mod search;
pub mod timeline;
pub mod transfers;
pub mod watch;
pub mod window;

use tauri::{Builder, Runtime};

/// Registers every command.
#[allow(clippy::too_many_lines)] // a list, a line a command
pub fn with_commands<R: Runtime>(builder: Builder<R>) -> Builder<R> {
    builder.invoke_handler(tauri::generate_handler![
        accounts::accounts,
        accounts::found_registries,
        accounts::read_address,
        accounts::take_login_secret,
        accounts::probe_registry,
        accounts::look_at_certificate,
        accounts::change_connection,
        accounts::add_account,
        accounts::sign_in,
        accounts::approve_sign_in,
        accounts::sign_out,
        accounts::encrypted_file,
        accounts::open_encrypted_file,
        accounts::put_encrypted_file_aside,
        accounts::programs,
        accounts::programs_keep,
        accounts::sign_in_programs,
        accounts::sign_out_programs,
        accounts::writer_for,
        accounts::remove_account,
        browse::repositories,
        browse::refresh_repositories,
        browse::open_path,
        browse::forget_path,
        browse::tags,
        browse::keep_top,
        browse::refresh_tags,
        browse::resolve_tag,
        browse::commits,
        browse::refresh_commits,
        browse::refresh_timeline,
        browse::find,
        connection::check_connection,
        connection::try_upload,
        connection::check_report,
        connection::impossible,
        kinds::kind,
        kinds::choose_kind,
        kinds::projects,
        engine::engine,
        engine::engines,
        engine::look_for_engines,
        engine::images,
        computer::image_facts,
        computer::image_sizes,
        computer::containers,
        computer::container_facts,
        computer::plan_remove,
        computer::plan_clean_up,
        computer::remove_image,
        computer::read_name,
        computer::tag_image,
        computer::start_save,
        computer::plan_load,
        computer::start_load,
        computer::choose_path,
        transfers::plan_push,
        transfers::push_places,
        transfers::team_note,
        transfers::start_push,
        transfers::start_pull,
        transfers::ordered_push,
        transfers::ordered_pull,
        transfers::tasks,
        transfers::cancel_task,
        transfers::retry_task,
        transfers::dismiss_task,
        transfers::clear_finished,
        making::plan_build,
        making::build_log,
        making::start_build,
        search::search_public,
        making::plan_commit,
        making::start_commit,
        timeline::timeline,
        timeline::ask_commits,
        timeline::plan_active,
        timeline::make_active,
        timeline::export_seen,
        timeline::import_seen,
        keeping::about,
        keeping::refresh_about,
        keeping::ask_abouts,
        keeping::create_repository,
        keeping::describe_repository,
        keeping::set_keep,
        keeping::answer_rule,
        keeping::keep_commit,
        keeping::plan_prune,
        keeping::prune,
        keeping::plan_delete,
        keeping::delete,
        keeping::undo_delete,
        watch::watch,
        watch::moves,
        watch::saw_moves,
        watch::answer_move,
        window::start,
        window::save_preferences,
        window::settings,
        window::set_settings,
        window::reset_settings,
        window::recent_requests,
        window::unanswered,
        window::stop_asking,
        window::leave,
    ])
}
