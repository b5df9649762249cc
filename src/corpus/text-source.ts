import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { boundaryBefore } from "../boundary.ts";
import { normalizeText } from "../model/tokenizer.ts";
import type { ChosenFile } from "./files.ts";

/** A text to learn from: it is read when it is needed, piece by piece, so a corpus may be larger than the memory. */
export interface TextSource {
  /** The file's path relative to the folder that it was found in; decides whether it is held out. */
  readonly name: string;
  readonly chars: number;
  /** SHA-256 (hex) of the text. */
  readonly hash: string;
  /** The text in pieces of `length` characters (UTF-16 units), the last one shorter; no character is cut in two. */
  pieces(length: number): Iterable<string>;
}

/** A text and its name, in memory. */
export interface TextFile {
  readonly name: string;
  readonly text: string;
}

/** A text that is in memory. */
export function textSource(name: string, text: string): TextSource {
  return { name, chars: text.length, hash: sha256([text]), pieces: (length) => inPieces([text], length) };
}

/**
 * A file's text, as it is learned (see normalizeText). It is read once now, and again each time that it is learned; what
 * was deleted in the meantime has no more text.
 */
export function fileSource({ path, name }: ChosenFile): TextSource {
  let chars = 0;
  const hash = sha256(
    (function* () {
      for (const part of partsOf(path)) {
        chars += part.length;
        yield part;
      }
    })(),
  );
  return { name, chars, hash, pieces: (length) => inPieces(partsOf(path), length) };
}

/** The characters of a source from one on to before another; neither cuts a surrogate pair. */
export function partOf(source: TextSource, from: number, to: number): TextSource {
  return {
    name: source.name,
    chars: to - from,
    hash: sha256([source.hash, `${from} ${to}`]),
    pieces: (length) => inPieces(rangeOf(source.pieces(readAtOnce), from, to), length),
  };
}

/** The whole text, or its first `limit` characters. */
export function textOf(source: TextSource, limit = Number.POSITIVE_INFINITY): string {
  if (limit <= 0) return "";
  for (const piece of source.pieces(limit)) return piece;
  return "";
}

export function textFile(source: TextSource): TextFile {
  return { name: source.name, text: textOf(source) };
}

/** Bytes of a file that are read at once, and characters that are worked on at once. */
export const readAtOnce = 1 << 16;

function sha256(parts: Iterable<string>): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

function* partsOf(path: string): Generator<string, void, undefined> {
  const file = openIfThere(path);
  if (file === undefined) return;
  try {
    const decoder = new TextDecoder();
    const buffer = Buffer.alloc(readAtOnce);
    let held = "";
    for (;;) {
      const length = readSync(file, buffer);
      const text = held + decoder.decode(buffer.subarray(0, length), { stream: length > 0 });
      // A carriage return may belong to a line feed that has not been read yet.
      held = length > 0 && text.endsWith("\r") ? "\r" : "";
      yield normalizeText(text.slice(0, text.length - held.length));
      if (length === 0) return;
    }
  } finally {
    closeSync(file);
  }
}

/** @throws Error if too many files are open: a run must not take that for a file that is gone */
function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, "r");
  } catch (cause) {
    if (["EMFILE", "ENFILE"].includes((cause as NodeJS.ErrnoException).code ?? "")) throw cause;
    return undefined;
  }
}

function* inPieces(parts: Iterable<string>, length: number): Generator<string, void, undefined> {
  let held = "";
  for (const part of parts) {
    held += part;
    let start = 0;
    while (held.length - start > length) {
      const end = boundaryBefore(held, start + length);
      if (end === start) break;
      yield held.slice(start, end);
      start = end;
    }
    held = held.slice(start);
  }
  if (held !== "") yield held;
}

/** Parts end at boundaries, so one that lies in a part is found there. */
function* rangeOf(parts: Iterable<string>, from: number, to: number): Generator<string, void, undefined> {
  let at = 0;
  for (const part of parts) {
    if (at >= to) return;
    yield part.slice(boundaryBefore(part, Math.max(0, from - at)), boundaryBefore(part, to - at));
    at += part.length;
  }
}
