import { table } from "../markdown.ts";
import { type Cycle, cyclesIn } from "./cycles.ts";
import type { Prompt } from "./prompts.ts";

/** A prompt, and what was generated from it at one temperature after another, the first being 0. */
export interface Tried {
  readonly prompt: Prompt;
  readonly texts: readonly { readonly temperature: number; readonly text: string }[];
}

/** A cycle that a reader sees as one. */
const readableUnit = { least: 4, most: 60 };
const longestHead = 60;
const longestWithout = 160;

/**
 * A table with the first prompt of each kind from which the likeliest text ends in a cycle that is neither too short nor too long to
 * be read: that text, shortened, and the text of the lowest temperature that has no cycle.
 */
export function exampleTable(tried: readonly Tried[], kinds: readonly string[]): string {
  const rows = kinds.flatMap((kind) => {
    for (const { prompt, texts } of tried) {
      const [greedy, ...others] = texts;
      const cycle = prompt.kind === kind && greedy && cycleAtEnd(greedy.text);
      const without = others.find(({ text }) => cyclesIn(text).length === 0);
      if (!cycle || !without) continue;
      return [
        [code(prompt.text), "0", code(shortened(greedy.text, cycle))],
        [code(prompt.text), `${without.temperature}`, code(`${without.text.slice(0, longestWithout)} …`)],
      ];
    }
    return [];
  });
  return table(["prompt", "temperature", "text"], rows);
}

function cycleAtEnd(text: string): Cycle | undefined {
  return cyclesIn(text).find(
    ({ end, unit }) => end === text.length && unit >= readableUnit.least && unit <= readableUnit.most,
  );
}

/** What stands before a cycle, and its unit twice. */
export function shortened(text: string, { start, unit }: Cycle): string {
  const head = start > longestHead ? `${text.slice(0, longestHead)} … ` : text.slice(0, start);
  return `${head}${text.slice(start, start + 2 * unit)} …`;
}

/** Code in a cell of a table: on one line, and with no bar that ends the cell. */
export function code(text: string): string {
  const fence = "`".repeat(1 + Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length)));
  const padding = fence.length > 1 ? " " : "";
  const inside = text.replaceAll("\n", "⏎").replaceAll("\t", "→").replaceAll("|", "\\|");
  return `${fence}${padding}${inside}${padding}${fence}`;
}
