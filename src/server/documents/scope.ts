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
}

const slashes: Syntax = { lines: ["//"], blocks: [["/*", "*/"]], quotes: ['"', "'"], long: [] };
const scripts: Syntax = { ...slashes, quotes: ['"', "'", "`"], long: ["`"] };
/** Where a single quote is a character's, a lifetime's or a type variable's. */
const withoutSingle: Syntax = { ...slashes, quotes: ['"'], long: ['"'] };
const hashes: Syntax = { lines: ["#"], blocks: [], quotes: ['"', "'"], long: ['"', "'"] };
const python: Syntax = { lines: ["#"], blocks: [], quotes: ['"""', "'''", '"', "'"], long: ['"""', "'''"] };
const markup: Syntax = { lines: [], blocks: [["<!--", "-->"]], quotes: ['"', "'"], long: ['"', "'"] };

const syntaxes: Readonly<Record<string, Syntax>> = {
  c: slashes,
  csharp: slashes,
  css: { ...slashes, lines: [] },
  dart: { ...slashes, quotes: ['"""', "'''", '"', "'"], long: ['"""', "'''"] },
  go: { ...slashes, quotes: ['"', "`"], long: ["`"] },
  groovy: { ...slashes, quotes: ['"""', "'''", '"', "'"], long: ['"""', "'''"] },
  haskell: { lines: ["--"], blocks: [["{-", "-}"]], quotes: ['"'], long: [] },
  java: { ...slashes, quotes: ['"""', '"'], long: ['"""'] },
  javascript: scripts,
  kotlin: { ...slashes, quotes: ['"""', '"'], long: ['"""'] },
  lua: { lines: ["--"], blocks: [["--[[", "]]"]], quotes: ['"', "'"], long: [] },
  php: { ...slashes, lines: ["//", "#"], long: ['"', "'"] },
  powershell: { ...hashes, blocks: [["<#", "#>"]] },
  python,
  rust: withoutSingle,
  scala: { ...slashes, quotes: ['"""', '"'], long: ['"""'] },
  sql: { lines: ["--"], blocks: [["/*", "*/"]], quotes: ["'", '"'], long: ["'"] },
  swift: { ...slashes, quotes: ['"""', '"'], long: ['"""'] },
  typescript: scripts,
  xml: markup,
  html: { ...markup, quotes: [], long: [] },
};
for (const language of [
  "cmake",
  "dockerfile",
  "elixir",
  "ini",
  "julia",
  "makefile",
  "perl",
  "r",
  "ruby",
  "shell",
  "terraform",
  "yaml",
])
  Object.assign(syntaxes, { [language]: language === "yaml" || language === "ini" ? { ...hashes, long: [] } : hashes });

const proseLanguages = new Set(["markdown", "prose", "latex", "plaintext", "git-commit", "scminput"]);
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
  return syntax ? scopeIn(before, syntax) : "code";
}

function scopeIn(text: string, { lines, blocks, quotes, long }: Syntax): Scope {
  const starts = [...blocks.map(([start]) => start), ...lines, ...quotes];
  const next = new RegExp(starts.map(escaped).join("|") || "(?!)", "g");
  while (true) {
    const [start] = next.exec(text) ?? [];
    if (start === undefined) return "code";
    const block = blocks.find(([begin]) => begin === start);
    const isString = !block && quotes.includes(start);
    const end = block ? escaped(block[1]) : isString ? escaped(start) : "\n";
    const closing = isString ? endOfString(end, long.includes(start)) : new RegExp(end, "g");
    closing.lastIndex = next.lastIndex;
    const found = closing.exec(text);
    if (!found) return isString ? "strings" : "comments";
    next.lastIndex = closing.lastIndex;
  }
}

/** A backslash takes what follows it out of a string's end. A string of one line ends with the line. */
function endOfString(end: string, isLong: boolean): RegExp {
  const stop = isLong ? end : `${end}|\\n`;
  // Only one alternative matches a backslash: with two, matching could take exponential time.
  return new RegExp(`(?:\\\\[^]|(?!${stop})[^\\\\])*(?:${stop})`, "y");
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}
