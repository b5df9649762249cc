/** What a place in a document belongs to. */
export type Scope = "code" | "comments" | "strings" | "prose";

/** A comment or a string. Patterns are sources of regular expressions, without groups. */
interface Span {
  readonly scope: Scope;
  readonly begin: string;
  /** Finds its end after its beginning. @param partEnd what ends the part that it is in, if it is in one */
  readonly end: (partEnd: string | undefined) => RegExp;
}

/** A part of a document in another language. */
interface Part {
  readonly begin: string;
  readonly end: string;
  readonly syntax: Syntax;
}

/** How a language writes comments and strings. Where two begin alike, the longer one comes first. */
type Syntax = readonly (Span | Part)[];

/** What ends a string of one line that is not closed. */
const lineEnd = "\\n";
/** What ends a string of several lines that is not closed: its quote may have been an apostrophe. */
const emptyLine = "\\n[ \\t]*\\r?\\n";
/** Matches nowhere. */
const never = "(?!)";

/** A hash amid a word or after a brace, as in `${#name}`, begins no comment. */
const hash = line(/#(?<![\w${]#)/);
const dashes = line("--");
/** Slashes after a colon belong to a URL, which the text of JSX may contain. */
const slashesLine = line(/\/\/(?<!:\/\/)/);
const slashes = [block("/*", "*/"), slashesLine];

const double = string('"');
const single = string("'");
/** For languages that have words outside strings: the apostrophe of `Don't` begins no string. */
const singleOutsideWords = string("'", { begin: /'(?<!\w')/ });
/** For languages in which a single quote may also belong to a lifetime, a type, a name or a number. */
const character = string("'", { begin: /'(?=[^\\\n]'|\\)/ });
const longDouble = string('"', { stop: emptyLine });
const longSingle = string("'", { stop: emptyLine });
const rawDouble = string('"', { stop: emptyLine, isRaw: true });
const rawSingle = string("'", { stop: emptyLine, isRaw: true });
const tripleDouble = string('"""', { stop: never });
const triples = [tripleDouble, string("'''", { stop: never })];

const scripts: Syntax = [...slashes, double, singleOutsideWords, string("`", { stop: never })];
/** CSS has no line comments, but SCSS and Less do, also in the style parts of Vue and Svelte. `url(//` is a URL. */
const styles: Syntax = [block("/*", "*/"), line(/\/\/(?<![:(]\/\/)/), double, single];
const php: Syntax = [...slashes, line(/#(?!\[)/), longDouble, longSingle];

/** By languages, as languageOf names them. */
const syntaxes = byWord<Syntax>({
  bat: [line(/^[ \t]*(?:::|@?[Rr][Ee][Mm]\b)/), string('"', { isRaw: true })],
  "c hlsl objective-c objective-cpp shaderlab": [...slashes, double, character],
  "clojure el lisp rkt scm": [block("#|", "|#"), line(/;(?<!\\;)/), string('"', { begin: /"(?<!\\")/, stop: never })],
  cmake: [block("#[[", "]]"), hash, longDouble],
  "coffee coffeescript": [block("###", "###"), hash, ...triples, longDouble, longSingle],
  csharp: [...slashes, tripleDouble, string('"', { begin: /@\$?"/, stop: never, isRaw: true }), double, character],
  css: styles,
  d: [...slashes, block("/+", "+/"), longDouble, string("`", { stop: never, isRaw: true }), character],
  "dart groovy": [...slashes, ...triples, double, single],
  dockerfile: [hash, double, single],
  dotenv: [hash, longDouble, singleOutsideWords],
  elixir: [hash, tripleDouble, longDouble, single],
  erlang: [line(/%(?<!\$%)/), string('"', { begin: /"(?<!\$")/, stop: emptyLine }), single],
  fsharp: [block(/\(\*(?!\))/, "*)"), line("//"), tripleDouble, longDouble, character],
  "git-rebase ignore makefile": [hash],
  go: [...slashes, double, string("`", { stop: never, isRaw: true }), character],
  "go.mod": [line("//")],
  "gql graphql": [hash, tripleDouble, double],
  haskell: [block("{-", "-}"), dashes, double, character],
  // Also what is mapped to it: each template's marks mean nothing in the others.
  html: [
    block("<!--", "-->"),
    // ERB and EJS, then ASP and JSP, Handlebars and Blade, Razor.
    block("<%#", "%>"),
    block("<%--", "--%>"),
    block(/\{\{!?--/, "--}}"),
    block(/@\*(?=\s)/, "*@"),
    part(/<\?(?:php|=)/, "?>", php),
    part(/<script(?=[\s>])/, "</script", scripts),
    part(/<style(?=[\s>])/, "</style", styles),
    // The beginning of an Astro component.
    part(/---(?<![\s\S]---)/, /^---/, scripts),
  ],
  ini: [hash, line(";")],
  "jade pug": [slashesLine, double, singleOutsideWords],
  "java kotlin scala swift": [...slashes, tripleDouble, double, character],
  "javascript typescript": scripts,
  "code-snippets json snippets": [...slashes, double],
  julia: [block("#=", "=#"), hash, tripleDouble, longDouble],
  lua: [block("--[[", "]]"), dashes, string("]]", { begin: "[[", stop: never, isRaw: true }), double, single],
  nix: [block("/*", "*/"), hash, string("''", { stop: never, isRaw: true }), longDouble],
  ocaml: [block(/\(\*(?!\))/, "*)"), longDouble, character],
  "dpr pas pascal": [block("{", "}"), block("(*", "*)"), line("//"), string("'", { isRaw: true })],
  perl: [block(/^=[a-z]/, /^=cut/), hash, longDouble, longSingle],
  powershell: [block("<#", "#>"), hash, rawDouble, rawSingle],
  proto: [...slashes, double, single],
  python: [hash, ...triples, double, single],
  r: [hash, longDouble, longSingle],
  raku: [hash, longDouble, singleOutsideWords],
  ruby: [block(/^=begin/, /^=end/), hash, longDouble, longSingle],
  rust: [...slashes, longDouble, character],
  shell: [hash, longDouble, rawSingle],
  sql: [block("/*", "*/"), dashes, rawDouble, rawSingle],
  "hcl terraform": [...slashes, hash, double],
  toml: [hash, tripleDouble, string("'''", { stop: never, isRaw: true }), double, string("'", { isRaw: true })],
  vb: [line("'"), line(/^[ \t]*[Rr][Ee][Mm]\b/), string('"', { isRaw: true })],
  wat: [block("(;", ";)"), line(";;"), double],
  "xml xsl": [block("<!--", "-->")],
  yaml: [hash, double, singleOutsideWords],
  zig: [line("//"), double, character],
});

/** A longer text is read from this many UTF-16 units before its end, as if it began there. */
const longest = 200_000;

const fencedLanguages = new Set(["jmd", "juliamarkdown", "markdown", "qmd", "quarto", "rmd"]);
const proseLanguages = new Set([...fencedLanguages, "prose", "latex", "plaintext", "git-commit"]);
const fence = /^ {0,3}(```|~~~)/gm;

/**
 * The scope of the place after a text, by a small lexer: it knows comments and strings, and no more of a language.
 * @param before the document up to the place
 * @param language as languageOf names it; undefined: unknown
 */
export function scopeAt(before: string, language: string | undefined): Scope {
  if (language === undefined || proseLanguages.has(language)) {
    const isInFence = fencedLanguages.has(language ?? "") && (before.match(fence)?.length ?? 0) % 2 === 1;
    return isInFence ? "code" : "prose";
  }
  const syntax = syntaxes.get(language);
  return syntax ? scopeIn(before.slice(-longest), lexerOf(syntax)) : "code";
}

function scopeIn(text: string, document: Lexer): Scope {
  let lexer = document;
  let at = 0;
  while (true) {
    lexer.next.lastIndex = at;
    const found = lexer.next.exec(text);
    if (!found) return "code";
    at = lexer.next.lastIndex;
    const begun = lexer.begun[found.indexOf(found[0], 1) - 1];
    if (begun && "scope" in begun) {
      begun.end.lastIndex = at;
      if (!begun.end.test(text)) return begun.scope;
      at = begun.end.lastIndex;
    } else {
      // A part begins, or it has ended.
      lexer = begun ?? document;
    }
  }
}

interface Lexer {
  /** Finds what begins next, or the end of the part, with a group for each. */
  readonly next: RegExp;
  /** For each group, what follows; the end of the part has nothing. */
  readonly begun: readonly ({ readonly scope: Scope; readonly end: RegExp } | Lexer)[];
}

const lexers = new Map<Syntax, Lexer>();

/** Made once for each language: at every keystroke it would take longer than reading most documents. */
function lexerOf(syntax: Syntax): Lexer {
  const lexer = lexers.get(syntax) ?? newLexer(syntax);
  lexers.set(syntax, lexer);
  return lexer;
}

function newLexer(syntax: Syntax, partEnd?: string): Lexer {
  const marks = [...syntax.map(({ begin }) => begin), ...(partEnd === undefined ? [] : [partEnd])];
  return {
    next: new RegExp(marks.map((mark) => `(${mark})`).join("|"), "gm"),
    begun: syntax.map((one) =>
      "syntax" in one ? newLexer(one.syntax, one.end) : { scope: one.scope, end: one.end(partEnd) },
    ),
  };
}

/** A comment that ends with its line, or with the part that it is in. */
function line(begin: string | RegExp): Span {
  const end = (partEnd = never): RegExp => new RegExp(`\\n|(?=${partEnd})`, "gm");
  return { scope: "comments", begin: sourceOf(begin), end };
}

function block(begin: string | RegExp, end: string | RegExp): Span {
  return { scope: "comments", begin: sourceOf(begin), end: () => new RegExp(sourceOf(end), "gm") };
}

function part(begin: string | RegExp, end: string | RegExp, syntax: Syntax): Part {
  return { begin: sourceOf(begin), end: sourceOf(end), syntax };
}

interface StringOptions {
  /** What begins it, if not its quote alone. */
  readonly begin?: string | RegExp;
  /** What ends it if its quote does not. */
  readonly stop?: string;
  /** Whether a backslash stands for itself. */
  readonly isRaw?: boolean;
}

function string(quote: string, { begin = quote, stop = lineEnd, isRaw = false }: StringOptions = {}): Span {
  const end = `(?:${sourceOf(quote)}|${stop})`;
  // Only one alternative matches a backslash: with two, matching could take exponential time.
  const rest = isRaw ? new RegExp(end, "g") : new RegExp(`(?:\\\\[^]|(?!${end})[^\\\\])*${end}`, "y");
  return { scope: "strings", begin: sourceOf(begin), end: () => rest };
}

function sourceOf(mark: string | RegExp): string {
  return typeof mark === "string" ? mark.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&") : mark.source;
}

function byWord<T>(table: Readonly<Record<string, T>>): ReadonlyMap<string, T> {
  return new Map(
    Object.entries(table).flatMap(([words, value]) => words.split(" ").map((word) => [word, value] as const)),
  );
}
