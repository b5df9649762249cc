import { diffArrays } from "diff";

/** A run of bytes that two versions of a text share, or that only one of them has. */
export interface Change {
  readonly kind: "same" | "removed" | "added";
  /** In bytes. */
  readonly length: number;
}

/** If more lines than this differ, the whole passage counts as replaced. The cost of comparing is quadratic in their number. */
const mostLines = 1_000;

const lineFeed = 0x0a;

/**
 * The changes that lead from a former text to a new one, in whole lines. The comparison is Myers' ("An O(ND) Difference Algorithm
 * and Its Variations", 1986), in small steps between which other work runs.
 */
export async function lineChanges(former: Uint8Array, text: Uint8Array): Promise<Change[]> {
  const shorter = Math.min(former.length, text.length);
  let start = 0;
  while (start < shorter && former[start] === text[start]) start++;
  while (start > 0 && former[start - 1] !== lineFeed) start--;
  let end = 0;
  while (end < shorter - start && former[former.length - 1 - end] === text[text.length - 1 - end]) end++;
  while (end > 0 && former[former.length - end - 1] !== lineFeed) end--;
  const changes = await compare(
    linesOf(former.subarray(start, former.length - end)),
    linesOf(text.subarray(start, text.length - end)),
  );
  const all: Change[] = [{ kind: "same", length: start }, ...changes, { kind: "same", length: end }];
  return all.filter(({ length }) => length > 0);
}

async function compare(former: string[], lines: string[]): Promise<Change[]> {
  const replaced: Change[] = [
    { kind: "removed", length: lengthOf(former) },
    { kind: "added", length: lengthOf(lines) },
  ];
  if (former.length === 0 || lines.length === 0) return replaced;
  return await new Promise((resolve) => {
    diffArrays(former, lines, {
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

/** The lines with their ends, one character per byte. */
function linesOf(bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  return text === "" ? [] : text.split(/(?<=\n)/);
}

function lengthOf(lines: readonly string[]): number {
  return lines.reduce((sum, { length }) => sum + length, 0);
}
