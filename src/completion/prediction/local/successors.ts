import { type Estimates, newEstimates, update } from "./estimates.ts";
import { stretched } from "./logistic.ts";

/** Number of symbols that a bucket remembers, latest first. */
const symbols = 3;
/**
 * Size of a bucket in bytes: a check of 16 bits, then each symbol with its count. A count takes the lower six bits of its byte. The
 * upper two bits of the three counts are the mark of the text in which the context was seen last.
 */
const bucketSize = 2 + 2 * symbols;
const mostCounted = 63;

/**
 * The bytes that came after each context: the last three different ones with their counts, in a hash table of a fixed size. When
 * it is full, contexts seen less often are replaced, as in the run maps of paq8 (Mahoney, "Data Compression Explained", §4.3).
 */
export class Successors {
  readonly buckets: Uint8Array;
  readonly #count: number;
  readonly #isApart: boolean;
  readonly #mask: number;
  /**
   * How far to trust the counts, by context, whether it was seen last in the same text, counts for and against, rank and index of the
   * bit.
   */
  readonly evidence: Estimates;
  /** The bucket of each context of the current place; -1 for none. */
  readonly #found: Int32Array;
  /** Whether each context was seen last in the text of the place. */
  readonly #isHere: Uint8Array;
  /** How many contexts of the current place were seen before. */
  seen = 0;
  /** How many of them were seen last in the text of the place. */
  seenHere = 0;
  /** The cell of `evidence` that each context used for the current bit, -1 for none; and the bit that the context expects. */
  readonly #used: Int32Array;
  readonly #expected: Uint8Array;

  /**
   * @param bits binary logarithm of the number of buckets
   * @param count number of contexts
   * @param isApart whether what was seen last in another text has predictions of its own
   */
  constructor(bits: number, count: number, isApart: boolean) {
    this.buckets = new Uint8Array(bucketSize << bits);
    this.#mask = (1 << bits) - 1;
    this.#count = count;
    this.#isApart = isApart;
    this.evidence = newEstimates(count * 2 * cells);
    this.#found = new Int32Array(count);
    this.#isHere = new Uint8Array(count);
    this.#used = new Int32Array(count);
    this.#expected = new Uint8Array(count);
  }

  /** Looks up the contexts of a place in the text that has this mark. */
  lookUp(hashes: Int32Array, mark: number): void {
    this.seen = 0;
    this.seenHere = 0;
    const short = shortMark(mark);
    for (let i = 0; i < this.#count; i++) {
      const at = this.#find(hashes[i] as number);
      const isHere = at >= 0 && this.#markOf(at) === short;
      this.#found[i] = at;
      this.#isHere[i] = isHere ? 1 : 0;
      if (at >= 0) this.seen++;
      if (isHere) this.seenHere++;
    }
  }

  /**
   * Gives each context's prediction of the next bit, in the logistic domain; 0 where it has none. Where they are apart, contexts that were
   * seen last in the text of the place come after those that were seen last in another, so that each kind has weights of its own.
   * @param partial the byte's bits so far, after a leading 1
   * @param bit the number of bits so far
   * @param from index of the first prediction in `inputs`: one for each context, or two where they are apart
   */
  predict(partial: number, bit: number, inputs: Float32Array, from: number): void {
    const { buckets } = this;
    const shift = 8 - bit;
    const next = shift - 1;
    for (let i = 0; i < this.#count; i++) {
      const at = this.#found[i] as number;
      const isHere = this.#isHere[i] as number;
      let cell = -1;
      let input = 0;
      if (at >= 0) {
        let agreeing = 0;
        let opposing = 0;
        let expected = 0;
        let rank = -1;
        for (let j = 0; j < symbols; j++) {
          const count = (buckets[at + 3 + 2 * j] as number) & mostCounted;
          if (count === 0) break;
          const symbol = buckets[at + 2 + 2 * j] as number;
          if ((symbol | 256) >> shift !== partial) continue;
          const its = (symbol >> next) & 1;
          if (rank < 0) {
            rank = j;
            expected = its;
            agreeing = count;
          } else if (its === expected) agreeing += count;
          else opposing += count;
        }
        if (rank >= 0) {
          const level =
            (levels[Math.min(agreeing, 63)] as number) * 6 + (opposingLevels[Math.min(opposing, 63)] as number);
          cell = (2 * i + isHere) * cells + ((level * 3 + rank) << 3) + bit;
          const value = stretched(this.evidence[cell] as number);
          input = expected === 1 ? value : -value;
          this.#expected[i] = expected;
        }
      }
      this.#used[i] = cell;
      const isOther = isHere === 0;
      inputs[from + i] = isOther || !this.#isApart ? input : 0;
      if (this.#isApart) inputs[from + this.#count + i] = isOther ? 0 : input;
    }
  }

  /** Learns how good the predictions of the last {@link predict} were. */
  learnBit(bit: number): void {
    for (let i = 0; i < this.#count; i++) {
      const cell = this.#used[i] as number;
      if (cell >= 0) update(this.evidence, cell, this.#expected[i] === bit, evidenceRate);
    }
  }

  /** Learns that a byte came after these contexts in the text that has this mark. */
  learnByte(hashes: Int32Array, byte: number, mark: number): void {
    const short = shortMark(mark);
    for (let i = 0; i < this.#count; i++) {
      const at = this.#findOrReplace(hashes[i] as number);
      this.#setMark(at, 0);
      this.#learn(at, byte);
      this.#setMark(at, short);
    }
  }

  /**
   * Takes back that a byte came after these contexts: one of its counts, and the byte itself with its last count. The contexts
   * that it replaced, and the counts that faded for it, are not restored.
   */
  unlearnByte(hashes: Int32Array, byte: number): void {
    for (let i = 0; i < this.#count; i++) {
      const at = this.#find(hashes[i] as number);
      if (at < 0) continue;
      const mark = this.#markOf(at);
      this.#setMark(at, 0);
      this.#unlearn(at, byte);
      if (this.buckets[at + 3] !== 0) this.#setMark(at, mark);
    }
  }

  /** The buckets of some contexts as they are now. @returns restores them */
  keep(hashes: Int32Array): () => void {
    const kept = Array.from(hashes, (hash) => this.#find(hash))
      .filter((at) => at >= 0)
      .map((at) => ({ at, bucket: this.buckets.slice(at, at + bucketSize) }));
    return () => {
      for (const { at, bucket } of kept) this.buckets.set(bucket, at);
    };
  }

  #markOf(at: number): number {
    const { buckets } = this;
    return (
      ((buckets[at + 3] as number) >> 6) |
      (((buckets[at + 5] as number) >> 6) << 2) |
      (((buckets[at + 7] as number) >> 6) << 4)
    );
  }

  #setMark(at: number, mark: number): void {
    const { buckets } = this;
    for (let j = 0; j < symbols; j++) {
      const count = at + 3 + 2 * j;
      buckets[count] = ((buckets[count] as number) & mostCounted) | (((mark >> (2 * j)) & 3) << 6);
    }
  }

  /** Works on a bucket whose mark is 0. */
  #unlearn(at: number, byte: number): void {
    const { buckets } = this;
    let rank = 0;
    while (rank < symbols && (buckets[at + 2 + 2 * rank] !== byte || buckets[at + 3 + 2 * rank] === 0)) rank++;
    if (rank === symbols) return;
    const count = at + 3 + 2 * rank;
    (buckets[count] as number) -= 1;
    if (buckets[count] !== 0) return;
    // The symbols seen before it move up.
    buckets.copyWithin(at + 2 + 2 * rank, at + 4 + 2 * rank, at + bucketSize);
    buckets.fill(0, at + bucketSize - 2, at + bucketSize);
    // A context without a symbol counts as not seen.
    if (buckets[at + 3] === 0) buckets.fill(0, at, at + 2);
  }

  /** Works on a bucket whose mark is 0. */
  #learn(at: number, byte: number): void {
    const { buckets } = this;
    let rank = 0;
    while (rank < symbols - 1 && (buckets[at + 2 + 2 * rank] !== byte || buckets[at + 3 + 2 * rank] === 0)) rank++;
    const isKnown = buckets[at + 2 + 2 * rank] === byte && buckets[at + 3 + 2 * rank] !== 0;
    const count = isKnown ? (buckets[at + 3 + 2 * rank] as number) : 0;
    for (let j = rank; j > 0; j--) {
      buckets[at + 2 + 2 * j] = buckets[at + 2 * j] as number;
      buckets[at + 3 + 2 * j] = faded[buckets[at + 1 + 2 * j] as number] as number;
    }
    buckets[at + 2] = byte;
    buckets[at + 3] = count < mostCounted ? count + 1 : count;
  }

  #find(hash: number): number {
    const { buckets } = this;
    const check = checkOf(hash);
    const index = hash & this.#mask;
    const at = index * bucketSize;
    if (((buckets[at] as number) | ((buckets[at + 1] as number) << 8)) === check) return at;
    const other = (index ^ 1) * bucketSize;
    return ((buckets[other] as number) | ((buckets[other + 1] as number) << 8)) === check ? other : -1;
  }

  #findOrReplace(hash: number): number {
    const found = this.#find(hash);
    if (found >= 0) return found;
    const { buckets } = this;
    const index = hash & this.#mask;
    const [first, second] = [index * bucketSize, (index ^ 1) * bucketSize];
    const countOf = (at: number): number => (buckets[at + 3] as number) & mostCounted;
    const at = countOf(first) <= countOf(second) ? first : second;
    // The one that stays loses a count, so that nothing stays for ever.
    const stays = at === first ? second : first;
    if (countOf(stays) > 1) (buckets[stays + 3] as number) -= 1;
    const check = checkOf(hash);
    buckets.fill(0, at, at + bucketSize);
    buckets[at] = check & 255;
    buckets[at + 1] = check >> 8;
    return at;
  }
}

/** Cells of evidence for a context: 8 levels of counts for, 6 of counts against, 3 ranks, 8 bits. */
const cells = 8 * 6 * 3 * 8;
const evidenceRate = 1 / 64;

const levels = Uint8Array.from({ length: 64 }, (_, n) => (n < 4 ? n : n < 6 ? 4 : n < 12 ? 5 : n < 30 ? 6 : 7));
const opposingLevels = Uint8Array.from({ length: 64 }, (_, n) => (n < 3 ? n : n < 5 ? 3 : n < 12 ? 4 : 5));
/** A count after another byte came. Larger counts fade faster. */
const faded = Uint8Array.from({ length: mostCounted + 1 }, (_, n) => (n > 3 ? n - (n >> 2) : n));

/**
 * The part of a text's mark that a bucket has room for: 1 to 63; 0 for a text without one. Two texts have the same one by chance, but
 * rarely; that is harmless, because the tables are only hints.
 */
function shortMark(mark: number): number {
  return mark === 0 ? 0 : 1 + (mark % 63);
}

/** 16 bits that distinguish the contexts that share a bucket; never 0. */
function checkOf(hash: number): number {
  const h = Math.imul(hash, 0x5bd1e995) >>> 16;
  return h === 0 ? 1 : h;
}
