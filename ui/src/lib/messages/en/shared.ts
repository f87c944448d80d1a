// Words that many screens share.

const days = (count: number): string => (count === 1 ? "1 day" : `${count} days`);
const weeks = (count: number): string => (count === 1 ? "1 week" : `${count} weeks`);
const months = (count: number): string => (count === 1 ? "1 month" : `${count} months`);
const years = (count: number): string => (count === 1 ? "1 year" : `${count} years`);

export const shared = {
  of: (done: string, total: string) => `${done} of ${total}`,
  justNow: "just now",
  minutesAgo: (minutes: number) => `${minutes} min ago`,
  days,
  weeks,
  months,
  years,
  cancel: "Cancel",
  options: "Options",
  close: "Close",
  tryAgain: "Try again",
  refresh: "Refresh",
  copy: "Copy",
  copied: "Copied",
  copyWhat: (what: string) => `Copy ${what}`,
  details: "Details",
  clear: "Clear",
  more: "More actions",
  loading: "Loading",
  marked: (name: string, key: string) =>
    `${name} is marked. Go to a repository and press ${key} V to push it there, Escape to let go.`,
  noName: "image without a name",
  choose: "Choose…",
  // Whoever has not answered: a registry, or the engine.
  answering: {
    waiting: (name: string) => `${name} hasn’t answered yet.`,
    ended: (name: string) => `You stopped waiting for ${name}.`,
    theEngine: "The engine",
    asOf: (ago: string) => `What you see is as of ${ago} ago.`,
    asOfNow: "What you see is as of just now.",
    again: "Asking again…",
    stop: "Stop",
  },
  columns: {
    draw: "Drag to make the column wider, double-click to let it be as before",
    isWide: (name: string, pixels: number) => `${name}: ${pixels} pixels wide`,
    asBefore: (name: string) => `${name}: as wide as before`,
    orderBy: (order: string) => `Order by: ${order}`,
  },
};
