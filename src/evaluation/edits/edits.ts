import { diffArrays } from "diff";
import { boundaryBefore, isBoundary } from "../../boundary.ts";
import { commonEnding, firstDifference } from "../../completion/text.ts";

/** How a text came into a file. */
export const editKinds = ["new file", "inserted lines", "changed lines", "inside a line"] as const;
export type EditKind = (typeof editKinds)[number];

/** Text that a user types at one place of a document, with the rest of the document around it. */
export interface TypedEdit {
  readonly kind: EditKind;
  /** The document before the edit, with what the edit replaces. */
  readonly former: string;
  /** All that stands before the typed text. It is as in the final text, because a file is edited from its top to its bottom. */
  readonly head: string;
  readonly typed: string;
  /** All that stands after it. It is as in the former text. */
  readonly tail: string;
}

/** If more lines than this differ, the whole passage counts as changed. The cost of comparing is quadratic in their number. */
const mostLines = 2_000;

/**
 * The edits that lead from a former text to a new one, from top to bottom, by lines. What an edit replaces is removed first, then
 * the new text is typed in its place. A line that keeps at least half of its characters is edited inside. Edits that only remove
 * lines or add empty ones are not among them; the next edit's `former` has been through them.
 *
 * The comparison is Myers' ("An O(ND) Difference Algorithm and Its Variations", 1986).
 * @param former undefined: the file is new
 */
export function editsOf(former: string | undefined, text: string): TypedEdit[] {
  if (former === undefined)
    return text === "" ? [] : [{ kind: "new file", former: "", head: "", typed: text, tail: "" }];
  const [formerLines, lines] = [former.split("\n"), text.split("\n")];
  const edits: TypedEdit[] = [];
  for (const replaced of replacementsIn(formerLines, lines)) {
    const { kind, from, to, formerFrom, formerTo } = replaced;
    if (from === to) continue;
    const above = from > 0 ? `${lines.slice(0, from).join("\n")}\n` : "";
    const below = formerTo < formerLines.length ? `\n${formerLines.slice(formerTo).join("\n")}` : "";
    const removed = formerLines.slice(formerFrom, formerTo);
    const before = [...lines.slice(0, from), ...formerLines.slice(formerFrom)].join("\n");
    const added = lines.slice(from, to).join("\n");
    const { start, end } =
      kind === "inside a line"
        ? sharedEnds(removed.join("\n"), added)
        : { start: 0, end: carriageReturn(added, below) };
    const typed = added.slice(start, added.length - end);
    if (typed === "") continue;
    const tail = added.slice(added.length - end) + below;
    edits.push({ kind, former: before, head: above + added.slice(0, start), typed, tail });
  }
  return edits;
}

/** Lines that take the place of others: `lines[from..to)` of the new text replace `[formerFrom..formerTo)` of the former. */
interface Replacement {
  readonly kind: EditKind;
  readonly from: number;
  readonly to: number;
  readonly formerFrom: number;
  readonly formerTo: number;
}

function replacementsIn(former: readonly string[], lines: readonly string[]): Replacement[] {
  const changes = diffArrays([...former], [...lines], { maxEditLength: mostLines }) ?? [
    { removed: true, added: false, value: former },
    { removed: false, added: true, value: lines },
  ];
  const replacements: Replacement[] = [];
  let [formerAt, at] = [0, 0];
  let [formerTo, to] = [0, 0];
  const end = (): void => {
    if (to > at) replacements.push(...byKind(former, lines, { from: at, to, formerFrom: formerAt, formerTo }));
  };
  for (const { added, removed, value } of changes) {
    if (removed) formerTo += value.length;
    else if (added) to += value.length;
    else {
      end();
      formerTo += value.length;
      to += value.length;
      [formerAt, at] = [formerTo, to];
    }
  }
  end();
  return replacements;
}

/** Splits a replacement of as many lines as there were into lines that are edited inside and lines that are written anew. */
function byKind(
  former: readonly string[],
  lines: readonly string[],
  { from, to, formerFrom, formerTo }: Omit<Replacement, "kind">,
): Replacement[] {
  if (formerFrom === formerTo) return [{ kind: "inserted lines", from, to, formerFrom, formerTo }];
  if (formerTo - formerFrom !== to - from) return [{ kind: "changed lines", from, to, formerFrom, formerTo }];
  const split: Replacement[] = [];
  for (let i = 0; i < to - from; i++) {
    const kind = isEditedInside(former[formerFrom + i] ?? "", lines[from + i] ?? "")
      ? "inside a line"
      : "changed lines";
    const one = {
      kind,
      from: from + i,
      to: from + i + 1,
      formerFrom: formerFrom + i,
      formerTo: formerFrom + i + 1,
    } as const;
    const last = split.at(-1);
    if (kind === "changed lines" && last?.kind === kind)
      split[split.length - 1] = { ...last, to: one.to, formerTo: one.formerTo };
    else split.push(one);
  }
  return split;
}

function isEditedInside(former: string, line: string): boolean {
  const { start, end } = sharedEnds(former.trim(), line.trim());
  return start + end > 0 && start + end >= Math.max(former.trim().length, line.trim().length) / 2;
}

/** The numbers of UTF-16 units at the start and the end that two texts share. They overlap in neither text. */
function sharedEnds(a: string, b: string): { readonly start: number; readonly end: number } {
  const start = boundaryBefore(b, firstDifference(a, b));
  let end = commonEnding(a, b, Math.min(a.length, b.length) - start);
  while (end > 0 && !isBoundary(b, b.length - end)) end--;
  return { start, end };
}

/** Of lines that end with CRLF, the last carriage return belongs to the line break that follows, which is not typed. */
function carriageReturn(added: string, below: string): number {
  return below !== "" && added.endsWith("\r") ? 1 : 0;
}
