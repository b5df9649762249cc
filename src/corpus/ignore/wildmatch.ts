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
        parts.push("folders");
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
    const named = char === "[" ? /^\[:([^\]]*):\]/.exec(pattern.slice(at)) : null;
    if (named) {
      const members = namedClasses.get(named[1] ?? "");
      if (!members) return undefined;
      addAll(set, (byte) => members.test(byte), ignoreCase && named[1] === "upper");
      lowest = undefined;
      at += named[0].length - 1;
      continue;
    }
    const isRange = char === "-" && lowest !== undefined && at + 1 < pattern.length && pattern[at + 1] !== "]";
    if (isRange) char = pattern.charAt(++at);
    if (char === "\\") char = pattern.charAt(++at);
    if (char === "") return undefined;
    const from = isRange ? (lowest ?? char) : char;
    const to = char;
    addAll(set, (byte) => byte >= from && byte <= to, ignoreCase && isRange);
    lowest = isRange ? undefined : char;
  }
  const taken = set.map((is) => (isNegated ? 1 - is : is));
  taken[slash] = 0;
  return { set: taken, end: at + 1 };
}

/** @param withLower whether to add the lower-case forms of the letters as well */
function addAll(set: Uint8Array, has: (byte: string) => boolean, withLower: boolean): void {
  for (let code = 0; code < 256; code++) {
    const byte = String.fromCharCode(code);
    if (has(byte)) set[code] = 1;
    else if (withLower && /[a-z]/.test(byte) && has(byte.toUpperCase())) set[code] = 1;
  }
}

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
