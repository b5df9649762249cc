import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setImmediate } from "node:timers/promises";
import { constants, createDeflateRaw, createInflateRaw } from "node:zlib";
import * as z from "zod";
import { MurmurError } from "../../errors.ts";
import { t } from "../../l10n.ts";
import type { Mixture } from "../prediction/mixture.ts";
import type { Pieces } from "./pieces.ts";
import type { TextReader } from "./text-reader.ts";

/** Everything that was learned of a workspace, with the reader that keeps track of it. */
export interface LocalMemory {
  readonly mixture: Mixture;
  readonly reader: TextReader;
}

/** The number must be raised whenever the mixing weights are fitted again, or the meaning of the tables, parameters or records changes. */
const magic = Buffer.from("murmur-memory-8\n");
const hashLength = 32;

/** Bytes that are processed in one step: less than a millisecond's work. */
const chunkSize = 1 << 18;

const position = z.int().min(0);
const record = z.object({
  hash: z.string().optional(),
  pieces: z.array(position),
  languageId: z.string().optional(),
});
const headerSchema = z.object({
  /** The length of each array in bytes. */
  lengths: z.array(z.int()),
  /** Positions are kept in 32 bits. */
  historyLength: z.int().min(1).max(0x7fffffff),
  known: z.array(z.tuple([z.string(), record])),
});

type Header = z.infer<typeof headerSchema>;

/** The bytes of a file, read on demand. They are some tens of megabytes, which should not be in memory together with the tables. */
export interface StoredBytes {
  readonly size: number;
  read(from: number, length: number): Promise<Uint8Array>;
}

/**
 * Encodes a memory as the bytes of a file, piece by piece: the magic, the length of the header, the header (JSON), the deflated
 * arrays, and the SHA-256 of the uncompressed header and the deflated arrays. What is being written is recorded first, so that
 * whoever reads the file can take it back if it was not saved. Text that is learned meanwhile may be included in part. This is
 * harmless, because the tables are only hints.
 */
export async function* encodeMemory(memory: LocalMemory): AsyncGenerator<Uint8Array> {
  await memory.reader.settleAll();
  const arrays = arraysOf(memory.mixture);
  const header = {
    lengths: arrays.map((array) => array.length),
    historyLength: memory.mixture.local.history.length,
    known: memory.reader.known,
  };
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  const start = Buffer.concat([magic, length, json]);
  const hash = createHash("sha256").update(start);
  yield start;
  const deflate = createDeflateRaw({ level: constants.Z_BEST_SPEED, chunkSize });
  Readable.from(copiesOf(arrays)).pipe(deflate);
  for await (const part of deflate as AsyncIterable<Buffer>) {
    hash.update(part);
    yield part;
  }
  yield hash.digest();
}

/**
 * Sets a memory from the bytes that {@link encodeMemory} gave. What was learned before is replaced, so nothing may be learned until the
 * end: let the reader yield to this. A damaged file changes nothing. One that is whole but was not written by Murmur is refused too, and
 * leaves nothing learned.
 * @param name the file's name, for the error message
 * @throws MurmurError ("bad-memory") if the file is damaged or comes from another version of Murmur
 */
export async function decodeMemory(memory: LocalMemory, bytes: StoredBytes, name: string): Promise<void> {
  if (!(await isWhole(bytes))) throw unusable(name);
  const { mixture, reader } = memory;
  const arrays = arraysOf(mixture);
  const found = await headerOf(bytes);
  if (!found || !describes(found.header, arrays)) throw unusable(name);
  const { header, end } = found;
  const fitted = mixture.parameters.map((array) => array.slice());
  try {
    const deflated = piecesOf(bytes, end, bytes.size - hashLength);
    await pipeline(deflated, createInflateRaw({ chunkSize }), (pieces: AsyncIterable<Uint8Array>) =>
      fill(arrays, pieces),
    );
    if (!mixture.parameters.every((array) => array.every((value: number) => Number.isFinite(value))))
      throw new Error("not finite");
  } catch {
    for (const [i, array] of mixture.parameters.entries()) array.set(fitted[i] ?? []);
    mixture.forget();
    throw unusable(name);
  }
  mixture.local.history.length = header.historyLength;
  reader.known = header.known.map(([name, { hash, ...others }]) => [name, { hash, ...others }] as const);
}

/** The header of a file, and where it ends; undefined if it is none that Murmur has written. */
async function headerOf(bytes: StoredBytes): Promise<{ readonly header: Header; readonly end: number } | undefined> {
  const start = magic.length + 4;
  const length = Buffer.from(await bytes.read(magic.length, 4)).readUInt32LE();
  const end = start + length;
  if (end > bytes.size - hashLength) return undefined;
  try {
    return { header: headerSchema.parse(JSON.parse(Buffer.from(await bytes.read(start, length)).toString())), end };
  } catch {
    return undefined;
  }
}

/** Whether a header is one of arrays of these lengths, and of texts that can be in their history. */
function describes({ lengths, historyLength, known }: Header, arrays: readonly Uint8Array[]): boolean {
  return (
    lengths.length === arrays.length &&
    arrays.every((array, i) => array.length === lengths[i]) &&
    known.every(([, { pieces }]) => arePassages(pieces, historyLength))
  );
}

async function isWhole(bytes: StoredBytes): Promise<boolean> {
  const end = bytes.size - hashLength;
  if (end < magic.length + 4 || !magic.equals(await bytes.read(0, magic.length))) return false;
  const hash = createHash("sha256");
  for await (const piece of piecesOf(bytes, 0, end)) hash.update(piece);
  return hash.digest().equals(await bytes.read(end, hashLength));
}

async function* piecesOf(bytes: StoredBytes, start: number, end: number): AsyncGenerator<Uint8Array> {
  for (let from = start; from < end; from += chunkSize) yield await bytes.read(from, Math.min(chunkSize, end - from));
}

/** Copies of the arrays, piece by piece, because they change while they are compressed. */
function* copiesOf(arrays: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const array of arrays) {
    for (let from = 0; from < array.length; from += chunkSize) yield array.slice(from, from + chunkSize);
  }
}

/** Whether pieces are passages of a history of this length. They have no byte twice, so together they are no longer than it. */
function arePassages(pieces: Pieces, historyLength: number): boolean {
  let length = 0;
  for (let i = 0; i < pieces.length; i += 2) {
    const [from, to] = [pieces[i] ?? 0, pieces[i + 1] ?? 0];
    if (from >= to || to > historyLength) return false;
    length += to - from;
  }
  return length <= historyLength;
}

/** Fills the arrays one after the other with the pieces. @throws Error if these are too few or too many */
async function fill(arrays: readonly Uint8Array[], pieces: AsyncIterable<Uint8Array>): Promise<void> {
  let i = 0;
  let at = 0;
  for await (const piece of pieces) {
    let from = 0;
    while (from < piece.length) {
      const array = arrays[i];
      if (!array) throw new Error("too long");
      const count = Math.min(piece.length - from, array.length - at);
      array.set(piece.subarray(from, from + count), at);
      from += count;
      at += count;
      if (at < array.length) continue;
      i++;
      at = 0;
    }
    await setImmediate();
  }
  if (i < arrays.length) throw new Error("too short");
}

/** The bytes of everything that is kept. */
function arraysOf({ parameters, local }: Mixture): Uint8Array[] {
  return [...parameters, ...local.contents].map(
    (array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
  );
}

function unusable(name: string): MurmurError {
  return new MurmurError(
    "bad-memory",
    t(
      "What was learned of this workspace ({0}) is damaged or comes from another version of Murmur. The workspace will be learned again.",
      name,
    ),
  );
}
