// Words about the second sign-in that some vendors' own interfaces take.

import type { SecondState, VendorId } from "../../backend/backend";

/** What one vendor calls it, what it is for, and where it is made. */
interface Of {
  vendor: string;
  /** With its article, within a sentence. */
  token: string;
  use: string;
  made: string;
}

const any: Of = {
  vendor: "The registry",
  token: "a token",
  use: "The registry’s own interface takes it; pulling and pushing don’t need it.",
  made: "It is made in the registry’s own pages.",
};

const known: Partial<Record<VendorId, Of>> = {
  quay: {
    vendor: "Quay",
    token: "an application token",
    use: "For descriptions, tags with their times, older versions and restoring. Pulling and pushing don’t need it.",
    made: "Made in Quay: organization, Applications, Generate Token. It needs to view and administer repositories.",
  },
  gitlab: {
    vendor: "GitLab",
    token: "an access token",
    use: "For the list of repositories. Pulling and pushing don’t need it.",
    made: "Made in GitLab: Preferences, Access tokens, with the scope api or read_api.",
  },
};

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

function of(id: VendorId): {
  title: string;
  token: string;
  use: string;
  made: string;
  line: Record<SecondState, string>;
} {
  const { vendor, token, use, made } = known[id] ?? any;
  const noun = token.replace(/^an? /, "");
  return {
    title: `${capital(noun)} for ${vendor === any.vendor ? "the registry" : vendor}`,
    token: capital(noun),
    use,
    made,
    line: {
      absent: `${vendor} tells more with ${token}.`,
      given: `${vendor} uses your ${noun} too.`,
      refused: `${vendor} no longer accepts your ${noun}.`,
      unreached: `Your ${noun} can’t be read where it is kept.`,
    },
  };
}

const states: Record<Exclude<SecondState, "absent">, string> = {
  given: "One is kept. A new one replaces it.",
  refused: "The one that is kept is no longer accepted.",
  unreached: "The one that is kept can’t be read now.",
};

export const second = {
  title: "Second sign-in",
  of,
  goes: (host: string) => `It is sent only to ${host}, and kept where your other sign-ins are.`,
  states,
  forSession: "One is kept until the window closes.",
  user: "User",
  noUser: "Type the user.",
  noToken: "Type the token.",
  add: "Add it…",
  change: "Change…",
  remove: "Remove",
  save: "Save",
  trying: "Trying it…",
};
