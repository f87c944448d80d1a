// The real backend: commands and the one event of the desktop shell.

import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { asProblem, type AppEvent, type Backend } from "./backend";

async function call<T>(command: string, args?: Record<string, unknown>): Promise<T> {
  try {
    return await invoke<T>(command, args);
  } catch (thrown) {
    throw asProblem(thrown);
  }
}

export function tauriBackend(): Backend {
  return {
    start: () => call("start"),
    savePreferences: (preferences) => call("save_preferences", { preferences }),
    accounts: () => call("accounts"),
    foundRegistries: () => call("found_registries"),
    readAddress: (text) => call("read_address", { text }),
    takeLoginSecret: (text) => call("take_login_secret", { text }),
    probeRegistry: (address) => call("probe_registry", { address }),
    addAccount: (account) => call("add_account", { account }),
    signIn: (id, account) => call("sign_in", { id, account }),
    signOut: (id) => call("sign_out", { id }),
    removeAccount: (id) => call("remove_account", { id }),
    repositories: (account) => call("repositories", { account }),
    refreshRepositories: (account) => call("refresh_repositories", { account }),
    tags: (account, repository) => call("tags", { account, repository }),
    refreshTags: (account, repository) => call("refresh_tags", { account, repository }),
    resolveTag: (account, repository, tag) => call("resolve_tag", { account, repository, tag }),
    commits: (account, repository, tag) => call("commits", { account, repository, tag }),
    refreshCommits: (account, repository, tag) => call("refresh_commits", { account, repository, tag }),
    engine: () => call("engine"),
    images: () => call("images"),
    planPush: (question) => call("plan_push", { question }),
    teamNote: (account, repository) => call("team_note", { account, repository }),
    startPush: (order) => call("start_push", { order }),
    startPull: (order) => call("start_pull", { order }),
    tasks: () => call("tasks"),
    cancelTask: (id) => call("cancel_task", { id }),
    retryTask: (id) => call("retry_task", { id }),
    dismissTask: (id) => call("dismiss_task", { id }),
    leave: () => call("leave"),
    listen: (hear) => listen<AppEvent>("longshore", (event) => hear(event.payload)),
  };
}
