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
  for (const file of inHashOrder(files)) {
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

/** Fewest characters of a file that are worth measuring: at a file's beginning there is little to predict from. */
const leastSample = 4000;

/**
 * The beginnings of some files, as much of each, so that all are at most `limit` characters; of many files, those first
 * in the order of the SHA-256 of their names.
 */
export function sample(files: readonly TextFile[], limit: number): string[] {
  const chosen = inHashOrder(files).slice(0, Math.max(1, Math.floor(limit / leastSample)));
  const lengths = chosen.map((file) => file.text.length).sort((a, b) => a - b);
  let left = limit;
  let cap = 0;
  lengths.forEach((length, i) => {
    cap = Math.max(cap, Math.min(length, left / (lengths.length - i)));
    left -= Math.min(length, cap);
  });
  return chosen.map((file) => file.text.slice(0, Math.floor(cap))).filter((text) => text.length > 0);
}

function inHashOrder(files: readonly TextFile[]): TextFile[] {
  const keyed = files.map((file) => ({ file, key: createHash("sha256").update(file.name).digest("hex") }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ file }) => file);
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
