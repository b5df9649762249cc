import iconv from "iconv-lite";
import { chardet } from "jschardet";
import type { DecodedBytes } from "./decode.ts";
import { type Decoder, isText, textFrom, textFromUtf8 } from "./decoded-text.ts";
import { implausible, isWestern } from "./plausible-text.ts";

// Encodings that are not UTF-8. Their tables are larger than the rest of the server, so they are a file of their own in dist.

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

/** A decoder of text in an encoding by its name. */
export function decoderFor(encoding: string): Decoder {
  return iconv.getDecoder(encoding);
}

/** Decodes bytes in a known encoding. @returns undefined if they do not decode to text */
export function decodedAs(encoding: string, start: Uint8Array, isWhole: boolean): DecodedBytes | undefined {
  const text = textOf(start, encoding, isWhole);
  return isText(text) ? { encoding, text } : undefined;
}

function textOf(start: Uint8Array, encoding: string, isWhole: boolean): string {
  return textFrom(decoderFor(encoding), start, isWhole);
}

/** Decodes bytes that include zeros: UTF-16 or UTF-32 without a mark, or not text. */
export function decodeWide(start: Uint8Array, isWhole: boolean): DecodedBytes {
  const { encoding } = chardet.detect(start.subarray(0, 2 * evidenceLength), { encodingEra: allEras });
  const isWide = encoding !== null && /^utf-(16|32)-/.test(encoding);
  return (isWide && decodedAs(encoding, start, isWhole)) || { reason: "binary" };
}

/**
 * Decodes text in an encoding that extends ASCII, such as Latin-1 or GBK. If only a few bytes are not ASCII and the detector is unsure, the
 * text is decoded as UTF-8, with U+FFFD for those bytes.
 */
export function decodeLegacy(start: Uint8Array, isWhole: boolean): DecodedBytes {
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
  return isMuch ? { reason: "unknown encoding" } : { encoding: "utf-8", text: textFromUtf8(start, isWhole) };
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
