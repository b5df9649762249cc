import { createHash } from "node:crypto";
import type { NamedText } from "../../languages.ts";
import type { History } from "../prediction/local/history.ts";
import { areHeld, holdsPosition, type Pieces } from "./pieces.ts";

/** The record of a learned text. */
export interface TextRecord {
  /** The SHA-256 of the whole text, as {@link hashOf} gives it; undefined if only a part of it was learned. */
  readonly hash: string | undefined;
  /** The passages of the history that hold it. */
  readonly pieces: Pieces;
  /** The language of the notebook's kernel; undefined if the text's language goes by its name. */
  readonly languageId?: string | undefined;
}

/** A record under the text's name, such as a file's path. */
export type NamedRecord = readonly [name: string, record: TextRecord];

/** Records of the learned texts, by name. A text with several names was usually learned once, and its names share its pieces. */
export class TextRecords {
  readonly history: History;
  readonly #byName = new Map<string, TextRecord>();
  /** The names of each text, by hash. */
  readonly #names = new Map<string, Set<string>>();

  constructor(history: History) {
    this.history = history;
  }

  /** The texts that the history still holds. */
  get all(): NamedRecord[] {
    return [...this.#byName].filter(([, { pieces }]) => areHeld(this.history, pieces));
  }

  /** Replaces all records. */
  set all(records: Iterable<NamedRecord>) {
    this.#byName.clear();
    this.#names.clear();
    for (const [name, record] of records) this.set(name, record);
  }

  get names(): string[] {
    return [...this.#byName.keys()];
  }

  get texts(): NamedText[] {
    return Array.from(this.#byName, ([name, { languageId }]) => ({ name, languageId }));
  }

  get(name: string): TextRecord | undefined {
    return this.#byName.get(name);
  }

  set(name: string, record: TextRecord): void {
    this.delete(name);
    this.#byName.set(name, record);
    if (record.hash === undefined) return;
    const names = this.#names.get(record.hash) ?? new Set();
    this.#names.set(record.hash, names.add(name));
  }

  delete(name: string): void {
    const hash = this.#byName.get(name)?.hash;
    this.#byName.delete(name);
    if (hash === undefined) return;
    const names = this.#names.get(hash);
    names?.delete(name);
    if (names?.size === 0) this.#names.delete(hash);
  }

  /** The names of the texts with this hash that the history still holds. */
  namesOf(hash: string): string[] {
    const isHeld = (name: string): boolean => areHeld(this.history, this.#byName.get(name)?.pieces ?? []);
    return [...(this.#names.get(hash) ?? [])].filter(isHeld);
  }

  /** The text at a position of the history; undefined if it is unknown. */
  textAt(position: number): NamedText | undefined {
    for (const [name, { pieces, languageId }] of this.#byName) {
      if (holdsPosition(pieces, position)) return { name, languageId };
    }
    return undefined;
  }

  /** Whether another name has the same pieces. */
  isShared(name: string): boolean {
    const { hash, pieces = [] } = this.#byName.get(name) ?? {};
    const others = hash === undefined ? [] : [...(this.#names.get(hash) ?? [])].filter((other) => other !== name);
    return others.some((other) => this.#byName.get(other)?.pieces[0] === pieces[0]);
  }
}

/** The SHA-256 (base64) of a text's bytes: two texts with the same hash are the same text. */
export function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("base64");
}
