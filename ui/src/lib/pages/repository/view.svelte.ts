/** What a repository's page shows: its parts, each with a view of its own, and the commit that is open beside them. */
import { app, onEvent } from "../../app/state.svelte";
import { RepositoryPanel, type Opened } from "../../repository/panel.svelte";
import { TagsView } from "../../tags/view.svelte";
import { TimelineView } from "../../timeline/view.svelte";

export class RepositoryView {
  readonly panel: RepositoryPanel;
  readonly tags: TagsView;
  readonly timeline: TimelineView;

  /** The open commit of the tab that is open. */
  opened = $derived.by((): Opened | null => {
    if (app.tab === "timeline") return this.timeline.shown;
    return app.tab === "tags" ? this.tags.shown : null;
  });

  constructor(account: string, repository: string, online: () => boolean) {
    this.panel = new RepositoryPanel(account, repository, online);
    this.tags = new TagsView(this.panel);
    this.timeline = new TimelineView(this.panel);
    this.tags.data.ahead();
  }

  /** Reads, refreshes, and listens until the returned function is called. */
  open(): () => void {
    const deaf = onEvent((event) => {
      this.timeline.hear(event);
      this.tags.hear(event);
    });
    this.tags.open();
    this.timeline.data.open();
    return () => {
      deaf();
      this.tags.close();
      this.timeline.data.close();
      this.panel.close();
    };
  }

  /** What the list on show is narrowed to. */
  get filter(): string {
    return { tags: this.tags.filter, timeline: this.timeline.filter, about: "" }[app.tab];
  }

  refresh(): void {
    this.tags.refresh();
    this.timeline.refresh();
  }

  closeOpened(): void {
    if (app.tab === "timeline") this.timeline.opened = null;
    else this.tags.opened = null;
  }
}
