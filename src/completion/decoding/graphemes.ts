const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Below this no two characters make one grapheme, but for CR and LF. */
const firstThatJoins = 0x300;
const joinsNothing = /^[\0-\u{2ff}]*$/u;

/** So much before a place decides whether a grapheme ends there: flags are pairs, however many stand in a row. */
const reach = 256;

/** Number of graphemes: of what a person takes for one character. */
export function graphemeCount(text: string): number {
  return joinsNothing.test(text) ? text.length : [...segmenter.segment(text)].length;
}

/** Whether a grapheme ends between two texts (Unicode Standard Annex #29). */
export function endsGrapheme(before: string, after: string): boolean {
  if (before === "" || after === "") return true;
  if (!mayJoin(before) && after.charCodeAt(0) < firstThatJoins) return true;
  const known = before.slice(-reach);
  return segmenter.segment(known + after.slice(0, 2)).containing(known.length)?.index === known.length;
}

/** Whether the last character of a text may be one with the next, whatever that is. */
export function mayJoin(text: string): boolean {
  return text.charCodeAt(text.length - 1) >= firstThatJoins;
}
