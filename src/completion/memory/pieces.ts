import type { History } from "../prediction/local/history.ts";

/** The passages of the history that make up a text, in the text's order: start and end of each, alternately. */
export type Pieces = readonly number[];

/** Adds a passage. If it continues the last one, that becomes longer. */
export function addPiece(pieces: number[], from: number, to: number): void {
  if (from === to) return;
  if (pieces.at(-1) === from) pieces[pieces.length - 1] = to;
  else pieces.push(from, to);
}

/** The bytes of a learned text; undefined if the history has overwritten any of them. */
export function bytesAt(history: History, pieces: Pieces): Uint8Array | undefined {
  if (!areHeld(history, pieces)) return undefined;
  const bytes = new Uint8Array(lengthOf(pieces));
  let at = 0;
  for (let i = 0; i < pieces.length; i += 2) {
    const to = pieces[i + 1] ?? 0;
    for (let position = pieces[i] ?? 0; position < to; position++) bytes[at++] = history.at(position);
  }
  return bytes;
}

/** Whether the history still holds all of a text. */
export function areHeld(history: History, pieces: Pieces): boolean {
  const oldest = history.length - history.bytes.length;
  return pieces.every((position) => position >= oldest && position <= history.length);
}

/** Whether a position of the history belongs to a text. */
export function holdsPosition(pieces: Pieces, position: number): boolean {
  for (let i = 0; i < pieces.length; i += 2) {
    if ((pieces[i] ?? 0) <= position && position < (pieces[i + 1] ?? 0)) return true;
  }
  return false;
}

function lengthOf(pieces: Pieces): number {
  return pieces.reduce((sum, position, i) => sum + (i % 2 === 0 ? -position : position), 0);
}

/** Walks through the pieces of a text from its beginning. */
export class PieceCursor {
  readonly #pieces: Pieces;
  #index = 0;
  /** The number of bytes of the current piece that were taken. */
  #taken = 0;

  constructor(pieces: Pieces) {
    this.#pieces = pieces;
  }

  /** Takes the pieces of the next `count` bytes, or of all that are left. */
  take(count: number): Pieces {
    const taken: number[] = [];
    let left = count;
    while (left > 0 && this.#index < this.#pieces.length) {
      const from = (this.#pieces[this.#index] ?? 0) + this.#taken;
      const end = this.#pieces[this.#index + 1] ?? 0;
      const to = Math.min(from + left, end);
      addPiece(taken, from, to);
      left -= to - from;
      this.#taken += to - from;
      if (to < end) break;
      this.#index += 2;
      this.#taken = 0;
    }
    return taken;
  }
}
