//! Sentences about repositories, and about what a registry can and cannot do. Not here: how that is known
//! (`repositories::abilities`). Grows with that room.

use super::table::sentences;

sentences! { "repositories":
    there_already(path) => "{path} is there already.";
    open_it() => "Open it and describe it there, or choose another name.";
    no_catalog(host) => "{host} doesn’t list its repositories for you.";
    push_by_name() => "Push to a repository by its name; it is listed here from then on.";
    catalog_after_sign_in(host) => "{host} lists its repositories only after a sign-in.";

    refused_to_list() => "It refused to list them for you.";
    listed() => "It listed them for you.";
    not_asked() => "It was not asked yet.";
    seen_to_drop() => "Seen here: a commit was gone right after its tag moved on.";
    documented() => "By its documentation, until a rule or a person removes it.";
    not_known() => "Not known of this registry. Many keep it until their next clean-up.";
    said_so() => "It said so when it was asked.";
    by_digest_only() => "It deletes by digest only. Longshore points the tag at an empty manifest and deletes that.";
    no_history() => "No interface that all registries share tells it. The timeline comes from commit tags and from what was seen.";
}
