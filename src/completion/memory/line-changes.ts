import { diffArrays } from "diff";
import { commonEnding, firstDifference } from "../text.ts";

/** A run of bytes that two versions of a text share, or that only one of them has. */
export interface LineChange {
  readonly kind: "same" | "removed" | "added";
  /** In bytes. */
  readonly length: number;
}

/** If more lines than this differ, the whole passage counts as replaced. The cost of comparing is quadratic in their number. */
const mostLines = 1_000;

/**
 * The changes that lead from a former text to a new one, in whole lines. The comparison is Myers' ("An O(ND) Difference Algorithm
 * and Its Variations", 1986), in small steps between which other work runs.
 */
export async function lineChanges(former: Uint8Array, text: Uint8Array): Promise<LineChange[]> {
  const [a, b] = [latin1(former), latin1(text)];
  const start = a.slice(0, firstDifference(a, b)).lastIndexOf("\n") + 1;
  const ending = commonEnding(a, b, Math.min(a.length, b.length) - start);
  // A line begins after the first line feed, which may be the one before the common ending.
  const end = a.slice(Math.max(0, a.length - ending - 1));
  const same = end.length - (end.indexOf("\n") + 1 || end.length);
  const changes = await compare(a.slice(start, a.length - same), b.slice(start, b.length - same));
  const all: LineChange[] = [{ kind: "same", length: start }, ...changes, { kind: "same", length: same }];
  return all.filter(({ length }) => length > 0);
}

async function compare(former: string, text: string): Promise<LineChange[]> {
  const replaced: LineChange[] = [
    { kind: "removed", length: former.length },
    { kind: "added", length: text.length },
  ];
  if (former === "" || text === "") return replaced;
  return await new Promise((resolve) => {
    diffArrays(linesOf(former), linesOf(text), {
      maxEditLength: mostLines,
      callback: (changes) =>
        resolve(
          changes?.map(({ added, removed, value }) => ({
            kind: added ? "added" : removed ? "removed" : "same",
            length: lengthOf(value),
          })) ?? replaced,
        ),
    });
  });
}

/** The bytes as a text of one character each, because texts are compared faster than bytes. */
function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}

/** The lines with their ends. */
function linesOf(text: string): string[] {
  return text.split(/(?<=\n)/);
}

function lengthOf(lines: readonly string[]): number {
  return lines.reduce((sum, { length }) => sum + length, 0);
}
