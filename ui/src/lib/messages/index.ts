// All words of the window. A further language is a folder beside `en` whose files satisfy the same types.

import { accounts } from "./en/accounts";
import { images } from "./en/images";
import { push } from "./en/push";
import { repository } from "./en/repository";
import { shared } from "./en/shared";
import { sidebar } from "./en/sidebar";
import { transfers } from "./en/transfers";

const english = { accounts, images, push, repository, shared, sidebar, transfers };

/** What a language has to say. */
export type Catalog = typeof english;

export const words: Catalog = english;

export * from "./format";
