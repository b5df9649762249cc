import { rules } from "@secretlint/secretlint-rule-preset-recommend";

/** A passage of a text, in UTF-16 units. */
export interface Passage {
  readonly from: number;
  readonly to: number;
}

/** What a scanner of secretlint looks at; without a path and an ending it opens no file. */
interface ScannedText {
  readonly content: string;
  readonly ext: string;
}

/** As much of secretlint's types as is used here: a rule, and what it needs of its host. */
interface Rule {
  readonly meta: { readonly id: string };
  create(context: RuleContext, options: object): { file?(text: ScannedText): unknown };
}

interface RuleContext {
  readonly sharedOptions: object;
  createTranslator(): () => object;
  report(found: { readonly range: readonly [from: number, to: number] }): void;
  ignore(): void;
}

/** What the scanner that runs has found. */
let reported: Passage[] = [];

const context: RuleContext = {
  sharedOptions: {},
  createTranslator: () => () => ({}),
  report: ({ range: [from, to] }) => reported.push({ from, to }),
  ignore: () => undefined,
};

/** Secretlint's recommended rules, but for the one that reads comments that switch others off. */
const scanners = (rules as unknown as readonly Rule[])
  .filter(({ meta }) => !meta.id.endsWith("-filter-comments"))
  .map((rule) => rule.create(context, { enableIDScanRule: true }));

/** Fewest characters of a line with a token in it that the rules know. */
const shortestLine = 12;

/**
 * Where a text has what is likely to be a secret: what the rules of secretlint find (keys and tokens in the formats of some thirty
 * services, passwords in URLs), a private key, a value that is given to a password, and what looks like random characters.
 * Takes some 20 µs for a line, and 40 µs for a kilobyte of text.
 */
export function secretPassages(text: string): Passage[] {
  if (text.length < shortestLine) return [];
  reported = [];
  for (const scanner of scanners) scanner.file?.({ content: text, ext: "" });
  for (const pattern of [privateKey, assignedSecret]) {
    for (const { index, 0: match } of text.matchAll(pattern)) reported.push({ from: index, to: index + match.length });
  }
  for (const { index, 0: run } of text.matchAll(longRun)) {
    if (looksRandom(run)) reported.push({ from: index, to: index + run.length });
  }
  return reported;
}

/** From its first line to its last, or to the end of what has come of it. */
const privateKey =
  /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----[^-]*(?:-----END (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----)?/g;

/** The end of what a password, a token or a key is called, in code and in settings, and what gives it its value. */
const secretName =
  /(?:passw(?:or)?d|passphrase|secret|token|credential|(?:api|access|private|auth|encryption|signing)[_-]?key)\w{0,20}["'`]?\]?/
    .source;

/**
 * A literal value that is given to such a name: in quotes, with a digit or a sign among its letters; as in a shell or .env, with a
 * digit; as in YAML, with a digit before a letter, which types and variables seldom have. Placeholders, calls and references
 * have other characters in them.
 */
const assignedSecret = new RegExp(
  `${secretName}(?:${[
    /\s{0,4}(?:[:=]|=>|:=)\s{0,4}(["'`])(?=[^\s"'`]{0,64}[A-Za-z])(?=[^\s"'`]{0,64}[0-9!@#%^&*])[^\s"'`${}<>()]{8,256}\1/,
    /=(?=\S{0,64}[A-Za-z])(?=\S{0,64}[0-9])[^\s"'`${}<>()[\].,;]{8,256}(?!\S)/,
    /:\s{1,4}(?=\S{0,64}[0-9][A-Za-z])[^\s"'`${}<>()[\].,;]{10,256}(?!\S)/,
  ]
    .map((pattern) => pattern.source)
    .join("|")})`,
  "gi",
);

/** A literal that is being given to such a name: what has been typed of it may be the beginning of a secret. */
const begunSecret = new RegExp(
  `${secretName}(?:\\s{0,4}(?:[:=]|=>|:=)\\s{0,4}(?:"[^"\\s]|'[^'\\s]|\`[^\`\\s])|(?<=^(?:export )?\\w{0,80})=\\S)`,
  "im",
);

/**
 * Whether lines that are being typed have a likely secret in them, or may have one when they are finished: a password is typed
 * character by character. Takes some 20 µs for a line.
 */
export function holdsSecret(lines: string): boolean {
  return begunSecret.test(lines) || secretPassages(lines).length > 0;
}

/** Characters of base64 and its kind, in one run. */
const longRun = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{32,}={0,2}/g;

/** Share of neighbours of different kinds above which characters are random; of base64 it is 0.64, of names seldom above 0.3. */
const leastChanges = 0.4;

/** Whether a run of characters changes between capitals, small letters and digits as only random ones do. */
function looksRandom(run: string): boolean {
  if (!/[A-Z]/.test(run) || !/[a-z]/.test(run) || !/[0-9]\D+[0-9]/.test(run)) return false;
  // Signs are part of base64, but they also stand between the words of a path.
  const characters = run.replace(/[^A-Za-z0-9]/g, "");
  let changes = 0;
  for (let i = 1; i < characters.length; i++) {
    if (kindOf(characters.charCodeAt(i)) !== kindOf(characters.charCodeAt(i - 1))) changes++;
  }
  return changes / (characters.length - 1) >= leastChanges;
}

function kindOf(code: number): "small" | "capital" | "digit" {
  if (code >= 0x61) return "small";
  return code >= 0x41 ? "capital" : "digit";
}

/** A text, and how many lines it was left without. */
export interface FilteredText {
  readonly text: string;
  readonly secretLines: number;
}

/** The text without the lines that have a likely secret in them, wholly or in part. */
export function withoutSecrets(text: string): FilteredText {
  const passages = secretPassages(text).sort((a, b) => a.from - b.from);
  if (passages.length === 0) return { text, secretLines: 0 };
  let [kept, secretLines, at] = ["", 0, 0];
  for (const { from, to } of passages) {
    if (to <= at) continue;
    const start = Math.max(at, lineStart(text, from));
    const end = lineEnd(text, to);
    kept += text.slice(at, start);
    secretLines += text
      .slice(start, end)
      .trimEnd()
      .split(/\r\n?|\n/).length;
    at = end;
  }
  return { text: kept + text.slice(at), secretLines };
}

/** Where the line begins that has the character at an offset. */
function lineStart(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && !isLineEnd(text, start - 1)) start--;
  return start;
}

/** Where the line after the one begins that has the character before an offset. */
function lineEnd(text: string, offset: number): number {
  let end = Math.max(0, offset - 1);
  while (end < text.length && !isLineEnd(text, end)) end++;
  return text.startsWith("\r\n", end) ? end + 2 : Math.min(end + 1, text.length);
}

function isLineEnd(text: string, offset: number): boolean {
  const code = text.charCodeAt(offset);
  return code === 0x0a || code === 0x0d;
}
