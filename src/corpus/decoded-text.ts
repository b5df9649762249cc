import { StringDecoder } from "node:string_decoder";
import { count } from "./count.ts";

/** Decodes the bytes of a text, chunk by chunk. Bytes that can't be decoded become U+FFFD. */
export interface Decoder {
  write(bytes: Buffer): string;
  /** The rest of the text. */
  end(): string | undefined;
}

/** The text of some bytes, without the byte order mark. @param isWhole if not, the last character may be cut short */
export function textFrom(decoder: Decoder, bytes: Uint8Array, isWhole: boolean): string {
  const text = withoutMark(decoder.write(asBuffer(bytes)));
  return isWhole ? text + (decoder.end() ?? "") : text;
}

/** The text of some bytes in UTF-8, as {@link textFrom} gives it. */
export function textFromUtf8(bytes: Uint8Array, isWhole: boolean): string {
  return textFrom(new StringDecoder("utf-8"), bytes, isWhole);
}

/** Removes a byte order mark, which most decoders leave in the text. */
export function withoutMark(text: string): string {
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Whether decoded characters are text, apart from a share small enough to be damage. */
export function isText(text: string): boolean {
  if (text.includes("\0")) return false;
  const notText = controlsIn(text) + count(text, /[\p{Cn}\p{Co}\p{Cs}]/gu);
  return notText <= text.length / 100 && count(text, /\uFFFD/g) <= count(text, /[\u0080-\uFFFF]/g) / 50;
}

/** Counts the control characters other than blanks, line ends, backspace and escape. */
export function controlsIn(text: string): number {
  let controls = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 ? (code < 0x08 || code > 0x0d) && code !== 0x1b : code >= 0x7f && code < 0xa0) controls++;
  }
  return controls;
}
