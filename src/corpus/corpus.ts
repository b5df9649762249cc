import { createHash } from "node:crypto";
import { MurmurError } from "../errors.ts";
import { groupBy } from "../group-by.ts";
import { partOf, type TextSource } from "./text-source.ts";

/** What a model is trained on and what it is measured with. */
export interface Corpus {
  readonly train: readonly TextSource[];
  readonly heldOut: readonly TextSource[];
}

/**
 * Holds out a deterministic share of the text, of which copies count once: files in the order of the SHA-256 of their names, from the top until the
 * share is reached; a file of more than a tenth of all characters is never held out. Where that leaves nothing held out
 * (a corpus of few files), the last part of each file is.
 */
export function splitCorpus(all: readonly TextSource[], share: number): Corpus {
  const sources = withoutCopies(all);
  const total = charsOf(sources);
  const held = new Set<TextSource>();
  let chars = 0;
  for (const source of inHashOrder(sources)) {
    if (chars >= share * total) break;
    if (source.chars > total / 10) continue;
    held.add(source);
    chars += source.chars;
  }
  if (chars >= (share * total) / 2) {
    return { train: sources.filter((one) => !held.has(one)), heldOut: sources.filter((one) => held.has(one)) };
  }
  const cut = (source: TextSource): number => Math.floor(source.chars * (1 - share));
  return {
    train: sources.map((source) => partOf(source, 0, cut(source))),
    heldOut: sources.map((source) => partOf(source, cut(source), source.chars)),
  };
}

/**
 * The texts without those that are the same as another, so that none is learned and measured with. Of copies the one stays whose
 * name comes first, whatever their order.
 */
export function withoutCopies(sources: readonly TextSource[]): TextSource[] {
  const first = new Map<string, TextSource>();
  for (const source of sources) {
    const other = first.get(source.hash);
    if (!other || source.name < other.name) first.set(source.hash, source);
  }
  return sources.filter((source) => first.get(source.hash) === source);
}

/** Fewest characters of a file that are worth measuring: at a file's beginning there is little to predict from. */
const leastSample = 4000;

/**
 * The beginnings of some texts, as much of each, so that all are at most `limit` characters; of many, those first in the
 * order of the SHA-256 of their names.
 * @param least of each, where it has as many: there are no more texts than that lets be
 */
export function sample(sources: readonly TextSource[], limit: number, least = leastSample): TextSource[] {
  const chosen = inHashOrder(sources).slice(0, Math.max(1, Math.floor(limit / least)));
  const lengths = chosen.map((source) => source.chars).sort((a, b) => a - b);
  let left = limit;
  let cap = 0;
  lengths.forEach((length, i) => {
    cap = Math.max(cap, Math.min(length, left / (lengths.length - i)));
    left -= Math.min(length, cap);
  });
  return chosen
    .map((source) => partOf(source, 0, Math.min(source.chars, Math.floor(cap))))
    .filter((source) => source.chars > 0);
}

/** {@link sample} of each group for itself, so that none is left out: of those that `keyOf` gives the same. */
export function sampleOfEach(
  sources: readonly TextSource[],
  keyOf: (source: TextSource) => string | undefined,
  limit: number,
): TextSource[] {
  const groups = groupBy(sources, keyOf);
  groups.delete(undefined);
  return [...groups.values()].flatMap((of) => sample(of, limit / groups.size));
}

function inHashOrder(sources: readonly TextSource[]): TextSource[] {
  const keyed = sources.map((source) => ({ source, key: createHash("sha256").update(source.name).digest("hex") }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ source }) => source);
}

/** SHA-256 (hex) of some texts and their names. */
export function hashOf(sources: readonly TextSource[]): string {
  const hash = createHash("sha256");
  for (const source of sources) hash.update(source.name).update("\0").update(source.hash).update("\0");
  return hash.digest("hex");
}

export function charsOf(sources: readonly TextSource[]): number {
  return sources.reduce((sum, source) => sum + source.chars, 0);
}

/** @throws MurmurError ("no-text") if there is too little text to learn from in windows of that many tokens. */
export function assertEnough(corpus: Corpus, window: number): void {
  const [train, heldOut] = [charsOf(corpus.train), charsOf(corpus.heldOut)];
  const least = Math.max(leastText, window);
  if (train >= least && heldOut > 0) return;
  throw new MurmurError(
    "no-text",
    `There is too little text to learn from: ${train} characters to train on and ${heldOut} to measure with; ${least} are the least${window > leastText ? ` for windows of ${window} tokens` : ""}. Add files, or exclude fewer.`,
  );
}

const leastText = 1000;
