import { addPiece, holdsPosition } from "../memory/pieces.ts";
import type { LocalModel } from "../prediction/local/local-model.ts";
import { Place } from "../prediction/local/place.ts";
import { bytesOf, restOfLine } from "../text.ts";
import type { DocumentText } from "./document-text.ts";
import type { Span } from "./edit.ts";
import { originFor } from "./origin.ts";

/** Bytes that are learned or taken back at once: less than a millisecond's work. */
const slice = 256;

/** So many UTF-16 units right of a change are counted anew: contexts look no further back, but for those of whole lines. */
const longestRest = 24;

/**
 * What is written in a document counts at once, and provisionally: whatever an edit removes is taken back, so that undoing,
 * reverting or closing without saving leaves nothing. What stands right of an edit is taken back too, and counts anew after what
 * stands before it now; else a closing quote that the editor put in would go on being expected right after the opening one.
 */
export class Provisional {
  readonly #local: LocalModel;
  readonly #isSettled: (position: number) => boolean;
  /** Start and end of each passage of the history that was typed here, and not settled since. */
  #typed: number[] = [];

  /** @param isSettled whether a position of the history is one of this document's text as it was read or settled last */
  constructor(local: LocalModel, isSettled: (position: number) => boolean) {
    this.#local = local;
    this.#isSettled = isSettled;
  }

  /** Takes back a passage of the text before an edit, and what follows in its line; in steps that are short. */
  *takeBack(former: DocumentText, { from, to }: Span): Generator<void> {
    const { history } = this.#local;
    const [next, ...rest] = restAfter(former, to);
    if (from === to && next === undefined) return;
    const place = placeBefore(former, from);
    const gone: number[] = [];
    const takeBack = (byte: number): void => {
      this.#local.unlearn(place, byte);
      const position = history.lastAdded(place.context);
      if (this.#isOwn(position)) gone.push(position);
    };
    const bytes = bytesOf(former.slice(from, to));
    for (let at = 0; at < bytes.length; at += slice) {
      bytes.subarray(at, at + slice).forEach(takeBack);
      if (at + slice < bytes.length) yield;
    }
    // No repeat goes on over the place of the edit any more.
    if (next !== undefined) takeBack(next);
    for (const byte of rest) this.#local.unlearn(place, byte);
    for (const position of gone) history.erase(position, position + 1);
  }

  /**
   * Learns a passage of the text after an edit, and counts what follows in its line; in steps that are short.
   * @param parts of the passage, those that may be learned
   */
  *learn(text: DocumentText, { from, to }: Span, parts: Iterable<string> = [text.slice(from, to)]): Generator<void> {
    const place = placeBefore(text, from);
    for (const part of parts) {
      const bytes = bytesOf(part);
      for (let at = 0; at < bytes.length; at += slice) {
        this.note(() => {
          for (const byte of bytes.subarray(at, at + slice)) this.#local.learn(place, byte);
        });
        yield;
      }
    }
    this.#count(place, restAfter(text, to));
  }

  /** Counts what follows an offset in its line. @param placeAt gives a place at the offset, to go on with */
  countRest(text: DocumentText, offset: number, placeAt = placeBefore): void {
    const rest = restAfter(text, offset);
    if (rest.length > 0) this.#count(placeAt(text, offset), rest);
  }

  /** Notes that what is learned meanwhile was typed here. */
  note(learn: () => void): void {
    const { history } = this.#local;
    if (this.#typed.at(-1) !== history.length) history.separate();
    const from = history.length;
    learn();
    addPiece(this.#typed, from, history.length);
  }

  /** Erases from the history what was typed: to be called when the history has the text as it is now. The counts stay. */
  settle(): () => void {
    const settled = this.#typed;
    this.#typed = [];
    return () => {
      for (let i = 0; i < settled.length; i += 2) this.#local.history.erase(settled[i] ?? 0, settled[i + 1] ?? 0);
    };
  }

  #count(place: Place, bytes: Uint8Array): void {
    for (const byte of bytes) this.#local.count(place, byte);
  }

  #isOwn(position: number): boolean {
    return position > 0 && (holdsPosition(this.#typed, position) || this.#isSettled(position));
  }
}

/** A place that knows the text before it, but not where that was seen. */
function placeBefore(text: DocumentText, offset: number): Place {
  const place = new Place();
  for (const byte of bytesOf(text.slice(originFor(text, offset), offset))) place.context.push(byte);
  return place;
}

/** What follows in the line, as far as it counts, with the line's end. */
function restAfter(text: DocumentText, offset: number): Uint8Array {
  const part = text.slice(offset, offset + longestRest + 1);
  const rest = restOfLine(part, 0, longestRest);
  return bytesOf(rest.length < part.length && rest.length < longestRest ? `${rest}\n` : rest);
}
