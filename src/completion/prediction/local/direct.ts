import { directCount } from "./contexts.ts";
import { type Estimates, newEstimates, update } from "./estimates.ts";
import { stretched } from "./logistic.ts";
import { mix } from "./text-context.ts";

/**
 * A direct estimate of each bit of the next byte, after short contexts. A slot holds a probability in its upper 12 bits, and a
 * count of how often it was seen in its lower 4. The count has a limit, so that old observations are forgotten.
 */
export class Direct {
  readonly slots: Uint16Array;
  readonly #mask: number;
  /** How far to trust a slot, by context, probability and count. */
  readonly evidence: Estimates;
  readonly #bases = new Int32Array(directCount);
  readonly #cell = new Int32Array(directCount);

  /** @param bits binary logarithm of the number of slots */
  constructor(bits: number) {
    this.slots = new Uint16Array(1 << bits).fill(unseen);
    this.#mask = (1 << bits) - 1;
    this.evidence = newEstimates(directCount * cells);
    for (let i = 0; i < directCount; i++) {
      for (let p = 0; p < buckets; p++)
        this.evidence.fill(((p + 0.5) / buckets) * 65_536, i * cells + p * 16, i * cells + p * 16 + 16);
    }
  }

  forget(): void {
    this.slots.fill(unseen);
  }

  lookUp(hashes: Int32Array): void {
    this.#bases.set(hashes);
  }

  predict(partial: number, bit: number, inputs: Float32Array, from: number): void {
    for (let i = 0; i < directCount; i++) {
      const slot = this.#slot(this.#bases[i] as number, partial, bit);
      const stored = this.slots[slot] as number;
      const cell = i * cells + ((stored >> 10) << 4) + (stored & 15);
      this.#cell[i] = cell;
      inputs[from + i] = (stored & 15) === 0 ? 0 : stretched(this.evidence[cell] as number);
    }
  }

  /** Learns how good the estimates of the last {@link predict} were. Does not learn the bit itself. */
  learnEvidence(bit: number): void {
    for (let i = 0; i < directCount; i++) update(this.evidence, this.#cell[i] as number, bit === 1, 1 / 128);
  }

  learnByte(hashes: Int32Array, byte: number): void {
    for (let i = 0; i < directCount; i++) {
      const base = hashes[i] as number;
      let partial = 1;
      for (let bit = 0; bit < 8; bit++) {
        const value = (byte >> (7 - bit)) & 1;
        this.#learn(this.#slot(base, partial, bit), value);
        partial = (partial << 1) | value;
      }
    }
  }

  /** The estimates of a byte after some contexts as they are now. @returns restores them */
  keep(hashes: Int32Array, byte: number): () => void {
    const slots = Array.from(hashes).flatMap((hash) =>
      Array.from({ length: 8 }, (_, bit) => this.#slot(hash, (byte | 256) >> (8 - bit), bit)),
    );
    const kept = slots.map((slot) => this.slots[slot] as number);
    return () => {
      slots.forEach((slot, i) => {
        this.slots[slot] = kept[i] as number;
      });
    };
  }

  /**
   * Takes back that a byte came after these contexts.
   * @param others for each context, all other bytes that came after it, each followed by its count, if this byte comes after it
   *   nowhere any more
   */
  unlearnByte(hashes: Int32Array, byte: number, others: readonly (Uint8Array | undefined)[]): void {
    for (let i = 0; i < directCount; i++) {
      const base = hashes[i] as number;
      const left = others[i];
      let partial = 1;
      for (let bit = 0; bit < 8; bit++) {
        const value = (byte >> (7 - bit)) & 1;
        this.#unlearn(this.#slot(base, partial, bit), value, left && slotOf(left, partial, bit));
        partial = (partial << 1) | value;
      }
    }
  }

  /**
   * The inverse of {@link #learn}. A slot at the limit of the count no longer knows how often it was seen: its count stays, as long as
   * other occurrences are possible.
   * @param left what the slot holds when no occurrence of this byte is left
   */
  #unlearn(slot: number, bit: number, left: number | undefined): void {
    const stored = this.slots[slot] as number;
    const count = stored & 15;
    if (count <= 1 || (count === 15 && left !== undefined)) {
      this.slots[slot] = left ?? unseen;
      return;
    }
    const countBefore = count === 15 ? count : count - 1;
    const rate = rates[countBefore] as number;
    const former = ((stored >> 4) - (bit === 1 ? 4095 : 0) * rate) / (1 - rate);
    this.slots[slot] = (Math.round(Math.min(Math.max(former, 0), 4095)) << 4) | countBefore;
  }

  #learn(slot: number, bit: number): void {
    const stored = this.slots[slot] as number;
    const count = stored & 15;
    const probability = stored >> 4;
    const next = Math.round(probability + ((bit === 1 ? 4095 : 0) - probability) * (rates[count] as number));
    this.slots[slot] = (next << 4) | (count < 15 ? count + 1 : count);
  }

  /** The 15 nodes of half a byte lie next to each other, so that they are read together. */
  #slot(base: number, partial: number, bit: number): number {
    if (bit < 4) return ((base << 4) + partial) & this.#mask;
    const high = partial >> (bit - 4);
    const low = (1 << (bit - 4)) | (partial & ((1 << (bit - 4)) - 1));
    return ((mix(base, high + 256) << 4) + low) & this.#mask;
  }
}

/** A probability of one half that was never seen. */
const unseen = 2048 << 4;

/** The slot of a node of the tree of bits after which these bytes came, each followed by its count. */
function slotOf(symbols: Uint8Array, partial: number, bit: number): number {
  const counts = [0, 0];
  for (let i = 0; i < symbols.length; i += 2) {
    const symbol = symbols[i] as number;
    if ((symbol | 256) >> (8 - bit) !== partial) continue;
    const value = (symbol >> (7 - bit)) & 1;
    counts[value] = (counts[value] as number) + (symbols[i + 1] as number);
  }
  const [zeros = 0, ones = 0] = counts;
  if (zeros + ones === 0) return unseen;
  return (Math.round((4095 * (ones + 0.25)) / (zeros + ones + 0.5)) << 4) | Math.min(zeros + ones, 14);
}

const buckets = 64;
const cells = buckets * 16;
const rates = Float32Array.from({ length: 16 }, (_, n) => Math.max(1 / (n + 1.5), 1 / 24));
