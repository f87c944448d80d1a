// A problem as the backend would send it.

import type { Code, Problem } from "../backend/backend";

export function problem(message: string, code: Code = "other", changes: Partial<Problem> = {}): Problem {
  return { code, message, hints: [], detail: null, ...changes };
}
