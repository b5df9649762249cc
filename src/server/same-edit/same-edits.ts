import { diffArrays } from "diff";
import { commonEnding, firstDifference } from "../../completion/text.ts";
import type { LineEdit, LinePatch } from "../protocol.ts";
import { keyOf, kindOf, type LineRule, patchesOf, ruleOf, wordsAsked } from "./line-rule.ts";

/** If more lines than this differ, nothing is looked for. The cost of comparing is quadratic in their number. */
const mostLines = 300;

/** Of more rules, those that changed most lines count, so that the time is bounded. */
const mostRules = 50;

const lineEnd = /\r\n|\r|\n/;

/** What was done to a text, line by line. */
interface ChangedLines {
  /** Rules by their key, each with the lines (of the new text) that were changed so. */
  readonly rules: ReadonlyMap<string, { readonly rule: LineRule; readonly lines: readonly number[] }>;
  /** The lines of the new text that stayed, from 0. */
  readonly kept: readonly number[];
  readonly lines: readonly string[];
}

/**
 * The lines of a text in which a change that was made in other lines since is due too.
 * @param before the text before the changes
 * @param options.current a line that is being edited: no rule is taken from it
 * @param options.refused the keys of changes that are not wanted elsewhere
 * @returns undefined if too much was changed to compare
 */
export function sameEdits(
  before: string,
  after: string,
  {
    current,
    refused = new Set(),
  }: { readonly current?: number | undefined; readonly refused?: ReadonlySet<string> } = {},
): LineEdit[] | undefined {
  const changed = changedLines(before, after, current);
  if (!changed) return undefined;
  const found = new Map<number, LineEdit>();
  const rules = [...changed.rules]
    .filter(([key]) => !refused.has(key))
    .sort(([, a], [, b]) => b.lines.length - a.lines.length);
  for (const [key, { rule, lines }] of rules.slice(0, mostRules)) {
    const { context, leastWords, leastFitting } = demandsOf(rule, lines.length);
    const words = wordsAsked(rule, context);
    if (words.length < leastWords) continue;
    const fitting = changed.kept.flatMap((line) => {
      const text = changed.lines[line] ?? "";
      if (!words.every((word) => text.includes(word))) return [];
      const patches = patchesOf(rule, text, context);
      return patches ? [{ line, patches: patches.map((patch) => withoutBlanks(text, patch)), key }] : [];
    });
    // Most people work from the top: a line above that fits, and was left as it is, speaks against the rule.
    const last = Math.max(...lines);
    if (fitting.length < leastFitting || fitting.some(({ line }) => line < last)) continue;
    for (const edit of fitting) if (!found.has(edit.line)) found.set(edit.line, edit);
  }
  return [...found.values()].sort((a, b) => a.line - b.line);
}

/** A replacement without the blanks at its ends that stay. */
function withoutBlanks(line: string, { from, to, text }: LinePatch): LinePatch {
  const former = line.slice(from, to);
  const start = firstDifference(former, text);
  const before = Math.min(start, /^\s*/.exec(text)?.[0].length ?? 0);
  const ending = commonEnding(former, text, Math.min(former.length, text.length) - before);
  const after = Math.min(ending, /\s*$/.exec(text)?.[0].length ?? 0);
  return { from: from + before, to: to - after, text: text.slice(before, text.length - after) };
}

/** What must hold of a rule before it is applied to other lines. */
interface Demands {
  /** How many of the tokens on either side of each part must be those of the changed line. */
  readonly context: number;
  /** How many different words must be among those tokens and the replaced ones. */
  readonly leastWords: number;
  /** How many lines it must fit. */
  readonly leastFitting: number;
}

/**
 * Chosen on edits between releases of fourteen projects, so that nine in ten of the lines that are offered become what is offered.
 * @param support how many lines were changed like this
 */
function demandsOf(rule: LineRule, support: number): Demands {
  const leastFitting = support > 1 ? 1 : 3;
  switch (kindOf(rule)) {
    case "removal":
      return { context: 1, leastWords: 3, leastFitting };
    case "insertion":
      if (support === 1) return { context: 2, leastWords: 2, leastFitting };
      // As much of what stands around it as it takes to ask for words, such as an argument and a call's name.
      return { ...contextFor(rule, support > 2 ? 1 : 2), leastFitting };
    case "replacement":
      return support > 1 ? { context: 1, leastWords: 1, leastFitting } : { context: 2, leastWords: 2, leastFitting };
  }
}

/** The least context of a rule that asks for so many words, or the most that there is. */
function contextFor(rule: LineRule, leastWords: number): Pick<Demands, "context" | "leastWords"> {
  const counts = leastWords > 1 ? [2, 3] : [1, 2, 3];
  const context = counts.find((count) => wordsAsked(rule, count).length >= leastWords) ?? 4;
  return { context, leastWords };
}

function changedLines(before: string, after: string, current: number | undefined): ChangedLines | undefined {
  const [former, lines] = [before.split(lineEnd), after.split(lineEnd)];
  const changes = diffArrays(former, lines, { maxEditLength: mostLines });
  if (!changes) return undefined;
  const rules = new Map<string, { rule: LineRule; lines: number[] }>();
  const kept: number[] = [];
  let at = 0;
  let removed: readonly string[] = [];
  for (const change of changes) {
    if (change.removed) {
      removed = change.value;
      continue;
    }
    if (change.added && removed.length === change.value.length) {
      for (const [i, line] of change.value.entries()) {
        const rule = at + i === current ? undefined : ruleOf(removed[i] ?? "", line);
        if (!rule) continue;
        const known = rules.get(keyOf(rule));
        if (known) known.lines.push(at + i);
        else rules.set(keyOf(rule), { rule, lines: [at + i] });
      }
    }
    if (!change.added) for (let i = 0; i < change.value.length; i++) kept.push(at + i);
    removed = [];
    at += change.value.length;
  }
  return { rules, kept, lines };
}
