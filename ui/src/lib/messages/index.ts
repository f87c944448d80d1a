// All words of the window. A further language is a folder beside `en` whose files satisfy the same types.

import { about } from "./en/about";
import { accounts } from "./en/accounts";
import { encryptedFile } from "./en/encrypted-file";
import { acts } from "./en/acts";
import { certificate } from "./en/certificate";
import { commands } from "./en/commands";
import { computer } from "./en/computer";
import { connection } from "./en/connection";
import { containers } from "./en/containers";
import { engines } from "./en/engines";
import { hosting } from "./en/hosting";
import { images } from "./en/images";
import { kinds } from "./en/kinds";
import { known } from "./en/known";
import { making } from "./en/making";
import { proxy } from "./en/proxy";
import { push } from "./en/push";
import { repository } from "./en/repository";
import { requests } from "./en/requests";
import { search } from "./en/search";
import { settings, windowWords } from "./en/settings";
import { shared } from "./en/shared";
import { sidebar } from "./en/sidebar";
import { timeline } from "./en/timeline";
import { transfers } from "./en/transfers";

const english = {
  about,
  accounts,
  encryptedFile,
  acts,
  certificate,
  commands,
  computer,
  connection,
  containers,
  engines,
  hosting,
  images,
  kinds,
  known,
  making,
  proxy,
  push,
  repository,
  requests,
  search,
  settings,
  shared,
  sidebar,
  timeline,
  transfers,
  window: windowWords,
};

/** What a language has to say. */
export type Catalog = typeof english;

export const words: Catalog = english;

export * from "./format";
