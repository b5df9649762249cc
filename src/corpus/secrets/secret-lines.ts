import { rules } from "@secretlint/secretlint-rule-preset-recommend";
import type { Span } from "../../span.ts";
import { joinLiterals } from "./joined-literals.ts";
import { begunToken, secretValues } from "./secret-values.ts";

/** The input of a secretlint scanner. Without a path and an extension, a scanner opens no file. */
interface ScannedText {
  readonly content: string;
  readonly ext: string;
}

/** The parts of secretlint's types that are used here: a rule, and what it needs from its host. */
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

/** The passages found by the current scan. */
let reported: Span[] = [];

const context: RuleContext = {
  sharedOptions: {},
  createTranslator: () => () => ({}),
  report: ({ range: [from, to] }) => reported.push({ from, to }),
  ignore: () => undefined,
};

/** Secretlint's recommended rules, except the one that lets comments switch off others. */
const scanners = (rules as unknown as readonly Rule[])
  .filter(({ meta }) => !meta.id.endsWith("-filter-comments"))
  .map((rule) => rule.create(context, { enableIDScanRule: true }));

/** The shortest line that can contain a token known to the rules. */
const shortestLine = 12;

/**
 * Finds the likely secrets in a text: matches of secretlint's rules (keys and tokens in the formats of some thirty services, passwords in
 * URLs), private keys, values assigned to names such as "password", and runs that look random, also if code joins them of several
 * literals. Takes about 40 µs for a line, and 50 µs for a kilobyte of text.
 */
export function secretPassages(text: string): Span[] {
  if (text.length < shortestLine) return [];
  const found = scan(text);
  const joined = joinLiterals(text);
  if (joined) found.push(...scan(joined.text).flatMap((passage) => joined.originOf(passage) ?? []));
  return found;
}

function scan(text: string): Span[] {
  reported = [];
  for (const scanner of scanners) scanner.file?.({ content: text, ext: "" });
  for (const { from, to, isWhole } of secretValues(text)) if (isWhole) reported.push({ from, to });
  for (const format of [privateKey, ...formats]) reported.push(...passagesOf(format, text));
  reported.push(...passagesOf(longRun, text).filter(({ from, to }) => looksRandom(text.slice(from, to))));
  return reported;
}

/** Where a global pattern matches a text. */
function passagesOf(pattern: RegExp, text: string): Span[] {
  return Array.from(text.matchAll(pattern), ({ index, 0: { length } }) => ({ from: index, to: index + length }));
}

/**
 * Matches a private key from its first line to its last, or to the end of the text if it is incomplete. The headers of an encrypted key
 * contain hyphens.
 */
const privateKey =
  /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----[^-]*(?:-(?!----)[^-]*)*(?:-----END (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----)?/g;

/**
 * Whether lines that are being typed contain a likely secret, or may contain one when finished: a password is typed character by
 * character. Takes about 40 µs for a line.
 * @param lineBefore the line before them, which may name the secret
 */
export function holdsSecret(lines: string, lineBefore = ""): boolean {
  const text = lineBefore + lines;
  const isInLines = (passage: Span | undefined): boolean => passage !== undefined && passage.to > lineBefore.length;
  for (const passage of begunSecrets(text)) if (isInLines(passage)) return true;
  const joined = joinLiterals(text);
  if (joined) for (const passage of begunSecrets(joined.text)) if (isInLines(joined.originOf(passage))) return true;
  return secretPassages(text).some(isInLines);
}

/** The passages that are secrets, or may become secrets as they are typed. */
function* begunSecrets(text: string): Generator<Span, void, undefined> {
  yield* passagesOf(begunToken, text);
  yield* secretValues(text);
}

/** Matches a run of characters of base64 and similar encodings. */
const longRun = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{32,}={0,2}/g;

/** Formats of tokens and passwords that secretlint's rules do not have. */
const formats: readonly RegExp[] = [
  // A service's prefix and many hexadecimal digits, such as the tokens of DigitalOcean, Pulumi and RubyGems.
  /(?<![\w-])(?!sha\d)[a-z][a-z0-9]{1,11}[_-](?:[a-z0-9]{1,8}_)?[0-9a-f]{32,}(?![\w-])/g,
  // Discord's: an id, a time and a code, in base64.
  /(?<![\w.-])[MNO][\w-]{22,27}\.[\w-]{6,7}\.[\w-]{27,}/g,
  // echo … | docker login --password-stdin
  /(?<=\becho\s{1,4}(?:-n\s{1,4})?(?=["']?\S{6}))(?:'[^\s']+'|["']?[^\s"'`$|]+["']?)\s{0,4}\|[^\r\n]{0,160}--password-stdin/g,
  // A line of PostgreSQL's password file: host, port, database, user and password.
  /(?<=^|[\r\n])(?:[\w.-]+|\*):(?:\d{2,5}|\*):(?:[\w-]+|\*):[\w.@-]+:[^\s:]{6,}(?=$|[\r\n])/g,
];

/** The share of neighbouring characters of different kinds above which a run counts as random. It is 0.64 in base64, and seldom above 0.3 in names. */
const leastChanges = 0.4;

/** Whether a run changes between capitals, small letters and digits as often as only random characters do. */
function looksRandom(run: string): boolean {
  if (!/[A-Z]/.test(run) || !/[a-z]/.test(run) || !/[0-9]\D+[0-9]/.test(run)) return false;
  // Signs are part of base64, but they also separate the words of a path.
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

/** A text, and how many lines were removed from it. */
export interface FilteredText {
  readonly text: string;
  readonly secretLines: number;
}

/** Removes the lines that contain all or part of a likely secret. */
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

/** The start of the line with the character at an offset. */
function lineStart(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && !isLineEnd(text, start - 1)) start--;
  return start;
}

/** The start of the line after the one with the character before an offset. */
function lineEnd(text: string, offset: number): number {
  let end = Math.max(0, offset - 1);
  while (end < text.length && !isLineEnd(text, end)) end++;
  return text.startsWith("\r\n", end) ? end + 2 : Math.min(end + 1, text.length);
}

function isLineEnd(text: string, offset: number): boolean {
  const code = text.charCodeAt(offset);
  return code === 0x0a || code === 0x0d;
}
