import iconv from "iconv-lite";
import { chardet } from "jschardet";

/** The text of some bytes and its encoding, by a name that {@link decoded} knows; or why they can't be read as text. */
export type DecodedBytes =
  | { readonly encoding: string; readonly text: string }
  | { readonly reason: "binary" | "unknown encoding" };

/** Bytes of a file's start that are enough to find its encoding out. */
export const judgedLength = 1 << 20;

/** Longest first: UTF-16's mark begins UTF-32's. */
const byteOrderMarks: readonly (readonly [encoding: string, bytes: readonly number[]])[] = [
  ["utf-32-le", [0xff, 0xfe, 0, 0]],
  ["utf-32-be", [0, 0, 0xfe, 0xff]],
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16-le", [0xff, 0xfe]],
  ["utf-16-be", [0xfe, 0xff]],
];

/** Bytes that the detector looks at: a few milliseconds' work. */
const evidenceLength = 2048;

/** Fewer bytes beyond ASCII than these may be a single name or sign, which rare encodings explain as well as common ones. */
const muchEvidence = 32;

/** The least confidence of the detector's that is not a mere guess, with much evidence and with little. */
const leastConfidence = { much: 0.02, little: 0.005 };

/** No mainframe has written a file of a workspace, and EBCDIC makes letters of any bytes. */
const allEras = chardet.EncodingEra.ALL & ~chardet.EncodingEra.MAINFRAME;

/** The encodings that the web's pages are in, and most source code that is not UTF-8. */
const commonEra = chardet.EncodingEra.MODERN_WEB;

/**
 * Decodes a file's bytes: as a byte order mark says, as UTF-8 where they are that, or else as a detector judges them by the lines
 * that are not ASCII. What does not come out as text is "binary", or in an "unknown encoding". The mark is no part of the text,
 * and what can't be decoded in it is U+FFFD.
 * @param start the file's first bytes
 * @param isWhole whether these are all; otherwise the last character may be cut short
 */
export function decodeBytes(start: Uint8Array, isWhole: boolean): DecodedBytes {
  const marked = byteOrderMarks.find(([, bytes]) => bytes.every((byte, i) => start[i] === byte));
  if (marked) return decodedAs(marked[0], start, isWhole) ?? { reason: "binary" };
  if (startsWith(start, "%PDF-")) return { reason: "binary" };
  if (start.includes(0)) return decodeWide(start, isWhole);
  const text = textOf(start, "utf-8", isWhole);
  if (controlsIn(text) > text.length / 10) return { reason: "binary" };
  return isUtf8(start, isWhole) || isMostlyUtf8(text) ? { encoding: "utf-8", text } : decodeLegacy(start, isWhole);
}

/** The text of bytes that come in chunks, chunk by chunk; without a byte order mark. What can't be decoded becomes U+FFFD. */
export function* decoded(chunks: Iterable<Uint8Array>, encoding: string): Generator<string, void, undefined> {
  const decoder = iconv.getDecoder(encoding);
  for (const chunk of chunks) yield decoder.write(asBuffer(chunk));
  const rest = decoder.end();
  if (rest) yield rest;
}

/** Undefined if it does not come out as text. */
function decodedAs(encoding: string, start: Uint8Array, isWhole: boolean): DecodedBytes | undefined {
  const text = textOf(start, encoding, isWhole);
  return isText(text) ? { encoding, text } : undefined;
}

function textOf(start: Uint8Array, encoding: string, isWhole: boolean): string {
  const decoder = iconv.getDecoder(encoding);
  const text = decoder.write(asBuffer(start));
  return isWhole ? text + (decoder.end() ?? "") : text;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Bytes with a zero among them: UTF-16 or UTF-32 without a mark, or no text. */
function decodeWide(start: Uint8Array, isWhole: boolean): DecodedBytes {
  const { encoding } = chardet.detect(start.subarray(0, 2 * evidenceLength), { encodingEra: allEras });
  const isWide = encoding !== null && /^utf-(16|32)-/.test(encoding);
  return (isWide && decodedAs(encoding, start, isWhole)) || { reason: "binary" };
}

/**
 * Text of an encoding that has ASCII in it, such as Latin-1 or GBK. A text that is ASCII but for a few bytes that say nothing
 * is decoded as UTF-8, which leaves U+FFFD in their place.
 */
function decodeLegacy(start: Uint8Array, isWhole: boolean): DecodedBytes {
  const evidence = evidenceIn(start);
  const isMuch = evidence.reduce((sum, byte) => sum + (byte >= 0x80 ? 1 : 0), 0) >= muchEvidence;
  const { encoding, confidence } = isMuch
    ? chardet.detect(evidence, { encodingEra: allEras })
    : likeliestCommonEncoding(evidence);
  if (encoding === null) return { reason: "binary" };
  const isGuess = confidence < (isMuch ? leastConfidence.much : leastConfidence.little);
  const decoded = !isGuess && iconv.encodingExists(encoding) && decodedAs(encoding, start, isWhole);
  if (decoded) return decoded;
  return isMuch ? { reason: "unknown encoding" } : { encoding: "utf-8", text: textOf(start, "utf-8", isWhole) };
}

/** Windows-1252, which has Latin-1 in it, if another is no likelier by more than what a single letter makes. */
function likeliestCommonEncoding(evidence: Uint8Array): { encoding: string | null; confidence: number } {
  const likely = chardet.detectAll(evidence, { encodingEra: commonEra, ignoreThreshold: true });
  const [best = { encoding: null, confidence: 0 }] = likely;
  const western = likely.find(({ encoding }) => encoding === "Windows-1252");
  return western && western.confidence >= 0.95 * best.confidence ? western : best;
}

/**
 * The first lines that are not ASCII: in code the others are most of the text, and say nothing about the encoding. In no encoding
 * that has ASCII in it is a line end a part of another character.
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

function isUtf8(start: Uint8Array, isWhole: boolean): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(start, { stream: !isWhole });
    return true;
  } catch {
    return false;
  }
}

/** Whether a text that was decoded as UTF-8 is that but for damage: in other encodings few bytes happen to be well-formed. */
function isMostlyUtf8(text: string): boolean {
  return count(text, /[\u0080-\uFFFC]/g) > 4 * count(text, /\uFFFD/g);
}

/** Whether what was decoded is text, but for a share so small that it may be damage. */
function isText(text: string): boolean {
  if (text.includes("\0")) return false;
  const notText = controlsIn(text) + count(text, /[\p{Cn}\p{Co}\p{Cs}]/gu);
  return notText <= text.length / 100 && count(text, /\uFFFD/g) <= count(text, /[\u0080-\uFFFF]/g) / 50;
}

/** Control characters other than blanks, line ends, backspace and escape. */
function controlsIn(text: string): number {
  let controls = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 ? (code < 0x08 || code > 0x0d) && code !== 0x1b : code >= 0x7f && code < 0xa0) controls++;
  }
  return controls;
}

function count(text: string, pattern: RegExp): number {
  let found = 0;
  for (const _ of text.matchAll(pattern)) found++;
  return found;
}

function startsWith(bytes: Uint8Array, ascii: string): boolean {
  return asBuffer(bytes.subarray(0, ascii.length)).toString("latin1") === ascii;
}
