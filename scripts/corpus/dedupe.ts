import { createHash } from "node:crypto";

/** Lines that a shingle spans. */
const span = 6;

/** Recognises files seen before: exact copies, and files with more than half of their six-line shingles seen. */
export class Deduplicator {
  readonly #files = new Set<string>();
  readonly #shingles = new Set<string>();

  /** Whether the text is new. From then on it is not. */
  isNew(text: string): boolean {
    const whole = digest(text.replace(/\s/g, ""));
    if (this.#files.has(whole)) return false;
    this.#files.add(whole);
    const shingles = shinglesOf(text);
    const seen = shingles.filter((shingle) => this.#shingles.has(shingle)).length;
    for (const shingle of shingles) this.#shingles.add(shingle);
    return seen <= shingles.length / 2;
  }
}

function shinglesOf(text: string): string[] {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.length > 0);
  return Array.from({ length: Math.max(0, lines.length - span + 1) }, (_, i) =>
    digest(lines.slice(i, i + span).join("\n")),
  );
}

function digest(text: string): string {
  return createHash("sha1").update(text).digest("base64").slice(0, 12);
}
