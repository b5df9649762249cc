import iconv from "iconv-lite";
import { chardet } from "jschardet";
import { count } from "./count.ts";
import { implausible, isWestern } from "./plausible-text.ts";

/** The text of some bytes and the name of its encoding for {@link decoded}, or why the bytes can't be read as text. */
export type DecodedBytes =
  | { readonly encoding: string; readonly text: string }
  | { readonly reason: "binary" | "unknown encoding" };

/** The number of bytes at a file's start that its encoding is detected from. */
export const judgedLength = 1 << 20;

/** UTF-32 comes first, because its mark begins with that of UTF-16. */
const byteOrderMarks: readonly (readonly [encoding: string, bytes: readonly number[]])[] = [
  ["utf-32-le", [0xff, 0xfe, 0, 0]],
  ["utf-32-be", [0, 0, 0xfe, 0xff]],
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16-le", [0xff, 0xfe]],
  ["utf-16-be", [0xfe, 0xff]],
];

/** The marks of Unicode's other encodings, which are rare and not decoded: UTF-7, UTF-1, UTF-EBCDIC, SCSU and BOCU-1. */
const rareMarks: readonly (readonly number[])[] = [
  ...[0x38, 0x39, 0x2b, 0x2f].map((last) => [0x2b, 0x2f, 0x76, last]),
  [0xf7, 0x64, 0x4c],
  [0xdd, 0x73, 0x66, 0x73],
  [0x0e, 0xfe, 0xff],
  [0xfb, 0xee, 0x28],
];

/** The number of bytes that the detector examines, which takes a few milliseconds. */
const evidenceLength = 2048;

/** Fewer non-ASCII bytes than this may be a single name or sign, which rare encodings explain as well as common ones. */
const muchEvidence = 32;

/** Of fewer, nothing is known if the detector does not know. */
const someEvidence = 12;

/** The detector's lowest confidence that is more than a guess, with much evidence and with little. */
const leastConfidence = { much: 0.02, little: 0.005 };

/** All encodings but EBCDIC: workspaces hold no files from mainframes, and EBCDIC decodes any bytes as letters. */
const allEras = chardet.EncodingEra.ALL & ~chardet.EncodingEra.MAINFRAME;

/** The encodings of web pages, and of most source code that is not UTF-8. */
const commonEra = chardet.EncodingEra.MODERN_WEB;

/**
 * Decodes a file's bytes. A byte order mark decides the encoding; otherwise the bytes are UTF-8 if they are valid, or else in the encoding
 * that a detector finds for the lines that are not ASCII. Bytes that do not decode to text are "binary" or in an "unknown encoding".
 * The mark is not part of the text, and bytes that can't be decoded become U+FFFD.
 * @param start the file's first bytes
 * @param isWhole whether these are all of its bytes; if not, the last character may be cut short
 */
export function decodeBytes(start: Uint8Array, isWhole: boolean): DecodedBytes {
  const beginsWith = (bytes: readonly number[]): boolean => bytes.every((byte, i) => start[i] === byte);
  if (rareMarks.some(beginsWith)) return { reason: "unknown encoding" };
  const marked = byteOrderMarks.find(([, bytes]) => beginsWith(bytes));
  if (marked) return decodedAs(marked[0], start, isWhole) ?? { reason: "binary" };
  if (startsWith(start, "%PDF-")) return { reason: "binary" };
  if (escapesIn(start)) return { reason: "unknown encoding" };
  if (start.includes(0)) return decodeWide(start, isWhole);
  const text = textOf(start, "utf-8", isWhole);
  if (controlsIn(text) > text.length / 10) return { reason: "binary" };
  return isUtf8(start, isWhole) || isMostlyUtf8(text) ? { encoding: "utf-8", text } : decodeLegacy(start, isWhole);
}

/** Decodes bytes chunk by chunk, without the byte order mark. Bytes that can't be decoded become U+FFFD. */
export function* decoded(chunks: Iterable<Uint8Array>, encoding: string): Generator<string, void, undefined> {
  const decoder = iconv.getDecoder(encoding);
  let isStart = true;
  for (const chunk of chunks) {
    const text = decoder.write(asBuffer(chunk));
    yield isStart ? withoutMark(text) : text;
    isStart &&= text === "";
  }
  const rest = decoder.end();
  if (rest) yield rest;
}

/** Returns undefined if the bytes do not decode to text. */
function decodedAs(encoding: string, start: Uint8Array, isWhole: boolean): DecodedBytes | undefined {
  const text = textOf(start, encoding, isWhole);
  return isText(text) ? { encoding, text } : undefined;
}

function textOf(start: Uint8Array, encoding: string, isWhole: boolean): string {
  const decoder = iconv.getDecoder(encoding);
  const text = withoutMark(decoder.write(asBuffer(start)));
  return isWhole ? text + (decoder.end() ?? "") : text;
}

/** Removes a byte order mark, which the decoder for GB 18030 leaves in the text. */
function withoutMark(text: string): string {
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Decodes bytes that include zeros: UTF-16 or UTF-32 without a mark, or not text. */
function decodeWide(start: Uint8Array, isWhole: boolean): DecodedBytes {
  const { encoding } = chardet.detect(start.subarray(0, 2 * evidenceLength), { encodingEra: allEras });
  const isWide = encoding !== null && /^utf-(16|32)-/.test(encoding);
  return (isWide && decodedAs(encoding, start, isWhole)) || { reason: "binary" };
}

/**
 * Decodes text in an encoding that extends ASCII, such as Latin-1 or GBK. If only a few bytes are not ASCII and the detector is unsure, the
 * text is decoded as UTF-8, with U+FFFD for those bytes.
 */
function decodeLegacy(start: Uint8Array, isWhole: boolean): DecodedBytes {
  const evidence = evidenceIn(start);
  const foreign = evidence.reduce((sum, byte) => sum + (byte >= 0x80 ? 1 : 0), 0);
  const isMuch = foreign >= muchEvidence;
  const { encoding, confidence } = isMuch
    ? chardet.detect(evidence, { encodingEra: allEras })
    : likeliestCommonEncoding(evidence);
  if (encoding === null) return { reason: "binary" };
  const isGuess = confidence < (isMuch ? leastConfidence.much : leastConfidence.little);
  const detected = !isGuess && iconv.encodingExists(encoding) ? encoding : undefined;
  const isEnough = detected !== undefined || foreign >= someEvidence;
  const plausible = isEnough ? plausibleEncoding(evidence, foreign, detected) : undefined;
  const decoded = plausible && decodedAs(plausible, start, isWhole);
  if (decoded) return decoded;
  return isMuch ? { reason: "unknown encoding" } : { encoding: "utf-8", text: textOf(start, "utf-8", isWhole) };
}

/** What the bytes may be in if the detector is wrong: the commonest encodings of the web. */
const others = ["windows-1252", "windows-1250", "iso-8859-2", "windows-1251", "koi8-r"];
/** The same if there is more evidence: those of DOS and of East Asia decode many bytes to letters. */
const rareOthers = ["cp866", "cp437", "cp850", "shift_jis", "gbk", "euc-kr", "big5"];
const centralEuropean = /^(?:windows-1250|iso-8859-(?:2|16)|maccentraleurope)$/i;
/** The largest share of implausible characters in text that was decoded rightly, and how many signs are more than an odd name. */
const mostImplausible = 0.05;
const manySigns = 2;

/** The detected encoding if the decoded text looks like text; otherwise the first other one in which it clearly does. */
function plausibleEncoding(evidence: Uint8Array, foreign: number, detected: string | undefined): string | undefined {
  const judge = (encoding: string): ReturnType<typeof implausible> => implausible(textOf(evidence, encoding, false));
  const isPlausible = (encoding: string): boolean => judge(encoding).signs === 0;
  if (detected !== undefined) {
    const isAmbiguous = centralEuropean.test(detected) && isPlausible("windows-1252");
    if (isAmbiguous && isWestern(textOf(evidence, "windows-1252", false))) return "windows-1252";
    const { signs, share } = judge(detected);
    if (share <= mostImplausible || signs < manySigns) return detected;
  }
  const candidates = foreign >= someEvidence ? [...others, ...rareOthers] : others;
  return candidates.find(isPlausible) ?? detected;
}

/** Windows-1252, which includes Latin-1, unless another encoding is clearly more likely: the margin is about that of a single letter. */
function likeliestCommonEncoding(evidence: Uint8Array): { encoding: string | null; confidence: number } {
  const likely = chardet.detectAll(evidence, { encodingEra: commonEra, ignoreThreshold: true });
  const [best = { encoding: null, confidence: 0 }] = likely;
  const western = likely.find(({ encoding }) => encoding === "Windows-1252");
  return western && western.confidence >= 0.95 * best.confidence ? western : best;
}

/**
 * The first lines that are not ASCII. In code, most lines are ASCII and say nothing about the encoding. No encoding that extends ASCII uses
 * the bytes of a line end in another character.
 */
function evidenceIn(start: Uint8Array): Uint8Array {
  const lines: Uint8Array[] = [];
  let length = 0;
  let lineStart = 0;
  let isAscii = true;
  for (let i = 0; i <= start.length && length < evidenceLength; i++) {
    const byte = start[i];
    if (byte !== undefined && byte >= 0x80) isAscii = false;
    if (byte !== undefined && byte !== 0x0a && byte !== 0x0d) continue;
    if (!isAscii) {
      lines.push(start.subarray(lineStart, Math.min(i + 1, lineStart + evidenceLength)));
      length += i + 1 - lineStart;
    }
    lineStart = i + 1;
    isAscii = true;
  }
  return Buffer.concat(lines);
}

/** Whether the bytes switch between character sets by escape sequences, as ISO-2022-JP does: it is ASCII otherwise, and not decoded. */
function escapesIn(start: Uint8Array): boolean {
  if (!start.includes(0x1b)) return false;
  const [, ...rests] = asBuffer(start).toString("latin1").split("\u001b");
  return rests.some((rest) => /^\$(?:[@-D]|\([A-D]|\)[AC])/.test(rest));
}

function isUtf8(start: Uint8Array, isWhole: boolean): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(start, { stream: !isWhole });
    return true;
  } catch {
    return false;
  }
}

/** Whether a text decoded as UTF-8 is damaged UTF-8: in other encodings, few bytes happen to be well-formed UTF-8. */
function isMostlyUtf8(text: string): boolean {
  return count(text, /[\u0080-\uFFFC]/g) > 4 * count(text, /\uFFFD/g);
}

/** Whether decoded characters are text, apart from a share small enough to be damage. */
function isText(text: string): boolean {
  if (text.includes("\0")) return false;
  const notText = controlsIn(text) + count(text, /[\p{Cn}\p{Co}\p{Cs}]/gu);
  return notText <= text.length / 100 && count(text, /\uFFFD/g) <= count(text, /[\u0080-\uFFFF]/g) / 50;
}

/** Counts the control characters other than blanks, line ends, backspace and escape. */
function controlsIn(text: string): number {
  let controls = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 ? (code < 0x08 || code > 0x0d) && code !== 0x1b : code >= 0x7f && code < 0xa0) controls++;
  }
  return controls;
}

function startsWith(bytes: Uint8Array, ascii: string): boolean {
  return asBuffer(bytes.subarray(0, ascii.length)).toString("latin1") === ascii;
}
