// Words that somebody else wrote, set apart in a sentence of ours. The backend has bounded and cleaned them; what is left is that
// letters which are read from right to left turn what stands beside them. In the page each element keeps its direction to itself
// (`styles/base.css`); inside a sentence these marks do (Unicode, "Explicit Directional Isolates").

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** Sets foreign words apart, where they would turn ours. */
export function foreign(text: string): string {
  return RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text;
}
