import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setImmediate } from "node:timers/promises";
import { constants, createDeflateRaw, createInflateRaw } from "node:zlib";
import { MurmurError } from "../../errors.ts";
import { t } from "../../l10n.ts";
import type { Mixture } from "../prediction/mixture.ts";
import type { TextReader } from "./text-reader.ts";
import type { NamedRecord } from "./text-records.ts";

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

interface Header {
  /** The length of each array in bytes. */
  readonly lengths: readonly number[];
  readonly historyLength: number;
  readonly known: readonly NamedRecord[];
}

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
  const header: Header = {
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
 * Sets a memory from the bytes that {@link encodeMemory} gave. A file that is refused changes nothing. What was learned before is
 * replaced, so nothing may be learned until the end: let the reader yield to this.
 * @param name the file's name, for the error message
 * @throws MurmurError ("bad-memory") if the file is damaged or comes from another version of Murmur
 */
export async function decodeMemory(memory: LocalMemory, bytes: StoredBytes, name: string): Promise<void> {
  if (!(await isWhole(bytes))) throw unusable(name);
  const lengthAt = magic.length;
  const headerLength = Buffer.from(await bytes.read(lengthAt, 4)).readUInt32LE();
  const json = Buffer.from(await bytes.read(lengthAt + 4, headerLength)).toString();
  const header = JSON.parse(json) as Header;
  const arrays = arraysOf(memory.mixture);
  const isOfThisSize =
    header.lengths.length === arrays.length && arrays.every((array, i) => array.length === header.lengths[i]);
  if (!isOfThisSize) throw unusable(name);
  const deflated = piecesOf(bytes, lengthAt + 4 + headerLength, bytes.size - hashLength);
  await pipeline(deflated, createInflateRaw({ chunkSize }), (pieces: AsyncIterable<Uint8Array>) =>
    fill(arrays, pieces),
  );
  memory.mixture.local.history.length = header.historyLength;
  memory.reader.known = header.known;
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

/** Fills the arrays one after the other with the pieces. */
async function fill(arrays: readonly Uint8Array[], pieces: AsyncIterable<Uint8Array>): Promise<void> {
  let i = 0;
  let at = 0;
  for await (const piece of pieces) {
    let from = 0;
    while (from < piece.length) {
      const array = arrays[i];
      if (!array) return;
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
