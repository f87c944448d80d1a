//! Sentences of the connection check, and its report as plain text. Not here: the asking (`connection`). Grows by a line.

use super::table::sentences;
use crate::view::accounts::LimitView;
use crate::view::connection::{CheckMark, CheckView, Probe};
use crate::view::said::Said;
use oci::UtcSeconds;
use std::time::Duration;

sentences! { "connection":
    over_tls(count) => "Over TLS, {count} ms.";
    over_http(count) => "Over plain HTTP, {count} ms.";
    trusted() => "Trusted by this computer.";
    trusted_for(count) => "Trusted by this computer; good for another {count} days.";
    trusted_as_it_is(count) => "Trusted as it is, for this registry alone; good for another {count} days.";
    trusted_by(file, count) => "Trusted by {file}, for this registry alone; good for another {count} days.";
    ends_soon(count) => "It ends in {count} days: ask whoever runs the registry to renew it.";
    on_this_computer() => "None: plain HTTP, which doesn’t leave this computer.";
    engine_may(name) => "{name} may use plain HTTP or an untrusted certificate here.";
    no_tls() => "None: anyone on the way can read what is sent, your secret too.";
    clock_fits() => "Fits this computer’s.";
    clock_ahead(time) => "It is {time} ahead of this computer’s.";
    clock_behind(time) => "It is {time} behind this computer’s.";
    no_clock() => "Its answers don’t tell.";
    signed_in(user, to) => "As {user}; your secret goes to {to}.";
    signed_in_as(user) => "As {user}.";
    nobody() => "Used without a sign-in.";
    not_sent_again() => "Refused before, and not sent again: some registries lock out whoever does. Sign in again.";
    lists() => "Listed for you.";
    lists_nothing() => "It lists none.";
    not_for_you() => "Not for you; not needed here.";
    only_after_sign_in() => "Only after a sign-in.";
    in_parts() => "In parts.";
    in_one() => "In one piece.";
    unsaid() => "It doesn’t say where a list goes on; Longshore asks on by the last name.";
    too_short() => "The lists here are too short to tell.";
    may_read(repository) => "You may read {repository}.";
    nothing_there(repository) => "{repository} has no tags yet.";
    may_push(repository) => "You may push to {repository}.";
    may_only_read(repository) => "You may read {repository}, and not push to it.";
    only_a_push_tells() => "Only a push would tell.";
    by_name() => "Single tags, by name.";
    by_its_interface() => "Single tags, by its own interface.";
    by_digest() => "By digest, which takes every tag of it; Longshore puts a decoy under the tag first.";
    referrers() => "Listed.";
    no_referrers() => "Not listed; clients keep a tag instead.";
    goes_on() => "A layer that broke off goes on.";
    begins_anew() => "A layer that broke off begins anew.";
    open_a_tag() => "Look at a tag first: nothing is known yet of what it is made of.";
    names_taken() => "Their names are allowed; none was seen here yet.";
    names_seen() => "There are some here.";
    names_refused() => "It refuses their names, so old versions can’t be kept here.";
    no_limit() => "None told.";
    pulls_left(left, of) => "{left} of {of} pulls left.";
    requests_left(left, of) => "{left} of {of} requests left.";
    pulls_left_in(left, of, time) => "{left} of {of} pulls left, counted over {time}.";
    requests_left_in(left, of, time) => "{left} of {of} requests left, counted over {time}.";
    only_an_upload_tells() => "Only an upload tells; none was begun.";
    mounts() => "A layer that is there already isn’t sent again.";
    sends_again() => "A layer that is there already is sent again.";
    takes_chunks() => "In chunks; the upload was given up.";
    takes_large_chunks(size) => "In chunks of at least {size} bytes; the upload was given up.";
    takes_whole() => "Whole only; the upload was given up.";
    open_a_repository() => "Open a repository first: it is asked of one.";
    not_reached() => "Not asked: nobody answers.";
    not_signed_in() => "Not asked: the sign-in comes first.";
    asking() => "Asking…";
    stopped() => "Not asked: you stopped waiting.";
    not_asked() => "Not asked yet.";
    nothing_asked() => "Nothing was asked yet.";
    seconds(count) => "{count} seconds";
    minutes(count) => "{count} minutes";
    hours(count) => "{count} hours";

    label_reached() => "Reached";
    label_certificate() => "Certificate";
    label_clock() => "Clock";
    label_signed_in() => "Signed in";
    label_catalog() => "Catalog";
    label_paging() => "Long lists";
    label_read() => "Read";
    label_push() => "Push";
    label_delete() => "Delete";
    label_referrers() => "Attached artifacts";
    label_ranges() => "Broken-off layers";
    label_commit_tags() => "Commit tags";
    label_old_versions() => "Old versions";
    label_limits() => "Limits";
    label_mount() => "Mount";
    label_chunks() => "Chunked upload";
    report_of(host) => "Connection check of {host}";
    report_as(user) => "Signed in as: {user}";
    report_nobody() => "Without a sign-in";
    report_in(repository) => "In: {repository}";
    report_at(time) => "Asked: {time}";
    report_by(version, platform) => "By: Longshore {version}, {platform}";
}

/// Returns what a line is called.
pub(crate) fn label(probe: Probe) -> Said {
    match probe {
        Probe::Reached => label_reached(),
        Probe::Certificate => label_certificate(),
        Probe::Clock => label_clock(),
        Probe::SignedIn => label_signed_in(),
        Probe::Catalog => label_catalog(),
        Probe::Paging => label_paging(),
        Probe::Read => label_read(),
        Probe::Push => label_push(),
        Probe::Delete => label_delete(),
        Probe::Referrers => label_referrers(),
        Probe::Ranges => label_ranges(),
        Probe::CommitTags => label_commit_tags(),
        Probe::OldVersions => label_old_versions(),
        Probe::Limits => label_limits(),
        Probe::Mount => label_mount(),
        Probe::Chunks => label_chunks(),
    }
}

/// Says how many requests are left.
pub(crate) fn limit(limit: &LimitView) -> Said {
    let LimitView { left, of, .. } = limit;
    match (limit.pulls, limit.window) {
        (true, None) => pulls_left(left, of),
        (false, None) => requests_left(left, of),
        (true, Some(window)) => pulls_left_in(left, of, span(window)),
        (false, Some(window)) => requests_left_in(left, of, span(window)),
    }
}

/// Says how long something is.
pub(crate) fn time(time: Duration) -> Said {
    match time.as_secs() {
        count @ ..120 => seconds(&count),
        count @ ..7_200 => minutes(&(count / 60)),
        count => hours(&(count / 3600)),
    }
}

fn span(seconds: i64) -> Said {
    time(Duration::from_secs(seconds.unsigned_abs()))
}

/// Who asked whom, for the head of a report.
pub(crate) struct About<'a> {
    pub host: &'a oci::Host,
    pub user: Option<&'a str>,
    pub version: &'a str,
    pub platform: String,
}

/// Writes a check as plain text. It holds our own sentences, the request of each and its status; neither headers nor the
/// registry's own words, so nothing secret.
pub(crate) fn report(check: &CheckView, about: &About<'_>) -> String {
    let mut lines = vec![
        report_of(about.host).text(),
        about.user.map_or_else(report_nobody, report_as).text(),
    ];
    lines.extend(check.repository.as_ref().map(|name| report_in(name).text()));
    lines.push(report_at(&UtcSeconds(check.asked_at).rfc3339()).text());
    lines.push(report_by(about.version, &about.platform).text());
    lines.push(String::new());
    for line in &check.lines {
        let mark = match line.mark {
            CheckMark::Good => "+",
            CheckMark::Warn => "!",
            CheckMark::Bad => "x",
            CheckMark::No => "-",
            CheckMark::Unknown | CheckMark::Asking => "?",
        };
        lines.push(format!(
            "{mark} {}: {}",
            label(line.probe).text(),
            line.said
        ));
        lines.extend(line.asked.iter().map(|asked| format!("    {asked}")));
    }
    lines.push(String::new());
    lines.join("\n")
}
