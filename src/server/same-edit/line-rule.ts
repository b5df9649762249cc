import type { LinePatch } from "../protocol.ts";

/** A token of a line: a word, a number, or a single other character that is no blank. */
interface Token {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** A part of a line that was replaced, between two tokens that stayed. */
interface Part {
  /** The tokens that stayed before it, the nearest last; "\n" is the beginning of the line. */
  readonly left: readonly string[];
  /** The tokens that were replaced. */
  readonly old: readonly string[];
  /** The tokens that stayed after it, the nearest first; "\n" is the end of the line. */
  readonly right: readonly string[];
  /** What replaced everything between the nearest tokens that stayed, blanks included. */
  readonly text: string;
  /** The same without the blanks around it. */
  readonly core: string;
}

/** How a line was changed: its parts from left to right. The same change is due where all of them fit, in this order. */
export interface LineRule {
  readonly parts: readonly Part[];
}

/** At most so many tokens on either side of a part are compared. */
const contextTokens = 4;
/** A line in which more of the tokens are replaced is written anew. */
const mostReplaced = 0.4;
/** In longer lines, by tokens and by UTF-16 units, nothing is compared: they are data. */
const mostTokens = 200;
const longestLine = 2_000;

const token = /[\p{L}_$][\p{L}\p{N}_$]*|\p{N}+|[^\s]/gu;
const edge = "\n";

function tokensOf(line: string): Token[] {
  return [...line.matchAll(token)].map(({ 0: text, index }) => ({ text, from: index, to: index + text.length }));
}

/** How one line became another; undefined if it was written anew, or nothing but blanks changed. */
export function ruleOf(before: string, after: string): LineRule | undefined {
  if (Math.max(before.length, after.length) > longestLine) return undefined;
  const [a, b] = [tokensOf(before), tokensOf(after)];
  if (a.length > mostTokens || b.length > mostTokens) return undefined;
  const pairs = commonTokens(a, b);
  const changed = a.length - pairs.length + (b.length - pairs.length);
  if (changed === 0 || changed > mostReplaced * (a.length + b.length)) return undefined;
  const parts: Part[] = [];
  let [i, j] = [0, 0];
  for (const [nextI, nextJ] of [...pairs, [a.length, b.length] as const]) {
    if (nextI > i || nextJ > j) {
      // The indentation is the line's own.
      const start = (j > 0 ? b[j - 1]?.to : b[0]?.from) ?? 0;
      const end = nextJ < b.length ? (b[nextJ]?.from ?? after.length) : after.length;
      const text = after.slice(start, end);
      parts.push({
        left: contextBefore(a, i),
        old: a.slice(i, nextI).map((one) => one.text),
        right: contextAfter(a, nextI),
        text,
        core: text.trim(),
      });
    }
    [i, j] = [nextI + 1, nextJ + 1];
  }
  return parts.length > 0 ? { parts } : undefined;
}

function contextBefore(tokens: readonly Token[], at: number): string[] {
  const near = tokens.slice(Math.max(0, at - contextTokens), at).map(asContext);
  return near.length < contextTokens ? [edge, ...near] : near;
}

function contextAfter(tokens: readonly Token[], at: number): string[] {
  const near = tokens.slice(at, at + contextTokens).map(asContext);
  return near.length < contextTokens ? [...near, edge] : near;
}

/** Around a change, one number is like another. */
function asContext({ text }: Token): string {
  return /^\p{N}/u.test(text) ? "0" : text;
}

/** The places of a longest common subsequence, in both. */
function commonTokens(a: readonly Token[], b: readonly Token[]): (readonly [number, number])[] {
  const width = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        a[i]?.text === b[j]?.text
          ? (lengths[(i + 1) * width + j + 1] as number) + 1
          : Math.max(lengths[(i + 1) * width + j] as number, lengths[i * width + j + 1] as number);
    }
  }
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i]?.text === b[j]?.text) pairs.push([i++, j++]);
    else if ((lengths[(i + 1) * width + j] as number) >= (lengths[i * width + j + 1] as number)) i++;
    else j++;
  }
  return pairs;
}

/** Identifies rules that change lines alike, whatever stands around the changed parts. */
export function keyOf(rule: LineRule): string {
  return JSON.stringify(partsOf(rule));
}

/** What is replaced by what, in each part of a rule. */
export function partsOf({ parts }: LineRule): string[] {
  return parts.map(({ old, core }) => JSON.stringify([old, core]));
}

/**
 * What a rule changes in another line; undefined where it does not fit.
 * @param context how many of the tokens on either side of each part must be the same, at least one
 */
export function patchesOf({ parts }: LineRule, line: string, context: number): LinePatch[] | undefined {
  const tokens = line.length > longestLine ? [] : tokensOf(line);
  if (tokens.length > mostTokens) return undefined;
  const all: LinePatch[] = [];
  // It may fit more than once.
  for (let from = 0; ; ) {
    const patches: LinePatch[] = [];
    for (const part of parts) {
      const at = placeOf(part, tokens, from, context);
      if (at === undefined) return all.length > 0 ? all : undefined;
      from = at + Math.max(1, part.old.length);
      const next = at + part.old.length;
      const start = (at > 0 ? tokens[at - 1]?.to : tokens[0]?.from) ?? 0;
      patches.push({ from: start, to: tokens[next]?.from ?? line.length, text: part.text });
    }
    all.push(...patches);
  }
}

function placeOf(part: Part, tokens: readonly Token[], from: number, context: number): number | undefined {
  for (let at = from; at <= tokens.length - part.old.length; at++) {
    if (!part.old.every((text, i) => tokens[at + i]?.text === text)) continue;
    const before = contextBefore(tokens, at);
    const after = contextAfter(tokens, at + part.old.length);
    if (endsAlike(before, part.left, context) && beginsAlike(after, part.right, context)) return at;
  }
  return undefined;
}

function endsAlike(a: readonly string[], b: readonly string[], count: number): boolean {
  for (let i = 1; i <= Math.min(count, b.length); i++) if (a.at(-i) !== b.at(-i)) return false;
  return true;
}

function beginsAlike(a: readonly string[], b: readonly string[], count: number): boolean {
  for (let i = 0; i < Math.min(count, b.length); i++) if (a[i] !== b[i]) return false;
  return true;
}

/** A line with its replacements made. */
export function patched(line: string, patches: readonly LinePatch[]): string {
  let [text, at] = ["", 0];
  for (const patch of patches) {
    text += line.slice(at, patch.from) + patch.text;
    at = patch.to;
  }
  return text + line.slice(at);
}

const word = /^[\p{L}_$][\p{L}\p{N}_$]{2,}$/u;

/** The different words that a rule asks for: those that it replaces, and those around them. */
export function wordsAsked({ parts }: LineRule, context: number): string[] {
  const all = parts.flatMap(({ left, old, right }) => [...left.slice(-context), ...old, ...right.slice(0, context)]);
  return [...new Set(all.filter((text) => word.test(text)))];
}

/** Whether a rule only removes, only inserts, or does something else. */
export function kindOf({ parts }: LineRule): "removal" | "insertion" | "replacement" {
  if (parts.every(({ core }) => core === "")) return "removal";
  return parts.every(({ old }) => old.length === 0) ? "insertion" : "replacement";
}
