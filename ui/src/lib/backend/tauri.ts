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
    approveSignIn: (id, way) => call("approve_sign_in", { id, way }),
    signOut: (id) => call("sign_out", { id }),
    removeAccount: (id, forget) => call("remove_account", { id, forget }),
    repositories: (account, after) => call("repositories", { account, after }),
    refreshRepositories: (account) => call("refresh_repositories", { account }),
    tags: (account, repository, after) => call("tags", { account, repository, after }),
    keepTop: (account, repository, top) => call("keep_top", { account, repository, top }),
    refreshTags: (account, repository) => call("refresh_tags", { account, repository }),
    resolveTag: (account, repository, tag) => call("resolve_tag", { account, repository, tag }),
    commits: (account, repository, tag) => call("commits", { account, repository, tag }),
    refreshCommits: (account, repository, tag) => call("refresh_commits", { account, repository, tag }),
    find: (typed, whole) => call("find", { typed, whole }),
    engine: () => call("engine"),
    engines: () => call("engines"),
    lookForEngines: () => call("look_for_engines"),
    images: () => call("images"),
    imageFacts: (ids) => call("image_facts", { ids }),
    containers: () => call("containers"),
    containerFacts: (ids) => call("container_facts", { ids }),
    planRemove: (rows) => call("plan_remove", { rows }),
    planCleanUp: () => call("plan_clean_up"),
    removeImage: (order) => call("remove_image", { order }),
    pushPlaces: (image, name) => call("push_places", { image, name }),
    planPush: (question) => call("plan_push", { question }),
    teamNote: (account, repository) => call("team_note", { account, repository }),
    startPush: (order) => call("start_push", { order }),
    startPull: (order) => call("start_pull", { order }),
    planBuild: (question) => call("plan_build", { question }),
    buildLog: (task) => call("build_log", { task }),
    startBuild: (order) => call("start_build", { order }),
    searchPublic: (term, page) => call("search_public", { term, page }),
    tasks: () => call("tasks"),
    cancelTask: (id) => call("cancel_task", { id }),
    retryTask: (id) => call("retry_task", { id }),
    dismissTask: (id) => call("dismiss_task", { id }),
    clearFinished: () => call("clear_finished"),
    timeline: (account, repository) => call("timeline", { account, repository }),
    askCommits: (account, repository, commits) => call("ask_commits", { account, repository, commits }),
    planActive: (question) => call("plan_active", { question }),
    makeActive: (order) => call("make_active", { order }),
    exportSeen: (account, repository) => call("export_seen", { account, repository }),
    importSeen: (text) => call("import_seen", { text }),
    about: (account, repository) => call("about", { account, repository }),
    refreshAbout: (account, repository) => call("refresh_about", { account, repository }),
    askAbouts: (account, repositories) => call("ask_abouts", { account, repositories }),
    createRepository: (order) => call("create_repository", { order }),
    describeRepository: (order) => call("describe_repository", { order }),
    setKeep: (order) => call("set_keep", { order }),
    answerRule: (order) => call("answer_rule", { order }),
    keepCommit: (order) => call("keep_commit", { order }),
    planPrune: (account, repository, prune) => call("plan_prune", { account, repository, prune }),
    prune: (order) => call("prune", { order }),
    planDelete: (question) => call("plan_delete", { question }),
    delete: (order) => call("delete", { order }),
    undoDelete: (undo) => call("undo_delete", { undo }),
    watch: (order) => call("watch", { order }),
    moves: (account, repository) => call("moves", { account, repository }),
    sawMoves: (account, repository) => call("saw_moves", { account, repository }),
    answerMove: (account, repository, id, answer) => call("answer_move", { account, repository, id, answer }),
    settings: () => call("settings"),
    setSettings: (values) => call("set_settings", { values }),
    resetSettings: () => call("reset_settings"),
    recentRequests: () => call("recent_requests"),
    unanswered: () => call("unanswered"),
    stopAsking: (whom) => call("stop_asking", { whom }),
    leave: () => call("leave"),
    listen: (hear) => listen<AppEvent>("longshore", (event) => hear(event.payload)),
  };
}
