const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Characters below this do not join into graphemes, except CR and LF. */
const firstThatJoins = 0x300;
const joinsNothing = /^[\0-\u{2ff}]*$/u;

/**
 * How many UTF-16 units before a place are looked at. Flags are pairs of characters, so a row of them must be counted from its
 * start.
 */
const reach = 256;

/** The number of graphemes, which are what users perceive as characters (Unicode Standard Annex #29). */
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

/** Whether the last character of a text may form a grapheme with some next character. */
export function mayJoin(text: string): boolean {
  return text.charCodeAt(text.length - 1) >= firstThatJoins;
}
