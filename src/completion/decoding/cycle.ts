/** A repetition is a cycle from this many repetitions of its unit and this many characters on. */
export const fewestRepetitions = 3;
export const shortestCycle = 12;

/**
 * Finds the cycle that greedy decoding can fall into: the text ends with a unit that is repeated three times or more, over twelve
 * characters or more.
 *
 *     x = the the the the
 *         └─┬┘└──┬──────┘
 *         kept  cut
 *
 * White space alone is not a cycle but an indentation.
 * @returns the length of the text up to the end of the first unit; undefined if there is no cycle
 */
export function cycleCut(text: string): number | undefined {
  for (let unit = 1; unit * fewestRepetitions <= text.length; unit++) {
    const repeated = repeatedLength(text, unit);
    const isCycle = repeated >= unit * fewestRepetitions && repeated >= shortestCycle;
    if (isCycle && text.slice(-unit).trim() !== "") return text.length - repeated + unit;
  }
  return undefined;
}

/** The number of characters at the end of the text that have the period `unit`. */
function repeatedLength(text: string, unit: number): number {
  let length = unit;
  while (length < text.length && text[text.length - length - 1] === text[text.length - length - 1 + unit]) length++;
  return length;
}
