import { createHash } from "node:crypto";
import { closeSync, fstatSync, readSync, realpathSync } from "node:fs";
import { boundaryBefore } from "../boundary.ts";
import { TextSketch } from "../model/read-texts.ts";
import { openRegularSync } from "../regular-file.ts";
import { decodeBytes, decoded, decoderOf, judgedLength } from "./decode.ts";
import type { Decoder } from "./decoded-text.ts";
import type { SuitableFile } from "./files.ts";
import { learnableParts } from "./learnable-text.ts";
import { isNotebook, notebookContent } from "./notebook.ts";
import type { FilteredText } from "./secrets/secret-lines.ts";

/** A text to learn from. It is read piece by piece when needed, so a corpus may be larger than the machine's memory. */
export interface TextSource {
  /** The file's path relative to the folder that it was found in. It decides whether the file is held out. */
  readonly name: string;
  readonly chars: number;
  /** SHA-256 (hex) of the text. */
  readonly hash: string;
  /** Stands for the whole text that this is, or is a part of; see TextSketch. */
  readonly sketch: string;
  /** The number of lines that were left out because they probably hold secrets. */
  readonly secretLines: number;
  /** The text in pieces of about `length` characters (UTF-16 units). No surrogate pair is split, and the last piece may be shorter. */
  pieces(length: number): Iterable<string>;
}

/** A text in memory and its name. */
export interface TextFile {
  readonly name: string;
  readonly text: string;
}

/** A source for a text in memory. */
export function textSource(name: string, text: string): TextSource {
  return {
    name,
    ...measureWhole([text]),
    secretLines: 0,
    pieces: (length) => inPieces([text], length),
  };
}

/**
 * A source for a file's text as it is learned (see learnableParts), or for the cells of a notebook. The file is read once now and again each
 * time that it is learned. If it is deleted in the meantime, or something else takes its place, the text is empty.
 */
export async function fileSource(file: SuitableFile): Promise<TextSource> {
  const newDecoder = await decoderOf(await encodingOf(file));
  let secretLines = 0;
  const measured = measureWhole(
    (function* () {
      for (const part of partsOf(file, newDecoder())) {
        secretLines += part.secretLines;
        yield part.text;
      }
    })(),
  );
  return {
    name: file.name,
    ...measured,
    secretLines,
    pieces: (length) => inPieces(textsOf(partsOf(file, newDecoder())), length),
  };
}

/**
 * The characters of a source from one offset up to another. An offset within a surrogate pair is moved before it. The part is read when
 * its length or its hash is asked for the first time, because both depend on where its ends are moved.
 */
export function partOf(source: TextSource, from: number, to: number): TextSource {
  const pieces = (length: number): Iterable<string> => inPieces(rangeOf(source.pieces(readAtOnce), from, to), length);
  let measured: Measure | undefined;
  const measureOnce = (): Measure => {
    measured ??= measure(pieces(readAtOnce));
    return measured;
  };
  return {
    name: source.name,
    get chars() {
      return measureOnce().chars;
    },
    get hash() {
      return measureOnce().hash;
    },
    sketch: source.sketch,
    secretLines: source.secretLines,
    pieces,
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

/** The number of bytes of a file read at once, and of characters processed at once. */
export const readAtOnce = 1 << 16;

type Measure = Pick<TextSource, "chars" | "hash">;

/** @param each called with each part */
function measure(parts: Iterable<string>, each: (part: string) => void = () => undefined): Measure {
  const hash = createHash("sha256");
  let chars = 0;
  for (const part of parts) {
    chars += part.length;
    hash.update(part);
    each(part);
  }
  return { chars, hash: hash.digest("hex") };
}

function measureWhole(parts: Iterable<string>): Measure & Pick<TextSource, "sketch"> {
  const sketch = new TextSketch();
  const measured = measure(parts, (part) => sketch.add(part));
  return { ...measured, sketch: sketch.end() };
}

/** Detects the encoding of a file from its first bytes. */
async function encodingOf({ path }: SuitableFile): Promise<string> {
  const file = openIfThere(path);
  if (file === undefined) return "utf-8";
  try {
    const { size } = fstatSync(file);
    const buffer = Buffer.alloc(Math.min(size, judgedLength));
    const start = await decodeBytes(buffer.subarray(0, readSync(file, buffer)), size <= judgedLength);
    return "encoding" in start ? start.encoding : "utf-8";
  } finally {
    closeSync(file);
  }
}

function* partsOf({ path, name, limit }: SuitableFile, decoder: Decoder): Generator<FilteredText, void, undefined> {
  const file = openIfThere(path);
  if (file === undefined) return;
  try {
    const parts = decoded(chunksOf(file, limit), decoder);
    yield* learnableParts(isNotebook(name) ? [notebookContent([...parts].join(""))?.text ?? ""] : parts);
  } finally {
    closeSync(file);
  }
}

/** A file's contents, piece by piece, in a buffer that is reused. @param limit the number of bytes that are read at most */
function* chunksOf(file: number, limit: number): Generator<Uint8Array, void, undefined> {
  const buffer = Buffer.alloc(readAtOnce);
  for (let left = limit; left > 0; ) {
    const length = readSync(file, buffer, 0, Math.min(buffer.length, left), null);
    if (length === 0) return;
    left -= length;
    yield buffer.subarray(0, length);
  }
}

function* textsOf(parts: Iterable<FilteredText>): Generator<string, void, undefined> {
  for (const { text } of parts) yield text;
}

/**
 * Opens a file unless it is gone, or a link or anything but a file has taken its place or that of a folder above it.
 * @param path the real path
 * @throws Error if too many files are open: a run must not mistake that for a deleted file
 */
function openIfThere(path: string): number | undefined {
  try {
    return realpathSync.native(path) === path ? openRegularSync(path, { followLinks: false }) : undefined;
  } catch (cause) {
    if (["EMFILE", "ENFILE"].includes((cause as NodeJS.ErrnoException).code ?? "")) throw cause;
    return undefined;
  }
}

/** Cuts a text that comes in parts into pieces of about `length` characters. No surrogate pair is split, wherever the parts end. */
export function* inPieces(parts: Iterable<string>, length: number): Generator<string, void, undefined> {
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

/** The characters from one offset up to another. Parts end at boundaries of characters, so a boundary can be found within a part. */
function* rangeOf(parts: Iterable<string>, from: number, to: number): Generator<string, void, undefined> {
  let at = 0;
  for (const part of parts) {
    if (at >= to) return;
    yield part.slice(boundaryBefore(part, Math.max(0, from - at)), boundaryBefore(part, to - at));
    at += part.length;
  }
}
