import { type SecretForm, secretForms } from "./secret-forms.ts";
import { isPlaceholder, isReference } from "./secret-words.ts";

/** A value that is given to a name that means a secret. */
export interface SecretValue {
  /** Offsets, in UTF-16 units, from the name to the end of the value. */
  readonly from: number;
  readonly to: number;
  /** Whether the value looks like a literal secret; otherwise it may become one as it is typed. */
  readonly isWhole: boolean;
}

/** Finds the values that are given to names for passwords, tokens and keys, in code, settings, markup, commands and URLs. */
export function* secretValues(text: string): Generator<SecretValue, void, undefined> {
  for (const { sign, forms } of secretForms) {
    for (const { from, to } of sign ? surroundings(text, sign) : [{ from: 0, to: text.length }]) {
      const part = text.slice(from, to);
      for (const form of forms) {
        for (const value of valuesIn(part, form)) yield { ...value, from: from + value.from, to: from + value.to };
      }
    }
  }
}

function* valuesIn(text: string, form: SecretForm): Generator<SecretValue, void, undefined> {
  const { head, value, growing, finished, isSecret } = form;
  for (const { index, 0: before } of text.matchAll(head)) {
    const at = index + before.length;
    const found = matchAt(value, text, at);
    if (found === undefined || isReference.test(found) || isPlaceholder.test(found)) continue;
    const to = at + found.length;
    const isWhole = matchAt(finished, text, to) !== undefined && isSecret(found, nameBefore(text, index) + before);
    if (isWhole || matchAt(growing, text, to) !== undefined) yield { from: index, to, isWhole };
  }
}

/** The characters before and after a sign that a form may take, apart from the rest of their lines. */
const reach = { before: 300, after: 600 };

/** The lines around each match of a pattern, or parts of long lines. They do not overlap. */
function* surroundings(text: string, sign: RegExp): Generator<{ readonly from: number; readonly to: number }> {
  let current: { from: number; to: number } | undefined;
  for (const { index } of text.matchAll(sign)) {
    const lineStart = text.lastIndexOf("\n", index) + 1;
    const from = Math.max(lineStart, index - reach.before);
    const end = text.indexOf("\n", index + reach.after);
    const to = Math.min(end < 0 ? text.length : end, index + 2 * reach.after);
    if (current && from <= current.to) current.to = Math.max(to, current.to);
    else {
      if (current) yield current;
      current = { from, to };
    }
  }
  if (current) yield current;
}

/** The longest beginning of a name that is looked at, in characters. */
const longestBeginning = 60;

/** The beginning of the name that goes on at an offset. */
function nameBefore(text: string, offset: number): string {
  return /[\p{L}\p{N}_.-]*$/u.exec(text.slice(Math.max(0, offset - longestBeginning), offset))?.[0] ?? "";
}

/**
 * Matches the beginning of a token in a well-known format, which is recognised as a whole only when it is finished.
 */
export const begunToken =
  /(?<![\w-])(?:AKIA|ASIA|gh[opsur]_|github_pat_|glpat-|xox[abeprs]-|sk-(?:ant|proj)-|[rs]k_live_|npm_|hf_|dckr_pat_|do[opr]_v1_|shpat_|SG\.|eyJ)[\w-]/g;

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
