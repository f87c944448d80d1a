// Words of what is done with images of this computer.

import { foreign } from "../foreign";

export const computer = {
  name: {
    menu: "Tag…",
    verb: "Tag",
    title: (image: string) => `Tag ${foreign(image)}`,
    image: (short: string) => `image ${short}`,
    registry: "Registry",
    none: "none: this computer",
    repository: "Repository",
    repositoryHint: "namespace/name",
    plainHint: "name",
    tag: "Tag",
    theName: "the name",
    nothingSent: "Nothing is sent: it is a name on this computer.",
    taken: (short: string, others: boolean) =>
      `This is image ${short}’s name now; that one stays, ${others ? "without it" : "without a name"}.`,
    go: "Tag",
    move: "Move the name",
    blocked: { noName: "Type a name.", noTag: "Type a tag.", unread: "See above.", sending: "Naming it…" },
  },
  remove: {
    any: "Remove from this computer?",
    title: (count: string) => `Remove ${count} images?`,
    titleOne: (name: string) => `Remove ${foreign(name)}?`,
    nameTitle: (name: string) => `Remove the name ${foreign(name)}?`,
    cleanUpAny: "Clean up images without a name?",
    cleanUpTitle: (count: string, number: number) =>
      number === 1 ? "Clean up 1 image without a name?" : `Clean up ${count} images without a name?`,
    cleanUpSays: "They are no image’s base and no container’s. Most were left by builds.",
    planning: "Looking at what is there…",
    nothing: "Nothing can go.",
    namesOnly: "Only names go; the images stay.",
    frees: (bytes: string) => `Frees at least ${bytes}.`,
    freesUnknown: "How much this frees isn’t known.",
    going: (at: string, of: string) => `Removing ${at} of ${of}`,
    stayed: (count: string, number: number) => (number === 1 ? "1 stayed." : `${count} stayed.`),
    usedStays: (names: string) => `used by ${foreign(names)}: stays`,
    staysAs: (names: string) => `the image stays as ${foreign(names)}`,
    comesBack: (from: string) => `comes back from ${foreign(from)}`,
    more: (count: string) => `And ${count} more, which stay for now.`,
    remove: (count: string, whole: number) =>
      whole === 0 ? "Remove the name" : whole === 1 ? "Remove image" : `Remove ${count} images`,
    go: "Remove",
    cleanUp: "Clean up",
    cleanUpMenu: "Clean up…",
    menu: "Remove…",
    chosen: (count: string) => `Remove ${count} selected…`,
  },
  save: {
    menu: "Save…",
    chosen: (count: string) => `Save ${count} selected…`,
    shown: (count: string) => `Save the ${count} images that are shown…`,
    atMost: (count: string) => `One archive takes at most ${count} images.`,
    title: (name: string) => `Save ${foreign(name)}`,
    titleSome: (count: string) => `Save ${count} images`,
    folder: "Folder",
    says: "It becomes one archive, as docker save writes it. Nobody else on this computer may read it.",
    go: "Save",
  },
  load: {
    menu: "Load…",
    fromFile: "Load an archive of images…",
    title: "Load images from an archive",
    file: "Archive",
    fileHint: "~/Downloads/aligner-dev.tar",
    looking: "Looking into the archive…",
    noFile: "Type or choose a file.",
    unknown: "It doesn’t say: which images are in it, and which names move, shows once it is loaded.",
    unnamed: "Its images have no name.",
    more: (count: string) => `And ${count} more.`,
    taken: (short: string) => `is image ${short}’s now`,
    moves: (count: string, number: number) =>
      number === 1
        ? "The name moves; the image that has it stays, without it."
        : `${count} names move; the images that have them stay, without them.`,
    go: "Load",
    goMove: (number: number) => (number === 1 ? "Load and move the name" : "Load and move the names"),
  },
  /** What happens to files of the desktop that are dropped. */
  files: {
    load: (name: string) => `Load ${foreign(name)}`,
    build: (name: string) => `Build ${foreign(name)}`,
    buildTo: (repository: string) => `Build and push to ${repository}`,
    onImages: "Drop an archive on Images",
    onRepository: "Drop a folder on a repository",
    one: "Drop one thing at a time.",
    closeFirst: "Close what is open first.",
    several: (count: string) => `${count} things`,
  },
};
