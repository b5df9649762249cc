import { createHash } from "node:crypto";
import { join } from "node:path";
import * as z from "zod";

/** The version of a packed corpus's format: the names and contents of its files. */
export const packedVersion = 2;

/** What index.json has in "format". */
export const packedFormat = "murmur-corpus";

export const indexFile = "index.json";

/** Written into the folder, so that neither git nor Murmur takes the texts for files of the folder around it. */
export const ignoreFile = ".gitignore";

/**
 * The files of each side: the list of its texts, one JSON object a line (see {@link packedText}), and the UTF-8 bytes of the texts, one after
 * another with nothing between them.
 */
export const sideFiles = {
  train: { list: "train.jsonl", texts: "train.bin" },
  heldOut: { list: "held-out.jsonl", texts: "held-out.bin" },
} as const;

export type Side = keyof typeof sideFiles;

/** The names of all files of a packed corpus. */
const packedFiles: readonly string[] = [
  indexFile,
  ignoreFile,
  ...Object.values(sideFiles).flatMap(({ list, texts }) => [list, texts]),
];

/** The paths of all files of a packed corpus. */
export function packedPaths(folder: string): string[] {
  return packedFiles.map((name) => join(folder, name));
}

/** Whether a folder with these entries, one of them index.json, may be a packed corpus and nothing else. */
export function isPackedOnly(entries: readonly string[]): boolean {
  return entries.includes(indexFile) && entries.every((name) => packedFiles.includes(name));
}

const count = z.int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "it is not a SHA-256 in hexadecimal digits");

const total = z.object({
  texts: count,
  bytes: count,
  /** UTF-16 units, like all characters in Murmur's figures. */
  chars: count,
});

/** One text of a packed corpus: one line of a list. */
export const packedText = z.object({
  name: z.string(),
  /** SHA-256 (hex) of its bytes. */
  hash: sha256,
  /** By the extension of its name; null if that is unknown. */
  language: z.string().nullable(),
  /** Where it begins in the file of texts, in bytes. Texts follow one another without a gap. */
  offset: count,
  /** In bytes; 0 for a file all of whose lines were left out. */
  length: count,
  /** UTF-16 units. */
  chars: count,
  /** What stands for it in the record of a model that has read it, in hexadecimal digits: the hashes of its sketch (see TextSketch), one after another. */
  sketch: z.string().regex(/^([0-9a-f]{16})+$/, "it is not a list of hashes in hexadecimal digits"),
});

/** What index.json holds. */
export const packedIndex = z.object({
  format: z.literal(packedFormat),
  version: z.literal(packedVersion),
  /** See rulesVersion. */
  rules: z.int(),
  train: total,
  heldOut: total,
  /** See {@link PackedHash}. */
  hash: sha256,
});

/** What an index of any version holds. */
export const anyIndex = z.object({ format: z.literal(packedFormat), version: z.int(), rules: z.int() });

export type PackedTotal = z.infer<typeof total>;
export type PackedText = z.infer<typeof packedText>;
export type PackedIndex = z.infer<typeof packedIndex>;

/**
 * The hash of a packed corpus: the SHA-256 (hex) of the name and the hash of each text to train on, each followed by U+0000, then a line
 * feed, then the same of each text held out. It is the same for packings of the same texts under the same names, in the same order.
 */
export class PackedHash {
  readonly #hash = createHash("sha256");

  add({ name, hash }: Pick<PackedText, "name" | "hash">): void {
    this.#hash.update(name).update("\0").update(hash).update("\0");
  }

  /** To be called between the two sides. */
  endTrain(): void {
    this.#hash.update("\n");
  }

  digest(): string {
    return this.#hash.digest("hex");
  }
}
