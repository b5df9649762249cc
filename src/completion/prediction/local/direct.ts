import { directCount } from "./contexts.ts";
import { type Estimates, newEstimates, update } from "./estimates.ts";
import { stretched } from "./logistic.ts";
import { mix } from "./text-context.ts";

/**
 * A direct estimate of each bit of the next byte, after short contexts. A slot holds a probability in its upper 12 bits, and in its lower
 * 20 how often it was seen. The rate of learning has a limit, so that old observations are forgotten.
 */
export class Direct {
  readonly slots: Uint32Array;
  readonly #mask: number;
  /** How far to trust a slot, by context, probability and count. */
  readonly evidence: Estimates;
  readonly #bases = new Int32Array(directCount);
  readonly #cell = new Int32Array(directCount);

  /** @param bits binary logarithm of the number of slots */
  constructor(bits: number) {
    this.slots = new Uint32Array(1 << bits).fill(unseen);
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
      const count = stored & mostCounted;
      const cell = i * cells + ((stored >>> (countBits + 6)) << 4) + (count < 15 ? count : 15);
      this.#cell[i] = cell;
      inputs[from + i] = count === 0 ? 0 : stretched(this.evidence[cell] as number);
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

  /** Takes back that a byte came after these contexts. */
  unlearnByte(hashes: Int32Array, byte: number): void {
    for (let i = 0; i < directCount; i++) {
      const base = hashes[i] as number;
      let partial = 1;
      for (let bit = 0; bit < 8; bit++) {
        const value = (byte >> (7 - bit)) & 1;
        this.#unlearn(this.#slot(base, partial, bit), value);
        partial = (partial << 1) | value;
      }
    }
  }

  /**
   * Up to the limit of the rate, the inverse of {@link #learn}. Beyond it, the bit counts as one of all that were learned: which of them it
   * was is not known, and the inverse holds for the last one only. No slot comes near certainty by it.
   */
  #unlearn(slot: number, bit: number): void {
    const stored = this.slots[slot] as number;
    const count = stored & mostCounted;
    if (count === mostCounted) return;
    if (count <= 1) {
      this.slots[slot] = unseen;
      return;
    }
    const probability = stored >>> countBits;
    const isExact = count <= exact;
    const rate = isExact ? (rates[count - 1] as number) : 1 / count;
    const former = (probability - (bit === 1 ? 4095 : 0) * rate) / (1 - rate);
    // No bit leaves more certainty than as many alike ones would.
    const margin = Math.min(
      Math.round((4095 * 0.25) / (Math.min(count - 1, exact) + 0.5)),
      probability,
      4095 - probability,
    );
    this.slots[slot] = slotOf(Math.round(Math.min(Math.max(former, margin), 4095 - margin)), count - 1);
  }

  #learn(slot: number, bit: number): void {
    const stored = this.slots[slot] as number;
    const count = stored & mostCounted;
    const probability = stored >>> countBits;
    const rate = rates[count < 15 ? count : 15] as number;
    const next = Math.round(probability + ((bit === 1 ? 4095 : 0) - probability) * rate);
    this.slots[slot] = slotOf(next, count < mostCounted ? count + 1 : count);
  }

  /** The 15 nodes of half a byte lie next to each other, so that they are read together. */
  #slot(base: number, partial: number, bit: number): number {
    if (bit < 4) return ((base << 4) + partial) & this.#mask;
    const high = partial >> (bit - 4);
    const low = (1 << (bit - 4)) | (partial & ((1 << (bit - 4)) - 1));
    return ((mix(base, high + 256) << 4) + low) & this.#mask;
  }
}

const countBits = 20;
/** Up to this count a bit's rate was 1 / (n + 1.5), so that all bits counted alike. */
const exact = 15;
/** A slot that was seen so often stays: how often is no longer known. */
const mostCounted = (1 << countBits) - 1;

function slotOf(probability: number, count: number): number {
  return ((probability << countBits) | count) >>> 0;
}

/** A probability of one half that was never seen. */
const unseen = slotOf(2048, 0);

const buckets = 64;
const cells = buckets * 16;
const rates = Float32Array.from({ length: 16 }, (_, n) => 1 / (n + 1.5));
