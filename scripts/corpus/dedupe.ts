import { createHash } from "node:crypto";

/** Lines that a shingle spans. */
const span = 6;

/** Recognises files seen before: exact copies, and files with more than half of their six-line shingles seen. */
export class Deduplicator {
  readonly #files = new Set<string>();
  readonly #shingles = new DigestSet();

  /** Whether the text is new. From then on it is not. */
  isNew(text: string): boolean {
    const whole = digest(text.replace(/\s/g, "")).toString("base64");
    if (this.#files.has(whole)) return false;
    this.#files.add(whole);
    const shingles = shinglesOf(text);
    let seen = 0;
    for (const shingle of shingles) seen += this.#shingles.has(shingle) ? 1 : 0;
    for (const shingle of shingles) this.#shingles.add(shingle);
    return seen <= shingles.length / 2;
  }
}

function shinglesOf(text: string): Buffer[] {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.length > 0);
  return Array.from({ length: Math.max(0, lines.length - span + 1) }, (_, i) =>
    digest(lines.slice(i, i + span).join("\n")),
  );
}

function digest(text: string): Buffer {
  return createHash("sha1").update(text).digest();
}

/** A set of digests by their first 64 bits, with open addressing: a corpus has more shingles than a Set may have elements. */
class DigestSet {
  /** Two places each; 0, 0 is an empty one. */
  #slots = new Uint32Array(1 << 17);
  #size = 0;

  has(digest: Buffer): boolean {
    const [high, low] = halvesOf(digest);
    return this.#slots[this.#placeOf(high, low)] !== 0;
  }

  add(digest: Buffer): void {
    const [high, low] = halvesOf(digest);
    if (!this.#put(high, low)) return;
    this.#size += 1;
    if (this.#size > this.#slots.length / 4) this.#grow();
  }

  /** @returns whether it is new */
  #put(high: number, low: number): boolean {
    const place = this.#placeOf(high, low);
    if (this.#slots[place] !== 0) return false;
    this.#slots[place] = high;
    this.#slots[place + 1] = low;
    return true;
  }

  /** Where a digest is, or else the empty place where it belongs. */
  #placeOf(high: number, low: number): number {
    const slots = this.#slots;
    let place = (low * 2) % slots.length;
    while (slots[place] !== 0 && (slots[place] !== high || slots[place + 1] !== low))
      place = (place + 2) % slots.length;
    return place;
  }

  #grow(): void {
    const former = this.#slots;
    this.#slots = new Uint32Array(former.length * 2);
    for (let i = 0; i < former.length; i += 2) {
      const [high = 0, low = 0] = former.subarray(i, i + 2);
      if (high !== 0) this.#put(high, low);
    }
  }
}

/** The first 64 bits, of which the first half is not 0. */
function halvesOf(digest: Buffer): [number, number] {
  return [digest.readUInt32LE(0) || 1, digest.readUInt32LE(4)];
}
