/** What can be done with a row of the timeline: one place for its buttons, its menu and the keyboard. */
import { keepCommit, openDelete, openMakeActive } from "../acts/acts.svelte";
import { impossibles, unless } from "../app/impossible.svelte";
import { app } from "../app/state.svelte";
import type { EngineRow, ImpossibleAct, TimelineRow } from "../backend/backend";
import { copyItems } from "../commit/copy";
import { words } from "../messages";
import { pullToItems } from "../repository/confiding.svelte";
import type { MenuItem } from "../shared/overlay/menu";
import { activeTags, canComeBack, idOf, inactiveTags, isGone, isKept, isThere } from "./facts";
import type { TimelineView } from "./view.svelte";

const text = words.timeline;

function at(timeline: TimelineView): { account: string; repository: string } {
  const { account, repository } = timeline.panel;
  return { account, repository };
}

/** Says why an act can't be done here; null where nothing is known to stand against it. */
export function whyNot(timeline: TimelineView, act: ImpossibleAct): string | null {
  const { account, repository } = at(timeline);
  return impossibles.why(account, repository, act);
}

/** Pulls it: by its tag where one points at it, else by what it is. */
export function pull(timeline: TimelineView, row: TimelineRow, to: EngineRow | null = null): void {
  const active = activeTags(row)[0];
  // What has no tag gets a name on this computer that says so.
  const tag = active ?? row.marks[0]?.tag ?? text.untaggedName;
  if (!isThere(row)) return;
  void timeline.panel.pull(tag, { ...row.commit, active: active !== undefined }, to);
}

/** Opens the sheet that points a tag at it; the first tag that could move where none is said. */
export function makeActive(timeline: TimelineView, row: TimelineRow, tag = inactiveTags(row)[0]): void {
  const commit = idOf(row);
  if (tag === undefined || commit === null || !canComeBack(row, app.now)) return;
  openMakeActive({ ...at(timeline), tag, commit });
}

function canKeep(row: TimelineRow): boolean {
  return isThere(row) && !isKept(row) && row.commit.digest !== null;
}

/** Returns the commit tags that keep a row's commit, one a tag at most. */
function keepers(row: TimelineRow): string[] {
  return [...new Set(row.marks.flatMap((mark) => (mark.kept ? (mark.commitTag ?? []) : [])))];
}

/** Keeps it at once, or asks before it is no longer kept. */
export function keep(timeline: TimelineView, row: TimelineRow): void {
  const items = keepers(row).map((name) => ({ kind: "tag" as const, name }));
  if (items.length > 0) return openDelete({ ...at(timeline), items });
  const digest = row.commit.digest;
  const tag = activeTags(row)[0] ?? row.marks[0]?.tag;
  if (digest !== null && tag !== undefined && canKeep(row)) void keepCommit({ ...at(timeline), tag, digest });
}

function canDelete(row: TimelineRow): boolean {
  return !isGone(row) && row.commit.digest !== null;
}

export function remove(timeline: TimelineView, row: TimelineRow): void {
  const digest = row.commit.digest;
  if (digest !== null && canDelete(row)) openDelete({ ...at(timeline), items: [{ kind: "commit", digest }] });
}

export function menuOf(timeline: TimelineView, row: TimelineRow): MenuItem[] {
  const [there, kept] = [isThere(row), isKept(row)];
  const tags = row.marks.length > 0 ? inactiveTags(row) : timeline.tags;
  const inactive = canComeBack(row, app.now) ? tags : [];
  return [
    ...(there
      ? [
          { label: words.repository.pull, shortcut: "P", testid: "menu-pull", choose: () => pull(timeline, row) },
          ...pullToItems((to) => pull(timeline, row, to)),
        ]
      : []),
    ...inactive.slice(0, 5).map((tag, n) =>
      unless(whyNot(timeline, "write"), {
        label: row.marks.length !== 1 ? text.makeActiveAs(tag) : words.acts.makeActiveItem,
        ...(n === 0 && row.marks.length > 0 ? { shortcut: "A" } : {}),
        testid: "menu-make-active",
        choose: () => makeActive(timeline, row, tag),
      }),
    ),
    ...(kept || canKeep(row)
      ? [
          unless(whyNot(timeline, kept ? "delete" : "write"), {
            label: kept ? words.acts.stopKeeping : words.acts.keepItem,
            shortcut: "K",
            testid: kept ? "menu-stop-keeping" : "menu-keep",
            choose: () => keep(timeline, row),
          }),
        ]
      : []),
    ...copyItems(row.commit, () => timeline.panel.sayCopied()),
    ...(canDelete(row)
      ? [
          unless(whyNot(timeline, "deleteCommit"), {
            label: words.acts.deleteItem,
            shortcut: "Delete",
            danger: true,
            testid: "menu-delete",
            choose: () => remove(timeline, row),
          }),
        ]
      : []),
  ];
}
