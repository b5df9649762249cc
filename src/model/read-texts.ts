import { createHash } from "node:crypto";

/** Bytes that are kept of each SHA-256: two of a hundred million lines are confused with a probability of 0.03 %. */
const keptBytes = 8;
const hexDigits = 2 * keptBytes;
/** The number of lines that stand for a text. */
const sketchLines = 8;
/** A line of fewer characters, without the blanks around it, says little about which text it is from. */
const shortestLine = 12;
/** A text of whose lines this share is known counts as read. */
const mostlyRead = 0.5;

/**
 * A few hashes that stand for a text: the smallest of those of its lines (min-wise hashing, Broder 1997, "On the resemblance and
 * containment of documents"). A text that was changed in some lines keeps most of them, so they tell how much of a text is known.
 * @param parts the text, in parts
 */
export function sketchOf(parts: Iterable<string>): string[] {
  const hashes = new Set<string>();
  const whole = createHash("sha256");
  let held = "";
  const add = (line: string): void => {
    if (line.trim().length >= shortestLine) hashes.add(hashOf(line.trim()));
  };
  for (const part of parts) {
    whole.update(part);
    const lines = (held + part).split("\n");
    held = lines.pop() ?? "";
    lines.forEach(add);
  }
  add(held);
  return hashes.size > 0 ? [...hashes].sort().slice(0, sketchLines) : [whole.digest("hex").slice(0, hexDigits)];
}

function hashOf(line: string): string {
  return createHash("sha256").update(line).digest("hex").slice(0, hexDigits);
}

/**
 * The texts that a network was trained on. A model's record holds them: how good the network is on such a text says nothing about how good
 * it is on others.
 */
export class ReadTexts {
  readonly #hashes: ReadonlySet<string>;

  private constructor(hashes: ReadonlySet<string>) {
    this.#hashes = hashes;
  }

  /** @param sketches of the texts; see {@link sketchOf} */
  static of(sketches: readonly (readonly string[])[]): ReadTexts {
    return new ReadTexts(new Set(sketches.flat()));
  }

  /** @param record what {@link record} gave; undefined: none are known */
  static from(record: string | undefined): ReadTexts {
    const hex = Buffer.from(record ?? "", "base64").toString("hex");
    return new ReadTexts(new Set(hex.match(new RegExp(`.{${hexDigits}}`, "g"))));
  }

  /** These and other texts. */
  and(others: ReadTexts): ReadTexts {
    return new ReadTexts(new Set([...this.#hashes, ...others.#hashes]));
  }

  /** The number of hashes. */
  get size(): number {
    return this.#hashes.size;
  }

  /** Roughly which share of a text is in them, from 0 to 1. */
  shareOf(sketch: readonly string[]): number {
    return sketch.filter((hash) => this.#hashes.has(hash)).length / Math.max(1, sketch.length);
  }

  /** Whether at least half of a text is in them. */
  hasMostOf(sketch: readonly string[]): boolean {
    return this.shareOf(sketch) >= mostlyRead;
  }

  /** The same, of the text itself. */
  has(text: string): boolean {
    return this.size > 0 && this.hasMostOf(sketchOf([text]));
  }

  /** In base64: the hashes, one after another. */
  get record(): string {
    return Buffer.from([...this.#hashes].sort().join(""), "hex").toString("base64");
  }
}
