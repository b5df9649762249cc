import { createHash } from "node:crypto";
import { closeSync, readSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { StringDecoder } from "node:string_decoder";
import * as z from "zod";
import { MurmurError, messageOf } from "../../errors.ts";
import { openRegular, openRegularSync, readSmallText } from "../../regular-file.ts";
import type { Corpus } from "../corpus.ts";
import { rulesVersion } from "../rules.ts";
import { inPieces, readAtOnce, type TextSource } from "../text-source.ts";
import {
  anyIndex,
  indexFile,
  PackedHash,
  type PackedIndex,
  type PackedText,
  packedIndex,
  packedText,
  packedVersion,
  type Side,
  sideFiles,
} from "./packed-index.ts";

/**
 * The corpus that packCorpus wrote into a folder: the same texts in the same order, with the same hashes, so that training on it takes the
 * same steps as training on the files. The lists are read and checked now. Texts are read when they are needed, and the contents of a text
 * are checked each time that it is read to its end; a piece of it may have been used by then.
 * @throws MurmurError ("not-found") if there is no such folder; ("bad-corpus") if it is not a packed corpus, is damaged, or was packed by
 * another version
 */
export async function readPackedCorpus(folder: string): Promise<Corpus> {
  const index = await readIndex(folder);
  const hash = new PackedHash();
  const train = await readSide(folder, index, "train", hash);
  hash.endTrain();
  const heldOut = await readSide(folder, index, "heldOut", hash);
  if (hash.digest() !== index.hash) {
    throw damaged(folder, "the names and hashes in its lists are not those that it was packed with");
  }
  return { train, heldOut };
}

/** Whether a folder has the index of a packed corpus, of any version. */
export async function isPackedCorpus(folder: string): Promise<boolean> {
  return anyIndex.safeParse(parsed((await readSmallText(join(folder, indexFile)).catch(() => undefined)) ?? ""))
    .success;
}

async function readIndex(folder: string): Promise<PackedIndex> {
  const path = join(folder, indexFile);
  const text = await readSmallText(path).catch((cause: unknown) => {
    throw new MurmurError("bad-corpus", `${path} can't be read (${messageOf(cause)}). ${cure}`, { cause });
  });
  if (text === undefined) throw await noCorpus(folder);
  const stored = parsed(text);
  const any = anyIndex.safeParse(stored);
  if (any.success && any.data.version !== packedVersion) {
    throw otherVersion(folder, `format version ${any.data.version}`, packedVersion);
  }
  if (any.success && any.data.rules !== rulesVersion) {
    throw otherVersion(folder, `version ${any.data.rules} of the rules by which files are chosen`, rulesVersion);
  }
  const index = packedIndex.safeParse(stored);
  if (index.success) return index.data;
  throw damaged(
    folder,
    `${indexFile} is not valid: ${stored === undefined ? "it is not JSON" : reasonOf(index.error)}`,
  );
}

async function readSide(folder: string, index: PackedIndex, side: Side, hash: PackedHash): Promise<TextSource[]> {
  const files = sideFiles[side];
  const expected = index[side];
  await sizeOf(folder, files.list);
  const size = await sizeOf(folder, files.texts);
  if (size !== expected.bytes) {
    throw damaged(folder, `${files.texts} has ${size} bytes and should have ${expected.bytes}`);
  }
  const path = join(folder, files.texts);
  const texts: TextSource[] = [];
  let [offset, chars] = [0, 0];
  for await (const text of textsIn(folder, files.list)) {
    if (text.offset !== offset) {
      const line = texts.length + 1;
      throw damaged(folder, `in line ${line} of ${files.list} the offset is ${text.offset} and should be ${offset}`);
    }
    offset += text.length;
    chars += text.chars;
    hash.add(text);
    texts.push(packedSource(path, text));
  }
  const listed = { texts: texts.length, bytes: offset, chars };
  for (const unit of ["texts", "bytes", "chars"] as const) {
    if (listed[unit] === expected[unit]) continue;
    throw damaged(folder, `${files.list} lists ${listed[unit]} ${unit} and should list ${expected[unit]}`);
  }
  return texts;
}

/** In bytes. @throws MurmurError ("bad-corpus") if there is no regular file of the name */
async function sizeOf(folder: string, name: string): Promise<number> {
  const found = await stat(join(folder, name)).catch(() => undefined);
  if (found?.isFile()) return found.size;
  throw noFile(folder, name);
}

/** The texts in a list, line by line. */
async function* textsIn(folder: string, list: string): AsyncGenerator<PackedText, void, undefined> {
  let line = 0;
  try {
    await using file = await openRegular(join(folder, list));
    if (!file) throw noFile(folder, list);
    for await (const text of file.lines()) {
      line++;
      const read = packedText.safeParse(parsed(text));
      if (!read.success) throw damaged(folder, `line ${line} of ${list} is not valid: ${reasonOf(read.error)}`);
      yield read.data;
    }
  } catch (cause) {
    if (cause instanceof MurmurError) throw cause;
    throw damaged(folder, `${list} can't be read after line ${line} (${messageOf(cause)})`, cause);
  }
}

/** A text in a file of texts, which may be a part of one. What was left out of it was counted when it was packed. */
function packedSource(path: string, text: PackedText): TextSource {
  const { name, chars, hash, sketch } = text;
  const pieces = (length: number): Iterable<string> => inPieces(partsOf(path, text), length);
  return { name, chars, hash, sketch, secretLines: 0, pieces };
}

/** @throws MurmurError ("bad-corpus") after the last part, if the text is not the one that was packed */
function* partsOf(path: string, { name, offset, length, hash }: PackedText): Generator<string, void, undefined> {
  const file = openTexts(path);
  try {
    const buffer = Buffer.alloc(Math.min(length, readAtOnce));
    const decoder = new StringDecoder("utf8");
    const found = createHash("sha256");
    for (let at = 0; at < length; ) {
      const count = readSync(file, buffer, 0, Math.min(buffer.length, length - at), offset + at);
      if (count === 0) break;
      at += count;
      found.update(buffer.subarray(0, count));
      yield decoder.write(buffer.subarray(0, count));
    }
    if (found.digest("hex") === hash) return;
  } finally {
    closeSync(file);
  }
  throw new MurmurError(
    "bad-corpus",
    `The text of ${name} in ${path} is not what was packed: the file is damaged. ${cure}`,
  );
}

function openTexts(path: string): number {
  try {
    const file = openRegularSync(path);
    if (file === undefined) throw new Error("it is not a file");
    return file;
  } catch (cause) {
    throw new MurmurError("bad-corpus", `${path} can't be read (${messageOf(cause)}). ${cure}`, { cause });
  }
}

/** The value of a JSON text; undefined if it is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const cure = 'Pack the files again with "murmur pack".';

function damaged(folder: string, what: string, cause?: unknown): MurmurError {
  return new MurmurError("bad-corpus", `The packed corpus ${folder} is damaged: ${what}. ${cure}`, { cause });
}

function noFile(folder: string, name: string): MurmurError {
  return damaged(folder, `there is no file ${name}`);
}

function otherVersion(folder: string, its: string, ours: number): MurmurError {
  return new MurmurError(
    "bad-corpus",
    `The packed corpus ${folder} has ${its}; this Murmur has version ${ours}. ${cure}`,
  );
}

async function noCorpus(folder: string): Promise<MurmurError> {
  const found = await stat(folder).catch(() => undefined);
  if (!found) {
    return new MurmurError(
      "not-found",
      `There is no packed corpus ${folder}. Check the path, or make one with "murmur pack".`,
    );
  }
  return new MurmurError(
    "bad-corpus",
    `${folder} is not a packed corpus: it has no ${indexFile}. Name a folder that "murmur pack" made.`,
  );
}

function reasonOf(error: z.ZodError): string {
  return z.prettifyError(error).replaceAll("\n", " ");
}
