import picomatch from "picomatch";
import { bytesOf, wildmatch } from "./wildmatch.ts";

/**
 * A glob with more stars than this is not given to picomatch, whose regular expressions backtrack: the time that they take for one
 * name grows with the name's length to the power of the number of stars.
 */
const mostStars = 2;

/** Braces are expanded to at most this many alternatives. */
const mostAlternatives = 256;

/**
 * Whether a name matches one of some globs. Names have "/" between their parts, and a name may begin with a dot. A slash at a glob's start
 * is the root that names are relative to, so it changes nothing. The time taken is bounded for every glob. If a glob has more than two stars, or one in a group that repeats, then a group such as `+(a|b)` matches
 * whatever `*` matches. Such a glob of excluded files leaves out too much rather than too little.
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

/** Whether picomatch takes little time for a glob: it has few stars, and none in a group that repeats. */
function isLight(glob: string): boolean {
  return starsIn(glob) <= mostStars && !repeatsStars(glob);
}

/** Whether a star, or a group that repeats, is in a group that repeats. */
function repeatsStars(glob: string): boolean {
  /** The groups around a character, outermost first: whether each of them repeats. */
  const groups: boolean[] = [];
  for (const [token] of glob.matchAll(/[@?+*!]?\(|\)|\*/g)) {
    const repeats = /^[*+!]/.test(token);
    if (repeats && groups.includes(true)) return true;
    if (token === ")") groups.pop();
    else if (token.endsWith("(")) groups.push(repeats);
  }
  return false;
}

/** The number of runs of stars, and of groups that can match a text of any length, in a glob. */
function starsIn(glob: string): number {
  return glob.match(/\*+|[+!]\(/g)?.length ?? 0;
}

function boundedMatcher(glob: string): (name: string) => boolean {
  const isNegated = glob.startsWith("!") && !glob.startsWith("!(");
  const pattern = withoutGroups(isNegated ? glob.slice(1) : glob).replace(/^\.\//, "");
  // As in picomatch, `a/**` also matches the folder `a` itself.
  const patterns = alternativesOf(pattern).flatMap((one) => (one.endsWith("/**") ? [one, one.slice(0, -3)] : [one]));
  const matchers = patterns.map((one) => wildmatch(bytesOf(one), false));
  return (name) => matchers.some((matches) => matches(bytesOf(name))) !== isNegated;
}

/** Replaces each group in a glob by `*`, from the innermost out. */
function withoutGroups(glob: string): string {
  const replaced = glob.replace(/[@?+*!]?\([^()]*\)/g, "*");
  return replaced === glob ? glob : withoutGroups(replaced);
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
  const braces = /\{([^{}]*,[^{}]*)\}/.exec(pattern);
  if (!braces) return [pattern];
  const [all, inner = ""] = braces;
  const [before, after] = [pattern.slice(0, braces.index), pattern.slice(braces.index + all.length)];
  return inner.split(",").map((one) => before + one + after);
}
