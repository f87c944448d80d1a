// Words of the encrypted file, which keeps sign-ins where there is no keychain.

import { foreign } from "../foreign";

/** Names the hosts, the first three of them. */
function named(hosts: string[]): string {
  const shown = hosts.slice(0, 3).map(foreign).join(", ");
  return hosts.length > 3 ? `${shown} and ${hosts.length - 3} more` : shown;
}

export const encryptedFile = {
  legend: "Where the sign-in is kept",
  whereTitle: (host: string) => `Keep the sign-in to ${foreign(host)}`,
  keychainAgain: "In the keychain: try again",
  forSession: "Until Longshore is closed",
  keepIn: "In an encrypted file",
  kept: "Kept in an encrypted file",
  passphrase: "Passphrase",
  again: "The same again",
  note: "Asked for once after each start. If it is forgotten, the sign-ins are lost.",
  missing: "Type the passphrase.",
  short: (fewest: number) => `The passphrase needs at least ${fewest} characters.`,
  differ: "The two passphrases differ.",
  open: "Open",
  opening: "Opening…",
  openTitle: "Open the encrypted file",
  holds: (hosts: string[]) =>
    hosts.length === 0 ? "It holds your sign-ins." : `It holds your sign-ins to ${named(hosts)}.`,
  forgot: "Forgotten?",
  anewTitle: "Start a new encrypted file?",
  anew: (hosts: string[]) =>
    hosts.length === 0
      ? "Whoever is in the old one has to sign in again."
      : `You are signed out of ${named(hosts)}, and sign in there again.`,
  stays: "The old file stays beside the new one, under another name.",
  startAnew: "Start a new file",
  nowAt: (path: string) => `The old file is now ${foreign(path)}.`,
  noneThere: "There was no old file.",
  signInAgain: "The next sign-in that is kept in an encrypted file begins the new one.",
  closedTitle: "The encrypted file is closed",
  closed: "The encrypted file with this sign-in is closed.",
  openMenu: "Open the encrypted file…",
  done: "Done",
  openLink: "open file",
  openButton: "Open…",
  why: "The encrypted file with its sign-in is closed; open it first",
  stuck: "Signed out all the same, the secret stays in the encrypted file. Longshore removes it once that is open.",
};
