import { bytesOf, foldCase, wildmatch } from "./wildmatch.ts";

/** The rules of one file in the format of .gitignore. */
export interface IgnoreRules {
  /**
   * The verdict of the last matching rule; undefined if no rule matches.
   * @param name relative to the folder that the rules apply to, with "/" between its parts
   */
  verdict(name: string, isFolder: boolean): "ignored" | "included" | undefined;
  /** The total length of the rules with wildcards. The time that a verdict takes is at most proportional to it. */
  readonly weight: number;
}

interface Rule {
  readonly isNegated: boolean;
  readonly isForFolders: boolean;
  /** Whether the rule matches a name in any folder, rather than a path. */
  readonly isForNames: boolean;
  /** In bytes, as wildmatch compares them. */
  readonly pattern: string;
  readonly weight: number;
}

/** More rules than this, or a longer rule, were not written by hand. They are refused, so that matching stays fast. */
const [mostRules, longestRule] = [10_000, 4096];

/** The greatest total length of the rules with wildcards that apply to one name. The longest real lists have a fifth of this. */
export const heaviest = 1 << 16;

/**
 * Reads rules as git does (gitignore(5)).
 * @param ignoreCase whether "a" equals "A", as set by git's core.ignorecase
 * @throws Error if there are too many rules, or they are too long
 */
export function parseIgnoreRules(text: string, ignoreCase: boolean): IgnoreRules {
  const lines = text.replace(/^\uFEFF/, "").split("\n", mostRules + 1);
  if (lines.length > mostRules || lines.some((line) => line.length > longestRule)) {
    throw new Error(`more than ${mostRules} ignore rules, or a rule of more than ${longestRule} characters`);
  }
  const parsed = lines.map(parseRule).filter((rule) => rule !== undefined);
  const weight = parsed.reduce((sum, rule) => sum + rule.weight, 0);
  // Before the matchers are made, which takes longer and more memory than the rules do.
  if (weight > heaviest) throw new Error(`more than ${heaviest} characters of ignore rules with wildcards`);
  // The last matching rule decides.
  const rules = parsed.reverse().map((rule) => ({ ...rule, matches: matcher(rule.pattern, ignoreCase) }));
  return {
    weight,
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

function parseRule(line: string): Rule | undefined {
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
  return { isNegated, isForFolders, isForNames, pattern, weight };
}

const wildcard = /[*?[\\]/;

/** Removes trailing spaces, except those after a backslash. */
function withoutSpacesAtEnd(line: string): string {
  let end = 0;
  for (let at = 0; at < line.length; at++) {
    if (line[at] === "\\") end = Math.min(++at + 1, line.length);
    else if (line[at] !== " ") end = at + 1;
  }
  return line.slice(0, end);
}

// As in git, the text before the first wildcard is compared separately, so the stars in `a**/b` begin a pattern and match folders.
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
