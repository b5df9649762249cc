import type { Span } from "../../span.ts";
import { addPiece, holdsPosition } from "../memory/pieces.ts";
import type { LocalModel } from "../prediction/local/local-model.ts";
import { Place } from "../prediction/local/place.ts";
import { bytesOf, restOfLine } from "../text.ts";
import type { DocumentText } from "./document-text.ts";
import { originFor } from "./origin.ts";

/** Bytes that are learned or taken back in one step: less than a millisecond's work. */
const slice = 256;

/** How many UTF-16 units after a change are counted again. No context looks further back, except those of whole lines. */
const longestRest = 24;

/**
 * Learns the text written in a document at once, but provisionally. Whatever an edit removes is taken back, so that undoing,
 * reverting or closing without saving leaves nothing. The text after an edit in its line is taken back too, and counted again
 * after the new text. Otherwise a closing quote that the editor inserted would still be expected right after the opening one.
 */
export class Provisional {
  readonly #local: LocalModel;
  readonly #isSettled: (position: number) => boolean;
  /** Start and end of each passage of the history that was typed here and is not settled yet. */
  #typed: number[] = [];

  /** @param isSettled says whether a position of the history belongs to this document's text as it was last read or settled */
  constructor(local: LocalModel, isSettled: (position: number) => boolean) {
    this.#local = local;
    this.#isSettled = isSettled;
  }

  /**
   * Takes back a passage of the text before an edit, and the text after it in its line, in short steps.
   * @param parts the parts of the passage that were learned
   */
  *takeBack(
    former: DocumentText,
    { from, to }: Span,
    parts: Iterable<string> = [former.slice(from, to)],
  ): Generator<void> {
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
    for (const part of parts) {
      const bytes = bytesOf(part);
      for (let at = 0; at < bytes.length; at += slice) {
        bytes.subarray(at, at + slice).forEach(takeBack);
        yield;
      }
    }
    // No repeat continues across the place of the edit any more.
    if (next !== undefined) takeBack(next);
    for (const byte of rest) this.#local.unlearn(place, byte);
    for (const position of gone) history.erase(position, position + 1);
  }

  /**
   * Learns a passage of the text after an edit, and counts the text after it in its line, in short steps.
   * @param parts the parts of the passage that may be learned
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

  /** Counts the text after an offset in its line. @param placeAt gives a place at the offset, which is moved */
  countRest(text: DocumentText, offset: number, placeAt = placeBefore): void {
    const rest = restAfter(text, offset);
    if (rest.length > 0) this.#count(placeAt(text, offset), rest);
  }

  /** Records that what `learn` learns was typed here. */
  note(learn: () => void): void {
    const { history } = this.#local;
    if (this.#typed.at(-1) !== history.length) history.separate();
    const from = history.length;
    learn();
    addPiece(this.#typed, from, history.length);
  }

  /**
   * Settles what was typed. The counts stay.
   * @returns erases the typed passages from the history; to be called when the history has the current text
   */
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

/** A place that has the text before it, but not where that was seen. */
function placeBefore(text: DocumentText, offset: number): Place {
  const place = new Place();
  for (const byte of bytesOf(text.slice(originFor(text, offset), offset))) place.context.push(byte);
  return place;
}

/** The text after an offset in its line, as far as it is counted, with the line's end. */
function restAfter(text: DocumentText, offset: number): Uint8Array {
  const part = text.slice(offset, offset + longestRest + 1);
  const rest = restOfLine(part, 0, longestRest);
  return bytesOf(rest.length < part.length && rest.length < longestRest ? `${rest}\n` : rest);
}
