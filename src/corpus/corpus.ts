import { createHash } from "node:crypto";
import { MurmurError } from "../errors.ts";
import { groupBy } from "../group-by.ts";
import { formatNumber, t } from "../l10n.ts";
import { partOf, type TextSource } from "./text-source.ts";

/** The texts that a model is trained on and the held-out texts that it is evaluated on. */
export interface Corpus {
  readonly train: readonly TextSource[];
  readonly heldOut: readonly TextSource[];
}

/**
 * Holds out a deterministic share of the text, counting copies once. Whole files are held out, in the order of the SHA-256 of their names,
 * until the share is reached; a file with more than a tenth of all characters is never held out. If this holds out less than half of
 * the share, as in a corpus of few files, the last part of each file is held out instead.
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
 * Removes copies, so that no text is both learned and held out. Of several copies, the one whose name sorts first is kept, whatever
 * their order.
 */
export function withoutCopies(sources: readonly TextSource[]): TextSource[] {
  const first = new Map<string, TextSource>();
  for (const source of sources) {
    const other = first.get(source.hash);
    if (!other || source.name < other.name) first.set(source.hash, source);
  }
  return sources.filter((source) => first.get(source.hash) === source);
}

/** The fewest characters of a file that are worth measuring: the beginning of a file has little context to predict from. */
const leastSample = 4000;

/**
 * Takes an equally long beginning of each text, at most `limit` characters in all. If there are many texts, those whose names have the
 * lowest SHA-256 are chosen.
 * @param least the number of characters to take of each text that has as many; this limits the number of texts
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
    .filter((source) => Math.min(source.chars, Math.floor(cap)) > 0)
    .map((source) => partOf(source, 0, Math.min(source.chars, Math.floor(cap))));
}

/** Takes a {@link sample} of each group of texts with the same key, so that every group is represented. Texts without a key are left out. */
export function sampleOfEach(
  sources: readonly TextSource[],
  keyOf: (source: TextSource) => string | undefined,
  limit: number,
): TextSource[] {
  const groups = groupBy(sources, keyOf);
  groups.delete(undefined);
  return [...groups.values()].flatMap((of) => sample(of, limit / groups.size));
}

/** Whole texts, in the order of the SHA-256 of their names, as long as there are no more characters than `limit`. */
export function upTo(sources: readonly TextSource[], limit: number): TextSource[] {
  if (charsOf(sources) <= limit) return [...sources];
  let left = limit;
  return inHashOrder(sources).filter(({ chars }) => {
    if (chars > left) return false;
    left -= chars;
    return true;
  });
}

function inHashOrder(sources: readonly TextSource[]): TextSource[] {
  const keyed = sources.map((source) => ({ source, key: createHash("sha256").update(source.name).digest("hex") }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ source }) => source);
}

/** The SHA-256 (hex) of some texts and their names. */
export function hashOf(sources: readonly TextSource[]): string {
  const hash = createHash("sha256");
  for (const source of sources) hash.update(source.name).update("\0").update(source.hash).update("\0");
  return hash.digest("hex");
}

export function charsOf(sources: readonly TextSource[]): number {
  return sources.reduce((sum, source) => sum + source.chars, 0);
}

/** @throws MurmurError ("no-text") if there is too little text to learn from in windows of this many tokens */
export function assertEnough(corpus: Corpus, window: number): void {
  const [train, heldOut] = [charsOf(corpus.train), charsOf(corpus.heldOut)];
  const least = Math.max(leastText, window);
  if (train >= least && heldOut > 0) return;
  const counts = [train, heldOut, least].map((count) => formatNumber(count));
  throw new MurmurError(
    "no-text",
    window > leastText
      ? t(
          "There is too little text to learn from: {0} characters to train on and {1} held out. Training needs at least {2} for windows of {2} tokens. Add files, or exclude fewer.",
          ...counts,
        )
      : t(
          "There is too little text to learn from: {0} characters to train on and {1} held out. Training needs at least {2}. Add files, or exclude fewer.",
          ...counts,
        ),
  );
}

const leastText = 1000;
