// Words of adding, signing in to, and leaving registries.

import { foreign } from "../foreign";

export const accounts = {
  welcomeTitle: "Add a registry",
  welcomeText:
    "See every repository and every version its tags ever pointed at. Pull one with a click, push by dragging.",
  justImages: "Just my local images",
  engineCommand: "the command",
  chooseTitle: "Choose a repository",
  chooseText:
    "Its tags, and every commit they have pointed at, show here. Drag an image from Images onto a repository to push it.",
  placeholder: "Address, or paste a docker login or pull line",
  found: "Found on this computer",
  foundIn: {
    dockerConfig: "Docker config",
    dockercfg: ".dockercfg",
    podman: "Podman",
    environment: "DOCKER_AUTH_CONFIG",
    sandbox: "sandbox",
  },
  foundWith: (place: string, helper: string) => `${place}, ${foreign(helper)}`,
  stays: (user: string | null, place: string) =>
    user === null ? `The sign-in stays in ${place}.` : `The sign-in of ${foreign(user)} stays in ${place}.`,
  staysWith: (helper: string) =>
    `The sign-in stays with docker-credential-${foreign(helper)}, which is asked when it is used.`,
  typeInstead: "Type it instead",
  staysThere: "Longshore keeps no copy",
  noEngine: "No container engine answers. Lists and commits work without one.",
  howToEngine: "How to get one",
  addTitle: "Add a registry",
  signInTitle: (host: string) => `Sign in to ${host}`,
  address: "Address, or paste a docker login line",
  user: "User",
  secret: "Password or token",
  keychain: "Kept in the system keychain",
  session: "Kept until Longshore is closed",
  nothingKept: "No sign-in is kept",
  continueWithout: "Continue without sign-in",
  signIn: "Sign in",
  signingIn: "Signing in…",
  checking: (host: string) => `Asking ${host}…`,
  overTls: "over TLS",
  overHttp: "without TLS",
  wantsSignIn: "asks for a sign-in",
  // One line with the words before it: the button below stays under the pointer that presses it.
  open: "needs no sign-in",
  answers: (how: string, what: string) => `Answers as an OCI registry, ${how}, ${what}`,
  otherAlphabet: "A name in another alphabet, which may look like another one:",
  opensAfter: (path: string) => `${foreign(path)} opens after the sign-in.`,
  plainHttp: (host: string) =>
    `${host} answers without TLS only. Anyone on the way can read your password and change what you pull.`,
  plainHttpYes: "Use it without TLS all the same",
  wayGoes: "Your secret goes to",
  wayAnd: " and ",
  wayItself: ", the registry itself",
  wayEveryRequest: ", with every request",
  wayForTokens: ", for tokens",
  wayInTheClear: ", without encryption",
  waySoFar: "So far your secret went to",
  wayNow: "Now it is to be sent to",
  wayElsewhere: "If you did not expect this, don’t go on.",
  changedTitle: (host: string) => `${host} wants your secret another way`,
  changedNothing: "Nothing was sent that way.",
  changedWarning: (host: string) =>
    `If you did not expect this, ask whoever runs ${host} first: someone may be after your secret.`,
  changedGone: "It no longer asks for that. Close this and look again.",
  changedYes: "Send it there",
  changedAsBefore: "Try as before",
  changedNo: "Don’t send it",
  forSession: "Stay signed in until Longshore is closed",
  userMissing: "A password needs a user beside it.",
  secretMissing: "A user needs a password or token beside it.",
  removeTitle: (host: string) => `Remove ${host}?`,
  removeText: "It leaves the sidebar, and its sign-in leaves the keychain. Nothing changes in the registry itself.",
  removeTextElsewhere: (place: string) =>
    `It leaves the sidebar. Its sign-in stays in ${place}, and nothing changes in the registry itself.`,
  removeSeen: "What this computer has seen of its tags stays, and shows again if you add it again.",
  removeForget: "And forget what was seen there",
  removeForgotten:
    "What this computer has seen of its tags, with every manifest of it, is deleted from this computer for good. What you exported stays where you put it.",
  removeShared: (host: string) =>
    `What this computer has seen there stays, as another account of ${host} shows it too.`,
  remove: "Remove registry",
};
