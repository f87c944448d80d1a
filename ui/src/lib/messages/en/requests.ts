// Words of the last requests to registries, under a problem's *Details*.

export const requests = {
  show: "Last requests",
  hide: "Hide the last requests",
  list: "The last requests to registries, newest first",
  none: "No registry was asked yet.",
  past: "The requests of that time are no longer known.",
  copy: "Copy all",
  copied: "Copied",
  failed: "They could not be read.",
  took: (milliseconds: string) => `${milliseconds} ms`,
  attempt: (number: string) => `try ${number}`,
  noAnswer: "no answer",
};
