/** What makes a repetition a cycle: its unit so many times, over so many characters. */
export const fewestRepetitions = 3;
export const shortestCycle = 12;

/**
 * Finds the cycle that greedy decoding falls into: the text ends in a unit three times or more, over twelve characters or more.
 *
 *     x = the the the the
 *         └─┬┘└──┬──────┘
 *         kept  cut
 *
 * White space alone is no cycle: it is an indentation.
 * @returns the length of the text up to the end of the unit's first repetition; undefined if there is no cycle
 */
export function cycleCut(text: string): number | undefined {
  for (let unit = 1; unit * fewestRepetitions <= text.length; unit++) {
    const repeated = repeatedLength(text, unit);
    const isCycle = repeated >= unit * fewestRepetitions && repeated >= shortestCycle;
    if (isCycle && text.slice(-unit).trim() !== "") return text.length - repeated + unit;
  }
  return undefined;
}

/** How many characters at the text's end have the period `unit`. */
function repeatedLength(text: string, unit: number): number {
  let length = unit;
  while (length < text.length && text[text.length - length - 1] === text[text.length - length - 1 + unit]) length++;
  return length;
}
