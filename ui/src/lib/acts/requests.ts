/** What the sheets of this room are opened with. */
import type { DeleteItem } from "../backend/backend";

/** A tag that shall point at another of its commits, or be there again. */
export interface ActiveRequest {
  /** Account id. */
  account: string;
  repository: string;
  tag: string;
  /** The whole digest, or the name of a commit tag where only that is known. */
  commit: string;
}

export interface DeleteRequest {
  /** Account id. */
  account: string;
  repository: string;
  /** Tags, commits by whole digest; a commit tag is a tag by its name, and its sheet says *Stop keeping*. */
  items: DeleteItem[];
}

export interface KeepRequest {
  /** Account id. */
  account: string;
  repository: string;
  tag: string;
  /** The whole digest. */
  digest: string;
}
