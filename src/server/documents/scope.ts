/** What a place in a document belongs to. */
export type Scope = "code" | "comments" | "strings" | "prose";

/** How a language writes comments and strings. */
interface Syntax {
  /** What begins a comment that ends with its line. */
  readonly lines: readonly string[];
  /** What begins and what ends a comment. */
  readonly blocks: readonly (readonly [string, string])[];
  /** What begins and ends a string: the longest first. */
  readonly quotes: readonly string[];
  /** Those of the quotes that go on over the end of a line. */
  readonly long: readonly string[];
  /** Those in which a backslash stands for itself. */
  readonly raw?: readonly string[];
}

const triple = ['"""', "'''"];
const slashes: Syntax = { lines: ["//"], blocks: [["/*", "*/"]], quotes: ['"', "'"], long: [] };
const scripts: Syntax = { ...slashes, quotes: ['"', "'", "`"], long: ["`"] };
const dashes: Syntax = { lines: ["--"], blocks: [], quotes: ['"', "'"], long: [] };
const hashes: Syntax = { lines: ["#"], blocks: [], quotes: ['"', "'"], long: ['"', "'"] };
/** Where an apostrophe is no quote. */
const hashesOnly: Syntax = { ...hashes, quotes: ['"'], long: ['"'] };
const markup: Syntax = { lines: [], blocks: [["<!--", "-->"]], quotes: [], long: [] };

const syntaxes: Readonly<Record<string, Syntax>> = {
  c: slashes,
  cmake: hashesOnly,
  csharp: slashes,
  css: { ...slashes, lines: [] },
  dart: { ...slashes, quotes: [...triple, '"', "'"], long: triple },
  dockerfile: { ...hashes, long: [] },
  elixir: { ...hashes, quotes: ['"""', '"', "'"], long: ['"""', '"'] },
  go: { ...slashes, quotes: ['"', "`"], long: ["`"], raw: ["`"] },
  groovy: { ...slashes, quotes: [...triple, '"', "'"], long: triple },
  haskell: { ...dashes, blocks: [["{-", "-}"]], quotes: ['"'] },
  html: markup,
  ini: { ...hashes, lines: ["#", ";"], quotes: [], long: [] },
  java: { ...slashes, quotes: ['"""', '"'], long: ['"""'] },
  javascript: scripts,
  json: { ...slashes, quotes: ['"'] },
  julia: { ...hashesOnly, quotes: ['"""', '"'], long: ['"""', '"'] },
  kotlin: { ...slashes, quotes: ['"""', '"'], long: ['"""'] },
  lua: { ...dashes, blocks: [["--[[", "]]"]] },
  makefile: { ...hashes, quotes: [], long: [] },
  perl: hashes,
  php: { ...slashes, lines: ["//", "#"], long: ['"', "'"] },
  powershell: { ...hashes, blocks: [["<#", "#>"]], raw: ['"', "'"] },
  python: { ...hashes, quotes: [...triple, '"', "'"], long: triple },
  r: hashes,
  ruby: hashes,
  // A single quote may be a lifetime's.
  rust: { ...slashes, quotes: ['"'], long: ['"'] },
  scala: { ...slashes, quotes: ['"""', '"'], long: ['"""'] },
  shell: { ...hashes, raw: ["'"] },
  sql: { ...dashes, blocks: [["/*", "*/"]], long: ['"', "'"], raw: ['"', "'"] },
  swift: { ...slashes, quotes: ['"""', '"'], long: ['"""'] },
  terraform: { ...slashes, lines: ["#", "//"], quotes: ['"'] },
  typescript: scripts,
  xml: markup,
  yaml: { ...hashes, long: [] },
};

/** A longer text is read from this many UTF-16 units before its end, as code. */
const longest = 200_000;

const proseLanguages = new Set(["markdown", "prose", "latex", "plaintext", "git-commit"]);
const fence = /^ {0,3}(```|~~~)/gm;

/**
 * The scope of the place after a text, by a small lexer: it knows comments and strings, and no more of a language.
 * @param before the document up to the place
 * @param language as languageOf names it; undefined: unknown
 */
export function scopeAt(before: string, language: string | undefined): Scope {
  if (language === undefined || proseLanguages.has(language)) {
    const isInFence = language === "markdown" && (before.match(fence)?.length ?? 0) % 2 === 1;
    return isInFence ? "code" : "prose";
  }
  const syntax = syntaxes[language];
  return syntax ? scopeIn(before.slice(-longest), syntax) : "code";
}

function scopeIn(text: string, { lines, blocks, quotes, long, raw }: Syntax): Scope {
  const starts = [...blocks.map(([start]) => start), ...lines, ...quotes].map(patternOf);
  const next = new RegExp(starts.join("|") || "(?!)", "g");
  while (true) {
    const [start] = next.exec(text) ?? [];
    if (start === undefined) return "code";
    const block = blocks.find(([begin]) => begin === start);
    const isString = !block && quotes.includes(start);
    const end = block ? escaped(block[1]) : isString ? escaped(start) : "\n";
    const closing = isString
      ? endOfString(start, long.includes(start), raw?.includes(start) ?? false)
      : new RegExp(end, "g");
    closing.lastIndex = next.lastIndex;
    const found = closing.exec(text);
    if (!found) return isString ? "strings" : "comments";
    next.lastIndex = closing.lastIndex;
  }
}

/** A hash amid a word or after a brace, as in `${#name}`, begins no comment. */
function patternOf(start: string): string {
  return start === "#" ? "(?<![\\w${])#" : escaped(start);
}

/**
 * What remains of a string, with its end. A string of one line ends with the line, and a longer one of single quotes with an empty line: it
 * was an apostrophe.
 */
function endOfString(quote: string, isLong: boolean, isRaw: boolean): RegExp {
  const lineEnd = isLong ? "\\n[ \\t]*\\r?\\n" : "\\n";
  const stop = isLong && !/^["']$/.test(quote) ? escaped(quote) : `${escaped(quote)}|${lineEnd}`;
  // Only one alternative matches a backslash: with two, matching could take exponential time.
  return new RegExp(isRaw ? `(?:(?!${stop})[^])*(?:${stop})` : `(?:\\\\[^]|(?!${stop})[^\\\\])*(?:${stop})`, "y");
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}
