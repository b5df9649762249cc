/**
 * The wildcards of git's ignore rules (git's wildmatch with WM_PATHNAME): `*`, `?` and classes match no "/"; `**` between slashes
 * matches any number of folders. Patterns and names are strings of bytes, as git compares them (see {@link bytesOf}).
 *
 * The matcher follows all ways through the pattern in parallel (Thompson's simulation of a nondeterministic automaton), so it takes time
 * at most proportional to the pattern's length times the name's. A regular expression tries the ways one after another: a rule with eight
 * `**` takes it minutes for one name, and any repository can contain such a rule.
 */
export function wildmatch(pattern: string, ignoreCase: boolean): (name: string) => boolean {
  const parts = parse(pattern, ignoreCase);
  if (!parts) return () => false;
  const shortest = parts.filter((part) => typeof part !== "string").length;
  return (name) => name.length >= shortest && matches(parts, name);
}

/** A string with one character for each byte of a text in UTF-8. */
export function bytesOf(text: string): string {
  return isAscii.test(text) ? text : Buffer.from(text).toString("latin1");
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII begins with them.
const isAscii = /^[\x00-\x7f]*$/;

/** Converts ASCII letters, and no others, to lower case, as git does. */
export function foldCase(bytes: string): string {
  return bytes.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

// A byte, a set of bytes, or what `*` ("within"), a final `**` ("anything") and `**/` ("folders") match.
type Part = number | Uint8Array | "within" | "anything" | "folders";

const slash = 47;

function matches(parts: readonly Part[], name: string): boolean {
  /** For each number of parts, whether that many parts match the bytes read so far. */
  let now = new Uint8Array(parts.length + 1);
  let next = new Uint8Array(parts.length + 1);
  /** The smallest and the largest number that match. */
  let [least, most] = [0, 0];
  const enter = (states: Uint8Array, from: number): void => {
    let at = from;
    states[at] = 1;
    // Stars also match the empty string.
    while (typeof parts[at] === "string") states[++at] = 1;
    most = Math.max(most, at);
  };
  enter(now, 0);
  for (let i = 0; i < name.length; i++) {
    const byte = name.charCodeAt(i);
    const [first, last] = [least, most];
    [least, most] = [parts.length + 1, 0];
    for (let at = first; at <= last; at++) {
      const part = parts[at];
      if (!now[at] || part === undefined) continue;
      if (typeof part === "number" ? part === byte : typeof part === "object" && part[byte]) {
        enter(next, at + 1);
        least = Math.min(least, at + 1);
        continue;
      }
      if (typeof part !== "string" || (part === "within" && byte === slash)) continue;
      if (part === "folders") {
        next[at] = 1;
        most = Math.max(most, at);
        if (byte === slash) enter(next, at + 1);
      } else enter(next, at);
      least = Math.min(least, at);
    }
    if (least > parts.length) return false;
    now.fill(0, first, last + 1);
    [now, next] = [next, now];
  }
  return now[parts.length] === 1;
}

/** @returns undefined for a pattern that matches nothing: one with an unclosed class or a final backslash */
function parse(pattern: string, ignoreCase: boolean): Part[] | undefined {
  const parts: Part[] = [];
  for (let at = 0; at < pattern.length; ) {
    const char = pattern.charAt(at);
    if (char === "*") {
      const stars = pattern.slice(at).match(/^\*+/)?.[0].length ?? 1;
      const isWhole =
        stars > 1 && (at === 0 || pattern[at - 1] === "/") && /^($|\\?\/)/.test(pattern.slice(at + stars));
      at += stars;
      if (isWhole && pattern[at] === "/") {
        // Any number of folders twice is any number of folders. So no more than two stars follow one another in the parts.
        if (parts.at(-1) !== "folders") parts.push("folders");
        at++;
      } else parts.push(isWhole ? "anything" : "within");
    } else if (char === "?") {
      parts.push(anyButSlash);
      at++;
    } else if (char === "[") {
      const parsed = parseClass(pattern, at, ignoreCase);
      if (!parsed) return undefined;
      parts.push(parsed.set);
      at = parsed.end;
    } else if (char === "\\") {
      if (at + 1 === pattern.length) return undefined;
      parts.push(pattern.charCodeAt(at + 1));
      at += 2;
    } else {
      parts.push((ignoreCase ? foldCase(char) : char).charCodeAt(0));
      at++;
    }
  }
  return parts;
}

const anyButSlash = new Uint8Array(256).fill(1);
anyButSlash[slash] = 0;

/** The bytes in a class such as `[!a-z_[:digit:]]` that begins at an offset, and the offset of its end. */
function parseClass(
  pattern: string,
  start: number,
  ignoreCase: boolean,
): { readonly set: Uint8Array; readonly end: number } | undefined {
  const isNegated = /[!^]/.test(pattern.charAt(start + 1));
  const first = start + (isNegated ? 2 : 1);
  const set = new Uint8Array(256);
  /** The character that a range could begin with. */
  let lowest: string | undefined;
  let at = first;
  for (; at === first || pattern[at] !== "]"; at++) {
    let char = pattern.charAt(at);
    const named = char === "[" ? namedClassAt(pattern, at) : undefined;
    if (named !== undefined) {
      const members = namedClasses.get(named);
      if (!members) return undefined;
      for (let byte = 0; byte < set.length; byte++) {
        if (members.test(String.fromCharCode(byte))) add(set, byte, ignoreCase && named === "upper");
      }
      lowest = undefined;
      at += named.length + 3;
      continue;
    }
    const isRange = char === "-" && lowest !== undefined && at + 1 < pattern.length && pattern[at + 1] !== "]";
    if (isRange) char = pattern.charAt(++at);
    if (char === "\\") char = pattern.charAt(++at);
    if (char === "") return undefined;
    const from = isRange ? (lowest ?? char) : char;
    for (let byte = from.charCodeAt(0); byte <= char.charCodeAt(0); byte++) add(set, byte, ignoreCase && isRange);
    lowest = isRange ? undefined : char;
  }
  if (isNegated) for (let byte = 0; byte < set.length; byte++) set[byte] = set[byte] ? 0 : 1;
  set[slash] = 0;
  return { set, end: at + 1 };
}

/** The name in `[:name:]` at an offset. */
function namedClassAt(pattern: string, at: number): string | undefined {
  if (pattern[at + 1] !== ":") return undefined;
  const end = pattern.indexOf("]", at + 3);
  return pattern[at + 2] !== "]" && pattern[end - 1] === ":" ? pattern.slice(at + 2, end - 1) : undefined;
}

/** @param withLower whether to add the lower-case form of a letter as well */
function add(set: Uint8Array, byte: number, withLower: boolean): void {
  set[byte] = 1;
  if (withLower && byte >= capitalA && byte <= capitalZ) set[byte + 32] = 1;
}

const [capitalA, capitalZ] = [65, 90];

const namedClasses: ReadonlyMap<string, RegExp> = new Map([
  ["alnum", /[A-Za-z0-9]/],
  ["alpha", /[A-Za-z]/],
  ["blank", /[ \t]/],
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what the class means.
  ["cntrl", /[\x00-\x1f\x7f]/],
  ["digit", /[0-9]/],
  ["graph", /[!-~]/],
  ["lower", /[a-z]/],
  ["print", /[ -~]/],
  ["punct", /[!-/:-@[-`{-~]/],
  ["space", /[ \t\n\v\f\r]/],
  ["upper", /[A-Z]/],
  ["xdigit", /[A-Fa-f0-9]/],
]);
