import { bytesOf, foldCase, wildmatch } from "./wildmatch.ts";

/** The rules of one file in the format of .gitignore. */
export interface IgnoreRules {
  /**
   * What the last rule that matches says; undefined if none does.
   * @param name relative to the folder that the rules are for, with "/" between its parts
   */
  verdict(name: string, isFolder: boolean): "ignored" | "included" | undefined;
  /** Characters of the rules that have wildcards: the time that a verdict takes is at most in proportion to it. */
  readonly weight: number;
}

interface Rule {
  readonly isNegated: boolean;
  readonly isForFolders: boolean;
  /** Whether it is for a name in any folder, not for a path. */
  readonly isForNames: boolean;
  readonly matches: (name: string) => boolean;
  readonly weight: number;
}

/** More rules than this, or a longer one, are no list that a person wrote: they are not read, so that matching stays fast. */
const [mostRules, longestRule] = [10_000, 4096];

/**
 * Reads rules as git does (gitignore(5)).
 * @param ignoreCase whether "a" and "A" are the same, as git's core.ignorecase says
 * @throws Error if there are too many, or one is too long
 */
export function parseIgnoreRules(text: string, ignoreCase: boolean): IgnoreRules {
  const lines = text.replace(/^\uFEFF/, "").split("\n", mostRules + 1);
  if (lines.length > mostRules || lines.some((line) => line.length > longestRule)) {
    throw new Error(`more than ${mostRules} ignore rules, or one of more than ${longestRule} characters`);
  }
  const rules = lines.map((line) => parseRule(line, ignoreCase)).filter((rule) => rule !== undefined);
  // The last one decides.
  rules.reverse();
  return {
    weight: rules.reduce((sum, rule) => sum + rule.weight, 0),
    verdict: (name, isFolder) => {
      const bytes = ignoreCase ? foldCase(bytesOf(name)) : bytesOf(name);
      const last = bytes.slice(bytes.lastIndexOf("/") + 1);
      for (const { isNegated, isForFolders, isForNames, matches } of rules) {
        if ((isFolder || !isForFolders) && matches(isForNames ? last : bytes))
          return isNegated ? "included" : "ignored";
      }
      return undefined;
    },
  };
}

function parseRule(line: string, ignoreCase: boolean): Rule | undefined {
  if (line.startsWith("#")) return undefined;
  let pattern = bytesOf(withoutSpacesAtEnd(line.replace(/\r$/, "")));
  const isNegated = pattern.startsWith("!");
  if (isNegated) pattern = pattern.slice(1);
  const isForFolders = pattern.endsWith("/");
  if (isForFolders) pattern = pattern.slice(0, -1);
  if (pattern === "") return undefined;
  const isForNames = !pattern.includes("/");
  if (pattern.startsWith("/")) pattern = pattern.slice(1);
  const weight = wildcard.test(pattern) ? pattern.length : 0;
  return { isNegated, isForFolders, isForNames, matches: matcher(pattern, ignoreCase), weight };
}

const wildcard = /[*?[\\]/;

/** Spaces count where a backslash stands before them. */
function withoutSpacesAtEnd(line: string): string {
  let end = 0;
  for (let at = 0; at < line.length; at++) {
    if (line[at] === "\\") end = Math.min(++at + 1, line.length);
    else if (line[at] !== " ") end = at + 1;
  }
  return line.slice(0, end);
}

// What stands before the first wildcard is compared by itself, as in git: so the stars in `a**/b` begin a pattern, and match folders.
function matcher(pattern: string, ignoreCase: boolean): (name: string) => boolean {
  const at = pattern.search(wildcard);
  const literal = at < 0 ? pattern : pattern.slice(0, at);
  const prefix = ignoreCase ? foldCase(literal) : literal;
  if (at < 0) return (name) => name === prefix;
  const rest = pattern.slice(at);
  if (/^\*[^*?[\\/]+$/.test(rest) && prefix === "") {
    const suffix = ignoreCase ? foldCase(rest.slice(1)) : rest.slice(1);
    return (name) => name.endsWith(suffix) && !name.slice(0, -suffix.length).includes("/");
  }
  const matches = wildmatch(rest, ignoreCase);
  return (name) => name.startsWith(prefix) && matches(name.slice(prefix.length));
}
