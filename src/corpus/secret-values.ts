import { secretForms } from "./secret-forms.ts";
import { isPlaceholder, isReference } from "./secret-words.ts";

/** A value that is given to a name that means a secret. */
export interface SecretValue {
  /** Offsets, in UTF-16 units, from the name to the end of the value. */
  readonly from: number;
  readonly to: number;
  /** Whether the value looks like a literal secret; otherwise it may become one as it is typed. */
  readonly isWhole: boolean;
}

/** Finds the values that are given to names for passwords, tokens and keys, in code, settings, markup and URLs. */
export function* secretValues(text: string): Generator<SecretValue, void, undefined> {
  for (const { head, value, growing, finished, isSecret } of secretForms) {
    for (const { index, 0: before } of text.matchAll(head)) {
      const at = index + before.length;
      const found = matchAt(value, text, at);
      if (found === undefined || isReference.test(found) || isPlaceholder.test(found)) continue;
      const to = at + found.length;
      const isWhole = matchAt(finished, text, to) !== undefined && isSecret(found, nameBefore(text, index) + before);
      if (isWhole || matchAt(growing, text, to) !== undefined) yield { from: index, to, isWhole };
    }
  }
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
  /(?<![\w-])(?:AKIA|ASIA|gh[opsur]_|github_pat_|glpat-|xox[abeprs]-|sk-(?:ant|proj)-|[rs]k_live_|npm_|hf_|dckr_pat_|shpat_|SG\.|eyJ)[\w-]/;

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
