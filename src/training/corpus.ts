import { createHash } from "node:crypto";
import { MurmurError } from "../errors.ts";

/** A file's text and the name that decides whether it is held out: its path relative to the folder it was found in. */
export interface TextFile {
  readonly name: string;
  readonly text: string;
}

export interface Corpus {
  readonly train: readonly TextFile[];
  readonly heldOut: readonly TextFile[];
}

/**
 * Holds out a deterministic share of the text: files in the order of the SHA-256 of their names, from the top until the
 * share is reached; a file of more than a tenth of all characters is never held out. Where that leaves nothing held out
 * (a corpus of few files), the last part of each file is.
 */
export function splitCorpus(files: readonly TextFile[], share: number): Corpus {
  const total = files.reduce((sum, file) => sum + file.text.length, 0);
  const held = new Set<TextFile>();
  let chars = 0;
  const inOrder = files.map((file) => ({ file, key: sha256(file.name) })).sort((a, b) => (a.key < b.key ? -1 : 1));
  for (const { file } of inOrder) {
    if (chars >= share * total) break;
    if (file.text.length > total / 10) continue;
    held.add(file);
    chars += file.text.length;
  }
  if (chars >= (share * total) / 2) {
    return { train: files.filter((file) => !held.has(file)), heldOut: files.filter((file) => held.has(file)) };
  }
  const cut = (file: TextFile): number => Math.floor(file.text.length * (1 - share));
  return {
    train: files.map((file) => ({ name: file.name, text: file.text.slice(0, cut(file)) })),
    heldOut: files.map((file) => ({ name: file.name, text: file.text.slice(cut(file)) })),
  };
}

/** The first characters of each file, as many of each, so that all are at most `limit`. */
export function sample(files: readonly TextFile[], limit: number): string[] {
  const lengths = files.map((file) => file.text.length).sort((a, b) => a - b);
  let left = limit;
  let cap = 0;
  lengths.forEach((length, i) => {
    cap = Math.max(cap, Math.min(length, left / (lengths.length - i)));
    left -= Math.min(length, cap);
  });
  return files.map((file) => file.text.slice(0, Math.floor(cap))).filter((text) => text.length > 0);
}

/** SHA-256 (hex) of a corpus's names and texts. */
export function hashOf(files: readonly TextFile[]): string {
  const hash = createHash("sha256");
  for (const { name, text } of files) hash.update(name).update("\0").update(text).update("\0");
  return hash.digest("hex");
}

/** @throws MurmurError ("no-text") if there is too little text to learn from. */
export function assertEnough(corpus: Corpus): void {
  const chars = (files: readonly TextFile[]): number => files.reduce((sum, file) => sum + file.text.length, 0);
  const [train, heldOut] = [chars(corpus.train), chars(corpus.heldOut)];
  if (train >= leastText && heldOut > 0) return;
  throw new MurmurError(
    "no-text",
    `There is too little text to learn from: ${train} characters to train on and ${heldOut} to measure with; ${leastText} are the least. Add files, or exclude fewer.`,
  );
}

const leastText = 1000;

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
