//! Sentences about what was seen: commits by name, exports and imports. Not here: reading either (`history`). Grows with
//! that room.

use super::table::sentences;

sentences! { "history":
    no_commit_name(text) => "“{text}” is neither a digest nor a commit tag.";
    commit_tag_lies(name, commit) => "The commit tag {name} points at {commit}, which is not what it says.";
    somebody_moved_it() => "Somebody moved it. Choose another commit.";
    no_commit_tag(name) => "The commit tag {name} is gone.";
    removed_by_rule() => "Refresh the list; a rule of the registry or a person removed it.";

    file_too_large() => "This file is larger than 32 MiB.";
    too_many_lines() => "This file has more than 200 000 lines.";
    export_less() => "Export one repository at a time.";
    no_export() => "This file is no export of what Longshore has seen.";
    choose_export() => "Choose one whose name begins with longshore-seen.";
    other_version(theirs, ours) => "This export has version {theirs}; this Longshore reads version {ours}.";
    use_newer() => "Use a newer Longshore, or export again.";
    too_much_seen() => "This computer has seen more than one export holds.";
    not_written() => "The export can’t be written.";
    check_downloads() => "Check the disk and the folder for downloads.";
    too_many_exports() => "There are too many exports of today among the downloads.";
    remove_exports() => "Remove some and export again.";

    listing_too_large() => "This is more than can be read at once.";
    paste_one() => "Paste the table of one repository.";
    no_listing() => "There is no table of commits in this.";
    paste_whole() => "Paste all that “polly dockers commit-list --all” printed, with the names of its columns.";
    listing_elsewhere(name) => "It is the table of {name}, which can’t be a repository here.";

    line(number, why) => "Line {number} {why}.";
    line_too_long() => "is longer than a fact can be";
    line_lacks() => "lacks a value, tells one twice, or has one of another kind";
    line_no_json() => "is not JSON";
    line_no_host() => "names no host";
    line_no_repository() => "names no repository";
    line_no_tag() => "names no tag";
    line_no_timeline() => "is of a tag that has no timeline";
    line_no_time() => "has a time that is none";
    line_no_digest() => "has a digest that is none";
    line_short_digest() => "has a commit hash that is cut short: make the terminal wider and print it again";
    line_ends_early() => "ends before it begins";
    line_of_tomorrow() => "tells of a time that has not come yet";
    line_of_nobody() => "doesn’t say which computer’s which fact it is";
    line_no_name() => "has a name that is none";
    line_too_many() => "is one too many for its tag or repository";
    line_taken() => "tells another commit under the number of a known fact";
}
