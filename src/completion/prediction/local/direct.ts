import { directCount } from "./contexts.ts";
import { type Estimates, newEstimates, update } from "./estimates.ts";
import { stretched } from "./logistic.ts";
import { mix } from "./text-context.ts";

/**
 * A direct estimate for each bit of the next byte after low-order contexts. A slot holds a probability of 12 bits and, in the 4
 * bits below, how often it was seen, up to a limit that makes it forget.
 */
export class Direct {
  readonly slots: Uint16Array;
  readonly #mask: number;
  /** How far to trust a slot: for each context, by its probability and count. */
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

  /** Learns how good the estimates of the last {@link predict} were, but not the bit itself. */
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

  #learn(slot: number, bit: number): void {
    const stored = this.slots[slot] as number;
    const count = stored & 15;
    const probability = stored >> 4;
    const next = Math.round(probability + ((bit === 1 ? 4095 : 0) - probability) * (rates[count] as number));
    this.slots[slot] = (next << 4) | (count < 15 ? count + 1 : count);
  }

  /** The 15 nodes of half a byte lie side by side. */
  #slot(base: number, partial: number, bit: number): number {
    if (bit < 4) return ((base << 4) + partial) & this.#mask;
    const high = partial >> (bit - 4);
    const low = (1 << (bit - 4)) | (partial & ((1 << (bit - 4)) - 1));
    return ((mix(base, high + 256) << 4) + low) & this.#mask;
  }
}

/** A probability of one half that was seen never. */
const unseen = 2048 << 4;

const buckets = 64;
const cells = buckets * 16;
const rates = Float32Array.from({ length: 16 }, (_, n) => Math.max(1 / (n + 1.5), 1 / 24));
