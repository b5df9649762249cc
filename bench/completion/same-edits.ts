import { diffArrays } from "diff";
import { keyOf, partsOf, patched, ruleOf } from "../../src/server/same-edit/line-rule.ts";
import { sameEdits } from "../../src/server/same-edit/same-edits.ts";
import { table } from "../markdown.ts";
import { progress } from "../support.ts";
import type { ReleasePair } from "./releases.ts";

/** Longer files are left out, in characters, and files with more changed passages. */
const longest = 300_000;
const mostHunks = 300;

/** Lines `[from, to)` that take the place of others, `[formerFrom, formerTo)`. */
interface Hunk {
  readonly formerFrom: number;
  readonly formerTo: number;
  readonly from: number;
  readonly to: number;
}

interface Count {
  files: number;
  /** Offered lines, and those of them that are right. */
  offered: number;
  right: number;
  /** Changed lines whose change was made in the file before, and those of them that were offered. */
  repeated: number;
  found: number;
}

/**
 * Prints how right *Next Same Edit* is. Each file's passages are changed from the top to the bottom, as they differ between two releases.
 * After each, what is offered in the rest is compared with what becomes of it. Offers are seen one after the other: where one is wrong, the
 * change is refused in that file. An offer is right if the line becomes what is offered, or if what is replaced is among what is replaced there.
 */
export function sameEditsTable(pairs: readonly Omit<ReleasePair, "language">[]): void {
  const total = nothing();
  const rows = pairs.map(({ name, changed }) => {
    progress(`same edits: ${name}`);
    const count = nothing();
    for (const { former, text } of changed) {
      if (former !== undefined && Math.max(former.length, text.length) <= longest) countIn(former, text, count);
    }
    for (const key of Object.keys(total) as (keyof Count)[]) total[key] += count[key];
    return row(name, count);
  });
  console.log("\n### The same edit again\n");
  console.log(
    table(["releases", "files", "offered", "right", "repeated edits", "found"], [...rows, row("all", total)]),
  );
}

function nothing(): Count {
  return { files: 0, offered: 0, right: 0, repeated: 0, found: 0 };
}

function row(name: string, { files, offered, right, repeated, found }: Count): string[] {
  const percent = (part: number, of: number): string =>
    of === 0 ? `${part}` : `${part} (${((100 * part) / of).toFixed(0)} %)`;
  return [name, `${files}`, `${offered}`, percent(right, offered), `${repeated}`, percent(found, repeated)];
}

function countIn(former: string, text: string, count: Count): void {
  const [formerLines, lines] = [former.split("\n"), text.split("\n")];
  const hunks = hunksOf(formerLines, lines);
  if (hunks.length < 2 || hunks.length > mostHunks) return;
  count.files++;
  const made = new Set<string>();
  const refused = new Set<string>();
  /** The lines of the former text that were offered, and whether that was right. */
  const offers = new Map<number, boolean>();
  for (const hunk of hunks) {
    for (const [line, key] of changesIn(hunk, formerLines, lines)) {
      if (!made.has(key)) continue;
      count.repeated++;
      if (offers.get(line)) count.found++;
    }
    for (const [, key] of changesIn(hunk, formerLines, lines)) made.add(key);
    const now = [...lines.slice(0, hunk.to), ...formerLines.slice(hunk.formerTo)];
    for (const { line, patches, key } of sameEdits(former, now.join("\n"), { refused }) ?? []) {
      const formerLine = line - hunk.to + hunk.formerTo;
      if (refused.has(key) || offers.has(formerLine)) continue;
      const there = hunks.find(({ formerFrom, formerTo }) => formerFrom <= formerLine && formerLine < formerTo);
      // Lines above are as they stay.
      const becomes = line < hunk.to || !there ? [] : lines.slice(there.from, there.to);
      const before = now[line] ?? "";
      const isRight = becomes.some((after) => isAmong(before, patched(before, patches), after));
      offers.set(formerLine, isRight);
      count.offered++;
      if (isRight) count.right++;
      else refused.add(key);
    }
  }
}

/** The changes of single lines in a passage: the former line, and what identifies its change. */
function changesIn(
  { formerFrom, formerTo, from, to }: Hunk,
  former: readonly string[],
  lines: readonly string[],
): (readonly [number, string])[] {
  if (formerTo - formerFrom !== to - from) return [];
  return Array.from({ length: to - from }, (_, i) => i).flatMap((i) => {
    const rule = ruleOf(former[formerFrom + i] ?? "", lines[from + i] ?? "");
    return rule ? [[formerFrom + i, keyOf(rule)] as const] : [];
  });
}

/** Whether what an offer replaces in a line is replaced in it. */
function isAmong(before: string, offered: string, after: string): boolean {
  if (offered.trimEnd() === after.trimEnd()) return true;
  const [some, all] = [ruleOf(before, offered), ruleOf(before, after)];
  if (!some || !all) return false;
  const replaced = new Set(partsOf(all));
  return partsOf(some).every((part) => replaced.has(part));
}

function hunksOf(former: readonly string[], lines: readonly string[]): Hunk[] {
  const hunks: Hunk[] = [];
  let [formerAt, at] = [0, 0];
  let open: Hunk | undefined;
  for (const { added, removed, value } of diffArrays([...former], [...lines])) {
    if (!added && !removed) {
      if (open) hunks.push(open);
      open = undefined;
    } else open ??= { formerFrom: formerAt, formerTo: formerAt, from: at, to: at };
    if (!added) formerAt += value.length;
    if (!removed) at += value.length;
    if (open) open = { ...open, formerTo: formerAt, to: at };
  }
  return open ? [...hunks, open] : hunks;
}
