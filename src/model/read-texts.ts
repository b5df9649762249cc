import { createHash } from "node:crypto";

/** Bytes that are kept of each text's SHA-256: two of a billion texts are confused with a probability of 3 %. */
const keptBytes = 8;

/**
 * The texts that a network was trained on, by their hashes. A model's record holds them: how good the network is on such a text says nothing
 * about how good it is on others.
 */
export class ReadTexts {
  readonly #hashes: ReadonlySet<string>;

  private constructor(hashes: ReadonlySet<string>) {
    this.#hashes = hashes;
  }

  /** @param hashes the SHA-256 of each text, hex */
  static of(hashes: Iterable<string>): ReadTexts {
    return new ReadTexts(new Set(Array.from(hashes, (hash) => hash.slice(0, 2 * keptBytes))));
  }

  /** @param record what {@link record} gave; undefined: none are known */
  static from(record: string | undefined): ReadTexts {
    const hex = Buffer.from(record ?? "", "base64").toString("hex");
    return ReadTexts.of(hex.match(new RegExp(`.{${2 * keptBytes}}`, "g")) ?? []);
  }

  /** These and other texts. */
  and(others: ReadTexts): ReadTexts {
    return new ReadTexts(new Set([...this.#hashes, ...others.#hashes]));
  }

  /** Whether a text is among them. */
  has(text: string): boolean {
    return this.#hashes.size > 0 && this.hasHash(createHash("sha256").update(text).digest("hex"));
  }

  /** @param hash the SHA-256 of a text, hex */
  hasHash(hash: string): boolean {
    return this.#hashes.has(hash.slice(0, 2 * keptBytes));
  }

  /** In base64: the first bytes of each hash, one after another. */
  get record(): string {
    return Buffer.from([...this.#hashes].sort().join(""), "hex").toString("base64");
  }
}
