import { createHash } from "node:crypto";

/** Bytes that are kept of each SHA-256: two of a hundred million lines are confused with a probability of 0.03 %. */
const keptBytes = 8;
const hexDigits = 2 * keptBytes;
const oneHash = new RegExp(`.{${hexDigits}}`, "g");
/** The number of lines that stand for a text. */
const sketchLines = 8;
/** A line of fewer characters, without the blanks around it, says little about which text it is from. */
const shortestLine = 12;
/** A text of whose lines this share is known counts as read. */
const mostlyRead = 0.5;

/**
 * A few hashes that stand for a text: the smallest of those of its lines (min-wise hashing, Broder 1997, "On the resemblance and
 * containment of documents"). A text that was changed in some lines keeps most of them, so they tell how much of a text is known.
 */
export class TextSketch {
  /** Sorted. A text may have millions of lines, so the others are dropped at once. */
  readonly #smallest: string[] = [];
  readonly #whole = createHash("sha256");
  /** The parts of a line whose end has not come yet: a text may be one long line. */
  #held: string[] = [];

  /** Adds the next part of the text. */
  add(part: string): void {
    this.#whole.update(part);
    const [first = "", ...others] = part.split("\n");
    this.#held.push(first);
    for (const line of others) {
      this.#addLine(this.#held.join(""));
      this.#held = [line];
    }
  }

  /** Ends the text. @returns the hashes in hexadecimal digits, one after another; that of the whole text if it has no line long enough */
  end(): string {
    this.#addLine(this.#held.join(""));
    return this.#smallest.join("") || this.#whole.digest("hex").slice(0, hexDigits);
  }

  #addLine(line: string): void {
    const trimmed = line.trim();
    if (trimmed.length < shortestLine) return;
    const hash = hashOf(trimmed);
    const place = this.#smallest.findLastIndex((other) => other <= hash);
    if (this.#smallest[place] === hash || place === sketchLines - 1) return;
    this.#smallest.splice(place + 1, 0, hash);
    this.#smallest.length = Math.min(this.#smallest.length, sketchLines);
  }
}

/** The {@link TextSketch} of a text. @param parts the text, in parts */
export function sketchOf(parts: Iterable<string>): string {
  const sketch = new TextSketch();
  for (const part of parts) sketch.add(part);
  return sketch.end();
}

function hashesIn(hex: string): string[] {
  return hex.match(oneHash) ?? [];
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

  /** @param sketches of the texts; see {@link TextSketch} */
  static of(sketches: readonly string[]): ReadTexts {
    return new ReadTexts(new Set(sketches.flatMap(hashesIn)));
  }

  /** @param record what {@link record} gave; undefined: none are known */
  static from(record: string | undefined): ReadTexts {
    return new ReadTexts(new Set(hashesIn(Buffer.from(record ?? "", "base64").toString("hex"))));
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
  shareOf(sketch: string): number {
    const hashes = hashesIn(sketch);
    return hashes.filter((hash) => this.#hashes.has(hash)).length / Math.max(1, hashes.length);
  }

  /** Whether at least half of a text is in them. */
  hasMostOf(sketch: string): boolean {
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
