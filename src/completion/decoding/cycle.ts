/** A repetition is a cycle from this many repetitions of its unit and this many characters on. */
export const fewestRepetitions = 3;
export const shortestCycle = 12;

/** A unit that a text repeats up to its end. */
export interface Cycle {
  /** Where the first repetition begins, in UTF-16 units. */
  readonly start: number;
  /** The length of what is repeated, in UTF-16 units. */
  readonly unit: number;
}

/**
 * Finds the cycle that greedy decoding can fall into: the text ends with a unit that is repeated three times or more, over twelve
 * characters or more.
 *
 *     x = the the the the
 *        └┬─┘
 *     start, unit
 *
 * White space alone is not a cycle but an indentation.
 */
export function findCycle(text: string): Cycle | undefined {
  for (let unit = 1; unit * fewestRepetitions <= text.length; unit++) {
    const repeated = repeatedLength(text, unit);
    const isCycle = repeated >= unit * fewestRepetitions && repeated >= shortestCycle;
    if (isCycle && text.slice(-unit).trim() !== "") return { start: text.length - repeated, unit };
  }
  return undefined;
}

/**
 * The length of a text that ends with a cycle, up to the end of the first unit.
 *
 *     x = the the the the
 *     └──┬──┘└────┬─────┘
 *       kept     cut
 *
 * @returns undefined if there is no cycle
 */
export function cycleCut(text: string): number | undefined {
  const cycle = findCycle(text);
  return cycle && cycle.start + cycle.unit;
}

/** The number of characters at the end of the text that have the period `unit`. */
function repeatedLength(text: string, unit: number): number {
  let length = unit;
  while (length < text.length && text[text.length - length - 1] === text[text.length - length - 1 + unit]) length++;
  return length;
}
