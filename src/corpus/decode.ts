import { StringDecoder } from "node:string_decoder";
import { count } from "./count.ts";
import { asBuffer, controlsIn, type Decoder, isText, textFromUtf8, withoutMark } from "./decoded-text.ts";

/** The text of some bytes and the name of its encoding for {@link decoderOf}, or why the bytes can't be read as text. */
export type DecodedBytes =
  | { readonly encoding: string; readonly text: string }
  | { readonly reason: "binary" | "unknown encoding" };

/** The number of bytes at a file's start that its encoding is detected from. */
export const judgedLength = 1 << 20;

const utf8 = "utf-8";

/** UTF-32 comes first, because its mark begins with that of UTF-16. */
const byteOrderMarks: readonly (readonly [encoding: string, bytes: readonly number[]])[] = [
  ["utf-32-le", [0xff, 0xfe, 0, 0]],
  ["utf-32-be", [0, 0, 0xfe, 0xff]],
  [utf8, [0xef, 0xbb, 0xbf]],
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

/** How common binary files begin, in Latin-1. */
const binaryMarks = [
  ...["%PDF-", "\x89PNG", "\xff\xd8\xff", "GIF87a", "GIF89a"],
  ...["PK\x03\x04", "\x1f\x8b", "\x7fELF", "\0asm", "\xca\xfe\xba\xbe"],
  ...["wOFF", "wOF2", "\0\x01\0\0", "\0\0\x01\0"],
];

/**
 * Decodes a file's bytes. A byte order mark decides the encoding; otherwise the bytes are UTF-8 if they are valid, or else in the encoding
 * that a detector finds for the lines that are not ASCII. Bytes that do not decode to text are "binary" or in an "unknown encoding".
 * The mark is not part of the text, and bytes that can't be decoded become U+FFFD.
 * @param start the file's first bytes
 * @param isWhole whether these are all of its bytes; if not, the last character may be cut short
 */
export async function decodeBytes(start: Uint8Array, isWhole: boolean): Promise<DecodedBytes> {
  const beginsWith = (bytes: readonly number[]): boolean => bytes.every((byte, i) => start[i] === byte);
  if (rareMarks.some(beginsWith)) return { reason: "unknown encoding" };
  const [marked] = byteOrderMarks.find(([, bytes]) => beginsWith(bytes)) ?? [];
  if (marked === utf8) {
    const text = textFromUtf8(start, isWhole);
    return isText(text) ? { encoding: utf8, text } : { reason: "binary" };
  }
  if (marked !== undefined) {
    return (await otherEncodings()).decodedAs(marked, start, isWhole) ?? { reason: "binary" };
  }
  if (binaryMarks.some((mark) => startsWith(start, mark))) return { reason: "binary" };
  if (escapesIn(start)) return { reason: "unknown encoding" };
  if (start.includes(0)) return (await otherEncodings()).decodeWide(start, isWhole);
  const text = textFromUtf8(start, isWhole);
  if (controlsIn(text) > text.length / 10) return { reason: "binary" };
  if (isUtf8(start, isWhole) || isMostlyUtf8(text)) return { encoding: utf8, text };
  return (await otherEncodings()).decodeLegacy(start, isWhole);
}

/** What makes decoders of an encoding. */
export async function decoderOf(encoding: string): Promise<() => Decoder> {
  if (encoding === utf8) return () => new StringDecoder(utf8);
  const { decoderFor } = await otherEncodings();
  return () => decoderFor(encoding);
}

/** Decodes bytes chunk by chunk, without the byte order mark. */
export function* decoded(chunks: Iterable<Uint8Array>, decoder: Decoder): Generator<string, void, undefined> {
  let isStart = true;
  for (const chunk of chunks) {
    const text = decoder.write(asBuffer(chunk));
    yield isStart ? withoutMark(text) : text;
    isStart &&= text === "";
  }
  const rest = decoder.end();
  if (rest) yield rest;
}

/** Loaded when there is something to decode, because most workspaces are all UTF-8. */
function otherEncodings(): Promise<typeof import("./other-encodings.ts")> {
  return import("./other-encodings.ts");
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

function startsWith(bytes: Uint8Array, mark: string): boolean {
  return asBuffer(bytes.subarray(0, mark.length)).toString("latin1") === mark;
}
