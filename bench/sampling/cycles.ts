import { fewestRepetitions, shortestCycle } from "../../src/completion/decoding/cycle.ts";

/** A stretch of a text that repeats a unit. */
export interface Cycle {
  readonly start: number;
  readonly end: number;
  /** Characters until it repeats. */
  readonly unit: number;
}

/**
 * The stretches of a text that are a unit three times or more, over twelve characters or more, each as long as it can be: what
 * src/completion/cycle.ts finds at a text's end, found anywhere. White space alone is no cycle, and a stretch is given with its
 * shortest unit alone.
 *
 *     So the cat the cat the cat sat.
 *       └──────┘                 │
 *       start, unit 8            end; the last repetition may be cut
 *
 * @returns in the order in which they start, those of shorter units first
 */
export function cyclesIn(text: string): Cycle[] {
  const cycles: Cycle[] = [];
  for (let unit = 1; unit * fewestRepetitions <= text.length; unit++) {
    for (let end = unit; end <= text.length; end++) {
      const start = end - unit;
      while (end < text.length && text[end] === text[end - unit]) end++;
      const isCycle = end - start >= Math.max(unit * fewestRepetitions, shortestCycle);
      if (!isCycle || text.slice(start, start + unit).trim() === "") continue;
      // A multiple of a unit repeats too.
      if (!cycles.some((found) => found.start <= start && found.end >= end)) cycles.push({ start, end, unit });
    }
  }
  return cycles.sort((a, b) => a.start - b.start || a.unit - b.unit);
}

/** How many characters lie in one of some cycles or in several. @param cycles in the order in which they start */
export function charactersIn(cycles: readonly Cycle[]): number {
  let [count, from] = [0, 0];
  for (const { start, end } of cycles) {
    count += Math.max(0, end - Math.max(start, from));
    from = Math.max(from, end);
  }
  return count;
}
