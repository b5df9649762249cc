import picomatch from "picomatch";
import { bytesOf, wildmatch } from "./wildmatch.ts";

// picomatch makes regular expressions, which try the ways through a glob one after another. So it is given only globs with few ways.

/** Each star multiplies the ways by the length of the name. */
const mostStars = 2;

/** The ways through all groups of a glob, such as `{a,b}` and `@(a|b)`, for one text. */
const mostWays = 16;

/** picomatch takes no longer globs. */
const longest = 1 << 16;

/** Groups nested deeper than this were not written by hand. */
const deepest = 16;

/** Braces are expanded to at most this many alternatives. */
const mostAlternatives = 256;

/**
 * Whether a name matches one of some globs. Names have "/" between their parts, and a name may begin with a dot. A slash at a glob's start
 * is the root that names are relative to, so it changes nothing. The time taken is bounded for every glob. If there are many ways through
 * a glob, because it has more than two stars, for example, then a group in it such as `+(a|b)` matches whatever `*` matches. Such a glob
 * of excluded files leaves out too much rather than too little.
 */
export function globMatcher(globs: readonly string[]): (name: string) => boolean {
  const key = JSON.stringify(globs);
  const matcher = compiled.get(key) ?? compile(globs);
  compiled.delete(key);
  compiled.set(key, matcher);
  const oldest = compiled.keys().next();
  if (compiled.size > mostCompiled && !oldest.done) compiled.delete(oldest.value);
  return matcher;
}

/** The matchers used last, least recently used first: the same settings are asked about at each keystroke and for each file. */
const compiled = new Map<string, (name: string) => boolean>();
const mostCompiled = 8;

function compile(given: readonly string[]): (name: string) => boolean {
  if (given.length === 0) return () => false;
  const globs = given.map(withoutRoot);
  const light = globs.filter(isLight);
  const matchers = globs.filter((glob) => !isLight(glob)).map(boundedMatcher);
  if (light.length > 0) matchers.push(picomatch(light, { dot: true }));
  return (name) => matchers.some((matches) => matches(name));
}

/** Removes the slash at the start of a glob, and of the alternatives that it starts with. */
function withoutRoot(glob: string): string {
  return glob
    .replace(/^(!?)\/+(?=.)/, "$1")
    .replace(/^!?[{][^{}]*[}]/, (alternatives) => alternatives.replace(/([{,])\/+/g, "$1"));
}

/** Whether picomatch takes little time for a glob, whatever the name. */
function isLight(glob: string): boolean {
  const unescaped = glob.replace(/\\./gs, "x");
  return (
    glob.length <= longest &&
    !raw.test(unescaped) &&
    !(quoting.test(unescaped) && /[({]/.test(unescaped)) &&
    starsIn(unescaped) <= mostStars &&
    waysThrough(unescaped) <= mostWays
  );
}

/** What picomatch passes on to the regular expression: `+` and `?` after a group or a class, and groups with a `?`. */
const raw = /[)\]}]\+(?!\()|\)\?|\(\?/;

/** What makes it hard to see where a group begins and ends: quotes, a last backslash, and the characters of groups in a class. */
const quoting = /["\\]|\[[!^]?\]?[^\]]*[(){},|]/;

const innermostGroup = /([@?+*!]?)\(([^(){}]*)\)|\{([^(){}]*)\}/g;

/** How many ways there are at most through the groups of a glob for one text: the product of those through each group. */
function waysThrough(glob: string): number {
  let ways = 1;
  let rest = glob;
  for (let depth = 0; depth < deepest; depth++) {
    rest = rest.replace(innermostGroup, (_, sign: string = "", inParentheses?: string, inBraces?: string) => {
      ways *= waysThroughGroup(sign, inParentheses ?? inBraces ?? "");
      // Something that is not literal.
      return "[";
    });
  }
  return /[(){}]/.test(rest) ? Number.POSITIVE_INFINITY : ways;
}

function waysThroughGroup(sign: string, inner: string): number {
  // In a group, picomatch passes it on to the regular expression.
  if (inner.includes("+")) return Number.POSITIVE_INFINITY;
  const alternatives = inner.split(/[,|]/);
  const isLiteral = !/[*?[]/.test(inner);
  const ways = isLiteral ? mostPrefixes(alternatives) : alternatives.length;
  if (sign === "+" || sign === "*") {
    // Repeated, these divide a text in one way if none is the beginning of another.
    return isLiteral && ways === 1 && inner !== "" ? 1 : Number.POSITIVE_INFINITY;
  }
  return sign === "?" ? ways + 1 : ways;
}

/** How many of some texts can match at one place: as many as begin one of them. */
function mostPrefixes(texts: readonly string[]): number {
  let most = 0;
  /** Those that begin the text, which stand before it in this order. */
  const begun: string[] = [];
  for (const text of texts.toSorted()) {
    while (!text.startsWith(begun.at(-1) ?? "")) begun.pop();
    begun.push(text);
    most = Math.max(most, begun.length);
  }
  return most;
}

/** The number of runs of stars, and of groups that can match a text of any length, in a glob. */
function starsIn(glob: string): number {
  return glob.match(/\*+|[+!]\(/g)?.length ?? 0;
}

function boundedMatcher(glob: string): (name: string) => boolean {
  const isNegated = glob.startsWith("!") && !glob.startsWith("!(");
  const pattern = withoutGroups(hideEscapes(isNegated ? glob.slice(1) : glob)).replace(/^\.\//, "");
  // As in picomatch, `a/**` also matches the folder `a` itself.
  const patterns = alternativesOf(pattern).flatMap((one) => (one.endsWith("/**") ? [one, one.slice(0, -3)] : [one]));
  const matchers = patterns.map((one) => wildmatch(bytesOf(showEscapes(one)), false));
  return (name) => matchers.some((matches) => matches(bytesOf(name))) !== isNegated;
}

/** Stands for an escaped ASCII character, as long as groups are looked for: one of Unicode's characters for private use. */
const hidden = 0xf000;

function hideEscapes(glob: string): string {
  return glob.replace(/\\([\0-\x7f])/g, (_, escaped: string) => String.fromCharCode(hidden + escaped.charCodeAt(0)));
}

function showEscapes(glob: string): string {
  return glob.replace(/[\uf000-\uf07f]/g, (one) => `\\${String.fromCharCode(one.charCodeAt(0) - hidden)}`);
}

/** Replaces each group in a glob by `*`, from the innermost out. */
function withoutGroups(glob: string): string {
  let rest = glob;
  for (let depth = 0; depth < deepest; depth++) rest = rest.replace(/[@?+*!]?\([^()]*\)/g, "*");
  const [from, to] = [rest.indexOf("("), rest.lastIndexOf(")")];
  return 0 <= from && from < to ? `${rest.slice(0, from).replace(/[@?+*!]$/, "")}*${rest.slice(to + 1)}` : rest;
}

/** Expands braces: `{a,b}/c` to `a/c` and `b/c`. If there would be too many alternatives, the braces become stars. */
function alternativesOf(glob: string): string[] {
  let patterns = [glob];
  for (;;) {
    const expanded = patterns.flatMap(withoutFirstBraces);
    if (expanded.length === patterns.length && expanded.every((pattern, i) => pattern === patterns[i])) return patterns;
    if (expanded.length > mostAlternatives) return [glob.replace(/\{.*\}/gs, "**/*"), glob.replace(/\{.*\}/gs, "*")];
    patterns = expanded;
  }
}

function withoutFirstBraces(pattern: string): string[] {
  const braces = /\{([^{},]*(?:,[^{},]*)+)\}/.exec(pattern);
  if (!braces) return [pattern];
  const [all, inner = ""] = braces;
  const [before, after] = [pattern.slice(0, braces.index), pattern.slice(braces.index + all.length)];
  return inner.split(",").map((one) => before + one + after);
}
